from __future__ import annotations

from decimal import Decimal

import pytest

from reports.rules.scores import Judgement, Side, problem_with

EIGHT = Decimal(8)


@pytest.mark.parametrize(
    ("side", "judgement", "computed", "part"),
    [
        (Side.REVIEW, Judgement(Decimal(9), "多了"), EIGHT, "score"),
        (Side.REVIEW, Judgement(Decimal(-1), "少了"), EIGHT, "score"),
        (Side.REVIEW, Judgement(Decimal("NaN"), "数"), EIGHT, "score"),
        (Side.REVIEW, Judgement(Decimal("7.55"), "两位小数"), EIGHT, "score"),
        (Side.REVIEW, Judgement(Decimal(7)), EIGHT, "reason"),
        (Side.REVIEW, Judgement(Decimal(7), "   "), EIGHT, "reason"),
        (Side.REVIEW, Judgement(EIGHT), None, "reason"),
        (Side.REVIEW, Judgement(EIGHT, "理" * 301), EIGHT, "reason"),
        (Side.REVIEW, Judgement(None, "只有理由"), EIGHT, "score"),
        (Side.REVIEW, Judgement(None, "", is_not_applicable=True), EIGHT, "reason"),
        (Side.REVIEW, Judgement(EIGHT, "矛盾", is_not_applicable=True), EIGHT, "score"),
        (Side.SELF, Judgement(None, "不归我", is_not_applicable=True), EIGHT, "score"),
        (Side.SELF, Judgement(EIGHT), None, "reason"),
    ],
)
def test_what_cannot_stand(side, judgement, computed, part) -> None:
    problem = problem_with(judgement, side=side, full=EIGHT, computed=computed)
    assert problem is not None
    assert problem[0] == part


@pytest.mark.parametrize(
    ("side", "judgement", "computed"),
    [
        (Side.REVIEW, Judgement(), EIGHT),
        (Side.REVIEW, Judgement(Decimal("0.0")), Decimal(0)),
        (Side.REVIEW, Judgement(EIGHT), Decimal("8.0")),
        (Side.REVIEW, Judgement(Decimal("7.5"), "8月会议没有决议"), EIGHT),
        (Side.REVIEW, Judgement(EIGHT, "品牌有成效"), None),
        (Side.REVIEW, Judgement(None, "没有支委会", is_not_applicable=True), None),
        (Side.SELF, Judgement(EIGHT), Decimal(7)),  # the branch may think otherwise without saying why
    ],
)
def test_what_can(side, judgement, computed) -> None:
    assert problem_with(judgement, side=side, full=EIGHT, computed=computed) is None


def test_the_message_says_from_where_to_where() -> None:
    assert problem_with(Judgement(Decimal(9)), side=Side.SELF, full=EIGHT, computed=None) == (
        "score",
        "请填 0 到 8 之间的分数。",
    )
