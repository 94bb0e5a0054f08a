import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation import trail


class RequestTrail:
    """Gives every request a number and an address, for audit entries and log lines."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(8)
        tokens = trail.request_id.set(number), trail.address.set(trail.client_address(request))
        try:
            response = self.get_response(request)
        finally:
            trail.request_id.reset(tokens[0])
            trail.address.reset(tokens[1])
        response["X-Request-Id"] = number
        return response
