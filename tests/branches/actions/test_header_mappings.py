"""Columns that somebody chooses: what cannot be right first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from branches.actions.batches import abandon
from branches.actions.header_mappings import choose_columns
from branches.imports.header_mappings import sheets_of
from branches.models import Batch, BatchRow, HeaderMapping
from branches.rules.layouts import Layout
from foundation.models import AuditEntry
from tests.branches.imports.books import Page, book_of
from tests.cast import Cast
from tests.rosters import codes, number, plan, rows, write

HEADINGS = ["姓名", "性别", "身份证号", "入伙时间", "人员类别", "所在党支部"]


def content(cast: Cast, headings: list[str] = HEADINGS, sequence: int = 1, **sheets: list[list[str]]) -> bytes:
    person = [f"张{'零一二三'[sequence]}", "男", number(sequence=sequence), "2010.07", "正式党员", cast.first.name]
    others = [Page(name, rows) for name, rows in sheets.items()]
    return book_of(Page("党员", [headings, person]), *others)


def asked(cast: Cast, **options: object) -> Batch:
    batch = plan(content(cast, **options), cast.committee, cast.staff)  # type: ignore[arg-type]
    assert batch.state == Batch.State.MAPPING
    return batch


def layout_of(batch: Batch) -> Layout:
    return Layout.from_json(batch.layouts[0])


def corrected(batch: Batch) -> Layout:
    layout = layout_of(batch)
    return layout.with_columns({**layout.columns, "joined_on": 3})


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"sex": 1}, "姓名"),
        ({"name": 0, "sex": 9}, "没有这一列"),
        ({"name": 0, "sex": -1}, "没有这一列"),
        ({"name": 0, "weight": 1}, "没有这一列"),
        ({"name": 0, "sex": 0}, "两个项目"),
    ],
)
def test_columns_that_cannot_be_right_are_refused(columns: dict[str, int], said: str, cast: Cast) -> None:
    batch = asked(cast)
    with pytest.raises(ValidationError, match=said):
        choose_columns(batch=batch, layouts=[replace(layout_of(batch), columns=columns)], by=cast.staff)
    batch.refresh_from_db()
    assert (batch.state, HeaderMapping.objects.count()) == (Batch.State.MAPPING, 0)


def test_not_every_sheet_may_be_left_out(cast: Cast) -> None:
    batch = asked(cast)
    with pytest.raises(ValidationError):
        choose_columns(batch=batch, layouts=[layout_of(batch).aside()], by=cast.staff)


def test_an_import_that_is_past_it_keeps_its_columns(cast: Cast) -> None:
    batch = asked(cast)
    layout = corrected(batch)
    abandon(batch=batch, by=cast.staff)
    with pytest.raises(ValidationError):
        choose_columns(batch=batch, layouts=[layout], by=cast.staff)


def test_chosen_columns_count_at_once_and_for_the_next_file_of_the_shape(cast: Cast) -> None:
    batch = choose_columns(batch=(first := asked(cast)), layouts=[corrected(first)], by=cast.staff)
    batch.refresh_from_db()
    assert (batch.state, rows(batch)[2].action) == (Batch.State.PLANNED, BatchRow.Action.CREATE)
    assert not layout_of(batch).is_remembered
    assert AuditEntry.objects.filter(verb="batch.columns").count() == 1
    write(batch)

    again = plan(content(cast, sequence=3), cast.city, cast.users["city_staff"])
    assert (again.state, layout_of(again).is_remembered) == (Batch.State.PLANNED, True)
    assert rows(again)[2].action == BatchRow.Action.CREATE
    assert HeaderMapping.objects.get().organisation == cast.committee.get_root()


def test_another_shape_is_asked_about_again(cast: Cast) -> None:
    first = asked(cast)
    choose_columns(batch=first, layouts=[corrected(first)], by=cast.staff)
    asked(cast, headings=["性别", "姓名", *HEADINGS[2:]])


def test_columns_are_corrected_while_the_plan_waits_and_a_stale_confirmation_is_refused(cast: Cast) -> None:
    headings = [*HEADINGS[:3], "入党时间", *HEADINGS[4:]]
    batch = plan(content(cast, headings=headings), cast.committee, cast.staff)
    assert (batch.state, seen := batch.plan_version) == (Batch.State.PLANNED, 0)
    columns = {key: at for key, at in layout_of(batch).columns.items() if key != "joined_on"}
    batch = choose_columns(batch=batch, layouts=[layout_of(batch).with_columns(columns)], by=cast.staff)
    batch.refresh_from_db()
    assert batch.plan_version > seen
    assert codes(rows(batch)[2]) == ["joined_empty"]
    assert BatchRow.objects.filter(batch=batch).count() == 1


def test_a_header_nobody_found_is_pointed_out(cast: Cast) -> None:
    headings = ["谁", "男女", "号码", "何时入党", "是否转正", "哪个支部"]
    batch = plan(content(cast, headings=headings), cast.committee, cast.staff)
    assert batch.state == Batch.State.FAILED
    [sheet] = sheets_of(batch, {"党员": (0, 0)})
    keys = ("name", "sex", "identity_number", "joined_on", "category", "branch")
    layout = sheet.layout.with_columns({key: at for at, key in enumerate(keys)})
    batch = choose_columns(batch=batch, layouts=[layout], by=cast.staff)
    batch.refresh_from_db()
    assert (batch.state, batch.problem, batch.closed_at) == (Batch.State.PLANNED, "", None)
    assert rows(batch)[2].action == BatchRow.Action.CREATE


def test_a_sheet_that_is_left_out_is_not_read(cast: Cast) -> None:
    other: list[list[str]] = [HEADINGS, ["李四", "男", number(sequence=5), "2010.07", "正式党员", cast.first.name]]
    batch = asked(cast, 另表=other)
    layouts = [Layout.from_json(stored) for stored in batch.layouts]
    chosen = [layouts[0].with_columns({**layouts[0].columns, "joined_on": 3}), layouts[1].aside()]
    batch = choose_columns(batch=batch, layouts=chosen, by=cast.staff)
    batch.refresh_from_db()
    assert [row.sheet for row in batch.rows.all()] == ["党员"]
    assert batch.counts["sheets"] == 1
