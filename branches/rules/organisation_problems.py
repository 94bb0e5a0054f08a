"""What can be said about a row of a table of organisations (`branches.rules.problems` gathers the words)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, str | Promise] = {
    "text_too_long": _("The text is longer than %(limit)s characters. Shorten it and upload the file again."),
    "yes_or_no": _("“%(value)s” is neither yes (是) nor no (否)."),
    "organisation_name_empty": _("The name of the organisation is empty. Fill it in and upload the file again."),
    "short_name_needed": _("The full name is longer than %(limit)s characters. Please fill in a short name."),
    "code_invalid": _(
        "“%(value)s” is not a code: letters, digits, hyphens and underscores only, 40 characters at the most."
    ),
    "code_taken": _("The code “%(value)s” is already taken. Choose another."),
    "code_too_long": _("No code can be made here: the one above is too long. Please fill one in."),
    "kind_unknown": _("“%(value)s” is not a kind of organisation. Choose one from the list of the empty form."),
    "kind_empty": _("The kind is empty. Choose one from the list of the empty form."),
    "kind_differs": _("The kind on record is another. It is not changed by an import."),
    "kind_not_there": _("An organisation of this kind cannot stand under %(name)s."),
    "founded_empty": _("The day of founding is empty. Please fill it in."),
    "founded_later": _("%(read)s lies after the day this table is true of."),
    "founded_differs": _("The day of founding on record is %(read)s. It is not changed by an import."),
    "parent_later": _("%(name)s, which stands above it, was founded on %(read)s, later than that."),
    "parent_ended": _("%(name)s has been revoked. Nothing can be founded under it."),
    "parent_unknown": _(
        "There is no “%(value)s” here and none in this file. Write the code, the full or the short name."
    ),
    "parent_ambiguous": _("“%(value)s” may be %(first)s or %(second)s. Please write the code."),
    "parent_refused": _("The organisation above it, in row %(row)s, cannot be written."),
    "parent_ring": _("It would stand under itself: see row %(row)s."),
    "organisation_moves": _(
        "According to the records it stands under %(name)s. An import does not move it: open its page and use “Move”."
    ),
    "name_ambiguous": _("“%(value)s” may be %(first)s or %(second)s. Please write the code."),
    "name_beside": _("“%(value)s” is the name of %(name)s, which stands beside it. Choose another."),
    "organisation_twice": _("The same organisation as in row %(row)s; that row counts."),
    "organisation_ended": _("It has been revoked; nothing about it is changed any more."),
    "organisation_not_ended": _(
        "An import does not revoke an organisation: leave the day of revocation empty and use “Revoke” on its page."
    ),
    "renamed_later": _("It was renamed on %(read)s, later than the day this table is true of."),
    "founded_after": _("It was founded on %(read)s, after the day this table is true of."),
}
WARNINGS: dict[str, str | Promise] = {
    "day_assumed": _("“%(value)s” has no day; taken as %(read)s."),
    "name_elsewhere": _("%(name)s bears this name, too; this one is founded as another."),
    "renames": _("The name changes from %(read)s on; the former one stays on record."),
}
