from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from branches.models import Organisation
from branches.rights import AccessRequest


def home(request: AccessRequest) -> HttpResponse:
    """Where today's work is: the desk of one's committee or one's branch."""
    organisation = Organisation.objects.filter(pk=request.access.home_id()).first()
    if organisation is None:
        return render(request, "branches/accounts/no_role.html")
    return redirect(workplace_url(organisation))


def workplace_url(organisation: Organisation) -> str:
    return reverse("activities:branch" if organisation.is_branch else "activities:desk", args=[organisation.code])
