"""What can be said about a row of a table of accounts (`branches.rules.problems` gathers the words)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, str | Promise] = {
    "username_invalid": _("“%(value)s” is not a user name: letters, digits, dots, hyphens and underscores only."),
    "username_taken": _("The user name “%(value)s” is taken. Choose another."),
    "username_other_name": _("The user name is given to %(name)s in row %(row)s. Choose another."),
    "account_closed": _("The account is closed. Open it again before you give it a role."),
    "account_own": _("Nobody gives roles to their own account. Ask another administrator."),
    "role_empty": _("The role is empty. Choose one from the list of the empty form."),
    "role_unknown": _("“%(value)s” is not a role. Choose one from the list of the empty form."),
    "role_not_there": _("The role “%(value)s” cannot be given at %(name)s."),
    "role_twice": _("The same role as in row %(row)s; that row counts."),
    "account_organisation_empty": _("The organisation is empty. Write its code, full or short name."),
    "account_organisation_unknown": _(
        "There is no “%(value)s” where you may give roles. Write the code, the full or the short name."
    ),
    "account_organisation_ambiguous": _("“%(value)s” may be %(first)s or %(second)s. Please write the code."),
    "account_person_unknown": _("There is no member with this identity number in your reach."),
    "account_person_masked": _(
        "The identity number is masked. Please enter the whole number, or leave the cell empty."
    ),
    "account_person_differs": _("The account belongs to another member."),
    "role_ends_early": _("The last day lies before the first."),
}
WARNINGS: dict[str, str | Promise] = {
    "account_name_differs": _("The name on record is %(name)s and stays."),
    "role_days_differ": _("The account has this role there already, with other days; they stay."),
    "account_person_kept": _("The account belongs to no member so far; an import does not change that."),
    "account_of_same_name": _("Another row opens an account for somebody of this name. Are they one person?"),
    "account_person_other_name": _("The member with this number is called %(name)s."),
}
