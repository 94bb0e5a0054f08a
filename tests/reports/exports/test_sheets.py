from __future__ import annotations

import io
from urllib.parse import unquote

import openpyxl
import pytest
from django.urls import reverse
from openpyxl.worksheet.worksheet import Worksheet

from branches.models import Organisation
from reports.models import Scheme, Score, Sheet
from tests.activities.held import held
from tests.cast import Cast
from tests.reports.conftest import MEETINGS, indicator

pytestmark = pytest.mark.django_db
URL = reverse("reports:sheet_workbook", args=["first", 2020])


def opened(answer) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def rows(tab: Worksheet) -> dict[str, list]:
    """The rows of the table by their number in column A."""
    return {row[0].value: [cell.value for cell in row] for row in tab.iter_rows(min_row=4) if row[0].value}


@pytest.fixture
def judged(cast: Cast, scheme: Scheme) -> Sheet:
    held(cast.first, "members_meeting", MEETINGS[0])
    sheet = Sheet.objects.create(scheme=scheme, organisation=cast.first, year=2020)
    Score.objects.create(
        sheet=sheet, indicator=indicator("支部品牌"), self_score="4", self_reason='=HYPERLINK("http://x","点我")',
        review_score="3.5", review_reason="+2020成效\x07缺少数据",
    )  # fmt: skip
    Score.objects.create(
        sheet=sheet, indicator=indicator("支委会"), is_not_applicable=True, review_reason="@当年不设支委会"
    )
    return sheet


def test_a_branch_without_anything_still_gives_a_paper(cast: Cast, sign_in) -> None:
    Scheme.objects.all().delete()
    tab = opened(sign_in(cast.secretary).get(URL)).active
    assert tab["A1"].value == "2020年度党支部考核表"


def test_what_looks_like_a_formula_stays_text(cast: Cast, judged: Sheet, sign_in) -> None:
    Organisation.objects.filter(pk=cast.first.pk).update(short_name="=1+1", name="=2+2")
    book = opened(sign_in(cast.staff).get(URL))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    reason = rows(book.active)["2.5"][7]
    assert reason == '自评：=HYPERLINK("http://x","点我")\n组织评分：+2020成效缺少数据'


def test_numbers_are_numbers_and_the_unknown_is_a_dash(cast: Cast, judged: Sheet, sign_in) -> None:
    table = rows(opened(sign_in(cast.staff).get(URL)).active)
    assert table["1.1"][1] == "党员大会\n党员大会的要求"
    assert table["1.1"][3:7] == [8, 4, "—", "—"]
    assert table["1.1"][7:9] == ["第二季度、第三季度缺 2 次，扣 4 分", "1 条记录\n缺 2 次"]
    assert table["1.2"][3:7] == [8, 0, "—", "不适用"]
    assert table["2.5"][3:7] == [4, "—", 4, 3.5]
    assert table["合计"][3:7] == [40, 7, 4, "—"]  # 4 for the duty, 3 for being in time; no total yet


def test_the_parts_are_named_apart(cast: Cast, judged: Sheet, sign_in) -> None:
    text = "\n".join(str(key) for key in rows(opened(sign_in(cast.staff).get(URL)).active))
    assert "人工评分 3.5 分（满分 4 分）" in text
    assert "尚未评定" in text


def test_it_is_ready_to_print(cast: Cast, judged: Sheet, sign_in) -> None:
    tab = opened(sign_in(cast.staff).get(URL)).active
    assert (tab.page_setup.paperSize, tab.page_setup.orientation) == (9, "portrait")
    assert tab.sheet_properties.pageSetUpPr.fitToPage
    assert tab.page_setup.fitToHeight == 0  # as many pages as it takes, one wide
    assert tab.print_title_rows == "$3:$3"
    assert tab.freeze_panes == "A4"
    assert "A1:I1" in [str(area) for area in tab.merged_cells.ranges]
    assert "第一党支部 2020年度党支部考核表　staff 于 " in tab.oddHeader.right.text
    assert tab.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert tab["A4"].border.left.style == "thin"
    assert any("书记签字" in str(cell.value) for row in tab.iter_rows() for cell in row)


def test_the_name_of_the_file_is_chinese(cast: Cast, judged: Sheet, sign_in) -> None:
    answer = sign_in(cast.staff).get(URL)
    disposition = answer["Content-Disposition"]
    assert "filename*=utf-8''" in disposition
    assert unquote(disposition.split("''")[1]) == "2020年度党支部考核表-第一党支部.xlsx"
    assert answer["Cache-Control"] == "no-store"


def test_odd_names_make_neither_a_bad_file_name_nor_a_bad_tab(cast: Cast, judged: Sheet, sign_in) -> None:
    Organisation.objects.filter(pk=cast.first.pk).update(short_name='一/二:[三]*?"' + "长" * 40)
    answer = sign_in(cast.staff).get(URL)
    assert "/" not in unquote(answer["Content-Disposition"].split("''")[1])
    (title,) = opened(answer).sheetnames
    assert len(title) == 31
    assert title.startswith("一 二  三")


def test_papers_are_chinese_for_whoever_takes_them(cast: Cast, judged: Sheet, sign_in, settings) -> None:
    settings.LANGUAGE_CODE = "en"
    tab = opened(sign_in(cast.staff).get(URL)).active
    assert [cell.value for cell in tab[3]] == [
        "序号", "考核内容", "考核方式", "分值", "系统计分", "自评", "组织评分", "理由", "佐证"
    ]  # fmt: skip
