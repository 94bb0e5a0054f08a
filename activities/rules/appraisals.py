"""Ballots and grades of the democratic appraisal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.rules.gaps import Gap, hint, must

SHARE_OF_EXCELLENT = 3  # normally at most one in so many


class Grade(models.TextChoices):
    """Source: 《中国共产党支部工作条例（试行）》2018, article 18; 《党员教育管理工作条例》2019."""

    EXCELLENT = "excellent", gettext_lazy("Excellent")
    QUALIFIED = "qualified", gettext_lazy("Qualified")
    BASIC = "basic", gettext_lazy("Basically qualified")
    UNQUALIFIED = "unqualified", gettext_lazy("Unqualified")


@dataclass(frozen=True)
class MemberEntry:
    """The votes one member received, by grade, and the grade decided. None: not filled in."""

    person_id: int
    votes_excellent: int | None = None
    votes_qualified: int | None = None
    votes_basic: int | None = None
    votes_unqualified: int | None = None
    grade: str = ""

    @property
    def votes(self) -> tuple[int | None, ...]:
        """In the order of `Grade`."""
        return (self.votes_excellent, self.votes_qualified, self.votes_basic, self.votes_unqualified)

    @property
    def votes_cast(self) -> int:
        return sum(number or 0 for number in self.votes)

    @property
    def is_blank(self) -> bool:
        return self == MemberEntry(self.person_id)


@dataclass(frozen=True)
class AppraisalEntry:
    """Numbers of ballots, None: not filled in; and one row a member."""

    ballots_issued: int | None = None
    ballots_returned: int | None = None
    ballots_valid: int | None = None
    rows: tuple[MemberEntry, ...] = ()


@dataclass(frozen=True)
class Excellent:
    """How many were found excellent, out of how many members taking part, and how many normally at most."""

    given: int
    members: int

    @property
    def limit(self) -> int:
        return self.members // SHARE_OF_EXCELLENT

    @property
    def is_exceeded(self) -> bool:
        return self.given > self.limit


def excellent_in(entry: AppraisalEntry, members: int) -> Excellent:
    """`members`: all who take part in the appraisal, probationary ones included.

    Source: 《中国共产党党员教育管理工作条例》2019: normally at most one third; “normally”, so it is told, not refused.
    """
    return Excellent(sum(row.grade == Grade.EXCELLENT for row in entry.rows), members)


def gaps_of_appraisal(entry: AppraisalEntry, names: Mapping[int, str], probationary: Collection[int]) -> Iterator[Gap]:
    """`names`: of everybody who is appraised; `probationary`: those of them who bear no grade."""
    yield from _ballots(entry)
    for row in entry.rows:
        words = {"name": names.get(row.person_id, ""), "votes": row.votes_cast, "valid": entry.ballots_valid}
        anchor = f"id_appraised-{row.person_id}"
        if entry.ballots_valid is not None and row.votes_cast > entry.ballots_valid:
            text = _("%(name)s has %(votes)s votes, but only %(valid)s ballots are valid.")
            yield must(f"{anchor}-votes_excellent", text % words)
        if row.grade and row.person_id in probationary:
            text = _("%(name)s is a probationary member and bears no grade. Take the grade out.")
            yield must(f"{anchor}-grade", text % words)
    if None in (entry.ballots_issued, entry.ballots_returned, entry.ballots_valid):
        yield hint("id_appraisal-ballots_issued", _("The ballots issued, returned and valid are not all filled in."))
    graded = {row.person_id for row in entry.rows if row.grade}
    missing = [pk for pk in names if pk not in graded and pk not in probationary]
    if missing:
        text = ngettext("%(count)s member has no grade yet.", "%(count)s members have no grade yet.", len(missing))
        yield hint(f"id_appraised-{missing[0]}-grade", text % {"count": len(missing)})
    excellent = excellent_in(entry, len(names))
    if excellent.is_exceeded:
        text = _(
            "%(given)s of %(members)s members were found excellent; normally it is at most a third (%(limit)s). "
            "Write the reason into the minutes."
        )
        words = {"given": excellent.given, "members": excellent.members, "limit": excellent.limit}
        yield hint("id_appraisal-ballots_issued", text % words)


def _ballots(entry: AppraisalEntry) -> Iterator[Gap]:
    pairs = (
        ("ballots_returned", entry.ballots_returned, entry.ballots_issued, _("More ballots returned than issued.")),
        ("ballots_valid", entry.ballots_valid, entry.ballots_returned, _("More ballots valid than returned.")),
    )
    for name, number, most, text in pairs:
        if number is not None and most is not None and number > most:
            yield must(f"id_appraisal-{name}", text)
