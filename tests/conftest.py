from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client

from branches.models import User
from tests.cast import Cast, draw


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
