"""Which request is being served: read by audit entries and log lines, set by `foundation.middleware.RequestTrail`."""

import logging
from contextvars import ContextVar
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

request_id: ContextVar[str] = ContextVar("request_id", default="")
address: ContextVar[str] = ContextVar("address", default="")


def client_address(request: HttpRequest) -> str:
    """The address the request came from.

    X-Forwarded-For is believed only as far as the chain of `settings.TRUSTED_PROXIES` (addresses or networks) reaches;
    without one, it is what the client chose to write.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    while forwarded and is_trusted_proxy(peer):
        candidate = forwarded.pop()
        if _parse(candidate) is None:
            break
        peer = candidate
    return peer


def is_trusted_proxy(peer: str) -> bool:
    """Whether an address is one of `settings.TRUSTED_PROXIES`."""
    parsed = _parse(peer)
    return parsed is not None and any(parsed in ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)


def _parse(text: str):  # type: ignore[no-untyped-def]
    try:
        return ip_address(text)
    except ValueError:
        return None


class RequestFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs a failed request after its middleware has ended, so the number is looked for on the request, too.
        record.request_id = request_id.get() or getattr(getattr(record, "request", None), "number", "-")
        return True
