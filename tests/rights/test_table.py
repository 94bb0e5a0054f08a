"""Every URL × every member of the cast → status. A URL missing from the rows fails."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import tests.rights
from branches.models import User
from tests.cast import Cast
from tests.rights.row import EVERYBODY, Row

ROWS: list[Row] = [
    row
    for module in pkgutil.iter_modules(tests.rights.__path__)
    if not module.name.startswith("test_")
    for row in getattr(importlib.import_module(f"tests.rights.{module.name}"), "ROWS", [])
]
# Django's own site is checked in tests/config/test_admin_site.py; the health check is public.
NOT_OURS = {"admin", "healthz"}


def _names(resolver: URLResolver, namespace: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace not in NOT_OURS:
                found |= _names(pattern, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern) and pattern.name not in NOT_OURS:
            found.add(f"{namespace}:{pattern.name}" if namespace else str(pattern.name))
    return found


def test_no_url_is_missing_from_the_table() -> None:
    assert _names(get_resolver()) - {row.name for row in ROWS} == set()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, cast: Cast, client: Client, sign_in: Callable[[User], Client]) -> None:
    url = reverse(row.name, args=row.args(cast)) + row.query
    data = row.data(cast) if row.data else None

    def status() -> int:
        with transaction.atomic():
            response = client.post(url, data) if data is not None else client.get(url)
            if getattr(response, "streaming", False):
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
        return response.status_code

    assert status() == row.anonymous, "anonymous"
    got, wanted = {}, {}
    for name in EVERYBODY.split():
        client.logout()
        sign_in(cast.users[name])
        got[name] = status()
        wanted[name] = row.status if name in row.ok.split() else row.other
    assert got == wanted
