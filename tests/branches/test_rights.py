from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import RequestFactory

from branches.models import Organisation, Role, RoleAssignment
from branches.rights import MATRIX, Access, Permission, organisation_or_404
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db


def test_nobody_reaches_nothing(cast: Cast) -> None:
    access = Access(cast.nobody, TODAY)
    assert not Organisation.objects.within(access, Permission.VIEW).exists()
    assert not access.may_anywhere(Permission.VIEW)


def test_out_of_reach_and_not_there_answer_alike(cast: Cast) -> None:
    request = RequestFactory().get("/")
    request.access = Access(cast.secretary, TODAY)
    for code in ("second", "far", "no-such-code"):
        with pytest.raises(Http404) as caught:
            organisation_or_404(request, code, Permission.VIEW)
        assert str(caught.value) == ""


def test_an_ended_role_gives_nothing(cast: Cast) -> None:
    RoleAssignment.objects.filter(user=cast.secretary).update(ends_on=TODAY - timedelta(days=1))
    assert not Access(cast.secretary, TODAY).may(Permission.VIEW, cast.first)
    assert Access(cast.secretary, TODAY - timedelta(days=1)).may(Permission.VIEW, cast.first)


def test_a_deactivated_account_gives_nothing(cast: Cast) -> None:
    cast.secretary.is_active = False
    assert not Access(cast.secretary, TODAY).may(Permission.VIEW, cast.first)


def test_list_filter_and_object_check_agree_for_every_role_and_permission(cast: Cast) -> None:
    everything = list(Organisation.objects.all())
    for user in cast.users.values():
        access = Access(user, TODAY)
        for permission in Permission:
            listed = set(Organisation.objects.within(access, permission).values_list("pk", flat=True))
            checked = {organisation.pk for organisation in everything if access.may(permission, organisation)}
            assert listed == checked, (user.username, permission)


def test_staff_write_their_own_records_only(cast: Cast) -> None:
    access = Access(cast.staff, TODAY)
    assert access.may(Permission.DRAFT, cast.committee)
    assert not access.may(Permission.DRAFT, cast.first)
    assert access.may(Permission.REVIEW, cast.first)


def test_two_roles_add_up(cast: Cast) -> None:
    RoleAssignment.objects.create(user=cast.secretary, role=Role.AUDITOR, organisation=cast.second, starts_on=TODAY)
    access = Access(cast.secretary, TODAY)
    assert access.may(Permission.SUBMIT, cast.first)
    assert access.may(Permission.VIEW, cast.second)
    assert not access.may(Permission.SUBMIT, cast.second)


def test_every_role_has_its_row_in_the_matrix() -> None:
    assert set(MATRIX) == set(Role.values)
    assert all(Permission.VIEW in permissions for permissions in MATRIX.values())


def test_access_is_one_query_a_request(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    access = Access(cast.staff, TODAY)
    with django_assert_num_queries(1):
        for organisation in (cast.first, cast.second, cast.far):
            access.may(Permission.VIEW, organisation)
        access.reach(Permission.REVIEW)
