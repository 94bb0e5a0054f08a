from __future__ import annotations

from decimal import Decimal

import pytest

from reports.forms.scores import ScoresForm
from reports.models import Scheme
from reports.queries.sheets import sheet_of
from reports.rules.scores import Judgement, Side
from tests.cast import TODAY, Cast
from tests.reports.conftest import indicator

pytestmark = pytest.mark.django_db


@pytest.fixture
def pk(scheme: Scheme) -> int:
    return indicator("支部品牌").pk


def form(cast: Cast, data: dict[str, str], side: Side = Side.REVIEW) -> ScoresForm:
    return ScoresForm(sheet_of(cast.first, 2020, TODAY), side, data)


@pytest.mark.parametrize("text", ["八分", "3,5", "1e1", "-1", "NaN", "3..5", "٣", "9" * 12, "3/4"])
def test_what_is_no_number_is_said_and_kept(cast: Cast, pk: int, text: str) -> None:
    found = form(cast, {f"score-{pk}": text, f"reason-{pk}": "理由"})
    assert len(found.problems) == 1
    assert found.problems[0][1] == f"score-{pk}"
    assert (found.entries[pk].score, found.entries[pk].reason) == (text, "理由")


@pytest.mark.parametrize("text", ["3.5", " 3.5 ", "３．５", "3.50"])
def test_numbers_as_people_type_them(cast: Cast, pk: int, text: str) -> None:
    found = form(cast, {f"score-{pk}": text, f"reason-{pk}": "理由"})
    assert found.problems == []
    assert found.judgements == {pk: Judgement(Decimal("3.5"), "理由")}


def test_lines_that_were_not_sent_are_left_alone(cast: Cast, pk: int) -> None:
    found = form(cast, {f"score-{pk}": "", "score-999999": "5", "reason-999999": "别处的指标"})
    assert found.judgements == {pk: Judgement()}


def test_a_branch_cannot_declare_something_not_applicable(cast: Cast, pk: int) -> None:
    found = form(cast, {f"score-{pk}": "", f"na-{pk}": "1"}, Side.SELF)
    assert found.judgements == {pk: Judgement()}


def test_problems_name_the_line(cast: Cast, pk: int) -> None:
    found = form(cast, {f"score-{pk}": "5", f"reason-{pk}": "理由"})
    assert found.problems == [("2.5 支部品牌：请填 0 到 4 之间的分数。", f"score-{pk}")]


def test_a_reviewer_finds_not_applicable_ticked_where_the_system_says_so(cast: Cast, scheme: Scheme) -> None:
    sheet = sheet_of(cast.second, 2020, TODAY)
    pk = indicator("支委会").pk
    entry = ScoresForm(sheet, Side.REVIEW).entries[pk]
    assert (entry.is_not_applicable, entry.reason) == (True, sheet.line(pk).verdict.reason)
    assert not ScoresForm(sheet, Side.SELF).entries[pk].is_not_applicable
    assert pk in {line.indicator.pk for line in sheet.open}
    assert pk not in {line.indicator.pk for line in sheet.without_verdict}
