from datetime import date, timedelta

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import ValidationError

from branches.actions.accounts import (
    change_password,
    deactivate,
    end_role,
    grant_role,
    issue_password,
    open_account,
    reactivate,
)
from branches.models import Role, RoleAssignment, User
from branches.rights import Permission, access_of
from foundation.clock import now
from foundation.models import AuditEntry
from tests.cast import TODAY, Cast


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))[-3:]


def test_a_taken_user_name_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        open_account(name="新人", username="secretary", role=Role.RECORDER, organisation=cast.first, by=cast.admin)
    assert "username" in refused.value.message_dict


def test_a_role_that_does_not_fit_opens_no_account(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        open_account(name="新人", username="new", role=Role.STAFF, organisation=cast.first, by=cast.admin)
    assert not User.objects.filter(username="new").exists()


def test_a_role_is_not_given_twice(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        grant_role(account=cast.secretary, role=Role.SECRETARY, organisation=cast.first, by=cast.admin)


def test_no_role_at_a_revoked_organisation(cast: Cast) -> None:
    cast.retired.ended_on = TODAY - timedelta(days=1)
    cast.retired.save(update_fields=["ended_on"])
    with pytest.raises(ValidationError) as refused:
        grant_role(account=cast.nobody, role=Role.SECRETARY, organisation=cast.retired, by=cast.admin)
    assert "organisation" in refused.value.message_dict


def test_open_account(cast: Cast) -> None:
    account, password = open_account(
        name="王建国", person=cast.people["second1"], role=Role.RECORDER, organisation=cast.second, by=cast.admin
    )
    assert account.username == "wjg"
    assert account.check_password(password)
    assert account.must_change_password
    assert timedelta(days=6) < account.one_time_password_expires_at - now() <= timedelta(days=7)
    assert access_of(account).may(Permission.DRAFT, cast.second)
    assert verbs()[-2:] == ["account.open", "role.grant"]
    assert password not in str(list(AuditEntry.objects.values()))


def test_a_role_ends_at_once(cast: Cast) -> None:
    role = cast.secretary.roles.get()
    end_role(assignment=role, by=cast.admin)
    assert not access_of(cast.secretary).may(Permission.VIEW, cast.first)
    role.refresh_from_db()
    assert role.ends_on == date(2020, 10, 25)
    assert not role.is_void


def test_a_role_given_today_never_counted_once_it_ends(cast: Cast) -> None:
    role = grant_role(account=cast.nobody, role=Role.RECORDER, organisation=cast.first, by=cast.admin)
    end_role(assignment=role, by=cast.admin)
    assert not access_of(cast.nobody).may(Permission.VIEW, cast.first)
    role.refresh_from_db()
    assert role.is_void


def test_a_role_can_be_given_again(cast: Cast) -> None:
    end_role(assignment=cast.secretary.roles.get(), by=cast.admin)
    grant_role(account=cast.secretary, role=Role.SECRETARY, organisation=cast.first, by=cast.admin)
    assert access_of(cast.secretary).may(Permission.SUBMIT, cast.first)


def test_ending_an_ended_role_changes_nothing(cast: Cast) -> None:
    role = cast.secretary.roles.get()
    role.ends_on = date(2019, 1, 1)
    role.save()
    end_role(assignment=role, by=cast.admin)
    role.refresh_from_db()
    assert role.ends_on == date(2019, 1, 1)
    assert not AuditEntry.objects.filter(verb="role.end").exists()


def test_a_hand_over_is_one_step(cast: Cast) -> None:
    grant_role(account=cast.nobody, role=Role.SECRETARY, organisation=cast.first, by=cast.admin, replacing=True)
    assert not access_of(cast.secretary).may(Permission.VIEW, cast.first)
    assert access_of(cast.recorder).may(Permission.DRAFT, cast.first)
    assert access_of(cast.nobody).may(Permission.SUBMIT, cast.first)


def test_without_hand_over_both_keep_the_role(cast: Cast) -> None:
    grant_role(account=cast.nobody, role=Role.SECRETARY, organisation=cast.first, by=cast.admin)
    assert RoleAssignment.objects.active_on(TODAY).filter(role=Role.SECRETARY, organisation=cast.first).count() == 2


def test_a_new_one_time_password_lifts_the_lock(cast: Cast) -> None:
    AccessAttempt.objects.create(username="secretary", ip_address="10.0.0.1", failures_since_start=5)
    AccessAttempt.objects.create(username="recorder", ip_address="10.0.0.1", failures_since_start=5)
    password = issue_password(account=cast.secretary, by=cast.admin)
    cast.secretary.refresh_from_db()
    assert cast.secretary.check_password(password)
    assert cast.secretary.must_change_password
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["recorder"]
    assert verbs()[-1] == "account.issue_password"


def test_a_chosen_password_has_no_end(cast: Cast) -> None:
    issue_password(account=cast.secretary, by=cast.admin)
    change_password(account=cast.secretary, password="new-horse-99-battery")
    cast.secretary.refresh_from_db()
    assert not cast.secretary.must_change_password
    assert cast.secretary.one_time_password_expires_at is None


def test_a_closed_account_reaches_nothing_and_keeps_its_roles(cast: Cast) -> None:
    deactivate(account=cast.secretary, by=cast.admin)
    deactivate(account=cast.secretary, by=cast.admin)
    assert not access_of(cast.secretary).may(Permission.VIEW, cast.first)
    entry = AuditEntry.objects.get(verb="account.deactivate")
    assert entry.organisation_id == cast.first.pk
    reactivate(account=cast.secretary, by=cast.admin)
    assert access_of(cast.secretary).may(Permission.VIEW, cast.first)


def test_a_made_up_user_name_somebody_takes_this_moment_gives_way_to_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.create_user(username="zwm", name="张伟民")
    known = [frozenset(), frozenset({"zwm"})]
    monkeypatch.setattr("branches.actions.accounts.taken_usernames", lambda stem: known.pop(0))
    account, _password = open_account(name="郑无名", role=Role.AUDITOR, organisation=cast.city, by=cast.admin)
    assert account.username != "zwm"
    assert AuditEntry.objects.filter(verb="account.open").count() == 1
