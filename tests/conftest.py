from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from branches.models import User
from tests.cast import Cast, draw


class ReadingClient(Client):
    """Confirms as people do: reads the preview first, unless the test says which one was read."""

    def post(self, path: str, data: Any = None, *args: Any, **extra: Any) -> Any:
        if isinstance(data, dict) and data.get("step") == "confirm" and "digest" not in data:
            context = super().post(path, data | {"step": ""}).context
            if context is not None and "digest" in context:
                data = data | {"digest": context["digest"]}
        return super().post(path, data, *args, **extra)


@pytest.fixture
def client() -> Client:
    return ReadingClient()


@pytest.fixture
def defaults(db: None) -> None:
    """Code tables, kinds, rule texts, duty rules and the default scheme, as every installation has them."""
    call_command("load_defaults", verbosity=0)


@pytest.fixture
def cast(defaults: None) -> Cast:
    return draw()


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    """`sign_in(cast.secretary)` gives a client signed in as that user."""

    def sign(user: User) -> Client:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign
