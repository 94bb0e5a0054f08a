"""Circumstances of members as the pages list them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from branches.models import Membership, MemberStatus, Organisation
from branches.rights import Access, Permission
from branches.rules.people import StatusKind
from branches.rules.statuses import NextStep, next_step


@dataclass(frozen=True)
class StatusRow:
    """A circumstance with the branch it is listed under: the member's own, or the one floated into."""

    status: MemberStatus
    branch: Organisation
    may_open: bool
    may_change: bool
    next_step: NextStep | None = None
    reason: str = ""


def statuses_at(organisation: Organisation, access: Access, today: date) -> list[StatusRow]:
    """What holds today or is to come, of members at or below `organisation` and of those floating in. 2 queries."""
    homes = {
        row.person_id: row
        for row in Membership.objects.active_on(today)
        .filter(access.reach(Permission.VIEW, "branch__"), _below(organisation, "branch__"))
        .filter(person__statuses__in=_open(today))
        .select_related("branch")
    }
    into = access.reach(Permission.VIEW, "branch__") & _below(organisation, "branch__")
    rows = list(
        _open(today)
        .filter(Q(person__in=list(homes)) | (Q(kind=StatusKind.FLOW_IN) & into))
        .select_related("person", "branch")
        .order_by("kind", "starts_on", "pk")
    )
    since = _since(rows, today)
    return [_row(row, homes.get(row.person_id), access, next_step(since[row.person_id], today=today)) for row in rows]


def status_or_404(access: Access, pk: int, today: date) -> tuple[MemberStatus, Organisation]:
    """A circumstance the user may change, with the branch they do it for: the member's, or the one floated into.

    Raises:
        Http404: there is none, or it is out of reach.
    """
    status = MemberStatus.objects.valid().select_related("person", "branch").filter(pk=pk).first()
    if status is None:
        raise Http404
    home = Membership.objects.active_on(today).filter(person=status.person_id).select_related("branch").first()
    for branch in (home.branch if home else None, status.branch):
        if branch is not None and access.may(Permission.MANAGE_PEOPLE, branch):
            return status, branch
    raise Http404


def ended_membership_or_404(access: Access, pk: int) -> Membership:
    """A membership that ended, where the user keeps the branch's members.

    Raises:
        Http404: there is none, or it is out of reach.
    """
    found = (
        Membership.objects.valid()
        .filter(access.reach(Permission.MANAGE_PEOPLE, "branch__"), pk=pk, ends_on__isnull=False)
        .select_related("branch", "person")
        .first()
    )
    if found is None:
        raise Http404
    return found


def is_guest_of_name(branch: Organisation, name: str, day: date) -> bool:
    """Whether somebody of this name is registered as floating into `branch` on `day` or later. 1 query."""
    rows = MemberStatus.objects.active_between(day, date.max).filter(kind=StatusKind.FLOW_IN, branch=branch)
    return rows.filter(person__name=name).exists()


def branches_to_float_into(access: Access, home: Organisation, day: date) -> QuerySet[Organisation]:
    """The branches a member of `home` may be registered at as floating in."""
    return (
        Organisation.objects.branches()
        .existing_on(day)
        .filter(access.reach(Permission.MANAGE_PEOPLE))
        .exclude(pk=home.pk)
        .order_by("tree_id", "lft")
    )


def _row(status: MemberStatus, home: Membership | None, access: Access, step: NextStep | None) -> StatusRow:
    is_guest = status.kind == StatusKind.FLOW_IN
    branch = status.branch if is_guest and status.branch else home.branch if home else None
    assert branch is not None
    # What arose before the member came here is the former branch's to tell.
    told = is_guest or (home is not None and status.starts_on >= home.starts_on)
    wanted = {StatusKind.LOST_CONTACT: NextStep.SUSPEND, StatusKind.SUSPENDED: NextStep.REMOVE}
    ends = [end for end in (home.branch if home else None, status.branch) if end is not None]
    return StatusRow(
        status=status,
        branch=branch,
        may_open=home is not None and access.may(Permission.VIEW, home.branch),
        may_change=any(access.may(Permission.MANAGE_PEOPLE, end) for end in ends),
        next_step=step if step == wanted.get(StatusKind(status.kind)) else None,
        reason=status.reason if told else "",
    )


def _since(rows: Iterable[MemberStatus], today: date) -> dict[int, dict[str, date]]:
    since: dict[int, dict[str, date]] = defaultdict(dict)
    for row in rows:
        if row.holds_on(today):
            since[row.person_id][row.kind] = row.starts_on
    return since


def _open(today: date) -> QuerySet[MemberStatus]:
    return MemberStatus.objects.valid().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))


def _below(organisation: Organisation, prefix: str) -> Q:
    return Q(
        **{
            f"{prefix}tree_id": organisation.tree_id,
            f"{prefix}lft__gte": organisation.lft,
            f"{prefix}rght__lte": organisation.rght,
        }
    )
