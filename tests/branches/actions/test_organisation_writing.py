from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from branches.actions import organisation_writing
from branches.actions.batches import confirm
from branches.actions.organisations import found, move, rename, revoke
from branches.models import Batch, BatchEffect, Organisation, OrganisationName, Placement
from branches.queries.tree import stood_under
from foundation.models import AuditEntry
from tests.cast import TODAY, Cast
from tests.rosters import rows, write
from tests.tables import organisation, plan_table
from tests.tree import invalid_nodes


def planned(cast: Cast, *table: list[str], at: str = "city", as_of: date = TODAY) -> Batch:
    return plan_table("organisations", table, getattr(cast, at), cast.admin, as_of=as_of)


def outcomes(batch: Batch) -> dict[int, str]:
    return {number: row.outcome for number, row in rows(batch).items()}


def numbers() -> dict[str, tuple[int, int, int, int]]:
    return {o.code: (o.tree_id, o.lft, o.rght, o.level) for o in Organisation.objects.all()}


def test_what_is_founded_has_everything_the_single_act_gives_it(cast: Cast) -> None:
    batch = write(
        planned(
            cast,
            organisation(
                "某支部", parent="某党委", 代码="X-1", 简称="某支", 批准文号="市直〔2019〕3号", 联合党支部="是"
            ),
            organisation("某党委", "党委", 代码="X"),
        )
    )
    assert (batch.state, batch.counts["written"]) == ("applied", 2)
    branch = Organisation.objects.get(code="X-1")
    assert branch.parent is not None
    assert (branch.parent.code, branch.parent.parent) == ("X", cast.city)
    assert (branch.name, branch.short_name, branch.is_joint, branch.is_temporary) == ("某支部", "某支", True, False)
    placement, name = Placement.objects.get(organisation=branch), OrganisationName.objects.get(organisation=branch)
    assert (placement.parent, placement.starts_on, placement.document_number) == (
        branch.parent,
        date(2019, 6, 30),
        "市直〔2019〕3号",
    )
    assert (name.name, name.short_name, name.starts_on) == ("某支部", "某支", date(2019, 6, 30))
    entry = AuditEntry.objects.get(verb="organisation.found", target_id=str(branch.pk))
    assert (entry.actor_id, entry.organisation_id) == (cast.admin.pk, branch.pk)
    effect = BatchEffect.objects.get(batch=batch, organisation=branch)
    assert effect.is_new
    city = Organisation.objects.get(pk=cast.city.pk)
    assert stood_under(city, date(2019, 7, 1), TODAY).among([branch]) == [branch]
    assert invalid_nodes() == []


@pytest.mark.parametrize("seed", range(4))
def test_random_tables_leave_the_tree_mptt_would_build(cast: Cast, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In small chunks, with acts of others between them, the tree is sound after every one."""
    monkeypatch.setattr(organisation_writing, "CHUNK", 7)
    chance = random.Random(seed)
    table, above = [], ["city", "committee", "organ"]
    for number in range(40):
        kind = chance.choice(["党委", "党支部"]) if number % 3 else "党委"
        table.append(organisation(f"组织{number}", kind, chance.choice(above), 代码=f"R{number}"))
        if kind == "党委":
            above.append(f"R{number}")
    chance.shuffle(table)
    batch = planned(cast, *table)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.APPLYING, applied_by=cast.admin)
    batch.refresh_from_db()
    step = 0
    while organisation_writing.write_chunk(batch):
        assert invalid_nodes() == []
        step += 1
        parent = chance.choice([cast.city, cast.committee])
        found(code=f"m{step}", kind="branch", name=f"m{step}", short_name=f"m{step}", parent=parent, on=TODAY, by=None)
    assert set(outcomes(batch).values()) == {"written"}
    written = numbers()
    Organisation.objects.rebuild()
    assert numbers() == written


def test_what_was_taken_meanwhile_is_left_alone_with_what_hangs_on_it(cast: Cast) -> None:
    batch = planned(
        cast,
        organisation("甲党委", "党委", 代码="A"),
        organisation("甲支部", parent="A"),
        organisation("乙支部", parent="committee", 代码="B"),
        organisation("丙支部", parent="organ", 代码="C"),
    )
    found(code="a", kind="committee", name="另一党委", short_name="另一", parent=cast.far_organ, on=TODAY, by=None)
    found(code="other", kind="branch", name="乙支部", short_name="乙", parent=cast.committee, on=TODAY, by=None)
    batch = write(batch)
    assert outcomes(batch) == {2: "changed", 3: "changed", 4: "changed", 5: "written"}
    assert not Organisation.objects.filter(name="甲支部").exists()
    assert invalid_nodes() == []


def test_a_parent_revoked_or_moved_out_of_reach_meanwhile_takes_nothing(cast: Cast) -> None:
    a, b = (
        found(code=code, kind="committee", name=code, short_name=code, parent=cast.city, on=date(2018, 1, 1), by=None)
        for code in ("pa", "pb")
    )
    batch = planned(cast, organisation("甲支部", parent="pa"), organisation("乙支部", parent="pb"))
    revoke(organisation=a, on=TODAY - timedelta(days=1), by=None, document_number="1号")
    move(organisation=b, parent=cast.far_organ, on=TODAY, by=None)
    assert outcomes(write(batch)) == {2: "changed", 3: "changed"}


def test_the_second_run_writes_nothing_twice(cast: Cast) -> None:
    batch = write(planned(cast, organisation("甲支部", parent="committee")))
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.APPLYING)
    assert organisation_writing.write_chunk(batch) == 0
    assert Organisation.objects.filter(name="甲支部").count() == 1


def test_renaming_keeps_the_former_name(cast: Cast) -> None:
    row = organisation("机关第一党支部", 代码="first", 成立日期="", 离退休干部党支部="是", 批准文号="9号")
    batch = write(planned(cast, row, as_of=date(2020, 3, 1)))
    first = Organisation.objects.get(pk=cast.first.pk)
    assert (first.name, first.short_name, first.is_retired, first.founding_document) == (
        "机关第一党支部",
        "第一党支部",
        True,
        "9号",
    )
    assert list(first.names.order_by("starts_on").values_list("name", "ends_on")) == [
        ("第一党支部", date(2020, 2, 29)),
        ("机关第一党支部", None),
    ]
    effect = BatchEffect.objects.get(batch=batch)
    assert (effect.is_new, effect.organisation) == (False, first)
    assert {"organisation.rename", "organisation.correct"} <= set(AuditEntry.objects.values_list("verb", flat=True))


def test_who_was_renamed_meanwhile_stays(cast: Cast) -> None:
    batch = planned(cast, organisation("机关第一党支部", 代码="first", 成立日期=""), as_of=date(2020, 3, 1))
    rename(organisation=cast.first, name="新名", short_name="新名", on=TODAY, by=None)
    assert outcomes(write(batch)) == {2: "changed"}
    assert Organisation.objects.get(pk=cast.first.pk).name == "新名"


def test_two_confirmations_write_once(cast: Cast) -> None:
    batch = planned(cast, organisation("甲支部", parent="committee"))
    confirm(batch=batch, plan_version=batch.plan_version, by=cast.admin)
    with pytest.raises(ValidationError):
        confirm(batch=batch, plan_version=batch.plan_version, by=cast.admin)
    assert Organisation.objects.filter(name="甲支部").count() == 1


def test_a_portion_takes_as_many_statements_for_many_rows_as_for_few(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    table = [organisation("党委", "党委", 代码="P"), *(organisation(f"支部{n}", parent="P") for n in range(60))]
    batch = planned(cast, *table)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.APPLYING)
    with django_assert_max_num_queries(25):
        assert organisation_writing.write_chunk(batch) == 61
