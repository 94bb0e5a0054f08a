import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from foundation import trail
from foundation.middleware import RequestTrail


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "expected"),
    [
        ([], "10.0.0.9", "1.2.3.4", "10.0.0.9"),  # nobody is believed
        (["10.0.0.1"], "10.0.0.9", "1.2.3.4", "10.0.0.9"),  # a stranger is not
        (["10.0.0.1"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "192.168.3.4", "192.168.3.4"),
        (["10.0.0.1"], "10.0.0.1", "6.6.6.6, 192.168.3.4", "192.168.3.4"),  # what the client wrote comes first
        (["10.0.0.0/24"], "10.0.0.1", "192.168.3.4, 10.0.0.2", "192.168.3.4"),
        (["10.0.0.1"], "10.0.0.1", "not an address", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_client_address(settings: Settings, proxies: list[str], peer: str, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert trail.client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **headers)) == expected


def test_a_request_has_its_number_and_the_next_has_another() -> None:
    seen: list[tuple[str, str]] = []

    def view(request: object) -> HttpResponse:
        seen.append((trail.request_id.get(), trail.address.get()))
        return HttpResponse()

    middleware = RequestTrail(view)
    responses = [middleware(RequestFactory().get("/", REMOTE_ADDR="10.1.1.1")) for _ in range(2)]
    assert seen[0][0] != seen[1][0]
    assert seen[0][1] == "10.1.1.1"
    assert responses[0]["X-Request-Id"] == seen[0][0]
    assert trail.request_id.get() == ""


def test_the_number_is_taken_back_after_an_error() -> None:
    def view(request: object) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        RequestTrail(view)(RequestFactory().get("/"))
    assert trail.request_id.get() == ""
