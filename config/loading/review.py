"""Days of a record's way: entered, handed in, perhaps returned, accepted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from activities.models import Activity, ReviewStep
from activities.queries.reviews import reviewable_by
from activities.rules.activities import State
from branches.models import Organisation, Role, RoleAssignment, User
from branches.rights import Access
from config.loading.files import Entry
from config.loading.world import World

SATURDAY = 5
DAYS_TO_REVIEW = 2
RETURN_KEYS = ("on", "reason", "again")


def review(activity: Activity, entry: Entry, world: World) -> list[ReviewStep]:
    """Fill in the days and people of `activity`'s way and return its steps.

    Days not given: entered on the next working day, handed in the same day, accepted two working days later.
    """
    activity.entered_by = world.user(entry, "entered_by")
    activity.entered_on = entry.optional_day("entered") or min(_working_days_after(activity.held_on, 1), world.as_of)
    if activity.state in (State.DRAFT, State.DISCARDED):
        return []
    submitter, reviewer = world.user(entry, "submitted_by"), world.user(entry, "reviewed_by")
    branch, superior = activity.organisation, _reviewing(activity.organisation, reviewer)
    submitted = entry.optional_day("submitted") or activity.entered_on
    days = [activity.entered_on, submitted]

    def step(kind: ReviewStep.Step, on: date, by: User, reason: str = "") -> ReviewStep:
        acting = branch if by == submitter else superior
        name = acting.short_name if acting else ""
        return ReviewStep(activity=activity, step=kind, on=on, by=by, reason=reason, organisation_name=name)

    steps = [step(ReviewStep.Step.SUBMITTED, submitted, submitter)]
    if "returned" in entry.values:
        returned = Entry(entry.path, entry.name, entry.values["returned"], RETURN_KEYS)
        steps.append(step(ReviewStep.Step.RETURNED, returned.day("on"), reviewer, returned.text("reason")))
        days.append(returned.day("on"))
        if activity.state != State.RETURNED:
            submitted = returned.day("again")
            steps.append(step(ReviewStep.Step.SUBMITTED, submitted, submitter))
            days.append(submitted)
    elif activity.state == State.RETURNED:
        raise entry.error(_("a returned record needs returned = { on, reason }."))
    activity.submitted_on, activity.submitted_by = submitted, submitter
    if activity.state == State.ACCEPTED:
        activity.accepted_on = entry.optional_day("accepted") or _working_days_after(submitted, DAYS_TO_REVIEW)
        activity.accepted_by = reviewer
        steps.append(step(ReviewStep.Step.ACCEPTED, activity.accepted_on, reviewer))
        days.append(activity.accepted_on)
    if days != sorted(days) or days[0] < activity.held_on or days[-1] > world.as_of:
        raise entry.error(
            _("held, entered, submitted, returned and accepted must follow one another, none after %(day)s.")
            % {"day": world.as_of}
        )
    return steps


def check_reviewer(records: Iterable[tuple[Activity, Entry]], day: date) -> None:
    """Raise a FixtureError for the first record accepted by somebody to whom it does not fall on `day`.

    The rule is that of the pages, so it is asked once the records are written.
    """
    accepted: dict[User, list[tuple[Activity, Entry]]] = defaultdict(list)
    for activity, entry in records:
        if activity.accepted_by is not None:
            accepted[activity.accepted_by].append((activity, entry))
    for reviewer, rows in accepted.items():
        theirs = set(reviewable_by(Access(reviewer, day)).values_list("pk", flat=True))
        for activity, entry in rows:
            if activity.pk not in theirs:
                raise entry.error(_("%(name)s may not review it.") % {"name": reviewer.username})


def _reviewing(organisation: Organisation, reviewer: User) -> Organisation | None:
    """One level up; at the top of a tree a committee's own secretary reviews what it held itself."""
    own = RoleAssignment.objects.filter(user=reviewer, organisation=organisation, role=Role.SECRETARY)
    return organisation if not organisation.is_branch and own.exists() else organisation.parent


def _working_days_after(day: date, number: int) -> date:
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day
