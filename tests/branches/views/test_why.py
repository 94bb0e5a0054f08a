from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from branches.models import RoleAssignment, User
from tests.cast import Cast

SignIn = Callable[[User], Client]


def test_out_of_reach_it_does_not_exist(cast: Cast, sign_in: SignIn) -> None:
    for user in (cast.neighbour, cast.stranger, cast.nobody):
        assert sign_in(user).get("/organisations/first/why/").status_code == 404
    assert sign_in(cast.secretary).get("/organisations/committee/why/").status_code == 404


def test_it_names_role_place_time_and_giver(cast: Cast, sign_in: SignIn) -> None:
    RoleAssignment.objects.filter(user=cast.staff).update(granted_by=cast.admin)
    page = sign_in(cast.staff).get("/organisations/first/why/").content.decode()
    for words in ("党务工作人员", "水利局机关党委", "2018年1月1日", ">admin<", "审核"):
        assert words in page
    assert "王建国" not in page


def test_the_menu_leads_to_it(cast: Cast, sign_in: SignIn) -> None:
    assert 'href="/organisations/first/why/"' in sign_in(cast.secretary).get("/organisations/first/").content.decode()
    assert "/why/" not in sign_in(cast.nobody).get("/").content.decode()
