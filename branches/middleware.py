from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from branches.rights import access_of


class AccessMiddleware:
    """Gives every request its `access`, and holds a user with a one-time password at the change form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = access_of(request.user)  # type: ignore[attr-defined,arg-type]
        request.organisation = None  # type: ignore[attr-defined]
        if request.user.is_authenticated and request.user.must_change_password:
            allowed = {reverse("branches:password_change"), reverse("branches:logout")}
            if request.path not in allowed and not request.path.startswith("/static/"):
                return redirect("branches:password_change")
        return self.get_response(request)
