"""Whose turn it is to review a record."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from activities.models import Activity, ReviewStep
from activities.models.activities import ActivityQuerySet
from activities.rules.activities import State
from branches.models import Organisation, Role, RoleAssignment
from branches.rights import MATRIX, Access, Permission
from branches.rules.organisations import OrganisationKind
from foundation.clock import business_date

REVIEWERS = [role for role, permissions in MATRIX.items() if Permission.REVIEW in permissions]
# Nobody judges what they wrote, handed in, chaired or recorded.
_WRITERS = Activity.writers.through.objects


def reviewable_by(access: Access) -> ActivityQuerySet:
    """Records, in whatever state, that fall to the user to review.

    The reviewer is staff of the nearest superior organisation that has somebody to do it; those concerned are passed
    over, at the top of a tree without superior staff a committee's own secretary reviews its own records.
    """
    mine = Q(pk__in=[])
    for node in access.nodes:
        below = Q(organisation__tree_id=node.tree_id, organisation__lft__gt=node.lft, organisation__rght__lt=node.rght)
        if node.role in REVIEWERS:
            nearer = _staff_above(access).filter(organisation__lft__gt=node.lft, organisation__rght__lt=node.rght)
            mine |= below & Q(~Exists(nearer))
        elif node.role == Role.SECRETARY:
            own = Q(organisation_id=node.organisation_id) & ~Q(organisation__kind=OrganisationKind.BRANCH)
            mine |= own & Q(~Exists(_staff_above(access)))
    me = Q(Exists(_WRITERS.filter(activity=OuterRef("pk"), user=access.user.pk)))
    if access.user.is_authenticated and access.user.person_id:
        me |= Q(chair=access.user.person_id) | Q(recorder=access.user.person_id)
    # A draft that was handed in once and taken back is known to its reviewer; of any other nothing may be known.
    is_private = Q(~Exists(ReviewStep.objects.filter(activity=OuterRef("pk"))), state=State.DRAFT)
    return Activity.objects.exclude(state=State.DISCARDED).exclude(is_private).filter(mine).exclude(me)


def waiting_for(access: Access) -> ActivityQuerySet:
    """Records handed in that wait for this user."""
    if not access.may_anywhere(Permission.REVIEW) and not access.has_role(Role.SECRETARY):
        return Activity.objects.none()
    return reviewable_by(access).filter(state=State.SUBMITTED)


def reviews_anything(access: Access) -> bool:
    """Whether records may ever wait for this user: staff, and the secretary of a committee. 1 query for secretaries."""
    if access.may_anywhere(Permission.REVIEW):
        return True
    held = [node.organisation_id for node in access.nodes if node.role == Role.SECRETARY]
    return bool(held) and Organisation.objects.filter(pk__in=held).exclude(kind=OrganisationKind.BRANCH).exists()


def may_review(access: Access, activity: Activity) -> bool:
    """Whether the user may accept or return this record now."""
    return activity.state == State.SUBMITTED and reviewable_by(access).filter(pk=activity.pk).exists()


def may_reopen(access: Access, activity: Activity) -> bool:
    """Whether the user may return a record that has already been accepted."""
    return activity.state == State.ACCEPTED and reviewable_by(access).filter(pk=activity.pk).exists()


def reviewing_organisation(activity: Activity) -> Organisation | None:
    """Who reviews the record, as far as an organisation can be named; None while nobody is there to do it."""
    organisation = activity.organisation
    staff = RoleAssignment.objects.active_on(business_date()).filter(user__is_active=True)
    superior = (
        _without_concerned(staff.filter(role__in=REVIEWERS), activity)
        .filter(
            organisation__tree_id=organisation.tree_id,
            organisation__lft__lt=organisation.lft,
            organisation__rght__gt=organisation.rght,
        )
        .order_by("-organisation__lft")
        .select_related("organisation")
        .first()
    )
    if superior is not None:
        return superior.organisation
    if organisation.is_branch:
        return None
    own = _without_concerned(staff.filter(role=Role.SECRETARY, organisation=organisation), activity)
    return organisation if own.exists() else None


def _staff_above(access: Access) -> QuerySet[RoleAssignment]:
    """Staff above the outer activity's organisation who are not concerned with it."""
    rows = RoleAssignment.objects.active_on(access.day).filter(
        role__in=REVIEWERS,
        user__is_active=True,
        organisation__tree_id=OuterRef("organisation__tree_id"),
        organisation__lft__lt=OuterRef("organisation__lft"),
        organisation__rght__gt=OuterRef("organisation__rght"),
    )
    for column in ("chair_id", "recorder_id"):
        # 0 is nobody's key: NULL would make the comparison unknown and drop the row.
        rows = rows.annotate(**{f"_{column}": Coalesce(OuterRef(column), Value(0))})
        rows = rows.filter(Q(user__person__isnull=True) | ~Q(user__person_id=F(f"_{column}")))
    return rows.exclude(Exists(_WRITERS.filter(activity=OuterRef(OuterRef("pk")), user=OuterRef("user_id"))))


def _without_concerned(rows: QuerySet[RoleAssignment], activity: Activity) -> QuerySet[RoleAssignment]:
    people = [pk for pk in (activity.chair_id, activity.recorder_id) if pk]
    rows = rows.exclude(user__in=activity.writers.values("pk"))
    return rows.filter(Q(user__person__isnull=True) | ~Q(user__person__in=people))
