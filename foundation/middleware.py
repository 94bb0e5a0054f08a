import secrets
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from foundation import trail

GetResponse = Callable[[HttpRequest], HttpResponse]


class ProxyHeaders:
    """Only a trusted proxy may say that the client came by HTTPS; from anybody else the header is dropped unread."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not trail.is_trusted_proxy(str(request.META.get("REMOTE_ADDR", ""))):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return self.get_response(request)


class RequestTrail:
    """Gives every request a number and an address, for audit entries and log lines."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(8)
        request.number = number  # type: ignore[attr-defined]
        tokens = trail.request_id.set(number), trail.address.set(trail.client_address(request))
        try:
            response = self.get_response(request)
        finally:
            trail.request_id.reset(tokens[0])
            trail.address.reset(tokens[1])
        response["X-Request-Id"] = number
        return response


class PrivatePages:
    """Keeps pages out of shared caches, and lets the browser ask again before it shows an old one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"
        return response


class PlainText:
    """Refuses a text with the character NUL in it: no keyboard types it, and PostgreSQL cannot keep it.

    What was posted is read only once the view is known: after the CSRF middleware, which has read it then.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The session is looked up by its cookie long before there is a view.
        return _refused() if _has_nul(request.COOKIES.values()) else self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        return _refused() if _has_nul(chain([request.path], _texts(request.GET), _texts(request.POST))) else None


def _texts(data: QueryDict) -> Iterable[str]:
    return chain(data.keys(), *(values for _name, values in data.lists()))


def _has_nul(texts: Iterable[str]) -> bool:
    return any("\0" in text for text in texts)


def _refused() -> HttpResponse:
    problem = _(
        "It contains a character that cannot be kept. Go back, delete the text, type it anew and send it again."
    )
    return HttpResponseBadRequest(render_to_string("400.html", {"problem": problem}))
