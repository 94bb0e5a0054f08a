"""What is decided about the rows of a plan: somebody else's, too late, and two rows for one person first."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from branches.actions import batches
from branches.actions.batch_decisions import decide, decide_all
from branches.models import Batch, BatchRow
from branches.queries.batches import previewed, rows_of, tiles
from foundation.models import AuditEntry
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import Cast, enlist
from tests.rosters import codes, line, number, plan, rows, workbook, write


def planned(cast: Cast, *lines: list[str]) -> Batch:
    return plan(workbook(lines), cast.committee, cast.staff)


def new(cast: Cast, at: int = 0) -> list[str]:
    return line(f"郝{'新为'[at]}民", number(sequence=at * 2 + 1), cast.first.name)


def twins(cast: Cast) -> Batch:
    """Two members 刘洋 of the same joining on record, and two rows that may be either."""
    enlist("刘洋", cast.first, joined_on=cast.people["first3"].joined_on)
    lines = [line("刘洋", number(sequence=at), cast.first.name, 入党时间="2004.07") for at in (1, 3)]
    return planned(cast, *lines)


def row_at(batch: Batch, position: int = 0) -> BatchRow:
    return batch.rows.get(position=position)


def test_only_the_uploader_decides(cast: Cast) -> None:
    batch = planned(cast, new(cast))
    with pytest.raises(ValidationError):
        decide(batch=batch, position=0, decision="skip", by=cast.city_staff)
    with pytest.raises(ValidationError):
        decide_all(batch=batch, show="", decision="skip", by=cast.city_staff)
    assert row_at(batch).action == "create"


def test_nothing_is_decided_once_it_is_confirmed(cast: Cast) -> None:
    batch = write(planned(cast, new(cast)))
    with pytest.raises(ValidationError):
        decide(batch=batch, position=0, decision="skip", by=cast.staff)
    with pytest.raises(ValidationError):
        decide_all(batch=batch, show="", decision="skip", by=cast.staff)


@pytest.mark.parametrize("decision", ["1", "0", "-1", "９", "skip ", "\0", "9" * 50])
def test_a_choice_the_row_does_not_have(cast: Cast, decision: str) -> None:
    batch = planned(cast, new(cast))
    with pytest.raises(ValidationError):
        decide(batch=batch, position=0, decision=decision, by=cast.staff)


def test_a_refused_or_unchanged_row_is_not_skipped(cast: Cast) -> None:
    numbered(cast.people["first3"], number(), name="刘洋")
    batch = planned(cast, line("刘洋", number(), cast.first.name), line("郝新民", number()[:-1], cast.first.name))
    for position in (0, 1, 2):
        with pytest.raises(ValidationError):
            decide(batch=batch, position=position, decision="skip", by=cast.staff)
    assert [item.alternatives for item in previewed(rows_of(batch, show="refused"))] == [[]]


def test_a_row_is_skipped_and_taken_again(cast: Cast) -> None:
    batch = planned(cast, new(cast, 0), new(cast, 1))
    assert decide(batch=batch, position=0, decision="skip", by=cast.staff).action == "skip"
    batch.refresh_from_db()
    assert (batch.counts["create"], batch.counts["skip"], batch.plan_version) == (1, 1, 1)
    assert decide(batch=batch, position=0, decision="", by=cast.staff).action == "create"
    batch.refresh_from_db()
    assert (batch.counts["create"], batch.counts["skip"], batch.plan_version) == (2, 0, 2)
    assert decide(batch=batch, position=0, decision="", by=cast.staff).action == "create"
    batch.refresh_from_db()
    assert batch.plan_version == 2


def test_what_is_skipped_is_not_written(cast: Cast) -> None:
    batch = planned(cast, new(cast, 0), new(cast, 1))
    decide(batch=batch, position=0, decision="skip", by=cast.staff)
    batch.refresh_from_db()
    write(batch)
    assert [row.outcome for row in rows(batch).values()] == ["", "written"]
    assert batch.counts["written"] == 1


def test_a_plan_confirmed_as_seen_before_the_decision_is_not_written(cast: Cast) -> None:
    batch = planned(cast, new(cast))
    decide(batch=batch, position=0, decision="skip", by=cast.staff)
    with pytest.raises(ValidationError):
        batches.confirm(batch=batch, plan_version=0, by=cast.staff)


def test_a_candidate_is_chosen(cast: Cast) -> None:
    batch = twins(cast)
    assert batch.counts["refused"] == 2
    row = decide(batch=batch, position=0, decision="1", by=cast.staff)
    assert (row.action, row.person, row.person_version) == ("update", cast.people["first3"], 1)
    [item] = previewed([row_at(batch)])
    assert [problem.code for problem in item.problems] == []
    assert [change.label for change in item.changes][:1] != []
    batch.refresh_from_db()
    assert (batch.counts["refused"], batch.counts["update"]) == (1, 1)
    assert {tile.show: tile.number for tile in tiles(batch)}["refused"] == 1


def test_one_person_is_not_chosen_for_two_rows(cast: Cast) -> None:
    batch = twins(cast)
    decide(batch=batch, position=0, decision="1", by=cast.staff)
    with pytest.raises(ValidationError, match="2.*3"):
        decide(batch=batch, position=1, decision="1", by=cast.staff)
    assert (row_at(batch, 1).action, row_at(batch, 1).person) == ("refused", None)
    decide(batch=batch, position=0, decision="2", by=cast.staff)
    assert decide(batch=batch, position=1, decision="1", by=cast.staff).person == cast.people["first3"]


def test_a_person_another_row_is_about_by_its_number_is_not_chosen(cast: Cast) -> None:
    """The number in the first row is that of one of the two; the second row has none."""
    numbered(cast.people["first3"], number(), joined_on=cast.people["first3"].joined_on)
    enlist("刘洋", cast.first, joined_on=cast.people["first3"].joined_on)
    cast.people["first3"].memberships.get()
    lines = [line("刘洋", identity, cast.first.name, 入党时间="2004.07") for identity in (number(), "")]
    batch = planned(cast, *lines)
    assert codes(row_at(batch, 1)) == ["several_people"]
    with pytest.raises(ValidationError):
        decide(batch=batch, position=1, decision="1", by=cast.staff)
    assert decide(batch=batch, position=1, decision="2", by=cast.staff).action in ("update", "unchanged")


def test_the_same_new_person_is_not_entered_by_two_decisions(cast: Cast) -> None:
    enlist("刘洋", cast.first, joined_on=cast.people["first3"].joined_on)
    lines = [line("刘洋", "", cast.first.name, 入党时间="2004.07") for _at in (1, 3)]
    batch = planned(cast, *lines)
    decide(batch=batch, position=0, decision="3", by=cast.staff)
    with pytest.raises(ValidationError):
        decide(batch=batch, position=1, decision="3", by=cast.staff)
    assert row_at(batch, 1).action == "refused"


def test_two_new_people_of_one_name_with_numbers_of_their_own_are_entered(cast: Cast) -> None:
    batch = twins(cast)
    for position in (0, 1):
        assert decide(batch=batch, position=position, decision="3", by=cast.staff).action == "create"


def test_a_row_skipped_for_another_is_not_taken_again_beside_it(cast: Cast) -> None:
    lines = [line("刘洋", number(sequence=at), cast.first.name, 入党时间="2004.07") for at in (1, 3)]
    batch = planned(cast, *lines)
    assert [row.action for row in rows(batch).values()] == ["update", "refused"]
    assert codes(row_at(batch, 1)) == ["person_twice"]
    with pytest.raises(ValidationError):
        decide(batch=batch, position=1, decision="1", by=cast.staff)
    decide(batch=batch, position=0, decision="skip", by=cast.staff)
    assert decide(batch=batch, position=1, decision="1", by=cast.staff).person == cast.people["first3"]
    with pytest.raises(ValidationError):
        decide(batch=batch, position=0, decision="", by=cast.staff)
    assert decide(batch=batch, position=1, decision="2", by=cast.staff).action == "create"
    assert decide(batch=batch, position=0, decision="", by=cast.staff).action == "update"


def test_all_rows_of_a_filter_are_skipped_and_taken_again(cast: Cast) -> None:
    numbered(cast.people["first4"], number(sequence=9), name="陈静")
    update = line("陈静", number(sequence=9), cast.first.name, 学历="大专")
    batch = planned(cast, new(cast, 0), new(cast, 1), update, line("郝坏", "1", cast.first.name))
    assert decide_all(batch=batch, show="create", decision="skip", by=cast.staff) == 2
    batch.refresh_from_db()
    assert {name: batch.counts[name] for name in ("create", "update", "skip", "refused")} == {
        "create": 0,
        "update": 1,
        "skip": 2,
        "refused": 1,
    }
    assert batch.plan_version == 1
    assert decide_all(batch=batch, show="skip", decision="", by=cast.staff) == 2
    batch.refresh_from_db()
    assert (batch.counts["create"], batch.counts["skip"], batch.plan_version) == (2, 0, 2)
    assert decide_all(batch=batch, show="skip", decision="", by=cast.staff) == 0
    batch.refresh_from_db()
    assert batch.plan_version == 2


def test_rows_worth_a_look_are_counted_anew(cast: Cast) -> None:
    batch = planned(cast, line("郝新民", "", cast.first.name), new(cast))
    assert batch.counts["warned"] == 1
    assert decide_all(batch=batch, show="warned", decision="skip", by=cast.staff) == 1
    batch.refresh_from_db()
    assert (batch.counts["warned"], batch.counts["skip"]) == (0, 1)
    decide(batch=batch, position=0, decision="", by=cast.staff)
    batch.refresh_from_db()
    assert (batch.counts["warned"], row_at(batch).is_warned) == (1, True)


def test_a_decision_for_all_that_makes_two_rows_one_person_changes_nothing(cast: Cast) -> None:
    batch = twins(cast)
    with pytest.raises(ValidationError):
        decide_all(batch=batch, show="refused", decision="1", by=cast.staff)
    batch.refresh_from_db()
    assert (batch.counts["refused"], batch.plan_version) == (2, 0)
    assert {row.action for row in rows(batch).values()} == {"refused"}


def test_each_act_is_on_record_once(cast: Cast) -> None:
    batch = planned(cast, new(cast, 0), new(cast, 1))
    decide(batch=batch, position=1, decision="skip", by=cast.staff)
    decide_all(batch=batch, show="", decision="skip", by=cast.staff)
    one, every = AuditEntry.objects.filter(verb="batch.decide").order_by("pk")
    assert one.changes == {"row": ["", "Sheet1 3"], "create": [2, 1], "skip": [0, 1]}
    assert every.changes == {"create": [1, 0], "skip": [1, 2]}
    assert (one.target_id, one.organisation_id, one.actor) == (str(batch.pk), cast.committee.pk, cast.staff)
