from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from activities.models import Activity, ActivityKind, DutyRule, Exemption
from activities.queries.duties import Cell, cells, cells_now, current_periods, rules_for, year_summary
from activities.rules.duties import DutyStatus, Obstacle
from branches.actions.organisations import found
from branches.models import Organisation, PartyGroup, Term
from tests.activities.held import held
from tests.activities.rules_set import own_rule
from tests.cast import START, TODAY, Cast

State = Activity.State


ANNUAL = {("organisational_life_meeting", 1), ("democratic_appraisal", 1)}


def cell(branch: Organisation, code: str, number: int, *, year: int = 2020, today: date = TODAY) -> Cell:
    (one,) = [c for c in cells([branch], year, today)[branch.pk] if c.rule.code == code and c.period.number == number]
    return one


def test_a_branch_without_records_owes_everything_it_can(cast: Cast) -> None:
    own = cells([cast.first], 2020, TODAY)[cast.first.pk]
    assert len(own) == 12 * 3 + 4 * 2 + 2
    assert cell(cast.first, "committee_meeting", 8).status == DutyStatus.MISSED
    assert cell(cast.first, "committee_meeting", 9).status == DutyStatus.OVERDUE
    assert cell(cast.first, "committee_meeting", 10).status == DutyStatus.SOON
    assert cell(cast.first, "committee_meeting", 11).status == DutyStatus.OPEN
    assert cell(cast.first, "committee_meeting", 11).is_future


def test_no_committee_no_committee_meeting(cast: Cast) -> None:
    assert cell(cast.second, "committee_meeting", 10).hindered_by == Obstacle.NO_COMMITTEE
    assert cell(cast.second, "group_meeting", 10).hindered_by == Obstacle.NO_GROUPS


def test_a_change_of_terms_inside_the_month_leaves_the_duty(cast: Cast) -> None:
    Term.objects.filter(organisation=cast.first).update(ends_on=date(2020, 10, 14))
    Term.objects.create(organisation=cast.first, starts_on=date(2020, 10, 15), expires_on=date(2023, 10, 15))
    assert cell(cast.first, "committee_meeting", 10).status == DutyStatus.SOON


def test_states_of_records_decide(cast: Cast) -> None:
    held(cast.first, "themed_party_day", date(2020, 10, 16), state=State.DISCARDED)
    draft = held(cast.first, "themed_party_day", date(2020, 10, 17), state=State.DRAFT)
    returned = held(cast.first, "themed_party_day", date(2020, 10, 18), state=State.RETURNED)
    found_cell = cell(cast.first, "themed_party_day", 10)
    assert found_cell.status == DutyStatus.SOON
    assert [r.activity_id for r in found_cell.drafts] == [draft.pk]
    assert [r.activity_id for r in found_cell.returned] == [returned.pk]
    assert found_cell.short == 1
    held(cast.first, "themed_party_day", date(2020, 10, 19), state=State.SUBMITTED)
    assert cell(cast.first, "themed_party_day", 10).status == DutyStatus.PENDING
    held(cast.first, "themed_party_day", date(2020, 10, 20))
    assert cell(cast.first, "themed_party_day", 10).status == DutyStatus.MET
    assert len(cell(cast.first, "themed_party_day", 10).waiting) == 1


def test_the_first_and_the_last_day_of_a_month_belong_to_it(cast: Cast) -> None:
    held(cast.first, "themed_party_day", date(2020, 2, 1))
    held(cast.first, "themed_party_day", date(2020, 3, 31))
    statuses = [cell(cast.first, "themed_party_day", number).status for number in (1, 2, 3, 4)]
    assert statuses == [DutyStatus.MISSED, DutyStatus.MET, DutyStatus.MET, DutyStatus.MISSED]


def test_one_activity_of_two_kinds_counts_once_inside_one_duty(cast: Cast) -> None:
    rule = own_rule(cast.committee, "themed_party_day", times=2)
    rule.kinds.add(ActivityKind.objects.get(code="party_lecture"))
    held(cast.first, "themed_party_day", date(2020, 9, 9), also=("party_lecture",))
    assert cell(cast.first, "themed_party_day", 9).held == 1
    assert cell(cast.first, "party_lecture", 3).status == DutyStatus.MET


def test_an_activity_of_the_committee_counts_for_the_branches_named(cast: Cast) -> None:
    activity = held(cast.committee, "party_lecture", date(2020, 9, 9))
    activity.taking_part.set([cast.first])
    assert cell(cast.first, "party_lecture", 3).status == DutyStatus.MET
    assert cell(cast.second, "party_lecture", 3).status == DutyStatus.OVERDUE


def test_every_group_must_meet(cast: Cast) -> None:
    held(cast.first, "group_meeting", date(2020, 9, 9), group=cast.group_one)
    held(cast.first, "group_meeting", date(2020, 9, 10), group=cast.group_one)
    short = cell(cast.first, "group_meeting", 9)
    assert (short.status, short.held, short.missing_groups) == (DutyStatus.OVERDUE, 0, (cast.group_two,))
    held(cast.first, "group_meeting", date(2020, 9, 11), group=cast.group_two, state=State.SUBMITTED)
    assert cell(cast.first, "group_meeting", 9).status == DutyStatus.PENDING


def test_a_group_formed_inside_the_month_does_not_have_to_meet_yet(cast: Cast) -> None:
    PartyGroup.objects.create(branch=cast.first, name="第三党小组", position=3, starts_on=date(2020, 9, 2))
    for group in (cast.group_one, cast.group_two):
        held(cast.first, "group_meeting", date(2020, 9, 9), group=group)
    assert cell(cast.first, "group_meeting", 9).status == DutyStatus.MET


def test_an_exemption_frees_the_periods_it_touches(cast: Cast) -> None:
    Exemption.objects.create(
        organisation=cast.first, rule_code="themed_party_day", reason="疫情防控", granted_by=cast.committee,
        starts_on=date(2020, 2, 10), ends_on=date(2020, 3, 1),
    )  # fmt: skip
    statuses = [cell(cast.first, "themed_party_day", number).status for number in (1, 2, 3, 4)]
    assert statuses == [DutyStatus.MISSED, DutyStatus.EXEMPT, DutyStatus.EXEMPT, DutyStatus.MISSED]
    assert cell(cast.first, "themed_party_day", 2).reason == "疫情防控"
    assert cell(cast.first, "members_meeting", 1).status == DutyStatus.MISSED


def test_a_void_exemption_frees_nothing(cast: Cast) -> None:
    Exemption.objects.create(
        organisation=cast.first, rule_code="themed_party_day", reason="误录", granted_by=cast.committee,
        starts_on=date(2020, 2, 10), is_void=True,
    )  # fmt: skip
    assert cell(cast.first, "themed_party_day", 2).status == DutyStatus.MISSED


def test_the_founding_day_decides_from_when_on(cast: Cast) -> None:
    late = found(
        code="new", kind="branch", name="第三党支部", short_name="第三党支部", parent=cast.committee,
        on=date(2020, 9, 15), by=None,
    )  # fmt: skip
    reasons = [cell(late, "themed_party_day", number).hindered_by for number in (8, 9, 10)]
    assert reasons == [Obstacle.NOT_FOUNDED, Obstacle.PARTLY, None]


def test_late_is_a_mark_on_what_is_done(cast: Cast) -> None:
    held(cast.first, "themed_party_day", date(2020, 9, 4), entered_on=date(2020, 9, 9))
    held(cast.first, "themed_party_day", date(2020, 8, 7), entered_on=date(2020, 8, 13))
    assert not cell(cast.first, "themed_party_day", 9).late
    assert cell(cast.first, "themed_party_day", 8).late
    assert cell(cast.first, "themed_party_day", 8).status == DutyStatus.MET


def test_an_annual_kind_counts_in_the_year_it_belongs_to(cast: Cast) -> None:
    kind = ActivityKind.objects.create(
        code="life_meeting", name="组织生活会", name_en="Organisational life meeting", short_name="组织生活会",
        short_name_en="Life meeting", is_annual=True,
    )  # fmt: skip
    rule = DutyRule.objects.create(code="life_meeting", name="组织生活会", name_en="Life meeting", rhythm="year")
    rule.kinds.add(kind)
    held(cast.first, "life_meeting", date(2021, 1, 20), belongs_to_year=2020)
    assert cell(cast.first, "life_meeting", 1, today=date(2021, 1, 26)).status == DutyStatus.MET
    assert cell(cast.first, "life_meeting", 1, year=2021, today=date(2021, 1, 26)).status == DutyStatus.OPEN


def test_in_january_december_can_still_be_made_good(cast: Cast) -> None:
    def owed(today: date) -> set[tuple[str, int]]:
        own = cells_now([cast.second], today)[cast.second.pk]
        return {(c.rule.code, c.period.number) for c in own if c.period.year == 2020}

    assert owed(date(2021, 1, 10)) == {
        ("members_meeting", 4),
        ("party_lecture", 4),
        ("themed_party_day", 12),
        *ANNUAL,
    }
    assert owed(date(2021, 2, 10)) == ANNUAL
    assert owed(date(2021, 3, 31)) == ANNUAL
    assert owed(date(2021, 4, 1)) == set()


def test_an_annual_meeting_held_in_february_fulfils_the_year_it_belongs_to(cast: Cast) -> None:
    held(cast.second, "democratic_appraisal", date(2021, 2, 9), belongs_to_year=2020)
    today = date(2021, 2, 10)
    own = cells_now([cast.second], today)[cast.second.pk]
    annual = {(c.rule.code, c.period.year): c.status for c in own if c.rule.rhythm == "year"}
    assert annual == {
        ("organisational_life_meeting", 2020): DutyStatus.OVERDUE,
        ("organisational_life_meeting", 2021): DutyStatus.OPEN,
        ("democratic_appraisal", 2021): DutyStatus.OPEN,
    }
    assert cell(cast.second, "democratic_appraisal", 1, today=today).status == DutyStatus.MET


def test_the_summary_counts_ended_periods_that_were_owed(cast: Cast) -> None:
    held(cast.second, "members_meeting", date(2020, 3, 1))
    held(cast.second, "members_meeting", date(2020, 6, 1), state=State.SUBMITTED)
    held(cast.second, "members_meeting", date(2020, 10, 1))
    summary = year_summary(cells([cast.second], 2020, TODAY)[cast.second.pk])
    assert (summary.done, summary.ended, summary.running, summary.short) == (2, 3 + 3 + 9, 3 + 2, 13)


def test_the_nearest_organisation_above_sets_the_rule(cast: Cast) -> None:
    own_rule(cast.city, "members_meeting", times=2, name="工委")
    own_rule(cast.committee, "members_meeting", times=3, name="机关党委")

    def times(branch: Organisation, year: int = 2020) -> int:
        return next(rule.times for rule in rules_for([branch], year)[branch.pk] if rule.code == "members_meeting")

    assert (times(cast.first), times(cast.organ), times(cast.far)) == (3, 2, 1)


def test_within_one_organisation_the_latest_that_covers_the_year_holds(cast: Cast) -> None:
    own_rule(cast.committee, "members_meeting", times=2, first_year=2019)
    own_rule(cast.committee, "members_meeting", times=3, first_year=2020, last_year=2020)
    own = {year: rules_for([cast.first], year)[cast.first.pk] for year in (2019, 2020, 2021)}
    times = {year: [rule.times for rule in rules if rule.code == "members_meeting"] for year, rules in own.items()}
    assert times == {2019: [2], 2020: [3], 2021: [2]}


def test_a_rule_asking_for_nothing_waives_the_duty_and_says_why(cast: Cast) -> None:
    own_rule(cast.committee, "themed_party_day", times=0, note="并入支部党员大会")
    waived = cell(cast.first, "themed_party_day", 9)
    assert (waived.status, waived.reason) == (DutyStatus.NOT_APPLICABLE, "并入支部党员大会")


@pytest.mark.parametrize("more", [0, 30])
def test_as_many_queries_for_thirty_branches_as_for_one(
    cast: Cast, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    branches = [cast.first]
    for number in range(more):
        branch = found(
            code=f"b{number}", kind="branch", name=f"{number}", short_name=f"{number}", parent=cast.committee,
            on=START, by=None,
        )  # fmt: skip
        held(branch, "themed_party_day", date(2020, 9, 4))
        branches.append(branch)
    with django_assert_num_queries(7):
        found_cells = cells(branches, 2020, TODAY, periods=current_periods(TODAY))
    assert all(len(own) == 5 + 2 for own in found_cells.values())
