"""Records of activities as a branch would have written them, for tests that only need them to exist."""

from __future__ import annotations

from datetime import date

from activities.models import Activity, ActivityKind
from branches.models import Organisation, PartyGroup, User


def held(
    branch: Organisation,
    kind: str,
    on: date,
    *,
    state: str = Activity.State.ACCEPTED,
    group: PartyGroup | None = None,
    with_branches: tuple[Organisation, ...] = (),
    also: tuple[str, ...] = (),
    title: str = "",
    entered_on: date | None = None,
    belongs_to_year: int | None = None,
) -> Activity:
    """An activity of `branch` on `on`, accepted unless said otherwise, of `kind` and the kinds `also`."""
    activity = Activity.objects.create(
        organisation=branch,
        title=title or kind,
        held_on=on,
        state=state,
        group=group,
        entered_on=entered_on or on,
        entered_by=User.objects.order_by("pk")[0],
        belongs_to_year=belongs_to_year,
    )
    activity.kinds.set(ActivityKind.objects.filter(code__in=(kind, *also)))
    activity.taking_part.set((branch, *with_branches))
    return activity
