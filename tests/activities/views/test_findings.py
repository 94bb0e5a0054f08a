from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activities.actions.findings import extend, rectify, send_back
from activities.models import ActivityKind, Check, Commitment, Finding, LifeMeeting
from branches.models import User
from tests.activities.findings import DUE, checked, commitment, fed_back, overdue, reported
from tests.activities.held import held
from tests.activities.records import written
from tests.activities.results import pdf
from tests.cast import TODAY, Cast

SignIn = Callable[[User], Client]


def url(name: str, *args: object) -> str:
    return reverse(f"activities:{name}", args=args)


def problem(**changes: Any) -> dict[str, Any]:
    return {"text": "笔记不全", "owner": "", "due_on": DUE.isoformat(), "source": "other", "entry_key": ""} | changes


@pytest.mark.parametrize(
    "bad",
    [
        {"text": ""}, {"text": "字" * 1001}, {"due_on": ""}, {"due_on": "2020-10-25"}, {"due_on": "9999-12-31"},
        {"owner": "x"}, {"owner": "99999999999999999999"}, {"source": "check"}, {"source": ""}, {"entry_key": "x"},
    ],
)  # fmt: skip
def test_a_wrong_value_is_shown_again_and_nothing_is_written(cast: Cast, sign_in: SignIn, bad: dict[str, Any]) -> None:
    assert sign_in(cast.staff).post(url("finding_new", "first"), problem(**bad)).status_code == 422
    assert not Finding.objects.exists()


def test_an_owner_of_another_branch_is_not_offered_and_not_taken(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    assert "吴强" not in client.get(url("finding_new", "first")).content.decode()
    sent = problem(owner=cast.people["second2"].pk)
    assert client.post(url("finding_new", "first"), sent).status_code == 422


def test_a_second_click_leads_to_the_first_finding(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    record = written(cast, "returned")
    page = client.get(url("finding_from_record", record.pk)).content.decode()
    assert "缺少签到表" in page
    client.post(url("finding_from_record", record.pk), problem())
    finding = Finding.objects.get()
    assert (finding.source, finding.activity) == ("returned", record)
    for answer in (
        client.get(url("finding_from_record", record.pk)),
        client.post(url("finding_from_record", record.pk), problem(text="又一次")),
    ):
        assert answer.url == url("finding", finding.pk)  # type: ignore[attr-defined]
    assert Finding.objects.count() == 1


def test_only_what_is_returned_or_overdue_becomes_a_finding(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    record = written(cast, "accepted")
    assert client.post(url("finding_from_record", record.pk), problem()).url == url("activity", record.pk)  # type: ignore[attr-defined]
    running = ("first", "committee_meeting", 2020, 10)
    assert client.post(url("finding_from_duty", *running), problem()).url == url("duty", *running)  # type: ignore[attr-defined]
    for wrong in (("first", "nothing", 2020, 8), ("first", "committee_meeting", 1990, 8)):
        assert client.get(url("finding_from_duty", *wrong)).status_code == 404
    assert not Finding.objects.exists()


def test_a_missed_duty_becomes_a_finding_with_its_link(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    missed = ("first", "committee_meeting", 2020, 8)
    assert url("finding_from_duty", *missed) in client.get(url("duty", *missed)).content.decode()
    client.post(url("finding_from_duty", *missed), problem())
    page = client.get(url("finding", Finding.objects.get().pk)).content.decode()
    assert url("duty", *missed) in page


def test_a_commitment_brings_its_owner_and_text(cast: Cast, sign_in: SignIn) -> None:
    line = commitment(cast)
    page = sign_in(cast.staff).get(url("finding_from_commitment", line.pk)).content.decode()
    assert "理论学习不够经常" in page
    assert f'<option value="{cast.people["first3"].pk}" selected>' in page


def test_a_record_taken_back_is_no_longer_linked(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, "returned", title="私下改的题目")
    client = sign_in(cast.staff)
    client.post(url("finding_from_record", record.pk), problem())
    page = url("finding", Finding.objects.get().pk)
    assert url("activity", record.pk) in client.get(page).content.decode()
    record.state = "draft"
    record.save()
    assert url("activity", record.pk) not in client.get(page).content.decode()


def test_the_branch_rectifies_and_somebody_above_closes(cast: Cast, sign_in: SignIn) -> None:
    finding = fed_back(cast)
    client = sign_in(cast.recorder)
    assert "笔记" not in client.get(url("finding", finding.pk)).content.decode()
    sent = {"version": 1, "measures": "补记", "proof": "", "report": "1", "evidence": [pdf("照片.pdf")]}
    answer = client.post(url("finding_rectify", finding.pk), sent)
    assert answer.status_code == 422
    assert "补记" in answer.content.decode()
    sent = {"version": 1, "measures": "补记", "proof": "已补", "report": "1", "evidence": [pdf("照片.pdf")]}
    client.post(url("finding_rectify", finding.pk), sent)
    page = client.get(url("finding", finding.pk)).content.decode()
    assert "照片.pdf" in page
    assert client.get(url("finding_rectify", finding.pk)).status_code == 302
    client = sign_in(cast.staff)
    answer = client.post(url("finding_send_back", finding.pk), {"version": 2, "reason": ""})
    assert answer.status_code == 422
    client.post(url("finding_close", finding.pk), {"version": 2, "comment": "属实"})
    finding.refresh_from_db()
    assert (finding.state, finding.closed_on, finding.closed_by) == ("closed", TODAY, cast.staff)


def test_who_saves_second_may_save_knowingly(cast: Cast, sign_in: SignIn) -> None:
    finding = fed_back(cast)
    Finding.objects.update(version=2)
    client = sign_in(cast.recorder)
    sent = {"version": 1, "measures": "我的措施", "proof": "", "save": "1"}
    answer = client.post(url("finding_rectify", finding.pk), sent)
    assert answer.status_code == 422
    assert answer.context["form"]["version"].value() == 2
    assert client.post(url("finding_rectify", finding.pk), sent | {"version": 2}).status_code == 302


def test_counts_and_rows_agree_under_every_filter(cast: Cast, sign_in: SignIn) -> None:
    overdue(cast)
    reported(cast, text="已报送")
    client = sign_in(cast.staff)
    for query in ("", "?source=other", "?organisation=first", "?organisation=second", "?source=x&organisation=x"):
        answer = client.get(url("findings", "committee") + query)
        counts = {status: number for status, number, _link in answer.context["statuses"]}
        assert answer.context["total"] == sum(counts.values()) == len(answer.context["rows"])
    for status, number in counts.items():
        answer = client.get(url("findings", "committee") + f"?status={status}")
        assert len(answer.context["rows"]) == number
    assert "已报送" not in client.get(url("findings_print", "committee") + "?status=closed").content.decode()


@pytest.mark.parametrize("many", [False, True])
def test_the_list_costs_the_same_for_few_and_many(
    cast: Cast, sign_in: SignIn, many: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(9 if many else 2):
        fed_back(cast, text=f"第 {number} 项", owner=cast.people["first3"])
    client = sign_in(cast.staff)
    client.get(url("findings", "committee"))
    with django_assert_num_queries(13):
        client.get(url("findings", "committee"))


def test_my_branch_and_the_desk_say_what_waits(cast: Cast, sign_in: SignIn) -> None:
    overdue(cast)
    reported(cast, text="已报送的一项")
    page = sign_in(cast.recorder).get(url("branch", "first")).content.decode()
    assert "9月支委会记录没有写表决结果" in page
    assert "已报送的一项" not in page
    desk = sign_in(cast.staff).get(url("desk", "committee"))
    assert desk.context["findings"] == {"mine": 1, "verify": 1, "unrectified": 1}
    assert "?status=verify" in desk.content.decode()


CHECK = {"on": TODAY.isoformat(), "looked_at": "查阅记录", "remarks": "", "entry_key": ""}


def rows(*problems: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"problems-TOTAL_FORMS": len(problems), "problems-INITIAL_FORMS": 0}
    for number, values in enumerate(problems):
        found |= {f"problems-{number}-{name}": value for name, value in values.items()}
    return found


@pytest.mark.parametrize(
    "bad",
    [
        {"on": "2020-10-27"}, {"on": "x"}, {"looked_at": ""}, {"activities": ["0"]}, {"activities": ["x"]},
        {"activities": ["99999999999999999999"]},
        rows({"text": "", "owner": "", "due_on": "2020-11-01"}), rows({"text": "x", "owner": "", "due_on": ""}),
        rows({"text": "x", "owner": "", "due_on": "2020-10-01"}), {"problems-TOTAL_FORMS": "x"},
    ],
)  # fmt: skip
def test_a_wrong_check_is_shown_again_and_nothing_is_written(cast: Cast, sign_in: SignIn, bad: dict[str, Any]) -> None:
    answer = sign_in(cast.staff).post(url("checkup_new", "first"), CHECK | rows() | bad)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode() or "problems-TOTAL_FORMS" in bad
    assert not Check.objects.exists()


def test_a_check_with_records_and_problems(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, "accepted")
    client = sign_in(cast.staff)
    page = url("checkup_new", "first")
    assert record.title in client.get(page).content.decode()
    earlier = (TODAY - timedelta(days=1)).isoformat()
    assert record.title not in client.get(f"{page}?until={earlier}").content.decode()
    assert client.get(f"{page}?since=x&activities=x&activities=99999999999").status_code == 200
    blank = {"text": "", "owner": "", "due_on": ""}
    sent = CHECK | {"activities": [record.pk]} | rows(problem(), blank)
    client.post(page, sent)
    check = Check.objects.get()
    assert (list(check.activities.all()), check.organisation, check.by) == ([record], cast.committee, cast.staff)
    assert check.findings.get().text == "笔记不全"
    page = client.get(url("checkup", check.pk)).content.decode()
    assert record.title in page
    assert "笔记不全" in page


@pytest.mark.parametrize("many", [False, True])
def test_the_checks_cost_the_same_for_few_and_many(
    cast: Cast, sign_in: SignIn, many: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(9 if many else 1):
        checked(cast)
    client = sign_in(cast.staff)
    client.get(url("checks", "committee"))
    with django_assert_num_queries(14):
        answer = client.get(url("checks", "committee") + "?month=2020-10")
    assert answer.context["month"].missing == [cast.second, cast.retired]


@pytest.mark.parametrize("month", ["2020-11", "2020", "2020-Q3", "x", "2020-13"])
def test_a_month_that_is_none_or_to_come_shows_the_running_one(cast: Cast, sign_in: SignIn, month: str) -> None:
    answer = sign_in(cast.staff).get(url("checks", "committee") + f"?month={month}")
    assert answer.context["shown"].key == "2020-10"


@pytest.mark.parametrize("who", ["contact", "auditor", "admin"])
def test_who_may_read_findings_finds_the_way_to_them(cast: Cast, sign_in: SignIn, who: str) -> None:
    code = "first" if who == "contact" else "committee"
    client = sign_in(cast.users[who])
    begin = url("contact_points_mine") if who == "contact" else url("desk", code)
    assert url("findings", code) in client.get(begin).content.decode()
    page = client.get(url("findings", code)).content.decode()
    assert f'href="{url("findings", code)}" aria-current="true"' in page
    assert (f'href="{url("checks", code)}"' in page) == (who != "contact")


def test_the_record_leads_from_a_commitment_to_its_finding(cast: Cast, sign_in: SignIn) -> None:
    line = commitment(cast)
    line.activity.kinds.set(ActivityKind.objects.filter(code="organisational_life_meeting"))
    LifeMeeting.objects.create(activity=line.activity)
    link, record = url("finding_from_commitment", line.pk), url("activity", line.activity_id)
    assert link in sign_in(cast.staff).get(record).content.decode()
    assert link not in sign_in(cast.secretary).get(record).content.decode()


def test_a_drafts_commitment_is_no_finding_yet(cast: Cast, sign_in: SignIn) -> None:
    record = held(cast.committee, "organisational_life_meeting", TODAY, state="draft")
    line = Commitment.objects.create(activity=record, position=1, problem="制度落实不严")
    client = sign_in(cast.staff)
    answer = client.post(url("finding_from_commitment", line.pk), problem())
    assert answer.url == url("activity", record.pk)  # type: ignore[attr-defined]
    assert not Finding.objects.exists()


def test_the_branch_reads_why_a_finding_was_sent_back(cast: Cast, sign_in: SignIn) -> None:
    finding = reported(cast)
    finding = send_back(finding=finding, version=finding.version, reason="第一次退回的话", by=cast.staff)
    again = rectify(
        finding=finding, version=finding.version, measures="补写", proof="已补写", by=cast.recorder, report=True
    )
    back = send_back(finding=again, version=again.version, reason="照片看不清", by=cast.staff)
    extend(finding=back, version=back.version, due_on=DUE + timedelta(days=2), reason="节假日", by=cast.staff)
    client = sign_in(cast.secretary)
    for address in (url("finding_rectify", finding.pk), url("branch", "first")):
        page = client.get(address).content.decode()
        assert "照片看不清" in page, address
        assert "第一次退回的话" not in page, address
        assert "节假日" not in page, address


def test_what_reporting_needs_is_not_marked_optional(cast: Cast, sign_in: SignIn) -> None:
    form = sign_in(cast.secretary).get(url("finding_rectify", fed_back(cast).pk)).content.decode()
    label = form.partition('for="id_proof"')[2].partition("</label>")[0]
    assert label
    assert "选填" not in label


@pytest.mark.parametrize("act", ["finding_close", "finding_send_back"])
def test_a_second_tab_is_told_who_judged_the_finding(cast: Cast, sign_in: SignIn, act: str) -> None:
    finding = reported(cast)
    send_back(finding=finding, version=finding.version, reason="笔记仍缺", by=cast.staff)
    sent = {"version": finding.version, "comment": "属实", "reason": "再退"}
    assert sign_in(cast.recorder).post(url(act, finding.pk), sent).status_code == 404
    assert sign_in(cast.stranger).post(url(act, finding.pk), sent).status_code == 404
    answer = sign_in(cast.staff).post(url(act, finding.pk), sent, follow=True)
    assert answer.redirect_chain == [(url("finding", finding.pk), 302)]
    assert f"已由{cast.staff}退回" in answer.content.decode()
    finding.refresh_from_db()
    assert finding.state == "rectifying"


@pytest.mark.parametrize("act", ["finding_extend", "finding_withdraw"])
def test_what_is_reported_meanwhile_is_not_withdrawn(cast: Cast, sign_in: SignIn, act: str) -> None:
    finding = reported(cast)
    answer = sign_in(cast.staff).post(url(act, finding.pk), {"version": finding.version, "reason": "误"}, follow=True)
    assert answer.redirect_chain == [(url("finding", finding.pk), 302)]
    finding.refresh_from_db()
    assert finding.state == "verify"
