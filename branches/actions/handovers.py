"""The secretary's post and role go over to a successor in one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.actions.accounts import end_role, grant_role, open_account
from branches.actions.people import appoint
from branches.models import Organisation, Person, Post, Role, User
from branches.queries.elections import may_stand
from branches.queries.handovers import RolePart, role_part, secretaries
from branches.rights import Access
from branches.rules.accounts import roles_at
from foundation.clock import business_date

PROBLEMS: dict[str, str | Promise] = {
    "closed": gettext_lazy("The successor’s account is closed. Open it again under “Accounts and roles” first."),
    "own": gettext_lazy("Your own account is part of this; ask another administrator to hand the role over."),
    "higher": gettext_lazy(
        "An account that is part of this is kept by a higher administrator. Hand over the post and ask them for the "
        "role."
    ),
}


@dataclass(frozen=True)
class HandOver:
    """What was done; `password` only where an account was opened: it is kept nowhere."""

    account: User | None = None
    password: str = ""


@transaction.atomic
def hand_over(
    *,
    organisation: Organisation,
    successor: Person,
    on: date,
    document_number: str,
    with_role: bool,
    by: User,
    access: Access,
) -> HandOver:
    """Make `successor` secretary from `on`; the former one's post ends the day before.

    With `with_role` the account's role goes over today, too, and an account is opened where the successor has none:
    that is for those who may manage accounts. Others hand over the post alone, and an administrator does the same act
    again for the role; what stands already is left as it is.

    Raises:
        ValidationError: the successor may not be secretary, nothing is left to do, a day does not fit, or an account
            is not the user's to change.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    _check(organisation, successor, on)
    holds_post = any(row.person_id == successor.pk and row.ends_on is None for row in secretaries(organisation, on))
    part = role_part(organisation, successor, access) if with_role else None
    if holds_post and (part is None or part.is_settled):
        raise ValidationError({"successor": _("%(name)s is the secretary already.") % {"name": successor.name}})
    if not holds_post:
        if not document_number:
            raise ValidationError({"document_number": _("Fill in the number of the paper that appoints.")})
        appoint(
            person=successor,
            organisation=organisation,
            post=Post.SECRETARY,
            on=on,
            by=by,
            document_number=document_number,
        )
    if part is None or part.is_settled:
        return HandOver()
    return _hand_role(part, organisation, successor, by)


def _hand_role(part: RolePart, organisation: Organisation, successor: Person, by: User) -> HandOver:
    if part.problem:
        raise ValidationError({"with_role": str(PROBLEMS[part.problem])})
    if part.account is None:
        account, password = open_account(
            name=successor.name,
            person=successor,
            role=Role.SECRETARY,
            organisation=organisation,
            by=by,
            replacing=True,
        )
        return HandOver(account, password)
    if len(part.former) == len(part.present):
        grant_role(account=part.account, role=Role.SECRETARY, organisation=organisation, by=by)
    for row in part.former:
        end_role(assignment=row, by=by)
    return HandOver(part.account)


def _check(organisation: Organisation, successor: Person, on: date) -> None:
    if Role.SECRETARY not in roles_at(organisation.kind):
        raise ValidationError(_("An organisation of this kind has no secretary."))
    if on > business_date():
        raise ValidationError({"on": _("This day lies in the future. Choose today or an earlier day.")})
    if not organisation.existed_on(on):
        raise ValidationError({"on": _("The organisation does not exist on that day.")})
    if not may_stand([successor], on, organisation):
        text = _("%(name)s is probationary or without the right to be elected on that day.")
        raise ValidationError({"successor": text % {"name": successor.name}})
