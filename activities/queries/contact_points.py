"""Who guides which branch, and how often they came."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from activities.models import Activity, Guidance
from activities.queries.guidance import TOLD
from branches.models import Organisation, Role, RoleAssignment, User
from branches.models.dated import active_on
from branches.rights import Access, AccessRequest, Permission


@dataclass(frozen=True)
class Point:
    """One leader at one organisation; `present` and `remarks` are counted there and below in the running year."""

    assignment: RoleAssignment
    present: int
    remarks: int
    may_end: bool = False
    is_to_come: bool = False


@dataclass
class BranchRow:
    """`is_guided`: somebody guides it today, given at the branch or above it."""

    branch: Organisation
    is_guided: bool
    points: list[Point] = field(default_factory=list)


@dataclass(frozen=True)
class ContactPoints:
    """`rows`: every branch with its leaders; `above`: who guides everything below another body; `ended`: history."""

    rows: list[BranchRow]
    above: list[Point]
    ended: list[Point]

    @property
    def without(self) -> int:
        return sum(not row.is_guided for row in self.rows)


def contact_points(node: Organisation, access: Access) -> ContactPoints:
    """The contact points at and below `node`, and those given above it that reach down to it. 3 queries."""
    below = Organisation.objects.under(node).within(access, Permission.VIEW)
    assignments = list(
        RoleAssignment.objects.valid()
        .filter(Q(organisation__in=below) | _above(node), role=Role.CONTACT_LEADER)
        .select_related("user", "organisation")
        .order_by("starts_on", "pk")
    )
    today = [row.organisation for row in assignments if row.holds_on(access.day)]
    rows = {
        branch.pk: BranchRow(branch, any(_reaches(given_at, branch) for given_at in today))
        for branch in below.branches().existing_on(access.day).order_by("tree_id", "lft")
    }
    counted = _counts(below, access.day)
    above: list[Point] = []
    ended: list[Point] = []
    for row in assignments:
        point = _point(row, access, counted)
        if row.ends_on is not None and row.ends_on < access.day:
            if _reaches(node, row.organisation):
                ended.append(point)
        elif row.organisation_id in rows:
            rows[row.organisation_id].points.append(point)
        elif not row.organisation.is_branch:
            above.append(point)
    return ContactPoints(list(rows.values()), above, ended[::-1])


Counted = dict[int, list[tuple[int, int, int]]]


def _point(row: RoleAssignment, access: Access, counted: Counted) -> Point:
    there = row.organisation
    own = [(present, said) for lft, present, said in counted.get(row.user_id, []) if there.lft <= lft < there.rght]
    return Point(
        row,
        sum(present for present, _said in own),
        sum(said for _present, said in own),
        may_end=access.may(Permission.SUPERVISE, there),
        is_to_come=row.starts_on > access.day,
    )


def _counts(below: QuerySet[Organisation], day: date) -> Counted:
    """Leader → (where in the tree, how often present, how many remarks) in the year of `day`. 1 query."""
    found: Counted = defaultdict(list)
    told = Activity.objects.filter(TOLD, organisation__in=below, held_on__year=day.year)
    rows = (
        Guidance.objects.filter(activity__in=told)
        .values_list("leader", "activity__organisation__lft")
        .annotate(
            present=Count("pk", filter=Q(was_present=True)),
            remarked=Count("pk", filter=~Q(remarks="")),
        )
        .order_by()
    )
    for leader, lft, present, remarked in rows:
        found[leader].append((lft, present, remarked))
    return found


def _above(node: Organisation) -> Q:
    """Roles given at organisations above `node`."""
    return Q(organisation__tree_id=node.tree_id, organisation__lft__lt=node.lft, organisation__rght__gt=node.rght)


def _reaches(given_at: Organisation, place: Organisation) -> bool:
    """Whether what is given at one organisation reaches another, in today's tree."""
    return given_at.tree_id == place.tree_id and given_at.lft <= place.lft and place.rght <= given_at.rght


def leaders_to_choose(node: Organisation, access: Access) -> QuerySet[User]:
    """Active accounts with a role at or below `node` within the reader's reach, today or earlier."""
    below = Organisation.objects.under(node).within(access, Permission.SUPERVISE)
    roles = RoleAssignment.objects.valid().filter(organisation__in=below)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True, is_superuser=False).order_by("name", "pk")


def branches_to_guide(node: Organisation, access: Access) -> QuerySet[Organisation]:
    return (
        Organisation.objects.under(node)
        .within(access, Permission.SUPERVISE)
        .branches()
        .existing_on(access.day)
        .order_by("tree_id", "lft")
    )


def contact_point_or_404(request: AccessRequest, node: Organisation, pk: int) -> RoleAssignment:
    """A contact leader's role at or below `node`, if the user supervises there.

    Raises:
        Http404: there is none, or it is out of reach; the answer does not tell which.
    """
    below = Organisation.objects.under(node).within(request.access, Permission.SUPERVISE)
    found = (
        RoleAssignment.objects.valid()
        .filter(pk=pk, role=Role.CONTACT_LEADER, organisation__in=below)
        .select_related("user", "organisation")
        .first()
    )
    if found is None:
        raise Http404
    return found


def leaders_of(branch: Organisation, day: date) -> list[str]:
    """The names of those who guide a branch on `day`, given at the branch or above it. 1 query."""
    above = Organisation.objects.filter(tree_id=branch.tree_id, lft__lte=branch.lft, rght__gte=branch.rght)
    rows = RoleAssignment.objects.filter(active_on(day), role=Role.CONTACT_LEADER, organisation__in=above)
    return list(rows.order_by("starts_on", "pk").values_list("user__name", flat=True))


def workplace_of(access: Access) -> Organisation | None:
    """The committee a contact leader works at besides guiding; None where there is none. At most 1 query."""
    pk = access.home_id([Role.STAFF, Role.SECRETARY, Role.ADMINISTRATOR, Role.AUDITOR])
    return Organisation.objects.filter(pk=pk).first() if pk else None
