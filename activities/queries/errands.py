"""What the first page of an organisation above branches puts before the reader, beyond the records of the branches."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models import Activity
from activities.queries.duty_lists import YearRow, year_rows
from activities.queries.start import steps
from activities.rules.activities import State
from branches.models import Organisation, Role
from branches.queries.errands import Errand, administration
from branches.queries.start import top_of
from branches.queries.transfers import errands_of_transfers
from branches.rights import Access, Permission


def errands_of(node: Organisation, access: Access, at: datetime) -> list[Errand]:
    """The reader's own errands at `node`: the body's own records, and what falls to an administrator there."""
    found = setting_up(access) if access.top_id(Permission.MANAGE_ORGANISATIONS) == node.pk else []
    if access.may(Permission.DRAFT, node):
        found += own_records(node, access)
    if access.may_anywhere(Permission.TRANSFER):
        found += errands_of_transfers(node, access)
    if access.may(Permission.MANAGE_ACCOUNTS, node):
        found += administration(node, access, at)
    return found


def setting_up(access: Access) -> list[Errand]:
    """The steps of setting up that are still to do. At most 7 queries."""
    found = steps(top_of(access))
    number = sum(step.is_done for step in found)
    if number == len(found):
        return []
    detail = _("%(number)d of %(all)d steps done") % {"number": number, "all": len(found)}
    return [Errand("open", _("Setting up the system"), detail, reverse("start"), _("Go on"))]


def own_records(node: Organisation, access: Access) -> list[Errand]:
    """Records of a committee itself that were returned to it or are still drafts. 1 query."""
    found = []
    records = Activity.objects.within(access).filter(organisation=node, state__in=[State.RETURNED, State.DRAFT])
    for record in records.order_by("-state", "held_on", "pk"):
        is_returned = record.state == State.RETURNED
        said, verb = _("not handed in yet, counts for nothing so far"), _("Go on writing")
        if is_returned:
            said, verb = _("returned to this organisation"), _("Revise")
        url = reverse("activities:edit", args=[record.pk])
        found.append(Errand(str(record.state), record.title or _("untitled"), said, url, verb))
    return found


def gaps_of(node: Organisation, access: Access, limit: int) -> list[YearRow]:
    """For an auditor, the branches with the most gaps of the running year; for everybody else nothing. 9 queries."""
    if not access.has_role(Role.AUDITOR) or access.may(Permission.REVIEW, node):
        return []
    rows, _rules = year_rows(node, access.day.year, access.day)
    return [row for row in rows if row.gaps][:limit]
