"""The parts of a stored record that its kinds open, as its page and its paper show them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from activities.models import Activity, Appraisal, Attendance, Forum, LifeMeeting, VolunteerService
from activities.rules.activities import Block
from activities.rules.appraisals import Grade
from branches.models import Organisation
from branches.rights import Access, Permission


def block_rows(activity: Activity, access: Access) -> dict[str, Any]:
    """The open parts by name; 1 or 2 queries each.

    Of what an organisation above held, a reader who reaches some of the branches only is told of their people.
    """
    blocks = {block for kind in activity.kinds.all() for block in kind.blocks}
    named = None if access.may(Permission.VIEW, activity.organisation) else _in_reach(activity, access)
    found: dict[str, Any] = {}
    if Block.LIFE_MEETING in blocks:
        found["life_meeting"] = LifeMeeting.objects.filter(activity=activity).first()
        commitments = activity.commitments.select_related("person")
        found["commitments"] = _told(commitments, named, Q(person__in=named or ()) | Q(person=None))
    if Block.APPRAISAL in blocks:
        found["appraisal"] = Appraisal.objects.filter(activity=activity).first()
        members = activity.appraised.select_related("person").order_by("pk")
        found["appraised"] = _told(members, named, Q(person__in=named or ()))
        found["grades"] = [str(label) for label in Grade.labels]
    if Block.TALKS in blocks:
        talks = activity.talks.select_related("first", "second").order_by("position")
        found["talks"] = _told(talks, named, Q(first__in=named or (), second__in=named or ()))
    if Block.FORUM in blocks:
        found["forum"] = Forum.objects.filter(activity=activity).prefetch_related("lecturers").first()
    if Block.SERVICE in blocks:
        found["service"] = VolunteerService.objects.filter(activity=activity).first()
    if Block.INSPECTION in blocks:
        found["units"] = list(activity.inspected_units.order_by("position"))
    return found


def branches_taking_part(activity: Activity) -> list[Organisation]:
    """The branches named as taking part in what an organisation above them held."""
    if activity.organisation.is_branch:
        return []
    return list(activity.taking_part.exclude(pk=activity.organisation_id).order_by("tree_id", "lft"))


def _in_reach(activity: Activity, access: Access) -> set[int]:
    rows = Attendance.objects.filter(access.reach(Permission.VIEW, "branch__"), activity=activity)
    return set(rows.values_list("person_id", flat=True))


def _told(rows: QuerySet[Any], named: set[int] | None, reached: Q) -> list[Any]:
    return list(rows if named is None else rows.filter(reached))
