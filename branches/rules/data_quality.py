"""What may be wrong or missing in members' records, with what to do about it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True)
class Known:
    """What tells whether two records may be one person's; `phone` is a keyed hash, "" where there is none."""

    person: int
    name: str
    birth: date | None
    phone: str
    has_number: bool

    @property
    def called(self) -> tuple[str, int, int] | None:
        return (self.name, self.birth.year, self.birth.month) if self.birth else None


def twins_among(records: Iterable[Known]) -> dict[int, int]:
    """By person: the first later record that may be the same one's, by name and month of birth or else by phone.

    Of two records with numbers each is somebody else's.
    """
    latest_first = sorted(records, key=lambda record: record.person, reverse=True)
    by_phone = _later_alike([(record, record.phone or None) for record in latest_first])
    return by_phone | _later_alike([(record, record.called) for record in latest_first])


def _later_alike(latest_first: Iterable[tuple[Known, Hashable]]) -> dict[int, int]:
    found, later, later_without = {}, dict[Hashable, int](), dict[Hashable, int]()
    for record, key in latest_first:
        if key is None:
            continue
        twin = (later_without if record.has_number else later).get(key)
        if twin is not None:
            found[record.person] = twin
        later[key] = record.person
        if not record.has_number:
            later_without[key] = record.person
    return found
