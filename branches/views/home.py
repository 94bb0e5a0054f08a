from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from branches.models import Organisation, Role
from branches.queries.start import is_begun, is_empty
from branches.rights import Access, AccessRequest


def home(request: AccessRequest) -> HttpResponse:
    """Where today's work is: the desk of one's committee or one's branch; a contact leader's own meetings.

    In a new system it is its setting up, until branches, people and accounts are there.
    """
    if _guides_above_all(request.access):
        return redirect("activities:contact_points_mine")
    organisation = Organisation.objects.filter(pk=request.access.home_id()).first()
    if organisation is None and is_empty():
        return redirect("start")
    if organisation is None:
        return render(request, "branches/accounts/no_role.html")
    return redirect("start" if is_begun(request.access) else workplace_url(organisation))


def _guides_above_all(access: Access) -> bool:
    """A contact leader who neither writes for a branch nor works in the office or on the accounts."""
    if not access.has_role(Role.CONTACT_LEADER) or access.has_role(Role.STAFF, Role.RECORDER, Role.ADMINISTRATOR):
        return False
    home = Organisation.objects.filter(pk=access.home_id([Role.SECRETARY])).first()
    return home is None or not home.is_branch


def workplace_url(organisation: Organisation) -> str:
    return reverse("activities:branch" if organisation.is_branch else "activities:desk", args=[organisation.code])
