import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from branches.models import Organisation, Role, RoleAssignment, User
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_without_an_organisation_it_says_what_to_give(defaults: None) -> None:
    with pytest.raises(CommandError, match="--organisation"):
        call_command("create_administrator", "admin", "系统管理员", "city")
    assert not User.objects.exists()


def test_a_taken_name_founds_nothing(cast: Cast) -> None:
    before = Organisation.objects.count()
    with pytest.raises(CommandError):
        call_command("create_administrator", cast.admin.username, "某", "new", "--organisation", "新工委")
    assert Organisation.objects.count() == before


def test_an_empty_system_gets_its_first_administrator(client: Client, defaults: None) -> None:
    output = io.StringIO()
    call_command("create_administrator", "admin", "系统管理员", "city", "--organisation", "市直机关工委", stdout=output)
    assignment = RoleAssignment.objects.get()
    assert (assignment.role, assignment.organisation.name) == (Role.ADMINISTRATOR, "市直机关工委")
    password = output.getvalue().rsplit(maxsplit=1)[-1].rpartition("：")[2]
    response = client.post(reverse("branches:login"), {"username": "admin", "password": password})
    assert response.status_code == 302
    assert client.get("/").url == reverse("branches:password_change")  # type: ignore[attr-defined]
