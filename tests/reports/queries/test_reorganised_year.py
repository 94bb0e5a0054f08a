"""A year in which a branch went to another committee and a branch was merged: each side keeps its own days."""

from __future__ import annotations

from datetime import date

import pytest

from activities.queries.desk import matrix
from activities.queries.duties import cells
from activities.queries.duty_lists import branches_behind, year_rows
from activities.queries.figures import activities_below, attendance_by_node, figures, monthly_counts
from activities.rules.duties import DutyStatus, Obstacle
from activities.rules.periods import Period
from branches.actions.organisations import found, move, revoke
from branches.actions.reorganisations import merge
from branches.models import Membership, MemberStatus, Organisation
from reports.models import Scheme
from reports.queries.facts import facts_of
from reports.queries.figures import figures_of
from reports.queries.schemes import scheme_for
from reports.queries.sheets import sheet_of
from tests.activities.held import held
from tests.activities.rules_set import own_rule
from tests.cast import START, TODAY, Cast
from tests.reports.conftest import attend

pytestmark = pytest.mark.django_db

JAN, MOVED, MERGED = date(2020, 1, 1), date(2020, 7, 1), date(2020, 9, 1)


@pytest.fixture
def other(cast: Cast, defaults: None) -> Organisation:
    """First goes from the committee to another on 1 July; second is merged into the retired on 1 September."""
    other = found(
        code="other", kind=Organisation.Kind.COMMITTEE, name="另一党委", short_name="另一党委", parent=cast.city,
        on=START, by=None,
    )  # fmt: skip
    for branch, person, day in (
        (cast.first, "first3", date(2020, 5, 12)),
        (cast.first, "first3", date(2020, 8, 12)),
        (cast.second, "second1", date(2020, 8, 20)),
    ):
        attend(held(branch, "members_meeting", day), [cast.people[person]], "present", branch)
    joint = held(cast.second, "themed_party_day", date(2020, 8, 25), with_branches=(cast.first,))
    attend(joint, [cast.people["first4"]], "present", cast.first)
    attend(joint, [cast.people["second2"]], "present", cast.second)
    move(organisation=cast.first, parent=other, on=MOVED, by=None)
    merge(branches=[cast.second], into=cast.retired, on=MERGED, by=cast.admin, document_number="批〔2020〕5号")
    return other


def _now(organisation: Organisation) -> Organisation:
    return Organisation.objects.get(pk=organisation.pk)


def test_each_side_counts_its_own_days_and_above_nothing_twice(cast: Cast, other: Organisation) -> None:
    old, new, city = (figures(_now(node), JAN, TODAY) for node in (cast.committee, other, cast.city))
    assert (old.activities, new.activities, city.activities) == (3, 2, 4)
    assert (old.attendance.present, new.attendance.present, city.attendance.present) == (3, 2, 5)
    assert (old.members, new.members, city.members) == (5, 7, 12)
    assert monthly_counts(_now(cast.committee), 2020) == {5: 1, 8: 2}
    assert monthly_counts(_now(other), 2020) == {8: 2}


def test_a_time_before_the_move_knows_only_the_old_side(cast: Cast, other: Organisation) -> None:
    june = date(2020, 6, 30)
    assert figures(_now(cast.committee), JAN, june).members == 12
    assert (figures(_now(other), JAN, june).activities, figures(_now(other), JAN, june).members) == (0, 0)
    assert activities_below(_now(cast.committee), JAN, june).count() == 1


def test_attendance_by_node_gives_each_day_to_whoever_stood_above(cast: Cast, other: Organisation) -> None:
    nodes = [_now(cast.committee), _now(other), _now(cast.first)]
    rows = attendance_by_node(_now(cast.city), nodes, JAN, TODAY)
    assert [tally.present for _node, tally in rows] == [3, 2, 3]


def test_duties_are_owed_to_whoever_stood_above_at_the_periods_end(cast: Cast, other: Organisation) -> None:
    own = cells([_now(cast.first)], 2020, TODAY)[cast.first.pk]
    old = {row.branch.pk: row for row in year_rows(_now(cast.committee), 2020, TODAY)[0]}[cast.first.pk]
    new = {row.branch.pk: row for row in year_rows(_now(other), 2020, TODAY)[0]}[cast.first.pk]
    assert {cell.period.last < MOVED for cell in old.cells} == {True}
    assert {cell.period.last < MOVED for cell in new.cells} == {False}
    assert len(old.cells) + len(new.cells) == len(own)
    above = {row.branch.pk: row for row in year_rows(_now(cast.city), 2020, TODAY)[0]}[cast.first.pk]
    assert above.cells == tuple(own)
    behind = branches_behind(_now(cast.committee), "themed_party_day", 2020, 1, TODAY)
    assert max(len(cells_of) for cells_of in behind) == 12
    assert 6 in {len(cells_of) for cells_of in behind}


def test_the_rules_follow_the_day_the_period_ended(cast: Cast, other: Organisation) -> None:
    own_rule(_now(other), "party_lecture", times=2)
    own_rule(_now(cast.committee), "members_meeting", times=0, note="另有规定")
    of_first = cells([_now(cast.first)], 2020, TODAY)[cast.first.pk]
    lectures = [(cell.period.number, cell.needed) for cell in of_first if cell.rule.code == "party_lecture"]
    assert lectures == [(1, 1), (2, 1), (3, 2), (4, 2)]
    meetings = [cell.hindered_by == Obstacle.WAIVED for cell in of_first if cell.rule.code == "members_meeting"]
    assert meetings == [True, True, False, False]


def test_the_desk_of_a_past_period_shows_who_stood_there_then(cast: Cast, other: Organisation) -> None:
    second_quarter, third_quarter = Period(2020, "quarter", 2), Period(2020, "quarter", 3)

    def names(node: Organisation, shown: Period | None) -> list[str]:
        return sorted(row.node.code for row in matrix(_now(node), TODAY, shown=shown).rows)

    assert names(cast.committee, second_quarter) == ["first", "retired", "second"]
    assert names(cast.committee, third_quarter) == ["retired", "second"]
    assert names(cast.committee, None) == ["retired"]
    assert names(other, second_quarter) == []
    assert names(other, third_quarter) == ["first"]
    whole = matrix(_now(cast.city), TODAY).year
    parts = [matrix(_now(node), TODAY).year for node in (cast.committee, other)]
    assert whole is not None
    assert whole.ended == sum(part.ended for part in parts if part)
    assert whole.done == sum(part.done for part in parts if part)


@pytest.mark.parametrize(
    ("shown", "gone"), [(None, ["first", "second"]), (Period(2020, "quarter", 3), ["first"]),
                        (Period(2020, "quarter", 2), [])],
)  # fmt: skip
def test_the_years_foot_is_the_rows_and_the_branches_without_one(
    shown: Period | None, gone: list[str], cast: Cast, other: Organisation
) -> None:
    desk = matrix(_now(cast.committee), TODAY, shown=shown)
    assert sorted(branch.code for branch, _part in desk.gone) == gone
    assert desk.year is not None
    parts = [row.year for row in desk.rows if row.year] + [part for _branch, part in desk.gone]
    assert (desk.year.done, desk.year.ended) == (sum(one.done for one in parts), sum(one.ended for one in parts))
    assert matrix(_now(cast.city), TODAY, shown=shown).gone == ()


def test_a_merged_branch_is_judged_to_its_last_day(cast: Cast, other: Organisation) -> None:
    second = _now(cast.second)
    themed = [cell for cell in cells([second], 2020, TODAY)[second.pk] if cell.rule.code == "themed_party_day"]
    assert [cell.status != DutyStatus.NOT_APPLICABLE for cell in themed] == [True] * 8 + [False] * 4
    sheet = sheet_of(second, 2020, TODAY)
    assert sheet.as_of == date(2020, 8, 31)
    assert len(sheet.facts.members) == 3
    assert len(facts_of([_now(cast.retired)], 2020, TODAY)[cast.retired.pk].members) == 5


@pytest.mark.parametrize("order", [1, -1])
def test_whoever_went_away_after_the_merger_was_there_before(order: int, cast: Cast, other: Organisation) -> None:
    MemberStatus.objects.create(person=cast.people["second1"], kind="excused", starts_on=date(2020, 9, 15))
    both = [_now(cast.second), _now(cast.retired)][::order]
    facts = facts_of(both, 2020, TODAY)
    assert {pk: len(facts[pk].members) for pk in (cast.second.pk, cast.retired.pk)} == {
        cast.second.pk: 3,
        cast.retired.pk: 4,
    }


def test_the_organs_figures_of_both_sides(cast: Cast, other: Organisation) -> None:
    old = figures_of(_now(cast.committee), [_now(cast.second), _now(cast.retired)], 2020, TODAY)
    new = figures_of(_now(other), [_now(cast.first)], 2020, TODAY)
    above = figures_of(_now(cast.city), [_now(one) for one in (cast.first, cast.second, cast.retired)], 2020, TODAY)
    assert (old.activities.distinct, new.activities.distinct, above.activities.distinct) == (3, 2, 4)
    assert (old.attendances, new.attendances, above.attendances) == (3, 2, 5)


def test_the_scheme_is_that_of_where_it_stands_at_the_years_end(cast: Cast, other: Organisation) -> None:
    Scheme.objects.all().delete()
    for organisation, title in ((cast.committee, "原党委"), (other, "新党委")):
        Scheme.objects.create(organisation=organisation, year=None, title=title)
    assert str(scheme_for(_now(cast.first), 2020)) == "新党委"
    assert str(scheme_for(_now(cast.first), 2019)) == "原党委"


def test_a_revoked_branch_keeps_its_days_where_it_stood(cast: Cast, other: Organisation) -> None:
    Membership.objects.filter(branch=cast.first).update(ends_on=date(2020, 9, 15))
    revoke(organisation=cast.first, on=date(2020, 9, 30), by=None, document_number="批〔2020〕6号")
    assert figures(_now(other), JAN, TODAY).activities == 2
    assert figures(_now(cast.committee), JAN, TODAY).activities == 3
    assert [row.branch.code for row in year_rows(_now(other), 2020, TODAY)[0]] == ["first"]
    assert matrix(_now(other), TODAY).branches == 0
