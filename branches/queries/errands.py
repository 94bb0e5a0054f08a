"""What an administrator has to see to today: one line for each kind of thing, with the page where it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from branches.models import Batch, Organisation, Role, RoleAssignment, Term, User
from branches.models.organisations import OrganisationQuerySet
from branches.queries.accounts import account_state, accounts_at, accounts_in_charge
from branches.queries.batches import CONFIRMED, PERMISSIONS
from branches.rights import Access, Permission
from foundation.models.jobs import JobState

AHEAD = timedelta(days=90)  # an election is prepared some months before the term ends
REMEMBERED = timedelta(days=30)  # an unusable file nobody came back to is forgotten after that
NAMED = 3
_WAITING = (Batch.State.MAPPING, Batch.State.PLANNED, Batch.State.STOPPED)
_AT_WORK = (Batch.State.PLANNING, Batch.State.APPLYING, Batch.State.UNDOING)
_ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True)
class Errand:
    """A line of a to-do list: a key of `{% status %}`, what it is, whom it concerns, and where it is done."""

    status: str
    title: str
    detail: str
    url: str
    verb: str


def administration(organisation: Organisation, access: Access, at: datetime) -> list[Errand]:
    """What waits for an administrator at or below `organisation`, the most pressing first. 5 queries."""
    return [
        *_imports(organisation, access, at),
        *_passwords(organisation, access, at),
        *_secretaries(organisation, access),
        *_terms(organisation, access),
        *_contacts(organisation, access),
    ]


def named(names: Iterable[str]) -> str:
    """The first few names, and how many there are where they are more."""
    names = list(names)
    shown = _(", ").join(names[:NAMED])
    if len(names) <= NAMED:
        return shown
    text = pgettext("whom it concerns", "%(names)s and %(number)d more")
    return text % {"names": shown, "number": len(names) - NAMED}


def _imports(organisation: Organisation, access: Access, at: datetime) -> list[Errand]:
    """Imports that wait for somebody, as far as their pages can be opened. 1 query."""
    may_bring_in = Q()
    for subject, permission in PERMISSIONS.items():
        may_bring_in |= Q(access.reach(permission, "organisation__"), subject=subject)
    batches = (
        Batch.objects.filter(may_bring_in, organisation__in=Organisation.objects.under(organisation))
        .filter(Q(uploaded_by=access.user.pk) | Q(state__in=CONFIRMED), purged_at__isnull=True)
        .filter(
            Q(state__in=_WAITING)
            | Q(state=Batch.State.FAILED, uploaded_at__gte=at - REMEMBERED)
            | Q(state__in=_AT_WORK, job__state__in=_ENDED)
        )
        .select_related("organisation")
        .order_by("-uploaded_at")[:NAMED]
    )
    return [_of_import(batch) for batch in batches]


def _of_import(batch: Batch) -> Errand:
    status, title, verb = "failed", _("The import “%(file)s” failed"), _("See why")
    if batch.state == Batch.State.PLANNED:
        status, title = "waiting", _("The import “%(file)s” waits for your confirmation")
        verb = _("Check the changes")
    elif batch.state == Batch.State.MAPPING:
        status, title = "waiting", _("The import “%(file)s” waits for its columns to be chosen")
        verb = _("Choose the columns")
    elif batch.state == Batch.State.STOPPED:
        status, title = "waiting", _("The import “%(file)s” was stopped half-way")
        verb = _("Resume or undo it")
    elif batch.state in _AT_WORK:
        title, verb = _("The import “%(file)s” was interrupted"), _("Resume it")
    url = reverse("branches:batch", args=[batch.pk])
    return Errand(status, title % {"file": batch.file_name}, batch.organisation.short_name, url, verb)


def _passwords(organisation: Organisation, access: Access, at: datetime) -> list[Errand]:
    accounts = list(
        User.objects.filter(
            pk__in=accounts_at(organisation, access).order_by().values("pk"), is_active=True, must_change_password=True
        )
        .filter(pk__in=accounts_in_charge(access).values("pk"))
        .order_by("name", "pk")
    )
    expired = [account for account in accounts if account_state(account, at) == "expired"]
    unused = [account for account in accounts if account not in expired]
    found = []
    if expired:
        title = ngettext(
            "%(number)d one-time password expired unused", "%(number)d one-time passwords expired unused", len(expired)
        )
        found.append(_of_accounts("overdue", title, expired, organisation, _("Give a new one")))
    if unused:
        title = ngettext(
            "%(number)d account has not been signed in to yet",
            "%(number)d accounts have not been signed in to yet",
            len(unused),
        )
        found.append(_of_accounts("open", title, unused, organisation, _("See the accounts")))
    return found


def _of_accounts(status: str, title: str, accounts: list[User], organisation: Organisation, verb: str) -> Errand:
    url = reverse("branches:accounts", args=[organisation.code])
    if len(accounts) == 1:
        url = reverse("branches:account", args=[accounts[0].pk])
    return Errand(status, title % {"number": len(accounts)}, named(account.name for account in accounts), url, verb)


def _secretaries(organisation: Organisation, access: Access) -> list[Errand]:
    holders = RoleAssignment.objects.active_on(access.day).filter(
        role=Role.SECRETARY, organisation=OuterRef("pk"), user__is_active=True
    )
    without = list(_branches(organisation, access, Permission.MANAGE_ACCOUNTS).filter(~Exists(holders)))
    if not without:
        return []
    title = ngettext(
        "%(number)d branch has no secretary's account", "%(number)d branches have no secretary's account", len(without)
    )
    url = reverse("branches:account_new", args=[without[0].code])
    return [_of_branches("open", title, without, url, _("Open an account"))]


def _terms(organisation: Organisation, access: Access) -> list[Errand]:
    running = (
        Term.objects.valid()
        .filter(
            access.reach(Permission.MANAGE_PEOPLE, "organisation__"),
            organisation__in=Organisation.objects.under(organisation).existing_on(access.day),
            ends_on__isnull=True,
            expires_on__lte=access.day + AHEAD,
        )
        .select_related("organisation")
        .order_by("expires_on", "organisation__lft")
    )
    terms = list(running)
    if not terms:
        return []
    status = "overdue" if terms[0].expires_on < access.day else "soon"
    title = ngettext(
        "%(number)d term ends within 90 days or has ended",
        "%(number)d terms end within 90 days or have ended",
        len(terms),
    )
    url = reverse("branches:organisation", args=[terms[0].organisation.code])
    return [_of_branches(status, title, [term.organisation for term in terms], url, _("See the term"))]


def _contacts(organisation: Organisation, access: Access) -> list[Errand]:
    """Branches nobody guides, neither at the branch nor from above."""
    guided = RoleAssignment.objects.active_on(access.day).filter(
        role=Role.CONTACT_LEADER,
        organisation__tree_id=OuterRef("tree_id"),
        organisation__lft__lte=OuterRef("lft"),
        organisation__rght__gte=OuterRef("rght"),
    )
    without = list(_branches(organisation, access, Permission.MANAGE_ACCOUNTS).filter(~Exists(guided)))
    if not without:
        return []
    title = ngettext(
        "%(number)d branch has no contact leader", "%(number)d branches have no contact leader", len(without)
    )
    url = reverse("branches:accounts", args=[organisation.code])
    return [_of_branches("open", title, without, url, _("Give the role"))]


def _branches(organisation: Organisation, access: Access, permission: Permission) -> OrganisationQuerySet:
    below = Organisation.objects.within(access, permission).under(organisation)
    return below.branches().existing_on(access.day).order_by("tree_id", "lft")


def _of_branches(status: str, title: str, branches: list[Organisation], url: str, verb: str) -> Errand:
    return Errand(status, title % {"number": len(branches)}, named(str(branch) for branch in branches), url, verb)
