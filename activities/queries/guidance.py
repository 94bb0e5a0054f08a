"""Planned meetings told to others, and what contact leaders said of meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from activities.models import Activity, AgendaItem, Guidance
from activities.models.activities import ActivityQuerySet
from activities.rules.activities import State
from activities.rules.guidance import agenda_digest, may_judge, may_remark, title_changed
from branches.models import Organisation, Role, RoleAssignment
from branches.rights import Access, AccessRequest, Permission

TOLD = ~Q(state=State.DISCARDED) & (~Q(state=State.DRAFT) | Q(announced_on__isnull=False))
ASKED_DAYS = 31  # how long after a meeting the first screen asks whether the leader was there


@dataclass(frozen=True)
class Word:
    """What one leader said of one meeting; lists fetch the agenda beforehand where they show the verdict."""

    guidance: Guidance
    activity: Activity

    @property
    def title_changed(self) -> bool:
        return title_changed(self.guidance.verdict, self.guidance.verdict_on_title, self.activity.title)

    @property
    def outdated(self) -> bool:
        """The theme or an agenda title was changed after the verdict."""
        if self.title_changed:
            return True
        said = self.guidance
        return bool(said.verdict and said.verdict_on_agenda) and said.verdict_on_agenda != digest_of(self.activity)


@dataclass(frozen=True)
class Meeting:
    """A meeting as a contact leader or its branch sees it."""

    activity: Activity
    words: tuple[Word, ...] = ()
    may_judge: bool = False
    may_remark: bool = False

    @property
    def word(self) -> Word | None:
        return self.words[0] if self.words else None

    @property
    def version(self) -> int:
        return self.words[0].guidance.version if self.words else 0

    @property
    def agenda(self) -> str:
        return digest_of(self.activity)


def digest_of(activity: Activity) -> str:
    """The `agenda_digest` as the agenda stands. 1 query where it was not fetched beforehand."""
    return agenda_digest(item.title for item in activity.agenda.all())


def plan_or_404(request: AccessRequest, pk: int) -> Activity:
    """A meeting told to those above: an announced draft, or a record that is no draft any more.

    Raises:
        Http404: there is none, or it is out of reach; the answer does not tell which.
    """
    found = (
        Activity.objects.filter(TOLD, request.access.reach(Permission.VIEW, "organisation__"), pk=pk)
        .select_related("organisation__parent")
        .prefetch_related("kinds", _agenda())
        .first()
    )
    if found is None:
        raise Http404
    request.organisation = found.organisation
    return found


def guided_or_404(request: AccessRequest, pk: int) -> Activity:
    """A meeting the user may say a word on as contact leader.

    Raises:
        Http404: there is none, or it is out of reach; the answer does not tell which.
    """
    activity = plan_or_404(request, pk)
    if not request.access.may(Permission.GUIDE, activity.organisation):
        raise Http404
    return activity


def guided_branches(access: Access) -> list[Organisation]:
    """The branches the user guides today, in tree order. 1 query."""
    found = Organisation.objects.within(access, Permission.GUIDE).branches().existing_on(access.day)
    return list(found.order_by("tree_id", "lft"))


def next_guided(access: Access) -> list[Meeting]:
    """Announced meetings still to come of the branches the user guides, the next first. 4 queries."""
    rows = _guided(access).filter(state=State.DRAFT, held_on__gte=access.day).order_by("held_on", "starts_at", "pk")
    return [meeting(row, access) for row in rows.prefetch_related(_agenda())]


def awaiting_word(access: Access) -> list[Meeting]:
    """Meetings of the last weeks the user has not said yet whether they were at, the latest first. 3 queries.

    Meetings held before the user guided the branch are not asked about.
    """
    since = date.fromordinal(max(access.day.toordinal() - ASKED_DAYS, 1))
    rows = _guided(access).filter(held_on__gte=since, held_on__lte=access.day).exclude(_said(access))
    rows = rows.filter(Exists(_guiding(access)))
    rows = rows.exclude(state=State.DRAFT, held_on=access.day)
    return [meeting(row, access) for row in rows.order_by("-held_on", "-pk")]


def with_my_word(access: Access) -> ActivityQuerySet:
    """Meetings the user was at or left remarks on, the latest first; `Meeting` rows are made by `meeting`."""
    return _guided(access).filter(_said(access)).order_by("-held_on", "-pk")


def meeting(activity: Activity, access: Access) -> Meeting:
    """The meeting with the user's own word, fetched by `_guided`."""
    facts = (activity.state, activity.announced_on, activity.held_on, access.day)
    return Meeting(activity, _words(activity), may_judge(*facts), may_remark(*facts))


def own_meeting(activity: Activity, access: Access) -> Meeting:
    """One meeting with what the user said of it. 1 query."""
    activity.words = list(Guidance.objects.filter(activity=activity, leader=access.user))  # type: ignore[attr-defined]
    return meeting(activity, access)


def words_on(activity: Activity) -> tuple[Word, ...]:
    """Everything contact leaders said of a meeting. 1 query."""
    rows = Guidance.objects.filter(activity=activity).select_related("leader").order_by("pk")
    return tuple(Word(row, activity) for row in rows)


def next_meetings(branch: Organisation, access: Access) -> list[Meeting]:
    """Meetings of a branch still to come: all drafts for those who write them, else the announced ones. 4 queries."""
    rows = branch.activities.filter(state=State.DRAFT, held_on__gte=access.day)
    if not access.may(Permission.DRAFT, branch):
        rows = rows.filter(announced_on__isnull=False)
    rows = rows.prefetch_related("kinds", _agenda(), _guidance()).order_by("held_on", "starts_at", "pk")
    return [Meeting(row, _words(row)) for row in rows]


def recent_remarks(branch: Organisation, access: Access, *, limit: int = 3) -> list[Guidance]:
    """What contact leaders remarked last on meetings of a branch the reader may see. 1 query."""
    return list(
        Guidance.objects.filter(
            activity__in=Activity.objects.within(access).filter(organisation=branch).values("pk"),
            remarked_at__isnull=False,
        )
        .exclude(remarks="")
        .select_related("activity", "leader")
        .order_by("-activity__held_on", "-pk")[:limit]
    )


def _guided(access: Access) -> ActivityQuerySet:
    own = Guidance.objects.filter(leader=access.user)
    return (
        Activity.objects.filter(TOLD, access.reach(Permission.GUIDE, "organisation__"))
        .select_related("organisation")
        .prefetch_related("kinds", Prefetch("guidance", own, to_attr="words"))
    )


def _guiding(access: Access) -> QuerySet[RoleAssignment]:
    """The user's assignments that reached the record's organisation on the day held."""
    return RoleAssignment.objects.valid().filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("held_on")),
        user=access.user,
        role=Role.CONTACT_LEADER,
        starts_on__lte=OuterRef("held_on"),
        organisation__tree_id=OuterRef("organisation__tree_id"),
        organisation__lft__lte=OuterRef("organisation__lft"),
        organisation__rght__gte=OuterRef("organisation__rght"),
    )


def _said(access: Access) -> Q:
    return Q(Exists(Guidance.objects.filter(activity=OuterRef("pk"), leader=access.user, was_present__isnull=False)))


def _guidance() -> Prefetch:
    return Prefetch("guidance", Guidance.objects.select_related("leader").order_by("pk"), to_attr="words")


def _agenda() -> Prefetch:
    return Prefetch("agenda", AgendaItem.objects.only("activity_id", "title", "is_first_item", "position"))


def _words(activity: Activity) -> tuple[Word, ...]:
    rows: list[Guidance] = activity.words  # type: ignore[attr-defined]
    return tuple(Word(row, activity) for row in rows)
