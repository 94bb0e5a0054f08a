"""The only writer of accounts and roles. Who may call these, and for whom, the views ask of the rights."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from axes.utils import reset as forget_failures
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from branches.models import Organisation, Person, Role, RoleAssignment, User
from branches.queries.accounts import holders, taken_usernames
from branches.rights import access_of
from branches.rules.accounts import ONE_TIME_PASSWORD_DAYS, READABLE, roles_at, username_for
from branches.rules.pinyin import initials
from foundation.actions.audit import record
from foundation.clock import business_date, now

USERNAME_ATTEMPTS = 5


@transaction.atomic
def open_account(
    *,
    name: str,
    username: str = "",
    person: Person | None = None,
    role: str,
    organisation: Organisation,
    by: User | None,
    replacing: bool = False,
) -> tuple[User, str]:
    """Open an account with its first role; returns it and its one-time password, which is kept nowhere.

    Without `username` one is made of the name's pinyin initials. `replacing`: see `grant_role`.

    Raises:
        ValidationError: the user name is taken, or the role does not fit the organisation.
    """
    account, password = create_account(username=username, name=name, person=person)
    record(
        verb="account.open",
        target=account,
        by=by,
        organisation=organisation,
        changes={"username": ["", account.username], "person": ["", str(person or "")]},
    )
    grant_role(account=account, role=role, organisation=organisation, by=by, replacing=replacing)
    return account, password


@transaction.atomic
def grant_role(
    *,
    account: User,
    role: str,
    organisation: Organisation,
    by: User | None,
    replacing: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> RoleAssignment:
    """Give a role, without days from today on. With `replacing` its present holders there lose it: a hand-over.

    Raises:
        ValidationError: the role does not fit the organisation, or the account has it there in these days already.
    """
    today = business_date()
    # Of two hand-overs at one moment the second must see the first one's holder.
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if role not in roles_at(organisation.kind):
        raise ValidationError({"role": _("This role cannot be given at this kind of organisation.")})
    if not organisation.existed_on(today):
        raise ValidationError({"organisation": _("The organisation has been revoked.")})
    present = holders(organisation, role, today)
    starts_on = starts_on or today
    standing = RoleAssignment.objects.active_between(starts_on, ends_on or date.max)
    if standing.filter(user=account, role=role, organisation=organisation).exists():
        raise ValidationError({"role": _("The account has this role there already.")})
    try:
        with transaction.atomic():
            assignment = RoleAssignment.objects.create(
                user=account,
                role=role,
                organisation=organisation,
                starts_on=starts_on,
                ends_on=ends_on,
                granted_by=by,
            )
    except IntegrityError:
        raise ValidationError({"role": _("The account has this role there already.")}) from None
    record(
        verb="role.grant",
        target=account,
        by=by,
        organisation=organisation,
        changes={"role": ["", str(Role(role).label)], "organisation": ["", str(organisation)]}
        | ({"starts_on": ["", starts_on]} if starts_on != today else {})
        | ({"ends_on": ["", ends_on]} if ends_on else {}),
    )
    for holder in present if replacing else []:
        end_role(assignment=holder, by=by)
    return assignment


@transaction.atomic
def end_role(*, assignment: RoleAssignment, by: User | None, last_day: date | None = None) -> None:
    """End a role with `last_day`, which still counts; without it at once.

    At once the last day is yesterday; a role given today has no day left that counts and becomes void. A role that has
    ended already stays as it is.

    Raises:
        ValidationError: `last_day` is before its first day, or after the last day it has.
    """
    today = business_date()
    assignment = (
        RoleAssignment.objects.select_for_update(of=("self",))
        .select_related("user", "organisation")
        .get(pk=assignment.pk)
    )
    if assignment.is_void or (assignment.ends_on is not None and assignment.ends_on < today):
        return
    if last_day is not None:
        _check_last_day(assignment, last_day)
    assignment.end_before(last_day + timedelta(days=1) if last_day else today)
    assignment.save(update_fields=assignment.END_FIELDS)
    record(
        verb="role.end",
        target=assignment.user,
        by=by,
        organisation=assignment.organisation,
        changes={
            "role": [str(Role(assignment.role).label), ""],
            "organisation": [str(assignment.organisation), ""],
        }
        | ({"ends_on": ["", last_day]} if last_day else {}),
    )


def _check_last_day(assignment: RoleAssignment, last_day: date) -> None:
    last = assignment.ends_on or date.max
    if last_day < assignment.starts_on:
        text = _("It began on %(day)s; choose that day or a later one.") % {"day": date_format(assignment.starts_on)}
        raise ValidationError({"last_day": text})
    if last_day > last:
        text = _("It ends on %(day)s already; choose an earlier day.") % {"day": date_format(last)}
        raise ValidationError({"last_day": text})


@transaction.atomic
def issue_password(*, account: User, by: User | None) -> str:
    """Give a new one-time password; the old password and every session of the account end, a lock is lifted."""
    password = readable_password()
    account.set_password(password)
    account.must_change_password = True
    account.one_time_password_expires_at = one_time_expiry()
    account.save(update_fields=["password", "must_change_password", "one_time_password_expires_at"])
    forget_failures(username=account.username)
    _note("account.issue_password", account, by)
    return password


@transaction.atomic
def change_password(*, account: User, password: str) -> None:
    """Set the password the user has chosen."""
    account.set_password(password)
    account.must_change_password = False
    account.one_time_password_expires_at = None
    account.save(update_fields=["password", "must_change_password", "one_time_password_expires_at"])
    _note("account.change_password", account, account)


@transaction.atomic
def deactivate(*, account: User, by: User | None) -> None:
    """Close an account; its sessions end with their next request. Roles stay, for the day it is opened again."""
    _set_active(account, False, "account.deactivate", by)


@transaction.atomic
def reactivate(*, account: User, by: User | None) -> None:
    _set_active(account, True, "account.reactivate", by)


@transaction.atomic
def note_sign_in(*, account: User) -> None:
    _note("session.sign_in", account, account)


@transaction.atomic
def note_sign_out(*, account: User) -> None:
    _note("session.sign_out", account, account)


def create_account(*, username: str, name: str, person: Person | None = None) -> tuple[User, str]:
    """An account with a one-time password. The caller gives it its role and the trail its entry."""
    password = readable_password()
    return _create(username, name=name, person=person, password=password), password


def _create(username: str, *, name: str, person: Person | None, password: str) -> User:
    """The account; where its name was made up here and somebody took it this moment, the next one is."""
    for _attempt in range(USERNAME_ATTEMPTS):
        chosen = username or username_for(name, taken_usernames(initials(name)))
        try:
            with transaction.atomic():
                return User.objects.create_user(
                    username=chosen,
                    password=password,
                    name=name,
                    person=person,
                    one_time_password_expires_at=one_time_expiry(),
                )
        except IntegrityError:
            if username:
                break
    raise ValidationError({"username": _("The user name “%(name)s” is taken. Choose another.") % {"name": chosen}})


def _set_active(account: User, is_active: bool, verb: str, by: User | None) -> None:  # noqa: FBT001
    if account.is_active == is_active:
        return
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    _note(verb, account, by)


def _note(verb: str, account: User, by: User | None) -> None:
    """An entry is shown where the account works; without a role now, where it last did."""
    last = account.roles.order_by("-starts_on", "-pk").values_list("organisation_id", flat=True).first()
    record(verb=verb, target=account, by=by, organisation=access_of(account).home_id() or last)


def readable_password() -> str:
    """Three groups of four, to be read out or written on paper: 59 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))


def one_time_expiry() -> datetime:
    """Until when a one-time password made now can be used."""
    return now() + timedelta(days=ONE_TIME_PASSWORD_DAYS)
