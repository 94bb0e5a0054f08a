from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reports.rules.totals import Judged, Part, scaled_line, total


def judged(full: str, review: str | None = None, **more) -> Judged:
    points = None if review is None else Decimal(review)
    return Judged(Decimal(full), review=points, is_open=more.pop("is_open", review is None), **more)


NOT_APPLICABLE = Judged(Decimal(8), is_not_applicable=True, is_open=False)


def test_nothing_judged_has_no_total() -> None:
    assert total([judged("10"), judged("5")]).points is None


def test_one_open_line_is_enough_for_no_total() -> None:
    summed = total([judged("10", "10"), judged("5")])
    assert (summed.points, summed.open_count, summed.review) == (None, 1, Part(Decimal(10), Decimal(10), 1))


def test_a_computed_score_alone_gives_no_total() -> None:
    assert total([judged("10", computed=Decimal(10))]).points is None


def test_a_score_whose_reason_is_missing_gives_no_total() -> None:
    assert total([judged("10", "9", is_open=True)]).points is None


def test_what_the_system_finds_not_applicable_is_counted_apart_and_keeps_the_total_back() -> None:
    summed = total([judged("10", "10"), judged("4"), judged("8", is_proposed=True)])
    assert (summed.unjudged, summed.proposed) == (Part(Decimal(0), Decimal(4), 1), Part(Decimal(0), Decimal(8), 1))
    assert (summed.points, summed.open_count) == (None, 2)


def test_nothing_that_applies_has_no_total() -> None:
    assert total([NOT_APPLICABLE]).points is None
    assert total([]).points is None


def test_everything_judged_adds_up() -> None:
    assert total([judged("10", "9.5"), judged("5", "0")]).points == Decimal("9.5")


def test_what_does_not_apply_scales_the_total_and_says_so() -> None:
    summed = total([judged("46", "40"), judged("46", "43"), NOT_APPLICABLE])
    assert summed.points == Decimal("90.2")  # 83 × 100 / 92 = 90.217…
    assert scaled_line(summed) == "1 项不适用：92 分中得 83 分，按满分 100 分折算"


def test_three_parts_are_kept_apart() -> None:
    summed = total(
        [
            judged("10", "9", computed=Decimal(8)),
            judged("6", "5"),
            judged("4"),
            judged("2", computed=Decimal(2)),
            NOT_APPLICABLE,
        ]
    )
    assert summed.computed == Part(Decimal(10), Decimal(12), 2)
    assert summed.manual == Part(Decimal(5), Decimal(6), 1)
    assert summed.unjudged == Part(Decimal(0), Decimal(4), 1)
    assert summed.computed.full + summed.manual.full + summed.unjudged.full == summed.applicable


points = st.integers(0, 100).map(lambda number: Decimal(number) / 10)


@given(st.lists(st.tuples(points, points, st.booleans()), min_size=1, max_size=20))
def test_a_total_lies_between_nothing_and_full(rows) -> None:
    lines = [
        Judged(full, is_not_applicable=True, is_open=False)
        if leaves
        else Judged(full, review=min(score, full), is_open=False)
        for full, score, leaves in rows
    ]
    summed = total(lines)
    if summed.points is not None:
        assert 0 <= summed.points <= summed.full
