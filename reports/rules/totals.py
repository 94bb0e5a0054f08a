"""What a sheet adds up to, and when it has a total at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import ngettext

from reports.rules.words import plain, tenths

ZERO = Decimal(0)


@dataclass(frozen=True)
class Judged:
    """One indicator as far as it is judged.

    `is_open`: its review score or the reason of it is still missing. `is_proposed`: the system finds that it does not
    apply, and nobody has confirmed or refused that yet.
    """

    full: Decimal
    computed: Decimal | None = None
    self_score: Decimal | None = None
    review: Decimal | None = None
    is_not_applicable: bool = False
    is_proposed: bool = False
    is_open: bool = True


@dataclass(frozen=True)
class Part:
    """`points` of `full` over `count` indicators."""

    points: Decimal = ZERO
    full: Decimal = ZERO
    count: int = 0


@dataclass(frozen=True)
class Total:
    """The sums of a sheet or of one of its sections.

    `computed` are the system's verdicts, `manual` what people gave where the system has none, `unjudged` what nobody
    has judged, `proposed` what the system finds not applicable: parts of one sheet that are never mixed.
    `points` is None until every indicator is decided.
    """

    full: Decimal
    computed: Part
    manual: Part
    unjudged: Part
    proposed: Part
    not_applicable: Part
    self_score: Part
    review: Part
    open_count: int
    points: Decimal | None

    @property
    def is_scaled(self) -> bool:
        return self.points is not None and self.not_applicable.count > 0

    @property
    def applicable(self) -> Decimal:
        return self.full - self.not_applicable.full


def total(lines: Iterable[Judged]) -> Total:
    """Add up `lines`.

    An indicator decided not applicable leaves the sheet; the total is then scaled back to the full score of the scheme,
    rounded to one decimal, halves upwards. Nothing is filled in: one open indicator, or none at all that applies, and
    there is no total.
    """
    lines = list(lines)
    left = [line for line in lines if not line.is_not_applicable]
    full = sum((line.full for line in lines), ZERO)
    applicable = sum((line.full for line in left), ZERO)
    review = _part((line.full, line.review) for line in left)
    open_count = sum(line.is_open for line in left)
    points = None
    if applicable > 0 and not open_count and review.count == len(left):
        points = tenths(review.points * full / applicable)
    return Total(
        full=full,
        computed=_part((line.full, line.computed) for line in left),
        manual=_part((line.full, line.review) for line in left if line.computed is None),
        unjudged=_part(
            (line.full, ZERO) for line in left if line.computed is None and line.review is None and not line.is_proposed
        ),
        proposed=_part((line.full, ZERO) for line in left if line.is_proposed),
        not_applicable=_part((line.full, ZERO) for line in lines if line.is_not_applicable),
        self_score=_part((line.full, line.self_score) for line in left),
        review=review,
        open_count=open_count,
        points=points,
    )


def scaled_line(total: Total) -> str:
    """How a total came about where indicators were left out."""
    text = ngettext(
        "%(count)d indicator does not apply: %(points)s of %(applicable)s, scaled to %(full)s",
        "%(count)d indicators do not apply: %(points)s of %(applicable)s, scaled to %(full)s",
        total.not_applicable.count,
    )
    return text % {
        "count": total.not_applicable.count,
        "points": plain(total.review.points),
        "applicable": plain(total.applicable),
        "full": plain(total.full),
    }


def _part(rows: Iterable[tuple[Decimal, Decimal | None]]) -> Part:
    given = [(full, points) for full, points in rows if points is not None]
    return Part(sum((points for _f, points in given), ZERO), sum((full for full, _p in given), ZERO), len(given))
