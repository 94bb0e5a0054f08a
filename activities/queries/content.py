"""The content of a record as plain values, what the form knows beforehand, and the facts its checks need."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, time

from activities.models import Activity, ActivityKind, Attachment
from activities.queries.activities import entry_days, has_block, last_held
from activities.queries.attendances import Sheet, branches_of, sheet_on
from activities.queries.blocks import appraised_on, parts_of_content
from activities.rules.activities import Block, Body
from activities.rules.attendances import tally
from activities.rules.checks import Facts, check
from activities.rules.content import Content, GuestEntry, Item, LectureEntry, Mark, with_talkers
from activities.rules.gaps import Gap
from activities.rules.years import year_of
from branches.models import Organisation, Person
from foundation.clock import business_date

# What follows from the kinds, the day and the group, and may be typed over.
FOLLOWING = ("chair_id", "recorder_id", "place", "starts_at", "ends_at")


def content_of(activity: Activity) -> Content:
    """What a stored record says. 6 queries; 2 more of what an organisation above branches held, and those of blocks."""
    kinds = list(activity.kinds.all())
    taking_part, people_from = _branches(activity)
    return Content(
        kinds=tuple(kind.code for kind in kinds),
        group_id=activity.group_id,
        title=activity.title,
        held_on=activity.held_on,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        place=activity.place,
        chair_id=activity.chair_id,
        recorder_id=activity.recorder_id,
        minutes=activity.minutes,
        marks=tuple(
            Mark(*row) for row in activity.attendances.order_by("pk").values_list("person_id", "presence", "reason")
        ),
        guests=tuple(GuestEntry(*row) for row in activity.guests.order_by("pk").values_list("name", "title")),
        agenda=tuple(
            Item(*row)
            for row in activity.agenda.order_by("position").values_list(
                "title",
                "is_first_item",
                "minutes",
                "resolution",
                "vote_rule",
                "votes_for",
                "votes_against",
                "abstentions",
            )
        ),
        lectures=tuple(
            LectureEntry(
                lecture.topic,
                lecture.method,
                lecture.duration,
                tuple(sorted(person.pk for person in lecture.lecturers.all())),
                lecture.other_lecturers,
            )
            for lecture in activity.lectures.prefetch_related("lecturers").order_by("position")
        ),
        belongs_to_year=activity.belongs_to_year,
        taking_part=taking_part,
        people_from=people_from,
        **parts_of_content(activity, {block for kind in kinds for block in kind.blocks}),
    )


def _branches(activity: Activity) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The branches named as taking part, and the others somebody came from."""
    if activity.organisation.is_branch:
        return (), ()
    named = activity.taking_part.filter(kind=Organisation.Kind.BRANCH).order_by("pk").values_list("pk", flat=True)
    return tuple(named), tuple(activity.people_from.order_by("pk").values_list("pk", flat=True))


def sheet_of(organisation: Organisation, content: Content, kinds: Iterable[ActivityKind]) -> Sheet:
    """The attendance sheet for what `content` says, as the rosters stand; `kinds` are those it names."""
    assert content.held_on is not None
    return sheet_on(
        organisation,
        content.held_on,
        kinds,
        content.group_id,
        taking_part=content.taking_part,
        people_from=content.people_from,
    )


@dataclass(frozen=True)
class Usual:
    """What an activity of some kinds is usually like, from the last one and from who holds which post."""

    chair_id: int | None = None
    recorder_id: int | None = None
    place: str = ""
    starts_at: time | None = None
    ends_at: time | None = None


def usual(organisation: Organisation, kinds: Iterable[ActivityKind], day: date, sheet: Sheet) -> Usual:
    """The chair by post, recorder, place and time from the last record of the same kinds up to `day`."""
    kinds = list(kinds)
    last = last_held(organisation, [kind.code for kind in kinds], day) if kinds else None
    candidates = {pk for pk, _label in sheet.candidates}
    recorder = last.recorder_id if last and last.recorder_id in candidates else sheet.chairs.get("recorder")
    return Usual(
        chair_id=sheet.chairs.get(_chairing_body(kinds)),
        recorder_id=recorder,
        place=last.place if last else "",
        starts_at=last.starts_at if last else None,
        ends_at=last.ends_at if last else None,
    )


def prefilled(
    organisation: Organisation, kinds: list[ActivityKind], day: date, sheet: Sheet, group_id: int | None = None
) -> Content:
    """A new record as the form opens: nothing typed, everything known filled in."""
    known = usual(organisation, kinds, day, sheet)
    return Content(
        kinds=tuple(kind.code for kind in kinds),
        group_id=group_id if group_id in {group.pk for group in sheet.groups} else None,
        held_on=day,
        agenda=(Item(is_first_item=True),) if not kinds or has_block(kinds, Block.AGENDA) else (),
        belongs_to_year=year_of(day) if any(kind.is_annual for kind in kinds) else None,
        **{name: getattr(known, name) for name in FOLLOWING},
    )


def followed(content: Content, now: Usual, untouched: Collection[str]) -> Content:
    """`content` after the kinds, the day or the group changed: fields nobody typed over (`untouched`) follow."""
    return replace(content, **{name: getattr(now, name) for name in FOLLOWING if name in untouched})


def facts_for(
    organisation: Organisation,
    content: Content,
    kinds: list[ActivityKind],
    sheet: Sheet,
    *,
    today: date,
    activity: Activity | None = None,
) -> Facts:
    """What `activities.rules.checks` needs besides the content; `activity`: the stored record, if there is one."""
    held_on = content.held_on or today
    last = last_held(organisation, content.kinds, held_on, but=activity.pk if activity else None)
    content = with_talkers(content, sheet.open_ids)
    candidates = dict(sheet.candidates)
    seats = appraised_on(sheet)
    appraised = {row.person_id: candidates.get(row.person_id, "") for row in content.appraisal.rows}
    stored = Attachment.objects.filter(activity=activity, removed_at__isnull=True).count() if activity else 0
    return Facts(
        today=today,
        tally=tally(sheet.rows({mark.person_id: mark.presence for mark in content.marks})),
        names={seat.person_id: seat.name for seat in sheet.all_seats},
        candidates=candidates,
        appraised=appraised | {seat.person_id: seat.name for seat in seats},
        probationary=frozenset(seat.person_id for seat in seats if seat.is_probationary),
        needs_group=any(kind.body == Body.GROUP for kind in kinds),
        needs_people=bool(kinds) and all(kind.body == Body.PARTICIPANTS for kind in kinds),
        roster_is_empty=sheet.is_empty,
        needs_year=any(kind.is_annual for kind in kinds),
        needs_lecture=has_block(kinds, Block.LECTURE),
        has_agenda=has_block(kinds, Block.AGENDA),
        blocks=frozenset(block for kind in kinds for block in kind.blocks),
        attachments=stored,
        earlier_text=content_of(last).text if last else "",
        entered_on=activity.entered_on if activity else today,
        entry_days=entry_days(organisation, kinds, held_on.year),
    )


def gaps_on(activity: Activity) -> list[Gap]:
    """What the checks say of a stored record, as its roster stands today."""
    content = content_of(activity)
    kinds = list(activity.kinds.all())
    sheet = sheet_of(activity.organisation, content, kinds)
    return check(
        content, facts_for(activity.organisation, content, kinds, sheet, today=business_date(), activity=activity)
    )


def _chairing_body(kinds: list[ActivityKind]) -> str:
    bodies = {kind.body for kind in kinds}
    return Body.GROUP if bodies == {Body.GROUP} else Body.MEMBERS


def branches_offered(organisation: Organisation, day: date, stored: Content | None) -> list[Organisation]:
    """The branches that may take part, and those the record names already."""
    if organisation.is_branch:
        return []
    offered = branches_of(organisation, day)
    missing = {*(stored.taking_part if stored else ()), *(stored.people_from if stored else ())}
    missing -= {branch.pk for branch in offered}
    return [*offered, *Organisation.objects.filter(pk__in=missing)] if missing else offered


def with_standing(sheet: Sheet, content: Content) -> Sheet:
    """The sheet with those the record names among its choices: a corrected roster must not drop them silently."""
    named = {content.chair_id, content.recorder_id, *content.forum.lecturer_ids}
    named |= {pk for entry in content.lectures for pk in entry.lecturer_ids}
    named |= {pk for talk in content.talks for pk in talk.pair}
    named |= {row.person_id for row in content.life_meeting.rows} | {row.person_id for row in content.appraisal.rows}
    missing = {pk for pk in named if pk} - {pk for pk, _label in sheet.candidates}
    if not missing:
        return sheet
    people = Person.objects.filter(pk__in=missing).values_list("pk", "name")
    return replace(sheet, candidates=(*sheet.candidates, *people))
