"""What a change of organisations is, and the sentences that tell what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from branches.models import Organisation
from branches.rights import Access

MOST_NAMES = 30


class Act(StrEnum):
    FOUND = "found"
    RENAME = "rename"
    MOVE = "move"
    MERGE = "merge"
    SPLIT = "split"
    REVOKE = "revoke"


@dataclass(frozen=True)
class Change:
    """An act about to be done. `on` is the first day things are different; `target` is None while it is not founded."""

    act: Act
    on: date
    organisations: tuple[Organisation, ...]
    target: Organisation | None = None
    target_name: str = ""
    people: frozenset[int] = frozenset()
    offices: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def last(self) -> date:
        return self.on - timedelta(days=1)

    @property
    def names(self) -> str:
        return listed(organisation.short_name for organisation in self.organisations)


@dataclass(frozen=True)
class Consequence:
    text: str
    is_warning: bool = False


Teller = Callable[[Change, Access], list[Consequence]]
TELLERS: list[Teller] = []


def tells(teller: Teller) -> Teller:
    """Let an app above say what a change does to what it keeps."""
    TELLERS.append(teller)
    return teller


def listed(names: Iterable[str]) -> str:
    """Names in a sentence; of many the first and how many more."""
    found = list(names)
    words = str(_(", ")).join(found[:MOST_NAMES])
    if len(found) <= MOST_NAMES:
        return words
    return _("%(names)s and %(number)d more") % {"names": words, "number": len(found) - MOST_NAMES}
