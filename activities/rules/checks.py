"""What stops a record from being handed in (must) and what the writer and the reviewer are told (hint)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.rules.activities import Block, Presence, VoteRule
from activities.rules.appraisals import gaps_of_appraisal
from activities.rules.attendances import Tally
from activities.rules.content import Content, Item
from activities.rules.forums import gaps_of_forum
from activities.rules.gaps import Gap, Level, hint, must
from activities.rules.inspections import gaps_of_inspection
from activities.rules.lateness import working_days_between
from activities.rules.life_meetings import gaps_of_life_meeting
from activities.rules.quorum import has_quorum, votes_cast
from activities.rules.services import gaps_of_service
from activities.rules.talks import gaps_of_talks
from activities.rules.years import ASKED_UNTIL_MONTH, likely_years

NEARLY_EQUAL = 0.9
LONG_ENOUGH_TO_COMPARE = 40
COMPARED_CHARACTERS = 1_500


@dataclass(frozen=True)
class Facts:
    """What the checks need to know besides the content.

    `names`: of everybody on the sheet; `candidates`: of everybody who may be chosen; `appraised`: of the members an
    appraisal lists, `probationary` ones bear no grade. `earlier_text`: of the last record. `entry_days`: working days.
    """

    today: date
    tally: Tally = field(default_factory=Tally)
    names: Mapping[int, str] = field(default_factory=dict)
    candidates: Mapping[int, str] = field(default_factory=dict)
    appraised: Mapping[int, str] = field(default_factory=dict)
    probationary: frozenset[int] = frozenset()
    needs_group: bool = False
    needs_lecture: bool = False
    needs_people: bool = False
    needs_year: bool = False
    roster_is_empty: bool = False
    has_agenda: bool = False
    blocks: frozenset[str] = frozenset()
    attachments: int = 0
    earlier_text: str = ""
    entered_on: date | None = None
    entry_days: int = 3


def check(content: Content, facts: Facts) -> list[Gap]:
    """Every gap, what must be mended first, each in the order of the form."""
    parts = (_basics, _attendance, _lectures, _agenda, _blocks, _hints)
    return [gap for part in parts for gap in part(content, facts)]


def stops(gaps: list[Gap]) -> list[Gap]:
    return [gap for gap in gaps if gap.level == Level.MUST]


def hints(gaps: list[Gap]) -> list[Gap]:
    return [gap for gap in gaps if gap.level == Level.HINT]


def _basics(content: Content, facts: Facts) -> Iterator[Gap]:
    if not content.kinds:
        yield must("id_kinds", _("Choose what kind of activity it was."))
    if not content.title:
        yield must("id_title", _("Write the theme."))
    if content.held_on is None:
        yield must("id_held_on", _("Enter the day it was held."))
    elif content.held_on > facts.today:
        yield must(
            "id_held_on", _("The day held is still to come. Hand the record in once the activity has taken place.")
        )
    if content.starts_at and content.ends_at and content.ends_at <= content.starts_at:
        yield must(
            "id_ends_at",
            _("The end is not after the beginning at %(start)s. Choose a later time.")
            % {"start": f"{content.starts_at:%H:%M}"},
        )
    if not content.place:
        yield must("id_place", _("Write where it was held."))
    if content.chair_id is None:
        yield must("id_chair", _("Choose who chaired it."))
    if content.recorder_id is None:
        yield must("id_recorder", _("Choose who kept the record."))
    if facts.needs_year and content.belongs_to_year is None:
        yield must("id_belongs_to_year", _("Choose the year it belongs to."))
    if facts.needs_group and content.group_id is None:
        yield must("id_group", _("Choose which party group met."))


def _attendance(content: Content, facts: Facts) -> Iterator[Gap]:
    if _nobody_expected(content, facts) and facts.roster_is_empty:
        yield must("attendance", _("Nobody on the roster was expected that day. Check the day."))
    # Whoever talked took part: there the pairs are asked for, not the names.
    if facts.needs_people and Block.TALKS not in facts.blocks and not facts.tally.expected and not facts.tally.visitors:
        yield must("attendance", _("Tap the names of those who took part."))
    for mark in content.marks:
        if mark.presence not in (Presence.LEAVE, Presence.ABSENT) or mark.reason or mark.person_id not in facts.names:
            continue
        words = {"name": facts.names[mark.person_id]}
        if mark.presence == Presence.LEAVE:
            yield must(f"reason-{mark.person_id}", _("%(name)s was on leave; write why.") % words)
        else:
            yield must(f"reason-{mark.person_id}", _("%(name)s was absent; write why.") % words)


def _lectures(content: Content, facts: Facts) -> Iterator[Gap]:
    if not facts.needs_lecture:
        return
    if all(lecture.is_blank for lecture in content.lectures):
        yield must("id_lectures-0-topic", _("Write the topic of the party lecture and who gave it."))
    for number, lecture in enumerate(content.lectures):
        if lecture.is_blank:
            continue
        if not lecture.topic:
            yield must(f"id_lectures-{number}-topic", _("Write the topic of the party lecture."))
        if not lecture.lecturer_ids and not lecture.other_lecturers:
            yield must(f"id_lectures-{number}-lecturers", _("Choose who gave the party lecture."))


def _agenda(content: Content, facts: Facts) -> Iterator[Gap]:
    for place, number, item in _items(content):
        words = {"number": number}
        if not item.title:
            yield must(f"id_agenda-{place}-title", _("Item %(number)s has no title.") % words)
        if item.vote_rule == VoteRule.NONE:
            continue
        if item.votes_for is None:
            yield must(f"id_agenda-{place}-votes_for", _("Item %(number)s was voted on; fill in the votes.") % words)
        elif _cast(item) > facts.tally.voters_present:
            words |= {"cast": _cast(item), "present": facts.tally.voters_present}
            yield must(
                f"id_agenda-{place}-votes_for",
                _("Item %(number)s counts %(cast)s votes, but %(present)s people with a vote were present.") % words,
            )


def _blocks(content: Content, facts: Facts) -> Iterator[Gap]:
    if Block.LIFE_MEETING in facts.blocks:
        yield from gaps_of_life_meeting(content.life_meeting)
    if Block.APPRAISAL in facts.blocks:
        yield from gaps_of_appraisal(content.appraisal, facts.appraised, facts.probationary)
    if Block.TALKS in facts.blocks:
        yield from gaps_of_talks(content.talks, facts.candidates, held_on=content.held_on, today=facts.today)
    if Block.FORUM in facts.blocks:
        yield from gaps_of_forum(content.forum)
    if Block.SERVICE in facts.blocks:
        yield from gaps_of_service(content.service)
    if Block.INSPECTION in facts.blocks:
        yield from gaps_of_inspection(content.inspected)


def _items(content: Content) -> Iterator[tuple[int, int, Item]]:
    """(place on the page from 0, number from 1, item) of every item in which something is written."""
    written = [(place, item) for place, item in enumerate(content.agenda) if not item.is_blank]
    return ((place, number, item) for number, (place, item) in enumerate(written, 1))


def _cast(item: Item) -> int:
    return votes_cast(votes_for=item.votes_for, votes_against=item.votes_against, abstentions=item.abstentions)


def _hints(content: Content, facts: Facts) -> Iterator[Gap]:
    yield from _attendance_hints(content, facts)
    if content.starts_at is None:
        yield hint("id_starts_at", _("The time it began is not filled in."))
    yield from _agenda_hints(content, facts)
    if not content.text and not any(_items(content)) and all(lecture.is_blank for lecture in content.lectures):
        yield hint("id_minutes", _("Nothing has been written about what was said."))
    if not facts.attachments:
        yield hint("attachments", _("No signed sheet, photo or paper has been uploaded."))
    if is_nearly_equal(content.text, facts.earlier_text):
        yield hint("id_minutes", _("The text is nearly the same as that of the last record."))
    if facts.needs_year and content.held_on and content.belongs_to_year not in (None, *likely_years(content.held_on)):
        words = {"month": ASKED_UNTIL_MONTH, "year": content.belongs_to_year}
        yield hint(
            "id_belongs_to_year",
            _("Held after month %(month)s, but it is to belong to %(year)s. Check the year.") % words,
        )
    if content.held_on and facts.entered_on:
        yield from _lateness_hints(working_days_between(content.held_on, facts.entered_on), facts.entry_days)


def _attendance_hints(content: Content, facts: Facts) -> Iterator[Gap]:
    if _nobody_expected(content, facts) and not facts.roster_is_empty:
        yield hint("attendance", _("Nobody on the roster was expected that day. Check the day."))
    count = facts.tally.unrecorded
    if count:
        text = ngettext("%(count)s person is not recorded yet.", "%(count)s people are not recorded yet.", count)
        yield hint("attendance", text % {"count": count})


def _nobody_expected(content: Content, facts: Facts) -> bool:
    is_body_known = content.kinds and not (facts.needs_group and content.group_id is None)
    return bool(is_body_known) and not facts.needs_people and not facts.tally.expected


def _agenda_hints(content: Content, facts: Facts) -> Iterator[Gap]:
    items = list(_items(content))
    for place, number, item in items:
        words = {"number": number}
        if item.title and not item.minutes and not item.resolution:
            yield hint(f"id_agenda-{place}-minutes", _("Item %(number)s has a title, but no main points.") % words)
        voted = item.vote_rule != VoteRule.NONE and item.votes_for is not None
        if voted and not has_quorum(item.vote_rule, voters=facts.tally.voters, present=facts.tally.voters_present):
            yield hint(f"id_agenda-{place}-vote_rule", _("Item %(number)s was voted on without a quorum.") % words)
    if facts.has_agenda and not any(item.is_first_item for _place, _number, item in items):
        yield hint("id_agenda-0-title", _("No item is marked as the first agenda item."))


def _lateness_hints(days: int, limit: int) -> Iterator[Gap]:
    if days > limit:
        text = ngettext(
            "Entered %(days)s working day after it was held; %(limit)s are usual.",
            "Entered %(days)s working days after it was held; %(limit)s are usual.",
            days,
        )
        yield hint("id_held_on", text % {"days": days, "limit": limit})


def is_nearly_equal(text: str, earlier: str) -> bool:
    """Whether two texts share at least nine tenths; short ones never do. Only the first 1,500 characters count."""
    text, earlier = ("".join(part.split())[:COMPARED_CHARACTERS] for part in (text, earlier))
    if min(len(text), len(earlier)) < LONG_ENOUGH_TO_COMPARE:
        return False
    matcher = SequenceMatcher(None, text, earlier, autojunk=False)
    cheap_first = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(ratio() >= NEARLY_EQUAL for ratio in cheap_first)
