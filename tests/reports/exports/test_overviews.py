from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from branches.models import Organisation
from reports.exports import overviews
from reports.models import Scheme
from tests.activities.held import held
from tests.activities.results import honour, written
from tests.cast import Cast
from tests.reports.conftest import MEETINGS

pytestmark = pytest.mark.django_db
URL = reverse("reports:overview_workbook", args=["committee", 2020])


def opened(answer) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_overview_comes_first_then_a_tab_for_every_branch(cast: Cast, scheme: Scheme, sign_in) -> None:
    book = opened(sign_in(cast.staff).get(URL))
    assert book.sheetnames == ["汇总", "成果", "第一党支部", "第二党支部", "离退休干部党支部"]
    tab = book["汇总"]
    assert [cell.value for cell in tab[3]][:4] == ["序号", "党支部", "一、组织生活（16 分）", "二、学习（24 分）"]
    assert [cell.value for cell in tab[4]] == [1, "第一党支部", "—", "—", 2, "—", "—", 7, "—"]
    assert tab.page_setup.orientation == "landscape"
    assert book["第二党支部"]["A1"].value == "2020年度党支部考核表"


def test_branches_of_one_name_get_tabs_of_their_own(cast: Cast, scheme: Scheme, sign_in) -> None:
    Organisation.objects.filter(pk=cast.second.pk).update(short_name="第一党支部")
    assert opened(sign_in(cast.staff).get(URL)).sheetnames[2:4] == ["第一党支部", "第一党支部 2"]


def test_a_branch_named_like_the_overview_does_not_break_it(cast: Cast, scheme: Scheme, sign_in) -> None:
    Organisation.objects.filter(pk=cast.second.pk).update(short_name="汇总")
    assert opened(sign_in(cast.staff).get(URL)).sheetnames[3] == "汇总 2"


def test_too_many_branches_stand_in_the_overview_only(cast: Cast, scheme: Scheme, sign_in, monkeypatch) -> None:
    monkeypatch.setattr(overviews, "TABS", 2)
    book = opened(sign_in(cast.staff).get(URL))
    assert book.sheetnames == ["汇总", "成果"]
    assert [book["汇总"].cell(row, 2).value for row in (4, 5, 6)] == ["第一党支部", "第二党支部", "离退休干部党支部"]


def test_the_line_under_the_title_says_where_sums_differ(cast: Cast, scheme: Scheme, sign_in) -> None:
    held(cast.first, "members_meeting", MEETINGS[0], with_branches=(cast.second,))
    text = opened(sign_in(cast.staff).get(URL))["汇总"]["A2"].value
    assert "3 个党支部　　截至 2020年10月26日" in text
    assert "开展活动 1 次" in text
    assert "合计 2 次活动" in text


def test_several_schemes_stand_one_below_the_other(cast: Cast, scheme: Scheme, sign_in) -> None:
    Scheme.objects.create(organisation=cast.second, year=2020, title="试点方案")
    tab = opened(sign_in(cast.staff).get(URL))["汇总"]
    titles = [row[0].value for row in tab.iter_rows(min_row=3)]
    assert titles[0] == "短方案"
    assert "试点方案" in titles


def test_the_results_of_the_year_have_a_tab_of_their_own(cast: Cast, scheme: Scheme, sign_in) -> None:
    written(cast, achieved_on=date(2018, 3, 1), year=2018)
    written(
        cast,
        organisation=cast.second,
        title="旧品牌",
        year=2018,
        achieved_on=date(2018, 3, 1),
        ended_on=date(2019, 5, 1),
    )
    honour(cast, person=cast.people["first2"])
    honour(cast, title="上年荣誉", year=2019, achieved_on=date(2019, 6, 29))
    honour(cast, title="误录", withdrawn_on=date(2020, 7, 1), withdrawn_by=cast.secretary)
    honour(cast, organisation=cast.committee, title="先进机关党委")
    honour(cast, organisation=cast.city, title="工委荣誉")
    tab = opened(sign_in(cast.staff).get(URL))["成果"]
    rows = [[cell.value for cell in row] for row in tab.iter_rows(min_row=4)]
    assert [row[1:4] for row in rows] == [
        ["水利局机关党委", "荣誉", "先进机关党委"],
        ["第一党支部", "品牌", "红色讲台"],
        ["第一党支部", "荣誉", "先进基层党组织"],
    ]
    assert rows[2][4:] == ["2020年6月29日", "市厅级", "市直机关工委", "张伟"]


def test_a_year_without_results_says_so(cast: Cast, scheme: Scheme, sign_in) -> None:
    assert opened(sign_in(cast.staff).get(URL))["成果"]["A4"].value == "本年度没有成果登记。"
