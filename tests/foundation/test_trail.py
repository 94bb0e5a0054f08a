import pytest
from django.test import RequestFactory
from pytest_django import Settings

from foundation import trail


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
