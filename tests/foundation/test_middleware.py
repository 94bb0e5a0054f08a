import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from foundation import trail
from foundation.middleware import PrivatePages, ProxyHeaders, RequestTrail
from tests.activities.records import draft
from tests.cast import Cast


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


def test_only_a_trusted_proxy_is_believed_about_https(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/24"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    seen: list[bool] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.is_secure())
        return HttpResponse()

    for peer in ("192.168.1.7", "", "10.0.0.3"):
        headers = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_PROTO": "https"}
        ProxyHeaders(view)(RequestFactory().get("/", **headers))
    assert seen == [False, False, True]


@pytest.mark.django_db
def test_the_header_of_a_stranger_reaches_no_page(client: Client, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    response = client.get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert not response.wsgi_request.is_secure()


REFUSED = "无法保存的字符"


@pytest.mark.django_db
def test_a_nul_is_refused_with_a_sentence(cast: Cast, client: Client) -> None:
    client.force_login(cast.staff, backend="django.contrib.auth.backends.ModelBackend")
    answers = [
        client.get("/switcher/", {"q": "a\0b"}),
        client.get("/organisations/first/activities/", {"\0": "x"}),
        client.post("/search/", {"q": "\0"}),
        client.post("/organisations/first/activities/new/", {"kinds": ["members_meeting", "a\0b"]}),
        client.get("/admin/branches/nation/a%00b/change/"),
    ]
    assert [answer.status_code for answer in answers] == [400] * len(answers)
    assert all(REFUSED in answer.content.decode() for answer in answers)
    assert "default-src 'self'" in answers[0]["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_nul_in_the_session_s_cookie_is_refused(client: Client) -> None:
    answer = client.get("/login/", headers={"cookie": 'sessionid="abcdefgh\\000ijk"'})
    assert answer.status_code == 400
    assert REFUSED in answer.content.decode()


@pytest.mark.django_db
def test_a_file_may_hold_any_bytes(cast: Cast, client: Client) -> None:
    client.force_login(cast.secretary, backend="django.contrib.auth.backends.ModelBackend")
    upload = SimpleUploadedFile("讲稿.pdf", b"%PDF-1.4\n\0\0%%EOF\n")
    record = draft(cast)
    assert client.post(f"/activities/{record.pk}/attachments/", {"files-paper": upload}).status_code == 302
    assert record.attachments.count() == 1


@pytest.mark.django_db
def test_a_forged_form_is_refused_before_it_is_looked_at(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/login/", {"username": "a\0b", "password": "x"}).status_code == 403
