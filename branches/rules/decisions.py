"""What may be decided about a row of an import, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from branches.rules.people import iso_words
from branches.rules.roster_problems import NOTHING_TO_SEE

AS_PROPOSED = ""
SKIP = "skip"
# Problems that are none any more once somebody has chosen another plan than the proposed one.
_SETTLED_BY_CHOICE = frozenset(
    {"several_people", "person_has_number", "person_twice", "same_name", "no_number", "number_added"}
)
# By the code of `branches.imports.planning.Proposal.label`.
LABELS: dict[str, str | Promise] = {
    "member": gettext_lazy("The member on record: %(who)s"),
    "member_with_number": gettext_lazy("The member on record: %(who)s; the number on record stays"),
    "another": gettext_lazy("Another person: add as a new member"),
}


def proposal_words(action: str, *, is_refused: bool) -> str:
    """The first choice, which is that of the plan; `action` is its name."""
    if is_refused:
        return pgettext("decision", "Leave it undecided; it is not written")
    return _("As proposed: %(action)s") % {"action": action}


def label_words(label: Mapping[str, Any]) -> str:
    """Another choice. Nothing is said of a code nobody knows any more."""
    words = LABELS.get(str(label.get("code", "")))
    return str(words) % {"who": who_words(label.get("params", {}))} if words else ""


def who_words(who: Mapping[str, str]) -> str:
    """A member among others of the same name: 刘洋（1980年1月出生，2004年7月入党，139***********0016）."""
    told = []
    if who.get("born"):
        told.append(_("born %(day)s") % {"day": iso_words(who["born"])})
    if who.get("joined"):
        told.append(_("joined %(day)s") % {"day": iso_words(who["joined"])})
    if who.get("number"):
        told.append(who["number"])
    name = who.get("name", "")
    return _("%(name)s (%(facts)s)") % {"name": name, "facts": _(", ").join(told)} if told else name


def is_worth_a_look(action: str, codes: Iterable[str]) -> bool:
    """Whether a row with these remarks counts among those to look at: not what is refused, which is told apart, nor
    a row that changes nothing and whose remarks only say how it was read."""
    if action == "unchanged":
        return any(code not in NOTHING_TO_SEE for code in codes)
    return action not in ("refused", SKIP) and any(True for _code in codes)


def remaining(problems: Iterable[Mapping[str, Any]], decision: str) -> list[Mapping[str, Any]]:
    """The stored problems of a row that still are some after the decision."""
    return [one for one in problems if not (decision.isdigit() and one["code"] in _SETTLED_BY_CHOICE)]
