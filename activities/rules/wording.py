"""The parts of a record that its kinds open, each in one line of words: for the trail and for two versions compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.rules.appraisals import AppraisalEntry, Grade
from activities.rules.content import Content
from activities.rules.forums import ForumEntry
from activities.rules.life_meetings import LifeMeetingEntry
from activities.rules.services import ServiceEntry

# field of `Content` → what the form calls it
LABELS = {
    "life_meeting": gettext_lazy("Organisational life meeting"),
    "appraisal": gettext_lazy("Democratic appraisal"),
    "talks": gettext_lazy("Heart-to-heart talks"),
    "forum": gettext_lazy("Study and forum"),
    "service": gettext_lazy("Volunteer service"),
    "inspected": gettext_lazy("Units inspected"),
}
_NUMBERS = {
    "opinions": gettext_lazy("Opinions collected"),
    "talks": gettext_lazy("Talks beforehand"),
    "ballots_issued": gettext_lazy("Ballots issued"),
    "ballots_returned": gettext_lazy("Ballots returned"),
    "ballots_valid": gettext_lazy("Valid ballots"),
    "questions_answered": gettext_lazy("Questions answered"),
    "hours": gettext_lazy("Hours each"),
    "beneficiaries": gettext_lazy("People served"),
    "problems_solved": gettext_lazy("Problems solved"),
    "money_saved_yuan": gettext_lazy("Money saved (yuan)"),
}
_BRANCH = gettext_lazy("The branch")


def people_in(content: Content) -> set[int]:
    """The keys of everybody the parts speak of."""
    found = {pk for talk in content.talks for pk in talk.pair}
    found |= {row.person_id for row in content.life_meeting.rows} | {row.person_id for row in content.appraisal.rows}
    return {pk for pk in found | set(content.forum.lecturer_ids) if pk is not None}


def words_of(content: Content, field: str, names: Mapping[int, str]) -> str:
    """What the part `field` of `content` says. `names`: of people, by key; one that is missing is left out."""
    value = getattr(content, field)
    return _("; ").join(part for part in _SPOKEN[field](value, names) if part)


def _life_meeting(entry: LifeMeetingEntry, names: Mapping[int, str]) -> Iterator[str]:
    yield from (entry.topic, entry.studied)
    yield from _numbers(entry)
    for row in entry.rows:
        whose = names.get(row.person_id, "") if row.person_id else str(_BRANCH)
        yield " ".join(part for part in (row.problem, row.measure, whose, str(row.due_on or "")) if part)


def _appraisal(entry: AppraisalEntry, names: Mapping[int, str]) -> Iterator[str]:
    yield from _numbers(entry)
    for row in entry.rows:
        votes = "/".join("–" if number is None else str(number) for number in row.votes)
        grade = str(Grade(row.grade).label) if row.grade else ""
        yield f"{names.get(row.person_id, '')} {votes} {grade}".strip()


def _talks(entries: Any, names: Mapping[int, str]) -> Iterator[str]:
    for talk in entries:
        pair = f"{names.get(talk.first_id, '')}–{names.get(talk.second_id, '')}"
        yield " ".join(part for part in (pair, str(talk.held_on or ""), talk.points) if part)


def _forum(entry: ForumEntry, names: Mapping[int, str]) -> Iterator[str]:
    yield from (names.get(pk, "") for pk in entry.lecturer_ids)
    yield from (entry.other_lecturers, entry.materials)
    yield from _numbers(entry)


def _service(entry: ServiceEntry, names: Mapping[int, str]) -> Iterator[str]:
    yield entry.served
    yield from _numbers(entry)


def _inspected(entries: Any, names: Mapping[int, str]) -> Iterator[str]:
    yield from (f"{unit.name} {unit.note}".strip() for unit in entries)


def _numbers(entry: Any) -> Iterator[str]:
    for name, label in _NUMBERS.items():
        value = getattr(entry, name, None)
        if value is not None:
            yield _("%(label)s: %(value)s") % {"label": label, "value": value}


_SPOKEN: dict[str, Any] = {
    "life_meeting": _life_meeting,
    "appraisal": _appraisal,
    "talks": _talks,
    "forum": _forum,
    "service": _service,
    "inspected": _inspected,
}
