import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from foundation import trail
from foundation.middleware import PrivatePages, RequestTrail


def test_the_number_is_taken_back_after_an_error() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        RequestTrail(view)(RequestFactory().get("/"))
    assert trail.request_id.get() == ""


def test_a_request_has_its_number_and_the_next_has_another() -> None:
    seen: list[tuple[str, str]] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((trail.request_id.get(), trail.address.get()))
        return HttpResponse()

    middleware = RequestTrail(view)
    responses = [middleware(RequestFactory().get("/", REMOTE_ADDR="10.1.1.1")) for _ in range(2)]
    assert seen[0][0] != seen[1][0]
    assert seen[0][1] == "10.1.1.1"
    assert responses[0]["X-Request-Id"] == seen[0][0]
    assert trail.request_id.get() == ""


@pytest.mark.django_db
def test_a_log_line_carries_the_number_of_its_request(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(trail.RequestFilter())
    with caplog.at_level(logging.WARNING, "django.request"):
        response = client.get("/there-is-no-such-page")
    assert [record.request_id for record in caplog.records] == [response["X-Request-Id"]]  # type: ignore[attr-defined]


def test_a_page_is_private_unless_it_says_otherwise() -> None:
    request = RequestFactory().get("/")
    assert PrivatePages(lambda _: HttpResponse())(request)["Cache-Control"] == "private, no-cache"
    own = HttpResponse(headers={"Cache-Control": "private, no-store"})
    assert PrivatePages(lambda _: own)(request)["Cache-Control"] == "private, no-store"
