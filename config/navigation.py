"""What surrounds every page: menu, breadcrumbs, reminders, banner.

Everything is worked out only when a template asks for it, so that a page fragment or an error page costs no query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.models import Activity
from activities.queries.reviews import waiting_for
from activities.rules.activities import State
from branches.models import Organisation, Role
from branches.rights import Access, Permission
from branches.views.home import workplace_url
from foundation.clock import business_date

# Pages that stand in no menu belong to the entry of the list they are opened from.
BELONGS_TO = {
    "activities:activity": "activities:list",
    "activities:edit": "activities:list",
    "activities:duty": "activities:desk",
    "activities:duties": "activities:desk",
    "activities:duty_rule": "activities:duty_rules",
    "activities:duty_rule_end": "activities:duty_rules",
    "activities:exemptions": "activities:duty_rules",
    "activities:exemption_new": "activities:duty_rules",
    "activities:exemption_end": "activities:duty_rules",
    "activities:result": "activities:results",
    "activities:result_edit": "activities:results",
    "activities:result_end": "activities:results",
    "activities:result_withdraw": "activities:results",
    "branches:person": "branches:roster",
    "branches:flow_in": "branches:roster",
    "branches:membership_end": "branches:roster",
    "branches:status_begin": "branches:roster",
    "branches:status_end": "branches:roster",
    "branches:statuses": "branches:roster",
    "branches:transfer_accept": "branches:roster",
    "branches:transfer_ask": "branches:roster",
    "branches:transfer_in": "branches:roster",
    "branches:transfer_out": "branches:roster",
    "branches:transfer_receipt": "branches:roster",
    "branches:transfer_refuse": "branches:roster",
    "branches:transfer_revoke": "branches:roster",
    "branches:transfers": "branches:roster",
    "branches:member_new": "branches:roster",
    "branches:member_change": "branches:roster",
    "branches:person_merge": "branches:roster",
    "branches:data_quality": "branches:roster",
    "branches:probation": "branches:roster",
    "activities:handover": "branches:organisations",
    "branches:election": "branches:roster",
    "branches:election_new": "branches:roster",
    "branches:election_reply": "branches:roster",
    "branches:elections": "branches:roster",
    "branches:probations": "branches:roster",
    "branches:probation_take_back": "branches:roster",
    "branches:account": "branches:accounts",
    "branches:role_grant": "branches:accounts",
    "branches:account_password": "branches:accounts",
    "reports:overview": "reports:latest",
    "reports:summary": "reports:latest",
    "reports:summary_records": "reports:latest",
    "reports:sheet": "reports:latest",
    "reports:scores": "reports:latest",
    "reports:evidence": "reports:latest",
}
WORKPLACES = {"activities:desk", "activities:branch"}  # the menu has the one that fits the organisation
# Likewise where guidance and checks begin, and every page behind their segment.
SUPERVISION = {
    *("contact_points", "contact_point_new", "contact_points_mine", "plan", "guidance_judge", "guidance_remark"),
    *("work_lists", "work_list_new", "work_list", "work_list_edit", "work_list_withdraw", "tasks", "task"),
    *("checks", "checkup", "checkup_new", "findings", "findings_print", "finding", "finding_new"),
    *("finding_from_check", "finding_from_record", "finding_from_duty", "finding_from_commitment"),
    *("finding_rectify", "finding_close", "finding_send_back", "finding_extend", "finding_withdraw"),
}
Wanted = tuple[Permission, str, str, list[Any]]  # permission, label, page, arguments of its address


@dataclass
class Entry:
    label: str
    page: str
    url: str
    count: int = 0
    current: bool = False


@dataclass
class Group:
    label: str
    entries: list[Entry]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The context of `templates/base.html`."""
    context: dict[str, Any] = {"demo_banner": demo_banner(), "business_date": business_date()}
    user = getattr(request, "user", None)
    if user is None or not hasattr(request, "access") or not user.is_authenticated or user.must_change_password:
        return context
    frame = Frame(request, request.access)
    return context | {
        "session_seconds": settings.SESSION_COOKIE_AGE,
        "navigation": SimpleLazyObject(lambda: frame.groups),
        "current_organisation": SimpleLazyObject(lambda: frame.organisation),
        "breadcrumbs_organisations": SimpleLazyObject(frame.breadcrumbs),
        "reminders": SimpleLazyObject(lambda: {"url": frame.reminders_url, "count": frame.waiting}),
    }


def demo_banner() -> str:
    if not settings.DEMO:
        return ""
    day = format_date(business_date(), pgettext("date format", "j M Y"))
    return _("Demonstration: the business date is %(day)s, all people are invented.") % {"day": day}


class Frame:
    """Menu and breadcrumbs for one request of a signed-in user."""

    def __init__(self, request: HttpRequest, access: Access) -> None:
        self.request = request
        self.access = access

    @cached_property
    def organisation(self) -> Organisation | None:
        """The organisation of the page; on pages that belong to none (review queue, search) where the user works.

        The review queue is given by the role of the office, which comes first in `Access.home_id`.
        """
        if self.request.organisation is not None:  # type: ignore[attr-defined]
            return self.request.organisation  # type: ignore[attr-defined]
        return Organisation.objects.filter(pk=self.access.home_id()).first()

    @cached_property
    def reviews(self) -> bool:
        """Staff, and the secretary of a committee: at the top of a tree its own records come back to it."""
        here = self.organisation
        own = here is not None and not here.is_branch and self.access.home_id([Role.SECRETARY]) == here.pk
        return own or self.access.may_anywhere(Permission.REVIEW)

    @cached_property
    def waiting(self) -> int:
        """What waits for this user: records to review, or for those who write them the returned ones. 1 query."""
        if self.reviews:
            return waiting_for(self.access).count()
        if not self.access.may_anywhere(Permission.DRAFT):
            return 0
        returned = Activity.objects.filter(self.access.reach(Permission.DRAFT, "organisation__"), state=State.RETURNED)
        return returned.count()

    @property
    def reminders_url(self) -> str:
        """Where what waits can be done; those who neither review nor write have no reminders."""
        if self.reviews:
            return reverse("activities:review")
        home = Organisation.objects.filter(pk=self.access.home_id()).first() if self.waiting else None
        return workplace_url(home) if home else ""

    @cached_property
    def groups(self) -> list[Group]:
        here = self.organisation
        if here is None:
            return []
        groups = [
            Group(_("Work"), self.entries(self.work(here), here)),
            Group(_("Organisations and people"), self.entries(self.people(here), here)),
            Group(_("Management"), self.entries(self.management(here), here)),
        ]
        mark_current([entry for group in groups for entry in group.entries], self.request)
        return [group for group in groups if group.entries]

    def work(self, here: Organisation) -> list[Wanted]:
        mine = self.access.has_role(Role.SECRETARY, Role.RECORDER)
        workplace: Wanted = (Permission.VIEW, _("Desk"), "activities:desk", [here.code])
        if here.is_branch:
            workplace = (Permission.VIEW, _("My branch") if mine else _("Branch"), "activities:branch", [here.code])
        review: Wanted = (Permission.VIEW, _("Records to review"), "activities:review", [])
        return [
            workplace,
            *([review] if self.reviews else []),
            (Permission.VIEW, _("Activities"), "activities:list", [here.code]),
            (Permission.VIEW, pgettext("achievement", "Results"), "activities:results", [here.code]),
            self.supervision(here),
            (Permission.VIEW, _("Yearly assessment"), "reports:latest", [here.code]),
        ]

    def supervision(self, here: Organisation) -> Wanted:
        """Those above begin with contact points, a branch with what is asked of it, a contact leader with theirs."""
        label = _("Guidance and checks")
        if here.is_branch and self.access.may(Permission.RECTIFY, here):
            return Permission.RECTIFY, label, "activities:tasks", [here.code]
        if self.access.may(Permission.SUPERVISE, here):
            page = "activities:tasks" if here.is_branch else "activities:contact_points"
            return Permission.SUPERVISE, label, page, [here.code]
        if self.access.may_anywhere(Permission.GUIDE):
            return Permission.GUIDE, label, "activities:contact_points_mine", []
        return Permission.VIEW, label, "activities:findings", [here.code]

    def people(self, here: Organisation) -> list[Wanted]:
        return [
            (Permission.VIEW, _("Organisations"), "branches:organisations", []),
            (Permission.VIEW, _("Members"), "branches:roster", [here.code]),
        ]

    def management(self, here: Organisation) -> list[Wanted]:
        return [
            (Permission.VIEW, _("Duty rules"), "activities:duty_rules", [here.code, business_date().year]),
            (Permission.MANAGE_ACCOUNTS, _("Accounts and roles"), "branches:accounts", [here.code]),
            (Permission.SEE_TRAIL, _("Audit trail"), "branches:trail", [here.code]),
            (Permission.MANAGE_CODES, _("Code tables"), "admin:index", []),
        ]

    def entries(self, wanted: list[Wanted], here: Organisation) -> list[Entry]:
        """The entries the user may open: pages of an organisation by the rights there, others by any right."""
        found = []
        for permission, label, page, args in wanted:
            if self.access.may(permission, here) if args else self._may(permission):
                count = self.waiting if page == "activities:review" else 0
                found.append(Entry(label, page, reverse(page, args=args), count))
        return found

    def _may(self, permission: Permission) -> bool:
        if permission == Permission.MANAGE_CODES:
            return self.access.top_id(permission) is not None
        return self.access.may_anywhere(permission)

    def breadcrumbs(self) -> list[tuple[str, str]]:
        """(name, address) of the page's organisation and those above it; out of reach without address."""
        organisation = self.request.organisation  # type: ignore[attr-defined]
        if organisation is None:
            return []
        above = organisation.get_ancestors(include_self=True) if organisation.parent_id else [organisation]
        return [
            (node.short_name, workplace_url(node) if self.access.may(Permission.VIEW, node) else "") for node in above
        ]


def mark_current(entries: list[Entry], request: HttpRequest) -> None:
    """Mark the entry of this page: the one it belongs to, else the one whose address its own address begins with."""
    match = request.resolver_match
    page = BELONGS_TO.get(match.view_name, match.view_name) if match else ""
    page = getattr(request, "menu_page", page)
    supervision = {f"activities:{name}" for name in SUPERVISION}
    hits = [
        entry
        for entry in entries
        if entry.page == page or {entry.page, page} == WORKPLACES or {entry.page, page} <= supervision
    ] or sorted((entry for entry in entries if request.path.startswith(entry.url)), key=lambda entry: -len(entry.url))
    if hits:
        hits[0].current = True
