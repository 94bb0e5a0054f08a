"""Who guides which branch, and how often they came."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from activities.models import Guidance
from branches.models import Organisation, Role, RoleAssignment, User
from branches.models.dated import active_on
from branches.rights import Access, AccessRequest, Permission


@dataclass(frozen=True)
class Point:
    """One leader at one organisation; `present` and `remarks` are counted in the running year."""

    assignment: RoleAssignment
    present: int
    remarks: int


@dataclass
class BranchRow:
    branch: Organisation
    points: list[Point] = field(default_factory=list)


@dataclass(frozen=True)
class ContactPoints:
    """`rows`: every branch with its leaders; `above`: who guides all below a committee; `ended`: history."""

    rows: list[BranchRow]
    above: list[Point]
    ended: list[Point]

    @property
    def without(self) -> int:
        return 0 if self.above else sum(not row.points for row in self.rows)


def contact_points(node: Organisation, access: Access) -> ContactPoints:
    """The contact points at and below `node`, as far as the reader supervises. 3 queries."""
    below = Organisation.objects.under(node).within(access, Permission.SUPERVISE)
    rows = {
        branch.pk: BranchRow(branch) for branch in below.branches().existing_on(access.day).order_by("tree_id", "lft")
    }
    assignments = (
        RoleAssignment.objects.valid()
        .filter(role=Role.CONTACT_LEADER, organisation__in=below)
        .select_related("user", "organisation")
        .order_by("starts_on", "pk")
    )
    counted = _counts(below, access.day)
    above: list[Point] = []
    ended: list[Point] = []
    for row in assignments:
        point = Point(row, *counted.get((row.user_id, row.organisation_id), (0, 0)))
        if row.ends_on is not None and row.ends_on < access.day:
            ended.append(point)
        elif row.organisation_id in rows:
            rows[row.organisation_id].points.append(point)
        else:
            above.append(point)
    return ContactPoints(list(rows.values()), above, ended[::-1])


def _counts(below: QuerySet[Organisation], day: date) -> dict[tuple[int, int], tuple[int, int]]:
    """(leader, branch) → how often present and how many remarks in the year of `day`. 1 query."""
    found: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    rows = (
        Guidance.objects.filter(activity__organisation__in=below, activity__held_on__year=day.year)
        .values_list("leader", "activity__organisation")
        .annotate(
            present=Count("pk", filter=Q(was_present=True)),
            remarked=Count("pk", filter=~Q(remarks="")),
        )
        .order_by()
    )
    for leader, branch, present, remarked in rows:
        found[leader, branch] = (present, remarked)
    return found


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
