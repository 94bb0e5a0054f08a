"""Why something an import did is kept when the import is undone."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    EDITED = "edited"
    IN_USE = "in_use"
    BRANCH_GONE = "branch_gone"
    MERGED = "merged"
    OUT_OF_REACH = "out_of_reach"
    HAS_RECORDS = "has_records"
    CHANGED = "changed"
    # Of an effect that waits: somebody decided that it is undone although it was used or edited.
    DECIDED = "decided"


WORDS: Mapping[str, str | Promise] = {
    Reason.EDITED: _("edited since"),
    Reason.IN_USE: _("used since"),
    Reason.HAS_RECORDS: _("records belong to it"),
    Reason.CHANGED: _("changed since"),
    Reason.MERGED: _("merged with another record since; undo the merger first"),
    Reason.BRANCH_GONE: _("the former branch does not exist any more"),
    Reason.OUT_OF_REACH: _("has to be undone by those who manage the former organisation"),
}
# What somebody may decide to undo all the same.
MAY_BE_DECIDED = frozenset({Reason.EDITED, Reason.IN_USE})


def is_kept(reason: str, *, is_decided: bool) -> bool:
    """Whether an effect stays.

    Args:
        reason: what speaks against undoing it, "" for nothing.
        is_decided: somebody wants it undone although it was used or edited.
    """
    return bool(reason) and not (is_decided and reason in MAY_BE_DECIDED)
