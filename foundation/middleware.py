import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation import trail

GetResponse = Callable[[HttpRequest], HttpResponse]


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
