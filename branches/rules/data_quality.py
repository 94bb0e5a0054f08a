"""What may be wrong or missing in members' records, with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Flaw(StrEnum):
    NO_NUMBER = "no-number"
    NO_PHONE = "no-phone"
    JOINING = "joining"
    CATEGORY = "category"
    PROBATION = "probation"
    DOUBLE = "double"
    REVOKED = "revoked"


LABELS: Mapping[Flaw, str | Promise] = {
    Flaw.NO_NUMBER: _("Without identity number"),
    Flaw.NO_PHONE: _("Without phone"),
    Flaw.JOINING: _("Day of joining incomplete"),
    Flaw.CATEGORY: _("Category and day of becoming full differ"),
    Flaw.PROBATION: _("Probationary for more than a year"),
    Flaw.DOUBLE: _("Perhaps entered twice"),
    Flaw.REVOKED: _("In a revoked branch"),
}
HOW_TO_MEND: Mapping[Flaw, str | Promise] = {
    Flaw.NO_NUMBER: _("Import a roster that has the numbers: whoever is found by name, birth and joining gets theirs."),
    Flaw.NO_PHONE: _("Enter the phone under “Change the details”, or import a roster that has the phones."),
    Flaw.JOINING: _("Look the day up in the member’s file and correct it under “Change the details”."),
    Flaw.CATEGORY: _("The day counts. Check it against the member’s file and correct it under “Change the details”."),
    Flaw.PROBATION: _(
        "The probation lasts one year (Rules for Admitting Party Members, articles 31 to 34). Record the decision of "
        "the members’ meeting."
    ),
    Flaw.DOUBLE: _(
        "Same name and month of birth, or same phone, and not two identity numbers. Compare both; if it is one person, "
        "merge the records."
    ),
    Flaw.REVOKED: _("The branch has ended, its members stand there still. Transfer them to another branch."),
}
