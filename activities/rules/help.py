"""How the hard rules are counted, in a few sentences: shown where a number or a verdict of the kind stands.

What a regulation says is a `RuleText` (`cited` holds the codes); what the system makes of it is said here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Help:
    """`texts` are sentences of our own, one a paragraph; `cited` are codes of rule texts."""

    texts: tuple[Any, ...]
    cited: tuple[str, ...] = field(default=())


HELP: dict[str, Help] = {
    "vote": Help(
        (
            _(
                "A vote may be held when at least half of those with a vote who were expected are present; an election "
                "needs four fifths of them."
            ),
            _(
                "A motion passes with more than half of those with a vote who were expected, not only of those "
                "present; abstentions and people away therefore weigh like votes against."
            ),
            _("Probationary members are expected, but have no vote: they count in neither number."),
        ),
        ("branch-11-quorum", "constitution-7-probationary"),
    ),
    "attendance": Help(
        (
            _(
                "Expected is who was on the branch's roster on the day held; who is registered as away or excused is "
                "left out."
            ),
            _("Leave and absence are expected; non-member attendees and members floating in are not."),
            _(
                "The rate is present of present, leave and absent; people nobody recorded stay outside and make it "
                "incomplete."
            ),
        )
    ),
    "duties": Help(
        (
            _(
                "Done: as many records as required in the period were accepted. In review: they are enough with those "
                "waiting for review, and count as done already; returned records do not."
            ),
            _(
                "Overdue: the period or the day set in it is over, but a record can still be entered in the days of "
                "grace."
            ),
            _(
                "Not held: the days of grace are over, too. A record entered all the same makes it done, marked as "
                "late."
            ),
            _("Exempt and not applicable periods are left out of every total."),
        )
    ),
    "late": Help(
        (
            _(
                "A record is due some working days after the activity (3, where the duty rule says nothing else); the "
                "day held is not counted, statutory holidays are not known to the system."
            ),
            _("A late record counts in full. The mark stays, and the yearly sheet may take points off for it."),
        )
    ),
    "scores": Help(
        (
            _("The system scores only what the records show; every score opens the records behind it."),
            _("Lines a person has not judged yet count neither as full nor as zero: there is no total before that."),
            _("A line that does not apply leaves the sheet, and the total is scaled back to the full score."),
        )
    ),
}
