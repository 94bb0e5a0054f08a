from __future__ import annotations

from datetime import date, timedelta

from branches.models import Role, RoleAssignment
from branches.queries.why import WORDS, reasons_for
from branches.rights import Permission, access_of
from tests.cast import START, TODAY, Cast


def test_ended_future_and_foreign_roles_are_no_reason(cast: Cast) -> None:
    for starts_on, ends_on, at in (
        (START, TODAY - timedelta(days=1), cast.committee),
        (TODAY + timedelta(days=1), None, cast.committee),
        (START, None, cast.second),
        (START, None, cast.far),
    ):
        RoleAssignment.objects.create(
            user=cast.secretary, role=Role.AUDITOR, organisation=at, starts_on=starts_on, ends_on=ends_on
        )
    assert [reason.assignment.role for reason in reasons_for(cast.first, access_of(cast.secretary))] == [Role.SECRETARY]


def test_the_reasons_together_are_what_the_rights_answer(cast: Cast) -> None:
    for user in cast.users.values():
        access = access_of(user)
        for organisation in (cast.city, cast.committee, cast.first, cast.far):
            told = {permission for reason in reasons_for(organisation, access) for permission in reason.permissions}
            assert told == {permission for permission in Permission if access.may(permission, organisation)}


def test_the_nearest_role_comes_first_and_says_less_from_above(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    RoleAssignment.objects.create(
        user=cast.staff, role=Role.CONTACT_LEADER, organisation=cast.first, starts_on=date(2019, 1, 1)
    )
    with django_assert_num_queries(1):
        here, above = reasons_for(cast.first, access_of(cast.staff))
    assert (here.assignment.role, here.is_here) == (Role.CONTACT_LEADER, True)
    assert (above.assignment.role, above.is_here) == (Role.STAFF, False)
    assert Permission.DRAFT not in above.permissions
    assert Permission.REVIEW in above.permissions


def test_code_tables_are_kept_from_the_top_only(cast: Cast) -> None:
    RoleAssignment.objects.create(
        user=cast.nobody, role=Role.ADMINISTRATOR, organisation=cast.committee, starts_on=START
    )
    [reason] = reasons_for(cast.first, access_of(cast.nobody))
    assert Permission.MANAGE_CODES not in reason.permissions


def test_every_permission_has_words() -> None:
    assert set(WORDS) == set(Permission)
