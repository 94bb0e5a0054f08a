"""Founding 14,000 organisations by import, against creating the same rows in bulk with every number worked out."""

from __future__ import annotations

import argparse
import io
import statistics
from datetime import date

import xlsxwriter

from bench.scratch import START, empty, plant, prepare, timed, vendor

HEADINGS = ("代码", "名称", "简称", "类别", "上级党组织", "成立日期", "批准文号")
EACH = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=14_000)
    parser.add_argument("--beside", type=int, default=0, help="branches that stand further on in the same tree")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    prepare()
    content = _table(chosen.organisations)
    floors = [_floor(chosen.organisations) for _round in range(chosen.rounds)]
    rounds = [_ours(content, chosen.organisations, chosen.beside) for _round in range(chosen.rounds)]
    floor = statistics.median(floors)
    planning, writing = (statistics.median(times) for times in zip(*rounds, strict=True))
    beside = f" beside {chosen.beside}" if chosen.beside else ""
    print(f"{chosen.organisations} organisations{beside}, {vendor()}, medians of {chosen.rounds}")
    print(f"  floor (bulk_create)  {floor:6.2f} s")
    print(f"  planning             {planning:6.2f} s   {planning / floor:5.2f} x the floor")
    print(f"  writing              {writing:6.2f} s   {writing / floor:5.2f} x the floor (goal: 2 at most)")


def _floor(number: int) -> float:
    """Organisations, placements and names of a tree of that many, nothing checked."""
    from django.db import transaction

    branches = number - (number + EACH) // (EACH + 1)  # their general branches count as well
    with timed() as seconds, transaction.atomic():
        plant(branches, each=EACH)
    _clear()
    return seconds()


def _ours(content: bytes, number: int, beside: int) -> tuple[float, float]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from branches.actions.batches import confirm, upload
    from branches.actions.organisations import found
    from branches.models import Batch, Organisation
    from foundation.actions.jobs import run

    if beside:
        above = plant(beside)
        Organisation.objects.filter(pk=above.pk).update(code="above", name="上级党委", short_name="上级党委")
        above = Organisation.objects.get(pk=above.pk)
        top = found(code="top", kind="committee", name="党委", short_name="党委", parent=above, on=START, by=None)
        Organisation.objects.get(pk=top.pk).move_to(above, "first-child")
        top = Organisation.objects.get(pk=top.pk)
        assert top.lft == 2
        number_before = Organisation.objects.count()
    else:
        top = found(code="top", kind="committee", name="党委", short_name="党委", parent=None, on=START, by=None)
        number_before = 1
    file = SimpleUploadedFile("党组织.xlsx", content)
    with timed() as planning:
        batch = upload(organisation=top, subject="organisations", file=file, as_of=date(2020, 10, 1), by=None)
        run.func(str(batch.job_id))
    batch.refresh_from_db()
    assert batch.state == Batch.State.PLANNED, (batch.state, batch.problem)
    with timed() as writing:
        batch = confirm(batch=batch, plan_version=batch.plan_version, by=None)
        run.func(str(batch.job_id))
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.state
    assert Organisation.objects.count() - number_before == batch.counts["create"] == number, batch.counts
    _clear()
    return planning(), writing()


def _clear() -> None:
    from branches.models import Organisation, OrganisationName, Placement

    empty()
    for model in (Placement, OrganisationName, Organisation):
        rows = model._base_manager.order_by()
        rows._raw_delete(rows.db)


def _table(number: int) -> bytes:
    """General branches with EACH branches below each, every parent before its children."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for at in range(number):
            group, place = divmod(at, EACH + 1)
            name = f"第{group + 1}党总支" if place == 0 else f"第{group * EACH + place}党支部"
            kind, parent = ("党总支", "top") if place == 0 else ("党支部", f"n{group}")
            code = f"n{group}" if place == 0 else f"m{at}"
            sheet.write_row(at + 1, 0, (code, name, name, kind, parent, "2018-01-01", f"工委〔2018〕{at}号"))
    return target.getvalue()


if __name__ == "__main__":
    main()
