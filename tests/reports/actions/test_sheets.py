from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from foundation.models import AuditEntry
from reports.actions.sheets import StaleSheetError, set_scores, take_over_computed
from reports.models import Scheme, Score, Sheet
from reports.queries.sheets import sheet_of
from reports.rules.scores import Judgement, Side
from tests.activities.held import held
from tests.cast import TODAY, Cast
from tests.reports.conftest import MEETINGS, indicator

pytestmark = pytest.mark.django_db
BRAND = Judgement(Decimal(3), "成效缺少数据")


def score(cast: Cast, side: Side, version: int = 0, **judgements: Judgement) -> Sheet:
    return set_scores(
        branch=cast.first,
        year=2020,
        side=side,
        judgements={indicator(name).pk: judgement for name, judgement in judgements.items()},
        version=version,
        by=cast.secretary if side == Side.SELF else cast.staff,
    )


def test_a_stale_sheet_is_refused_and_nothing_written(cast: Cast, scheme: Scheme) -> None:
    score(cast, Side.REVIEW, 支部品牌=BRAND)
    for version in (0, 2):
        with pytest.raises(StaleSheetError):
            score(cast, Side.SELF, version, 支部品牌=Judgement(Decimal(4), "有成效"))
    assert Score.objects.get().self_score is None


def test_one_bad_line_stops_all_of_them(cast: Cast, scheme: Scheme) -> None:
    with pytest.raises(ValidationError) as error:
        score(cast, Side.REVIEW, 支部品牌=BRAND, 党员大会=Judgement(Decimal(8)))
    assert list(error.value.message_dict) == [str(indicator("党员大会").pk)]
    assert not Sheet.objects.exists()


def test_an_indicator_of_another_scheme_is_refused(cast: Cast, scheme: Scheme) -> None:
    other = Scheme.objects.get(organisation=None).sections.get(position=1).indicators.all()[0]
    with pytest.raises(ValidationError):
        set_scores(
            branch=cast.first, year=2020, side=Side.SELF, judgements={other.pk: BRAND}, version=0, by=cast.secretary
        )


def test_without_a_scheme_nothing_can_be_judged(cast: Cast) -> None:
    Scheme.objects.all().delete()
    with pytest.raises(ValidationError):
        set_scores(branch=cast.first, year=2020, side=Side.SELF, judgements={}, version=0, by=cast.secretary)


def test_each_side_writes_only_its_own_half(cast: Cast, scheme: Scheme) -> None:
    score(cast, Side.SELF, 支部品牌=Judgement(Decimal(4), " 有成效 "))
    sheet = score(cast, Side.REVIEW, 1, 支部品牌=BRAND)
    row = Score.objects.get()
    assert (row.self_score, row.self_reason, row.self_by, row.self_on) == (Decimal(4), "有成效", cast.secretary, TODAY)
    assert (row.review_score, row.review_reason, row.review_by) == (Decimal(3), "成效缺少数据", cast.staff)
    assert sheet.version == 2


def test_the_trail_names_the_line_and_both_values(cast: Cast, scheme: Scheme) -> None:
    score(cast, Side.REVIEW, 支部品牌=BRAND)
    score(cast, Side.REVIEW, 1, 支部品牌=Judgement(Decimal("3.5"), "补了数据"))
    entry = AuditEntry.objects.filter(verb="sheet.review_score").latest("pk")
    assert (entry.actor_name, entry.organisation_id) == ("staff", cast.first.pk)
    assert entry.changes["2.5 支部品牌 review_score"] == ["3.0", "3.5"]
    assert entry.changes["2.5 支部品牌 review_reason"] == ["成效缺少数据", "补了数据"]


def test_nothing_changed_leaves_no_trace(cast: Cast, scheme: Scheme) -> None:
    score(cast, Side.REVIEW, 支部品牌=BRAND)
    before = AuditEntry.objects.count()
    assert score(cast, Side.REVIEW, 1, 支部品牌=BRAND).version == 1
    assert AuditEntry.objects.count() == before


def test_an_empty_line_takes_a_score_back(cast: Cast, scheme: Scheme) -> None:
    score(cast, Side.REVIEW, 支部品牌=BRAND)
    score(cast, Side.REVIEW, 1, 支部品牌=Judgement())
    row = Score.objects.get()
    assert (row.review_score, row.review_reason, row.review_by, row.review_on) == (None, "", None, None)


def test_taking_over_touches_only_what_is_open_and_computed(cast: Cast, scheme: Scheme) -> None:
    held(cast.first, "members_meeting", MEETINGS[0])
    score(cast, Side.SELF, 党员大会=Judgement(Decimal(8)))
    number = take_over_computed(branch=cast.first, year=2020, side=Side.SELF, version=1, by=cast.secretary)
    scores = {row.indicator.name: row.self_score for row in Score.objects.select_related("indicator")}
    assert number == len(scores) - 1
    assert scores == {
        "党员大会": Decimal("8.0"),  # what somebody wrote stays
        "支委会": Decimal("0.0"),
        "第一议题": Decimal("0.0"),
        "轮流授课": Decimal("0.0"),
        "及时录入": Decimal("3.0"),
    }


def test_a_review_also_takes_over_what_does_not_apply(cast: Cast, scheme: Scheme) -> None:
    take_over_computed(branch=cast.second, year=2020, side=Side.REVIEW, version=0, by=cast.staff)
    row = Score.objects.get(indicator=indicator("支委会"))
    assert (row.is_not_applicable, row.review_score) == (True, None)
    assert row.review_reason
    assert not Score.objects.filter(indicator=indicator("支部品牌")).exists()


def test_taking_over_twice_finds_nothing_more(cast: Cast, scheme: Scheme) -> None:
    take_over_computed(branch=cast.second, year=2020, side=Side.REVIEW, version=0, by=cast.staff)
    assert take_over_computed(branch=cast.second, year=2020, side=Side.REVIEW, version=1, by=cast.staff) == 0
    with pytest.raises(StaleSheetError):
        take_over_computed(branch=cast.second, year=2020, side=Side.REVIEW, version=0, by=cast.staff)


def test_a_sheet_judged_throughout_has_a_total_scaled_for_what_does_not_apply(cast: Cast, scheme: Scheme) -> None:
    take_over_computed(branch=cast.second, year=2020, side=Side.REVIEW, version=0, by=cast.staff)
    given = {line.indicator.pk: Judgement(line.full, "查阅资料") for line in sheet_of(cast.second, 2020, TODAY).open}
    set_scores(branch=cast.second, year=2020, side=Side.REVIEW, judgements=given, version=1, by=cast.staff)
    summed = sheet_of(cast.second, 2020, TODAY).total
    assert summed.full == Decimal(40)
    assert summed.applicable == Decimal(32)
    assert (summed.review.points, summed.points) == (Decimal("21.0"), Decimal("26.3"))  # 21 × 40 / 32 = 26.25
    assert summed.is_scaled
