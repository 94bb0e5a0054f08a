"""Who may do what, where. The one place that decides; views, queries and templates all ask here.

A role at an organisation gives its permissions over that organisation and everything below it in today's tree.
The list filter (`Access.reach`) and the object check (`Access.may`) read the same nodes. What is out of reach does not
exist: `organisation_or_404` and its kin answer 404.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from django.db.models import Q
from django.http import Http404, HttpRequest

from branches.models import Organisation, Role, RoleAssignment, User
from branches.rules.successions import SuccessionKind
from foundation.clock import business_date


class Permission(StrEnum):
    VIEW = "view"  # organisations, duties, dashboard, submitted records, rosters
    DRAFT = "draft"  # write records of activities
    SUBMIT = "submit"  # confirm and hand in records
    REVIEW = "review"  # accept and return records
    SEE_PHONES = "see_phones"  # phone numbers in clear
    REVEAL_IDENTITY = "reveal_identity"  # an identity number in clear, with a recorded reason
    MANAGE_PEOPLE = "manage_people"  # members, posts, roster import
    EXPORT = "export"  # rosters as a file
    TRANSFER = "transfer"  # ask for and answer transfers of membership
    MANAGE_ORGANISATIONS = "manage_organisations"
    SUPERVISE = "supervise"  # contact points, work lists, checks, findings of the branches below
    RECTIFY = "rectify"  # answer work lists and findings of one's own organisation
    GUIDE = "guide"  # a contact leader's word on a branch's meetings
    MANAGE_DUTIES = "manage_duties"  # duty rules and exemptions
    SELF_SCORE = "self_score"
    SCORE = "score"  # review scores on sheets
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_CODES = "manage_codes"  # the admin site's code tables; system-wide, so only at the top of a tree
    SEE_TRAIL = "see_trail"  # audit entries


_P = Permission
MATRIX: dict[str, frozenset[Permission]] = {
    Role.SECRETARY: frozenset(
        {
            _P.VIEW,
            _P.DRAFT,
            _P.SUBMIT,
            _P.SEE_PHONES,
            _P.EXPORT,
            _P.TRANSFER,
            _P.RECTIFY,
            _P.SELF_SCORE,
            _P.SEE_TRAIL,
        }
    ),
    Role.RECORDER: frozenset({_P.VIEW, _P.DRAFT, _P.SEE_PHONES, _P.RECTIFY}),
    Role.STAFF: frozenset(
        {
            _P.VIEW,
            _P.DRAFT,
            _P.SUBMIT,
            _P.REVIEW,
            _P.SEE_PHONES,
            _P.REVEAL_IDENTITY,
            _P.MANAGE_PEOPLE,
            _P.EXPORT,
            _P.TRANSFER,
            _P.SUPERVISE,
            _P.MANAGE_DUTIES,
            _P.SCORE,
            _P.SEE_TRAIL,
        }
    ),
    Role.CONTACT_LEADER: frozenset({_P.VIEW, _P.GUIDE}),
    Role.ADMINISTRATOR: frozenset(
        {
            _P.VIEW,
            _P.REVEAL_IDENTITY,
            _P.MANAGE_PEOPLE,
            _P.EXPORT,
            _P.TRANSFER,
            _P.MANAGE_ORGANISATIONS,
            _P.MANAGE_DUTIES,
            _P.MANAGE_ACCOUNTS,
            _P.MANAGE_CODES,
            _P.SEE_TRAIL,
        }
    ),
    Role.AUDITOR: frozenset({_P.VIEW, _P.EXPORT, _P.SEE_TRAIL}),
}
# A role given at a committee writes that committee's own records, not those of the branches below it.
OWN_NODE_ONLY: dict[str, frozenset[Permission]] = {
    Role.SECRETARY: frozenset({_P.DRAFT, _P.SUBMIT, _P.RECTIFY, _P.TRANSFER, _P.SELF_SCORE}),
    Role.STAFF: frozenset({_P.DRAFT, _P.SUBMIT}),
}
# A role given at a branch finishes what the branches merged into it have left open, and reads their records.
INHERITED = frozenset({_P.VIEW, _P.DRAFT, _P.SUBMIT, _P.RECTIFY, _P.SELF_SCORE})
_PLACE = ("pk", "tree_id", "lft", "rght", "parent_id")
_MERGED = ("organisation__predecessors", "organisation__predecessors__predecessor__predecessors")


@dataclass(frozen=True)
class Node:
    """One place a role was given, as intervals of today's tree."""

    role: str
    organisation_id: int
    tree_id: int
    lft: int
    rght: int
    parent_id: int | None

    def covers(self, organisation: Organisation) -> bool:
        return self.tree_id == organisation.tree_id and self.lft <= organisation.lft and organisation.rght <= self.rght


class Access:
    """What one user may do on one day. Resolved once per request, by one query."""

    def __init__(self, user: User, day: date) -> None:
        self.user = user
        self.day = day

    @cached_property
    def nodes(self) -> list[Node]:
        return self._given[0]

    @property
    def inherited(self) -> list[Node]:
        """The branches merged into one where a role was given; each bears that role, as far as `INHERITED` goes."""
        return self._given[1]

    @cached_property
    def _given(self) -> tuple[list[Node], list[Node]]:
        if not self.user.is_authenticated or not self.user.is_active:
            return [], []
        merged = [[f"{path}__kind", *(f"{path}__predecessor__{name}" for name in _PLACE)] for path in _MERGED]
        rows = (
            RoleAssignment.objects.active_on(self.day)
            .filter(user=self.user)
            .order_by("organisation__tree_id", "organisation__lft")
            .values_list("role", *(f"organisation__{name}" for name in _PLACE), *merged[0], *merged[1], named=False)
        )
        nodes: dict[Node, None] = {}
        inherited: dict[Node, None] = {}
        for role, *values in rows:
            nodes[Node(role, *values[:5])] = None
            for kind, *place in (values[5:11], values[11:]):
                if kind != SuccessionKind.MERGED:
                    break
                inherited[Node(role, *place)] = None
        return list(nodes), list(inherited)

    def reach(self, permission: Permission, prefix: str = "") -> Q:
        """The filter for rows whose organisation (at lookup path `prefix`, with its `__`) is in reach."""
        condition = Q(pk__in=[])
        for node in self.nodes:
            if permission not in MATRIX[node.role]:
                continue
            if permission in OWN_NODE_ONLY.get(node.role, ()):
                condition |= Q(**{f"{prefix}pk": node.organisation_id})
            else:
                condition |= Q(
                    **{f"{prefix}tree_id": node.tree_id, f"{prefix}lft__gte": node.lft, f"{prefix}rght__lte": node.rght}
                )
        left = self._left_to(permission)
        return condition | Q(**{f"{prefix}pk__in": left}) if left else condition

    def _left_to(self, permission: Permission) -> list[int]:
        """The merged branches where a role at their successor gives `permission`."""
        if permission not in INHERITED:
            return []
        return [node.organisation_id for node in self.inherited if permission in MATRIX[node.role]]

    def above(self, permission: Permission, prefix: str = "") -> Q:
        """The filter for rows whose organisation stands above one where the user holds `permission`."""
        condition = Q(pk__in=[])
        for node in self.nodes:
            if permission in MATRIX[node.role] and node.parent_id is not None:
                condition |= Q(
                    **{f"{prefix}tree_id": node.tree_id, f"{prefix}lft__lt": node.lft, f"{prefix}rght__gt": node.rght}
                )
        return condition

    def may(self, permission: Permission, organisation: Organisation) -> bool:
        """Whether the user holds `permission` at `organisation`."""
        for node in self.nodes:
            if permission not in MATRIX[node.role]:
                continue
            if permission in OWN_NODE_ONLY.get(node.role, ()):
                if node.organisation_id == organisation.pk:
                    return True
            elif node.covers(organisation):
                return True
        return organisation.pk in self._left_to(permission)

    def may_anywhere(self, permission: Permission) -> bool:
        return any(permission in MATRIX[node.role] for node in self.nodes)

    def top_id(self, permission: Permission) -> int | None:
        """The top of a tree where the user holds `permission`: what holds for every organisation is kept from there."""
        return next(
            (n.organisation_id for n in self.nodes if n.parent_id is None and permission in MATRIX[n.role]), None
        )

    def roles_at(self, organisation: Organisation) -> list[str]:
        """The roles that reach `organisation`: why the user can see it."""
        return [node.role for node in self.nodes if node.covers(organisation)]

    def has_role(self, *roles: str) -> bool:
        return any(node.role in roles for node in self.nodes)

    def home_id(self, roles: Iterable[str] = ()) -> int | None:
        """The organisation the user works at first: of the first matching role, else of the first role."""
        wanted = list(roles) or [
            Role.STAFF,
            Role.SECRETARY,
            Role.RECORDER,
            Role.ADMINISTRATOR,
            Role.AUDITOR,
            Role.CONTACT_LEADER,
        ]
        for role in wanted:
            for node in self.nodes:
                if node.role == role:
                    return node.organisation_id
        return None


class AccessRequest(HttpRequest):
    """A request as views see it, after `branches.middleware.AccessMiddleware`."""

    user: User
    access: Access
    organisation: Organisation | None
    # The entry of the menu a page belongs to where its address does not tell.
    menu_page: str


class SystemAccess(Access):
    """The command line: whoever may run it on the server may do everything."""

    def __init__(self, day: date) -> None:
        super().__init__(User(is_active=False), day)

    def reach(self, permission: Permission, prefix: str = "") -> Q:
        return Q()

    def may(self, permission: Permission, organisation: Organisation) -> bool:
        return True

    def may_anywhere(self, permission: Permission) -> bool:
        return True


def access_of(user: User | None) -> Access:
    """What somebody may do today; None is the command line."""
    return Access(user, business_date()) if user is not None else SystemAccess(business_date())


def organisation_or_404(request: AccessRequest, code: str, permission: Permission) -> Organisation:
    """The organisation with `code`, if `permission` reaches it; it becomes the request's current one.

    Raises:
        Http404: there is none, or it is out of reach; the answer does not tell which.
    """
    organisation = Organisation.objects.filter(code=code).select_related("parent").first()
    if organisation is None or not request.access.may(permission, organisation):
        raise Http404
    request.organisation = organisation
    return organisation
