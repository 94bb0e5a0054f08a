from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from activities.models import Activity
from foundation.models import AuditEntry
from reports.models import Scheme, Score, Sheet
from tests.activities.held import held
from tests.cast import Cast
from tests.reports.conftest import MEETINGS, attend, indicator, lectured

pytestmark = pytest.mark.django_db
SHEET = reverse("reports:sheet", args=["first", 2020])
SCORES = reverse("reports:scores", args=["first", 2020])
TAKE_OVER = reverse("reports:take_over", args=["first", 2020])


@pytest.mark.parametrize("year", [0, 1800, 2017, 2021, 99999])
def test_a_year_the_branch_did_not_stand_in_is_not_found(cast: Cast, sign_in, year: int) -> None:
    for name in ("sheet", "paper", "sheet_workbook"):
        assert sign_in(cast.staff).get(reverse(f"reports:{name}", args=["first", year])).status_code == 404


def test_without_a_scheme_the_page_says_who_makes_one(cast: Cast, sign_in) -> None:
    Scheme.objects.all().delete()
    for name in ("sheet", "paper", "sheet_workbook"):
        assert sign_in(cast.secretary).get(reverse(f"reports:{name}", args=["first", 2020])).status_code == 200
    assert "本年度还没有考核方案" in sign_in(cast.secretary).get(SHEET).content.decode()


def test_evidence_of_another_schemes_indicator_is_not_found(cast: Cast, scheme: Scheme, sign_in) -> None:
    other = Scheme.objects.get(organisation=None).sections.get(position=1).indicators.all()[0]
    url = reverse("reports:evidence", args=["first", 2020, other.pk])
    assert sign_in(cast.staff).get(url).status_code == 404


@pytest.mark.parametrize("name", ["recorder", "contact", "auditor", "admin"])
def test_those_who_may_only_read_are_offered_nothing_to_write(cast: Cast, scheme: Scheme, sign_in, name: str) -> None:
    page = sign_in(cast.users[name]).get(SHEET + "?edit=1").content.decode()
    assert '<form method="post" id="scores"' not in page
    assert "采用系统计分" not in page


def test_staff_of_the_branch_itself_do_not_review_it(cast: Cast, scheme: Scheme, sign_in) -> None:
    from branches.models import RoleAssignment
    from tests.cast import START

    RoleAssignment.objects.create(user=cast.nobody, role="staff", organisation=cast.first, starts_on=START)
    assert sign_in(cast.nobody).get(SHEET).status_code == 200
    assert sign_in(cast.nobody).post(SCORES, {"version": "0"}).status_code == 404


def test_staff_who_are_also_the_secretary_do_not_review_themselves(cast: Cast, scheme: Scheme, sign_in) -> None:
    from branches.models import RoleAssignment
    from tests.cast import START

    RoleAssignment.objects.create(user=cast.secretary, role="staff", organisation=cast.committee, starts_on=START)
    pk = indicator("支部品牌").pk
    sign_in(cast.secretary).post(SCORES, {"version": "0", f"score-{pk}": "4", f"reason-{pk}": "有成效"})
    row = Score.objects.get()
    assert (str(row.self_score), row.review_score) == ("4.0", None)


def test_nothing_typed_is_lost_on_an_error(cast: Cast, scheme: Scheme, sign_in) -> None:
    brand, duty = indicator("支部品牌").pk, indicator("党员大会").pk
    data = {
        "version": "0",
        f"score-{brand}": "九",
        f"reason-{brand}": "很有成效",
        f"score-{duty}": "7",
        f"reason-{duty}": "",
    }
    answer = sign_in(cast.staff).post(SCORES, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="九"' in page
    assert "很有成效" in page
    assert 'value="7"' in page
    assert "请填数字" in page
    assert "与系统计分 2 分不一致" in page
    assert not Sheet.objects.exists()


def test_nothing_typed_is_lost_when_somebody_was_faster(cast: Cast, scheme: Scheme, sign_in) -> None:
    pk = indicator("支部品牌").pk
    first = {"version": "0", f"score-{pk}": "3", f"reason-{pk}": "先到"}
    sign_in(cast.staff).post(SCORES, first)
    answer = sign_in(cast.city_staff).post(SCORES, first | {f"score-{pk}": "2", f"reason-{pk}": "后到"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="2"' in page
    assert "后到" in page
    assert "现已保存：3" in page
    again = {"version": "1", f"score-{pk}": "2", f"reason-{pk}": "后到"}
    assert 'name="version" value="1"' in page
    assert sign_in(cast.city_staff).post(SCORES, again).status_code == 302


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_an_odd_version_is_a_conflict_not_a_crash(cast: Cast, scheme: Scheme, sign_in, version: str) -> None:
    assert sign_in(cast.staff).post(SCORES, {"version": version}).status_code == 409
    assert sign_in(cast.staff).post(TAKE_OVER, {"version": version}).status_code == 409


def test_a_score_is_saved_and_said(cast: Cast, scheme: Scheme, sign_in) -> None:
    pk = indicator("支部品牌").pk
    client = sign_in(cast.staff)
    answer = client.post(SCORES, {"version": "0", f"score-{pk}": "3.5", f"reason-{pk}": "成效缺少数据"}, follow=True)
    page = answer.content.decode()
    assert "组织评分已保存" in page
    assert '<span class="deducted">−0.5</span>3.5' in page
    assert "成效缺少数据" in page


def test_taking_over_says_how_many(cast: Cast, scheme: Scheme, sign_in) -> None:
    answer = sign_in(cast.secretary).post(TAKE_OVER, {"version": "0"}, follow=True)
    assert "已采用 3 项系统计分" in answer.content.decode()


def test_what_is_typed_is_shown_as_text(cast: Cast, scheme: Scheme, sign_in) -> None:
    pk = indicator("支部品牌").pk
    data = {"version": "0", f"score-{pk}": "3", f"reason-{pk}": "<script>alert(1)</script>"}
    page = sign_in(cast.staff).post(SCORES, data, follow=True).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("deducted", ["党员大会", "支委会", "轮流授课"]),
        ("differing", []),
        ("open", ["党员大会", "支委会", "第一议题", "出席率", "轮流授课", "及时录入", "支部品牌"]),
        ("nonsense", ["党员大会", "支委会", "第一议题", "出席率", "轮流授课", "及时录入", "支部品牌"]),
    ],
)
def test_filters(cast: Cast, scheme: Scheme, sign_in, shown: str, names: list[str]) -> None:
    rows = sign_in(cast.staff).get(SHEET, {"show": shown}).context["rows"]
    assert [line.indicator.name for _part, lines in rows for line, _entry in lines] == names


def test_the_running_year_says_as_of_and_has_no_total(cast: Cast, scheme: Scheme, sign_in) -> None:
    answer = sign_in(cast.contact).get(SHEET)
    page = answer.content.decode()
    assert "2020年10月26日" in page
    assert "只计已到期的各期" in page
    assert answer.context["sheet"].total.points is None


def test_evidence_opens_what_may_be_read_and_only_names_the_rest(cast: Cast, scheme: Scheme, sign_in) -> None:
    people = [cast.people["first0"]]
    own = held(cast.first, "members_meeting", MEETINGS[0], title="二月大会")
    attend(own, people, "present", cast.first)
    attend(held(cast.committee, "themed_party_day", MEETINGS[1], title="机关党日"), people, "present", cast.first)
    page = sign_in(cast.secretary).get(reverse("reports:evidence", args=["first", 2020, indicator("出席率").pk]))
    assert page.context["readable"] == {own.pk}
    text = page.content.decode()
    assert "二月大会" in text
    assert "<span>机关党日</span>" in text


def test_evidence_lists_gaps_with_their_proof_page(cast: Cast, scheme: Scheme, sign_in) -> None:
    held(cast.first, "members_meeting", MEETINGS[0], state=Activity.State.SUBMITTED)
    page = sign_in(cast.staff).get(reverse("reports:evidence", args=["first", 2020, indicator("党员大会").pk]))
    text = page.content.decode()
    assert "第二季度" in text
    assert reverse("activities:duty", args=["first", "members_meeting", 2020, 2]) in text
    assert "第三季度" in text
    assert "第四季度" not in text


@pytest.mark.parametrize("name", ["第一议题", "轮流授课", "及时录入", "支部品牌"])
def test_evidence_of_every_kind_stands(cast: Cast, scheme: Scheme, sign_in, name: str) -> None:
    lectured(held(cast.first, "members_meeting", MEETINGS[0], entered_on=date(2020, 6, 1)), cast.people["first0"])
    url = reverse("reports:evidence", args=["first", 2020, indicator(name).pk])
    assert sign_in(cast.recorder).get(url).status_code == 200


def test_the_paper_is_chinese_whatever_the_page_is(cast: Cast, scheme: Scheme, sign_in, settings) -> None:
    settings.LANGUAGE_CODE = "en"
    page = sign_in(cast.secretary).get(reverse("reports:paper", args=["first", 2020])).content.decode()
    assert "2020年度党支部考核表" in page
    assert "支部自评意见" in page


def test_the_current_year_is_the_business_dates(cast: Cast, sign_in) -> None:
    assert sign_in(cast.secretary).get(reverse("reports:latest", args=["first"])).url == SHEET


def test_taking_the_workbook_out_is_on_record(cast: Cast, sign_in) -> None:
    url = reverse("reports:sheet_workbook", args=["first", 2020])
    assert sign_in(cast.recorder).get(url).status_code == 404
    assert not AuditEntry.objects.filter(verb="sheet.export").exists()
    sign_in(cast.auditor).get(url)
    entry = AuditEntry.objects.get(verb="sheet.export")
    assert (entry.actor, entry.organisation_id, entry.changes) == (cast.auditor, cast.first.pk, {"year": [None, 2020]})
    assert "导出年度考核表" in sign_in(cast.secretary).get(reverse("branches:trail", args=["first"])).content.decode()
