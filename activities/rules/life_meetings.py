"""What a record says of an organisational life meeting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from activities.rules.gaps import Gap, hint, must


@dataclass(frozen=True)
class CommitmentEntry:
    """One problem found and what is to be done about it. `person_id` None: the branch as a whole."""

    problem: str = ""
    measure: str = ""
    person_id: int | None = None
    due_on: date | None = None

    @property
    def is_blank(self) -> bool:
        return not (self.problem or self.measure or self.due_on)


@dataclass(frozen=True)
class LifeMeetingEntry:
    """What went before the meeting and what came of it. Numbers: of opinions and of talks; None: not filled in."""

    topic: str = ""
    studied: str = ""
    opinions: int | None = None
    talks: int | None = None
    rows: tuple[CommitmentEntry, ...] = ()


def gaps_of_life_meeting(entry: LifeMeetingEntry) -> Iterator[Gap]:
    """What is missing of the steps before, at and after the meeting.

    Source: 《中国共产党支部工作条例（试行）》2018, article 17: study, talks, opinions beforehand; afterwards measures
    against what was found, followed item by item.
    """
    for number, row in enumerate(entry.rows):
        if row.measure and not row.problem:
            yield must(f"id_commitments-{number}-problem", _("Write the problem that the measure is against."))
    if not entry.studied:
        yield hint("id_life_meeting-studied", _("It is not said what was studied before the meeting."))
    if not entry.opinions:
        yield hint("id_life_meeting-opinions", _("No opinions were collected before the meeting."))
    if not entry.talks:
        yield hint("id_life_meeting-talks", _("No heart-to-heart talks were held before the meeting."))
    if not any(row.problem for row in entry.rows):
        yield hint("id_commitments-0-problem", _("No problem found is listed; measures follow item by item."))
    for number, row in enumerate(entry.rows):
        if row.problem and not row.measure:
            yield hint(
                f"id_commitments-{number}-measure", _("Problem %(number)s has no measure.") % {"number": number + 1}
            )
        elif row.problem and row.due_on is None:
            yield hint(f"id_commitments-{number}-due_on", _("Problem %(number)s has no day.") % {"number": number + 1})
