from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from branches.rights import access_of
from branches.views.sessions import sign_in_again
from foundation.clock import now


class AccessMiddleware:
    """Gives every request its `access`, and holds a user with a one-time password at the change form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = access_of(request.user)  # type: ignore[attr-defined,arg-type]
        request.organisation = None  # type: ignore[attr-defined]
        if request.user.is_authenticated and request.user.must_change_password:
            allowed = {reverse("branches:password_change"), reverse("branches:logout"), reverse("set_language")}
            if request.path not in allowed and not request.path.startswith("/static/"):
                return redirect("branches:password_change")
        response = self.get_response(request)
        _remember_organisation(request, response)
        return response


class LoginRequired(LoginRequiredMiddleware):
    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        return sign_in_again(request)


class SessionActivity:
    """A session lives on while a person works; what a script asks by itself (X-Background) does not prolong it.

    A session is saved, and so prolonged, only when something in it has changed: the time of the last request does that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "X-Background" not in request.headers and request.user.is_authenticated:
            request.session["active_at"] = int(now().timestamp())
            request.session.modified = True  # also twice within one second
        return self.get_response(request)


def _remember_organisation(request: HttpRequest, response: HttpResponse) -> None:
    """The switcher is asked for by a page that names a record or a person, not the organisation: it is the last one."""
    organisation = request.organisation  # type: ignore[attr-defined]
    if organisation is None or response.status_code != 200 or "X-Background" in request.headers:
        return
    if request.session.get("organisation") != organisation.pk:
        request.session["organisation"] = organisation.pk
