"""The parts of a stored record as the page and the paper show them."""

from __future__ import annotations

from typing import Any

from activities.models import Activity
from activities.queries.block_rows import block_rows, branches_taking_part
from activities.rules.activities import Presence
from activities.rules.attendances import Row, tally
from activities.rules.quorum import verdict
from branches.rights import Access


def parts_of(activity: Activity, access: Access) -> dict[str, Any]:
    """Attendance by state, agenda with results, lectures, the parts its kinds open, attachments, steps.

    `activity` comes from `with_parts`.
    """
    attendances = list(activity.attendances.all())
    counted = tally(Row(row.presence, row.has_vote, row.is_expected) for row in attendances)
    expected = [row for row in attendances if row.is_expected]
    steps = list(activity.review_steps.all())
    agenda = [
        (
            item,
            verdict(
                item.vote_rule,
                votes_for=item.votes_for,
                votes_against=item.votes_against,
                abstentions=item.abstentions,
                voters=counted.voters,
                present=counted.voters_present,
            ),
        )
        for item in activity.agenda.all()
    ]
    return {
        "tally": counted,
        "present": [row for row in expected if row.presence == Presence.PRESENT],
        "away": [row for row in expected if row.presence in (Presence.LEAVE, Presence.ABSENT)],
        "unrecorded": [row for row in expected if row.presence == Presence.UNRECORDED],
        "visitors": [row for row in attendances if not row.is_expected],
        "guests": activity.guests.all(),
        "agenda": agenda,
        "lectures": activity.lectures.all(),
        "taking_part": branches_taking_part(activity),
        **block_rows(activity, access),
        "attachments": [row for row in activity.attachments.all() if row.removed_at is None],
        "steps": steps,
        "last_step": steps[-1] if steps else None,
    }
