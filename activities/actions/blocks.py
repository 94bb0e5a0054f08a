"""Writing the parts of a record that its kinds open; called inside the transaction that saves the record."""

from __future__ import annotations

from collections.abc import Callable

from activities.models import (
    Activity,
    Appraisal,
    AppraisedMember,
    Commitment,
    Forum,
    InspectedUnit,
    LifeMeeting,
    Talk,
    VolunteerService,
)
from activities.rules.activities import Block
from activities.rules.content import Content


def _life_meeting(activity: Activity, content: Content) -> None:
    entry = content.life_meeting
    LifeMeeting.objects.create(
        activity=activity, topic=entry.topic, studied=entry.studied, opinions=entry.opinions, talks=entry.talks
    )
    Commitment.objects.bulk_create(
        Commitment(activity=activity, position=number, **vars(row)) for number, row in enumerate(entry.rows, 1)
    )


def _appraisal(activity: Activity, content: Content) -> None:
    entry = content.appraisal
    Appraisal.objects.create(
        activity=activity,
        ballots_issued=entry.ballots_issued,
        ballots_returned=entry.ballots_returned,
        ballots_valid=entry.ballots_valid,
    )
    AppraisedMember.objects.bulk_create(AppraisedMember(activity=activity, **vars(row)) for row in entry.rows)


def _talks(activity: Activity, content: Content) -> None:
    Talk.objects.bulk_create(
        Talk(activity=activity, position=number, **vars(talk)) for number, talk in enumerate(content.talks, 1)
    )


def _service(activity: Activity, content: Content) -> None:
    entry = content.service
    VolunteerService.objects.create(
        activity=activity,
        served=entry.served,
        hours=entry.hours,
        beneficiaries=entry.beneficiaries,
        problems_solved=entry.problems_solved,
        money_saved_yuan=entry.money_saved_yuan,
    )


def _forum(activity: Activity, content: Content) -> None:
    entry = content.forum
    forum = Forum.objects.create(
        activity=activity,
        other_lecturers=entry.other_lecturers,
        materials=entry.materials,
        questions_answered=entry.questions_answered,
    )
    forum.lecturers.set(entry.lecturer_ids)


def _inspected(activity: Activity, content: Content) -> None:
    InspectedUnit.objects.bulk_create(
        InspectedUnit(activity=activity, position=number, name=unit.name, note=unit.note)
        for number, unit in enumerate(content.inspected, 1)
    )


WRITERS: dict[str, Callable[[Activity, Content], None]] = {
    Block.LIFE_MEETING: _life_meeting,
    Block.APPRAISAL: _appraisal,
    Block.TALKS: _talks,
    Block.FORUM: _forum,
    Block.SERVICE: _service,
    Block.INSPECTION: _inspected,
}
TABLES = (LifeMeeting, Commitment, Appraisal, AppraisedMember, Talk, Forum, VolunteerService, InspectedUnit)


def write_blocks(activity: Activity, content: Content, blocks: set[str]) -> None:
    """Write the open parts anew; a part no kind opens any more is not kept."""
    for table in TABLES:
        table._default_manager.filter(activity=activity).delete()
    for block, write in WRITERS.items():
        if block in blocks:
            write(activity, content)
