"""Records as the list and the pages around one record show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import Http404

from activities.models import Activity, ActivityKind, Attachment, Attendance, DutyRule, Guest, ReviewStep
from activities.models.activities import ActivityQuerySet
from activities.queries.duty_rules import rules_for
from activities.rules.activities import Block, Body, Presence
from activities.rules.lateness import is_late
from activities.rules.periods import period_of
from branches.models import Organisation
from branches.rights import Access, AccessRequest, Permission

ENTRY_DAYS = 3  # where no duty rule speaks of the kind


def activity_or_404(request: AccessRequest, pk: int, permission: Permission = Permission.VIEW) -> Activity:
    """The record with `pk`, if the user may read it and holds `permission` where it belongs.

    Raises:
        Http404: there is none, or it is out of reach; the answer does not tell which.
    """
    activity = (
        Activity.objects.within(request.access)
        .select_related(
            "organisation__parent", "group", "chair", "recorder", "entered_by", "submitted_by", "accepted_by"
        )
        .prefetch_related("kinds")
        .filter(pk=pk)
        .first()
    )
    if activity is None:
        raise Http404
    request.organisation = activity.organisation
    if not request.access.may(permission, activity.organisation):
        if permission != Permission.VIEW:
            raise Http404
        request.organisation = _joined_by(activity, request.access)
    return activity


def _joined_by(activity: Activity, access: Access) -> Organisation | None:
    """The branch in reach that took part in what an organisation above it held."""
    within = Organisation.objects.within(access, Permission.VIEW)
    joined = Q(joint_activities=activity) | Q(pk__in=activity.people_from.values("pk"))
    return within.filter(joined).select_related("parent").order_by("tree_id", "lft").first()


def activities_found(text: str, access: Access) -> ActivityQuerySet:
    """Records the user may read whose theme or kind has `text` in its name; with kinds."""
    kinds = ActivityKind.objects.filter(
        Q(name__contains=text) | Q(short_name__contains=text) | Q(name_en__icontains=text)
    ).order_by()
    of_kind = Activity.kinds.through.objects.filter(activitykind__in=kinds).values("activity_id")
    found = Activity.objects.within(access).filter(Q(title__contains=text) | Q(pk__in=of_kind))
    return found.select_related("organisation").prefetch_related("kinds")


def out_of_reach(counted: ActivityQuerySet, access: Access) -> int:
    """How many records handed in, which figures count, the reader may not open: branches that have left, and others'.

    `counted` must not be chosen by what a record says, or the number would tell it. 2 queries.
    """
    return counted.counting().count() - counted.counting().within(access).count()


def listed(activities: ActivityQuerySet, branch: Organisation | None = None) -> ActivityQuerySet:
    """Rows of a list: with kinds and the numbers `present`, `expected`, `unrecorded` and `papers` (attachments).

    `branch`: of what an organisation above held, its own people only are counted.
    """

    def count(rows: QuerySet[Any]) -> Coalesce:
        numbers = rows.filter(activity=OuterRef("pk")).order_by().values("activity").annotate(number=Count("pk"))
        return Coalesce(Subquery(numbers.values("number")), 0)

    expected = Attendance.objects.filter(own_people(branch), is_expected=True)
    return (
        activities.annotate(
            present=count(expected.filter(presence=Presence.PRESENT)),
            expected=count(expected),
            unrecorded=count(expected.filter(presence=Presence.UNRECORDED)),
            papers=count(Attachment.objects.filter(removed_at__isnull=True)),
        )
        .select_related("organisation", "group")
        .prefetch_related("kinds")
    )


def own_people(branch: Organisation | None) -> Q:
    """The condition for attendance a list of `branch` counts: all of its own records, its own people of joint ones."""
    return Q(activity__organisation=branch) | Q(branch=branch) if branch and branch.is_branch else Q()


def kinds_offered(organisation: Organisation, keep: Iterable[str] = ()) -> QuerySet[ActivityKind]:
    """The kinds an organisation may hold: party groups are a branch's, the rest any organisation's.

    `keep`: codes a record already has, which stay even if they are no longer in use.
    """
    kinds = ActivityKind.objects.filter(Q(is_active=True) | Q(code__in=list(keep)))
    return kinds if organisation.is_branch else kinds.exclude(body=Body.GROUP)


def last_held(
    organisation: Organisation, kinds: Iterable[str], before: date, *, but: int | None = None
) -> Activity | None:
    """The latest earlier record of one of the kinds at `organisation`; without kinds, of any. `but`: not this one."""
    found = Activity.objects.filter(organisation=organisation, held_on__lte=before).exclude(
        state=Activity.State.DISCARDED
    )
    codes = list(kinds)
    if codes:
        found = found.filter(
            pk__in=Activity.objects.filter(organisation=organisation, kinds__code__in=codes).values("pk")
        )
    if but is not None:
        found = found.exclude(pk=but)
    return found.order_by("-held_on", "-pk").first()


@dataclass(frozen=True)
class Counting:
    """What a record counts towards: one kind in one period, in words."""

    period: str
    name: str


def counts_towards(organisation: Organisation, kinds: Iterable[ActivityKind], day: date) -> list[Counting]:
    """“第四季度 支部党员大会”: for every duty the record counts for, by the duty rules of that year. 3 queries."""
    chosen = {kind.pk for kind in kinds}
    if not chosen or not organisation.is_branch:
        return []
    rules = rules_for([organisation], day.year)[organisation.pk]
    return [
        Counting(period_of(day, rule.rhythm).name, rule.label)
        for rule in rules
        if rule.times and chosen & {kind.pk for kind in rule.kinds.all()}
    ]


def entry_days(organisation: Organisation, kinds: Iterable[ActivityKind], year: int) -> int:
    """Working days within which a record of these kinds is to be entered: the most generous duty rule decides."""
    return _entry_days(rules_for([organisation], year)[organisation.pk], kinds)


def late_among(activities: Iterable[Activity]) -> set[int]:
    """The keys of those entered later than their duty rules ask; 2 queries a year touched. Wants `kinds` prefetched."""
    by_year: dict[int, list[Activity]] = {}
    for activity in activities:
        by_year.setdefault(activity.held_on.year, []).append(activity)
    late: set[int] = set()
    for year, rows in by_year.items():
        rules = rules_for({row.organisation for row in rows}, year)
        for row in rows:
            days = _entry_days(rules[row.organisation_id], row.kinds.all())
            if is_late(held_on=row.held_on, entered_on=row.entered_on, entry_days=days):
                late.add(row.pk)
    return late


def is_entered_late(activity: Activity) -> bool:
    return bool(late_among([activity]))


def _entry_days(rules: Iterable[DutyRule], kinds: Iterable[ActivityKind]) -> int:
    chosen = {kind.pk for kind in kinds}
    return max(
        (rule.entry_days for rule in rules if chosen & {kind.pk for kind in rule.kinds.all()}), default=ENTRY_DAYS
    )


def with_parts(activity: Activity, access: Access) -> Activity:
    """The record with everything its page shows, fetched in one query a part.

    Of what an organisation above held, a branch that took part is told the names of its own people, no papers, and not
    the words of its review, which may name others.
    """
    people, papers = Attendance.objects.all(), Attachment.objects.all()
    steps = ReviewStep.objects.select_related("by")
    if not access.may(Permission.VIEW, activity.organisation):
        people, papers = people.filter(access.reach(Permission.VIEW, "branch__")), papers.none()
        steps = steps.none()
    prefetch_related_objects(
        [activity],
        Prefetch("attendances", people.select_related("person", "branch").order_by("branch__lft", "pk")),
        Prefetch("guests", Guest.objects.order_by("pk")),
        "agenda",
        "lectures__lecturers",
        Prefetch("attachments", papers.select_related("file", "removed_by")),
        "taking_part",
        Prefetch("review_steps", steps),
    )
    return activity


def others_present(activity: Activity, access: Access) -> int:
    """How many people came whom the reader is not told by name."""
    if access.may(Permission.VIEW, activity.organisation):
        return 0
    present = Attendance.objects.filter(activity=activity, presence=Presence.PRESENT)
    return present.exclude(access.reach(Permission.VIEW, "branch__")).count()


def has_block(kinds: Iterable[ActivityKind], block: Block) -> bool:
    return any(block in kind.blocks for kind in kinds)
