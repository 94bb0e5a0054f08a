from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import reverse

from activities.models import Activity, Forum, InspectedUnit
from branches.actions.organisations import move
from reports.rules.summaries import Key
from tests.activities.held import held
from tests.cast import Cast
from tests.reports.conftest import MEETINGS, attend, lectured

pytestmark = pytest.mark.django_db
URL = reverse("reports:summary_workbook", args=["committee", 2020])


def opened(answer) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def test_an_empty_year_is_a_workbook_of_noughts(cast: Cast, sign_in) -> None:
    book = opened(sign_in(cast.staff).get(URL))
    assert len(book.sheetnames) == 1 + len(Key)
    assert {row[3].value for row in book["年度汇总"].iter_rows(min_row=4)} == {0}


def test_titles_and_units_that_look_like_formulas_stay_text(cast: Cast, sign_in) -> None:
    activity = held(cast.committee, "political_inspection", MEETINGS[0], title='=HYPERLINK("http://x","点我")')
    InspectedUnit.objects.create(activity=activity, position=1, name="=1+1")
    attend(activity, [cast.people["first0"]], "present", cast.first)
    book = opened(sign_in(cast.staff).get(URL))
    cells = [book["参加政治考察"]["C4"], book["政治考察单位"]["C4"]]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ('=HYPERLINK("http://x","点我")', "s"), ("=1+1", "s")
    ]  # fmt: skip


def test_the_figures_come_first_and_every_figure_has_its_records(cast: Cast, sign_in) -> None:
    activity = held(cast.committee, "forum", MEETINGS[0], title="讲坛第一讲")
    Forum.objects.create(activity=activity, questions_answered=9)
    lectured(held(cast.first, "party_lecture", MEETINGS[1], title="微党课"), cast.people["first0"])
    book = opened(sign_in(cast.staff).get(URL))
    assert [cell.value for cell in book["年度汇总"][6]][:5] == [3, "集中学习与讲坛", "现场答疑", 9, "个"]
    answered = book["现场答疑"]
    assert [cell.value for cell in answered[4]] == [1, "2020年2月12日", "讲坛第一讲", "水利局机关党委", 9, "讲坛"]
    assert [answered.cell(5, column).value for column in (1, 5)] == ["合计", 9]
    assert [cell.value for cell in book["授课党员"][4]] == [
        1, 1, "王建国", "第一党支部", 1, "2020年5月13日 微党课"
    ]  # fmt: skip
    assert "截至 2020年10月26日" in book["授课党员"]["A2"].value
    assert cast.staff.name in answered.oddHeader.right.text


def test_very_many_records_of_one_person_stay_in_their_cell(cast: Cast, sign_in) -> None:
    activities = Activity.objects.bulk_create(
        Activity(organisation=cast.first, title="题" * 120, held_on=MEETINGS[0], state="accepted",
                 entered_on=MEETINGS[0], entered_by=cast.staff)
        for _number in range(260)
    )  # fmt: skip
    for activity in activities:
        lectured(activity, cast.people["first0"])
    sheet = opened(sign_in(cast.staff).get(URL))["授课党员"]
    assert len(sheet["F4"].value) == 32767
    assert sheet.row_dimensions[4].height <= 409.5


def test_the_workbook_says_what_it_leaves_out(cast: Cast, sign_in) -> None:
    move(organisation=cast.first, parent=cast.city, on=MEETINGS[1], by=None)
    book = opened(sign_in(cast.staff).get(URL))
    assert "未计入" in book["年度汇总"]["A2"].value
