from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity
from branches.actions.organisations import found
from branches.models import MemberStatus, Organisation
from reports.models import Scheme, Score, Sheet
from reports.queries.sheets import BranchSheet, sheet_of, sheets_of
from tests.activities.held import held
from tests.cast import START, TODAY, Cast, enlist
from tests.reports.conftest import MEETINGS, attend, indicator, lectured, with_first_item

pytestmark = pytest.mark.django_db
AFTER = date(2021, 1, 12)


def line(sheet: BranchSheet, name: str):
    return next(line for line in sheet.lines if line.indicator.name == name)


def test_a_branch_with_no_record_at_all_has_gaps_but_no_false_zero(cast: Cast, scheme: Scheme) -> None:
    sheet = sheet_of(cast.first, 2020, TODAY)
    assert {one.indicator.name: one.computed for one in sheet.lines} == {
        "党员大会": Decimal("2.0"),  # three quarters have ended
        "支委会": Decimal("0.0"),
        "第一议题": None,
        "出席率": None,
        "轮流授课": Decimal("0.0"),  # the roster is known, nobody lectured
        "及时录入": None,
        "支部品牌": None,
    }
    assert sheet.total.points is None
    assert (sheet.version, sheet.as_of, sheet.is_over) == (0, TODAY, False)


def test_without_a_scheme_the_sheet_is_empty(cast: Cast) -> None:
    Scheme.objects.all().delete()
    sheet = sheet_of(cast.first, 2020, TODAY)
    assert (sheet.scheme, sheet.lines, sheet.total.points) == (None, (), None)


def test_a_branch_without_a_committee_owes_no_committee_meetings(cast: Cast, scheme: Scheme) -> None:
    found_line = line(sheet_of(cast.second, 2020, TODAY), "支委会")
    assert (found_line.computed, found_line.verdict.is_not_applicable) == (None, True)


def test_only_quarters_that_have_ended_are_judged(cast: Cast, scheme: Scheme) -> None:
    for day in MEETINGS:
        held(cast.first, "members_meeting", day)
    running, over = sheet_of(cast.first, 2020, TODAY), sheet_of(cast.first, 2020, AFTER)
    assert line(running, "党员大会").computed == Decimal("8.0")
    assert line(over, "党员大会").computed == Decimal("6.0")
    assert line(over, "党员大会").verdict.reason == "第四季度缺 1 次，扣 2 分"


def test_drafts_returned_and_discarded_records_never_count(cast: Cast, scheme: Scheme) -> None:
    for state in (Activity.State.DRAFT, Activity.State.RETURNED, Activity.State.DISCARDED):
        with_first_item(held(cast.first, "members_meeting", MEETINGS[0], state=state))
    sheet = sheet_of(cast.first, 2020, TODAY)
    assert line(sheet, "第一议题").computed is None
    assert line(sheet, "党员大会").evidence.proofs == ()


def test_after_the_year_only_accepted_records_count_and_the_duty_waits(cast: Cast, scheme: Scheme) -> None:
    for day in (*MEETINGS, date(2020, 11, 11)):
        with_first_item(held(cast.first, "members_meeting", day))
    Activity.objects.filter(held_on=MEETINGS[0]).update(state=Activity.State.SUBMITTED)
    running, over = sheet_of(cast.first, 2020, TODAY), sheet_of(cast.first, 2020, AFTER)
    assert line(running, "第一议题").verdict.reason == "4 次会议写明 4 次，100%"
    assert line(over, "第一议题").verdict.reason == "3 次会议写明 3 次，100%；1 条记录待审核"
    assert line(over, "党员大会").computed is None
    assert line(over, "党员大会").verdict.reason == "1 条记录待审核"


def test_records_of_another_year_do_not_count_but_those_belonging_to_this_one_do(cast: Cast, scheme: Scheme) -> None:
    with_first_item(held(cast.first, "members_meeting", date(2019, 12, 31)))
    held(cast.first, "members_meeting", date(2021, 1, 8), belongs_to_year=2020)
    reason = line(sheet_of(cast.first, 2020, AFTER), "第一议题").verdict.reason
    assert reason == "1 次会议写明 0 次，0%"


def test_attendance_leaves_the_unrecorded_out_and_credits_joint_activities(cast: Cast, scheme: Scheme) -> None:
    people = [cast.people[f"first{number}"] for number in range(7)]
    own = held(cast.first, "members_meeting", MEETINGS[0])
    attend(own, people[:4], "present", cast.first)
    attend(own, people[4:5], "leave", cast.first)
    attend(own, people[5:], "unrecorded", cast.first)
    organ = held(cast.committee, "themed_party_day", MEETINGS[1])
    attend(organ, people[:5], "present", cast.first)
    attend(organ, [cast.people["second0"]], "absent", cast.second)
    found_line = line(sheet_of(cast.first, 2020, TODAY), "出席率")
    assert found_line.verdict.reason == "应到 10 人次，实到 9 人次，90%；另有 2 人次未登记，比率不完整"
    assert len(found_line.evidence.proofs) == 2


def test_lecturers_are_counted_once_and_only_among_members_expected_today(cast: Cast, scheme: Scheme) -> None:
    second = [cast.people[f"second{number}"] for number in range(3)]
    lectured(held(cast.second, "party_lecture", MEETINGS[0]), second[0], second[1])
    lectured(held(cast.second, "party_lecture", MEETINGS[1]), second[0], cast.people["first0"])
    MemberStatus.objects.create(person=second[2], kind="flow_out", starts_on=START)
    found_line = line(sheet_of(cast.second, 2020, TODAY), "轮流授课")
    assert found_line.verdict.reason == "2 人中 2 人授课，100%"
    MemberStatus.objects.all().delete()
    assert line(sheet_of(cast.second, 2020, TODAY), "轮流授课").verdict.reason == "3 人中 2 人授课，66.7%"


def test_what_somebody_else_wrote_is_not_held_against_the_branch(cast: Cast, scheme: Scheme) -> None:
    held(cast.second, "members_meeting", MEETINGS[0], with_branches=(cast.first,), entered_on=date(2020, 6, 1))
    sheet = sheet_of(cast.first, 2020, TODAY)
    assert (line(sheet, "第一议题").computed, line(sheet, "及时录入").computed) == (None, None)
    assert line(sheet, "党员大会").computed == Decimal("4.0")  # but taking part fulfils the duty
    assert line(sheet_of(cast.second, 2020, TODAY), "及时录入").computed == Decimal("2.5")


def test_the_evidence_is_what_the_number_counted(cast: Cast, scheme: Scheme) -> None:
    for day in MEETINGS:
        held(cast.first, "members_meeting", day)
    with_first_item(held(cast.first, "themed_party_day", MEETINGS[0]))
    sheet = sheet_of(cast.first, 2020, TODAY)
    first_item = line(sheet, "第一议题")
    assert first_item.verdict.reason.startswith("4 次会议写明 1 次")
    assert (len(first_item.evidence.proofs), len(first_item.evidence.gaps)) == (1, 3)
    assert len(line(sheet, "党员大会").evidence.proofs) == 3
    assert line(sheet, "支委会").evidence.gap_text == "缺 9 次"


def test_a_review_score_the_records_moved_away_from_is_open_again(cast: Cast, scheme: Scheme) -> None:
    sheet = Sheet.objects.create(scheme=scheme, organisation=cast.first, year=2020)
    Score.objects.create(sheet=sheet, indicator=indicator("党员大会"), review_score=8)
    found_line = line(sheet_of(cast.first, 2020, TODAY), "党员大会")
    assert (found_line.computed, found_line.lacks_reason, found_line.is_open) == (Decimal("2.0"), True, True)
    Score.objects.update(review_reason="原始记录已核对")
    assert not line(sheet_of(cast.first, 2020, TODAY), "党员大会").is_open


def test_scores_that_differ_are_found(cast: Cast, scheme: Scheme) -> None:
    sheet = Sheet.objects.create(scheme=scheme, organisation=cast.first, year=2020)
    Score.objects.create(sheet=sheet, indicator=indicator("党员大会"), self_score=8)  # computed 2
    Score.objects.create(sheet=sheet, indicator=indicator("支部品牌"), self_score=4, review_score=3, review_reason="少")
    Score.objects.create(sheet=sheet, indicator=indicator("第一议题"), self_score=8)  # nothing to differ from
    found = sheet_of(cast.first, 2020, TODAY)
    assert [one.indicator.name for one in found.differing] == ["党员大会", "支部品牌"]
    assert [one.indicator.name for one in found.deducted] == ["党员大会", "支委会", "轮流授课", "支部品牌"]


@pytest.mark.parametrize("count", [1, 20])
def test_as_many_queries_for_one_branch_as_for_twenty(cast: Cast, scheme: Scheme, count: int) -> None:
    branches = [cast.first]
    for number in range(19):
        branches.append(
            found(
                code=f"more{number}", kind=Organisation.Kind.BRANCH, name=f"增设{number}", short_name=f"增设{number}",
                parent=Organisation.objects.get(pk=cast.committee.pk), on=START, by=None,
            )
        )  # fmt: skip
    for number, branch in enumerate(branches):
        person = enlist(f"党员{number}", branch)
        activity = lectured(with_first_item(held(branch, "members_meeting", MEETINGS[0])), person)
        attend(activity, [person], "present", branch)
        sheet = Sheet.objects.create(scheme=scheme, organisation=branch, year=2020)
        Score.objects.create(sheet=sheet, indicator=indicator("支部品牌"), self_score=4, self_reason="有成效")
    branches = list(Organisation.objects.filter(pk__in=[branch.pk for branch in branches[:count]]))
    with CaptureQueriesContext(connection) as queries:
        sheets = sheets_of(branches, 2020, TODAY)
    assert len(sheets) == count
    assert len(queries) == 20
