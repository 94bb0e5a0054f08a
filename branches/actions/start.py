"""The first acts in an empty system: the administrator's account, the top organisation, several at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.actions.accounts import create_account, grant_role
from branches.actions.organisations import found
from branches.actions.tree import tree_lock
from branches.models import Organisation, Role, User
from branches.rules.start import NamedLine, code_under
from foundation.actions.audit import record


@transaction.atomic
def open_first_account(*, username: str, name: str) -> tuple[User, str]:
    """Open the account that founds the first organisation and so becomes its administrator; with a one-time password.

    Raises:
        ValidationError: there are organisations already (the account then needs a role at one), or the name is taken.
    """
    with tree_lock():
        if Organisation.objects.exists():
            raise ValidationError(_("There are organisations already: give the code of the one the account is for."))
        account, password = create_account(username=username, name=name)
    record(verb="account.open", target=account, by=None, changes={"username": ["", account.username]})
    return account, password


@transaction.atomic
def found_top(*, code: str, kind: str, name: str, short_name: str, on: date, by: User) -> Organisation:
    """Found the first organisation of all and make who founds it its administrator.

    Raises:
        ValidationError: there is an organisation already, or of this kind it cannot be administered from.
    """
    with tree_lock():
        if Organisation.objects.exists():
            raise ValidationError(_("The first organisation has been founded meanwhile. Go back to the start page."))
        top = found(code=code, kind=kind, name=name, short_name=short_name, parent=None, on=on, by=by)
        grant_role(account=by, role=Role.ADMINISTRATOR, organisation=top, by=by)
    return top


@transaction.atomic
def found_several(
    *, parent: Organisation, kind: str, lines: Iterable[NamedLine], on: date, by: User
) -> list[Organisation]:
    """Found organisations of one kind under `parent`, all or none; a missing code is made from the parent's.

    Raises:
        ValidationError: as `found`, or one of the name stands there already - sent twice, perhaps; it says which line.
    """
    made = []
    with tree_lock():
        standing = set(parent.children.filter(ended_on__isnull=True).values_list("short_name", flat=True))
        taken = {code.lower() for code in Organisation.objects.values_list("code", flat=True)}
        for line in lines:
            if line.name in standing:
                raise _refused(line, _("“%(name)s” is there already.") % {"name": line.name})
            code = line.code or code_under(parent.code, taken)
            try:
                one = found(code=code, kind=kind, name=line.name, short_name=line.name, parent=parent, on=on, by=by)
            except ValidationError as error:
                raise _refused(line, " ".join(error.messages)) from error
            made.append(one)
            taken.add(code.lower())
    return made


def _refused(line: NamedLine, problem: str) -> ValidationError:
    return ValidationError({"lines": _("Line %(number)d: %(problem)s") % {"number": line.number, "problem": problem}})
