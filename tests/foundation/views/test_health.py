from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client


@pytest.mark.django_db
def test_a_dead_database_is_unhealthy(client: Client) -> None:
    with patch("foundation.views.health.connection.cursor", side_effect=OperationalError):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": False, "files": True}


@pytest.mark.django_db
def test_strangers_may_ask(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "files": True}
