from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activities.models import Activity, Attendance, Exemption, Lecture
from activities.queries.desk import matrix, rows_of
from activities.queries.figures import figures
from activities.rules.periods import parse_period
from branches.actions.organisations import found, revoke
from branches.models import Organisation, User
from tests.activities.held import held
from tests.cast import START, TODAY, Cast

SignIn = Callable[[User], Client]
State = Activity.State
THIRD_QUARTER = parse_period("2020-Q3")


def page(client: Client, code: str = "committee", query: str = "") -> str:
    response = client.get(reverse("activities:desk", args=[code]) + query)
    assert response.status_code == 200
    return response.content.decode()


def below(parent: Organisation, code: str, kind: str = "branch") -> Organisation:
    return found(code=code, kind=kind, name=code, short_name=code, parent=parent, on=START, by=None)


def fresh(organisation: Organisation) -> Organisation:
    """The organisation with its place in the tree as it is after others were founded."""
    return Organisation.objects.get(pk=organisation.pk)


@pytest.mark.parametrize("query", ["?period=rubbish", "?period=2999-Q1", "?status=rubbish", "?period=2021", "?period="])
def test_a_wrong_filter_filters_nothing(cast: Cast, sign_in: SignIn, query: str) -> None:
    text = page(sign_in(cast.staff), query=query)
    assert "第一党支部" in text
    assert "第二党支部" in text


def test_an_organisation_without_branches_says_so(cast: Cast, sign_in: SignIn) -> None:
    found(code="empty", kind="committee", name="新党委", short_name="新党委", parent=cast.city, on=START, by=None)
    assert "下面还没有党支部" in page(sign_in(cast.city_staff), "empty")


def test_the_sum_below_the_branches_says_that_it_counts_what_is_in_review(cast: Cast, sign_in: SignIn) -> None:
    held(cast.first, "party_lecture", date(2020, 10, 9), state=State.SUBMITTED)
    sum_row = page(sign_in(cast.auditor)).split("<tfoot>")[1].split("</tfoot>")[0]
    assert "已完成和待审核（全部支部）" in sum_row


def test_nobody_elses_branches_are_counted_or_named(cast: Cast, sign_in: SignIn) -> None:
    held(cast.far, "party_lecture", date(2020, 10, 9), state=State.SUBMITTED, title="外单位的党课")
    text = page(sign_in(cast.staff))
    assert "农业局" not in text
    assert "外单位的党课" not in text


def test_drafts_stay_with_the_branch(cast: Cast, sign_in: SignIn) -> None:
    held(cast.first, "party_lecture", date(2020, 10, 9), state=State.DRAFT, title="还没写完的党课")
    assert "还没写完的党课" not in page(sign_in(cast.staff))


def test_now_shows_what_is_overdue_before_what_runs(cast: Cast) -> None:
    held(cast.first, "party_lecture", date(2020, 10, 9))
    for number in range(1, 10):
        held(cast.first, "themed_party_day", date(2020, number, 9))
    by_code = {roll.rule.code: roll for roll in matrix(cast.committee, TODAY).rows[0].rolls}
    assert [cell.period.key for cell in by_code["party_lecture"].cells] == ["2020-Q3"]
    assert [cell.period.key for cell in by_code["themed_party_day"].cells] == ["2020-10"]


def test_a_quarter_sums_up_its_months(cast: Cast) -> None:
    held(cast.first, "themed_party_day", date(2020, 7, 9))
    held(cast.first, "themed_party_day", date(2020, 8, 9), state=State.SUBMITTED)
    duties = matrix(cast.committee, TODAY, shown=THIRD_QUARTER)
    roll = next(roll for roll in duties.rows[0].rolls if roll.rule.code == "themed_party_day")
    assert (roll.status, roll.fraction) == ("overdue", "2/3")


def test_above_branches_a_place_sums_up_the_branches_below(cast: Cast) -> None:
    other = below(cast.city, "other", "committee")
    for number in range(3):
        held(below(other, f"o{number}"), "themed_party_day", date(2020, 9, 9))
    duties = matrix(fresh(cast.city), TODAY, shown=parse_period("2020-09"))
    rolls = {row.node.code: {roll.rule.code: roll for roll in row.rolls} for row in duties.rows}
    assert rolls["other"]["themed_party_day"].fraction == "3/3"
    assert rolls["organ"]["themed_party_day"].fraction == "0/3"
    assert rolls["organ"]["committee_meeting"].fraction == "0/1"
    assert next(column for column in duties.columns if column.rule.code == "themed_party_day").total.fraction == "3/6"


def test_a_sole_child_makes_way_for_its_children(cast: Cast) -> None:
    assert [node.code for node in rows_of(cast.organ, TODAY)] == ["first", "second", "retired"]
    below(cast.organ, "lone")
    assert [node.code for node in rows_of(fresh(cast.organ), TODAY)] == ["committee", "lone"]


def test_a_revoked_branch_stays_in_the_periods_it_stood(cast: Cast) -> None:
    gone = below(cast.committee, "gone")
    revoke(organisation=gone, on=date(2020, 8, 31), by=cast.admin, document_number="批〔2020〕8号")
    committee = fresh(cast.committee)
    assert "gone" in [row.node.code for row in matrix(committee, TODAY, shown=THIRD_QUARTER).rows]
    assert "gone" not in [row.node.code for row in matrix(committee, TODAY).rows]


def test_the_filter_leaves_rows_but_not_counts(cast: Cast, sign_in: SignIn) -> None:
    for number in range(1, 11):
        held(cast.retired, "themed_party_day", date(2020, number, 9))
    for month in (3, 6, 9, 10):
        held(cast.retired, "members_meeting", date(2020, month, 9), also=("party_lecture",))
    everything, problems = matrix(cast.committee, TODAY), matrix(cast.committee, TODAY, only_problems=True)
    assert [row.node.code for row in problems.rows] == ["first", "second"]
    assert everything.counts == problems.counts
    table = page(sign_in(cast.staff), query="?problems=1").split('class="matrix"')[1].split("tfoot")[0]
    assert "离退休干部党支部" not in table
    assert [row.node.code for row in matrix(cast.committee, TODAY, status="exempt").rows] == []


def test_figures_count_each_thing_once(cast: Cast) -> None:
    joint = held(cast.first, "party_lecture", date(2020, 9, 9), with_branches=(cast.second,))
    held(cast.second, "party_lecture", date(2020, 9, 10), state=State.RETURNED)
    held(cast.second, "party_lecture", date(2019, 9, 10))
    for position in (1, 2):
        lecture = Lecture.objects.create(activity=joint, position=position, topic="微党课")
        lecture.lecturers.set([cast.people["first1"], cast.people[f"second{position}"]])
    for name, presence in (("first0", "present"), ("first1", "absent"), ("second0", "present"), ("second1", "leave")):
        Attendance.objects.create(
            activity=joint, person=cast.people[name], presence=presence,
            branch=cast.first if name.startswith("first") else cast.second,
        )  # fmt: skip
    found_figures = figures(cast.committee, date(2020, 1, 1), TODAY)
    assert (found_figures.activities, found_figures.lectures, found_figures.lecturers) == (1, 2, 3)
    assert found_figures.attendance.rate == 0.5
    assert (found_figures.members, found_figures.probationary_members) == (12, 0)
    assert figures(cast.second, date(2020, 1, 1), TODAY).activities == 1
    assert figures(cast.second, date(2020, 1, 1), TODAY).attendance.expected == 2


def test_the_activities_counted_are_the_activities_listed(cast: Cast, sign_in: SignIn) -> None:
    held(cast.first, "party_lecture", date(2020, 9, 9), with_branches=(cast.second,))
    held(cast.second, "party_lecture", date(2020, 9, 10), state=State.SUBMITTED)
    held(cast.second, "party_lecture", date(2020, 9, 11), state=State.RETURNED)
    held(cast.second, "party_lecture", date(2019, 9, 11))
    listed = reverse("activities:list", args=["committee"]) + "?year=2020&state=counting"
    assert listed.replace("&", "&amp;") in page(sign_in(cast.staff))
    assert sign_in(cast.staff).get(listed).context["page_obj"].paginator.count == 2
    assert figures(cast.committee, date(2020, 1, 1), TODAY).activities == 2


def test_every_cell_of_the_matrix_opens(cast: Cast, sign_in: SignIn) -> None:
    held(cast.first, "party_lecture", date(2020, 10, 9), state=State.SUBMITTED)
    Exemption.objects.create(
        organisation=cast.second, rule_code="party_lecture", reason="疫情", granted_by=cast.committee, starts_on=START
    )
    client = sign_in(cast.city_staff)
    for query in ("", "?period=2020-Q3", "?period=2020"):
        table = page(client, "committee", query).split('class="matrix"')[1].split("</table>")[0]
        links = {part.split('"')[0] for part in table.split('href="')[1:]}
        assert len(links) > 5
        assert {client.get(link).status_code for link in links} == {200}


def test_above_very_many_branches_the_year_is_left_to_those_below(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    below(below(cast.city, "other", "committee"), "lone")
    monkeypatch.setattr("activities.queries.desk.MANY", 3)
    monkeypatch.setattr("activities.queries.duty_lists.MANY", 3)
    client = sign_in(cast.city_staff)
    rolls = {row.node.code: row for row in matrix(fresh(cast.city), TODAY).rows}
    assert rolls["organ"].year is None
    assert {roll.rule.code: roll.status for roll in rolls["organ"].rolls}["themed_party_day"] == "overdue"
    assert "查看" in page(client, "city").split("tfoot")[1]
    year = client.get(reverse("activities:duties", args=["city", 2020])).content.decode()
    assert reverse("activities:duties", args=["organ", 2020]) in year
    listed = client.get(reverse("activities:duty", args=["city", "themed_party_day", 2020, 9]))
    assert listed.context["page_obj"].paginator.count == 4
    assert matrix(fresh(cast.committee), TODAY).year is not None


@pytest.mark.parametrize(("code", "queries"), [("committee", 40), ("city", 40)])
@pytest.mark.parametrize("more", [0, 30])
def test_as_many_queries_for_many_branches_as_for_few(
    cast: Cast,
    sign_in: SignIn,
    code: str,
    queries: int,
    more: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    held(cast.first, "party_lecture", date(2020, 10, 9), state=State.SUBMITTED)
    held(cast.first, "party_lecture", date(2020, 10, 9), state=State.RETURNED)
    for number in range(more):
        one = below(cast.committee, f"b{number}")
        for state in (State.SUBMITTED, State.RETURNED):
            held(one, "themed_party_day", date(2020, 9, 9), state=state)
    client = sign_in(cast.city_staff)
    page(client, code)
    with django_assert_num_queries(queries):
        page(client, code)


def test_an_auditor_sees_the_gaps_first_and_where_they_are_proved(cast: Cast, sign_in: SignIn) -> None:
    for month in range(1, 10):
        held(cast.second, "themed_party_day", date(2020, month, 5))
    client = sign_in(cast.auditor)
    response = client.get(reverse("activities:desk", args=["committee"]))
    assert [row.branch for row in response.context["gaps"]] == [cast.first, cast.retired, cast.second]
    url = reverse("activities:duty", args=["first", "themed_party_day", 2020, 9])
    assert f'href="{url}"' in response.content.decode()
    assert sign_in(cast.staff).get(response.request["PATH_INFO"]).context["gaps"] == []


def test_a_committee_is_reminded_of_its_own_drafts_and_returned_records(cast: Cast, sign_in: SignIn) -> None:
    held(cast.committee, "committee_meeting", date(2020, 10, 9), state=State.DRAFT, title="机关党委会议草稿")
    held(cast.committee, "committee_meeting", date(2020, 10, 8), state=State.RETURNED, title="退回的会议")
    held(cast.first, "committee_meeting", date(2020, 10, 8), state=State.DRAFT, title="别家的草稿")
    url = reverse("activities:desk", args=["committee"])
    errands = sign_in(cast.staff).get(url).context["errands"]
    assert [(errand.status, errand.title) for errand in errands] == [
        ("returned", "退回的会议"),
        ("draft", "机关党委会议草稿"),
    ]
    assert sign_in(cast.auditor).get(url).context["errands"] == []


def test_an_administrator_comes_to_what_has_to_be_done(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.admin).get("/", follow=True).content.decode()
    assert "1 个党支部还没有书记账号" in page
    assert reverse("branches:account_new", args=["retired"]) in page
