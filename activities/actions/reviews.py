"""The way of a record through review: submit, withdraw, accept, return."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, ReviewStep
from activities.queries.content import gaps_on
from activities.queries.reviews import reviewing_organisation
from activities.rules.activities import State, may_become
from activities.rules.checks import stops
from branches.models import User
from foundation.actions.audit import record
from foundation.clock import business_date

_STEP = {
    State.SUBMITTED: ReviewStep.Step.SUBMITTED,
    State.DRAFT: ReviewStep.Step.WITHDRAWN,
    State.RETURNED: ReviewStep.Step.RETURNED,
    State.ACCEPTED: ReviewStep.Step.ACCEPTED,
}


class MovedMeanwhile(Exception):
    """The record was moved or changed since the page was opened; nothing was done. `str()` says by whom."""

    def __init__(self, activity: Activity) -> None:
        self.activity = activity
        last = activity.review_steps.select_related("by").last()
        words = {"name": last.by.name, "step": last.get_step_display()} if last else {}
        text = (
            _("%(name)s has dealt with it first: %(step)s.") % words if last else _("The record has changed meanwhile.")
        )
        super().__init__(text)


class RecordIncomplete(Exception):
    """Something keeps the record from being handed in; nothing was done."""


@transaction.atomic
def submit(*, activity: Activity, version: int, by: User) -> Activity:
    """Hand a draft or a returned record in for review.

    Raises:
        MovedMeanwhile: it is not at `version` any more, or not open.
        RecordIncomplete: the checks name something that must be mended first.
    """
    activity = _locked(activity, State.SUBMITTED, version)
    if stops(gaps_on(activity)):
        raise RecordIncomplete
    today = business_date()
    activity.submitted_on, activity.submitted_by = today, by
    activity.accepted_on = activity.accepted_by = None
    activity.writers.add(by)
    _move(activity, State.SUBMITTED, by=by, verb="activity.submit", organisation_name=activity.organisation.short_name)
    return activity


@transaction.atomic
def withdraw(*, activity: Activity, version: int, by: User) -> Activity:
    """Take a record back that has not been reviewed yet; it is a draft again.

    Raises:
        MovedMeanwhile: it has been reviewed meanwhile.
    """
    activity = _locked(activity, State.DRAFT, version)
    activity.submitted_on = activity.submitted_by = None
    _move(activity, State.DRAFT, by=by, verb="activity.withdraw", organisation_name=activity.organisation.short_name)
    return activity


@transaction.atomic
def accept(*, activity: Activity, version: int, by: User) -> Activity:
    """Accept a record as it was at `version`. The caller has checked that it falls to `by` to review.

    Raises:
        MovedMeanwhile: somebody withdrew, changed, returned or accepted it meanwhile.
    """
    activity = _locked(activity, State.ACCEPTED, version)
    acting_for = reviewing_organisation(activity)
    activity.accepted_on, activity.accepted_by = business_date(), by
    _move(activity, State.ACCEPTED, by=by, verb="activity.accept", organisation_name=str(acting_for or ""))
    return activity


@transaction.atomic
def send_back(*, activity: Activity, version: int, reason: str, by: User) -> Activity:
    """Return a record with a reason; the branch mends it and hands it in again. An accepted one may be returned, too.

    Raises:
        ValueError: without a reason.
        MovedMeanwhile: somebody moved or changed it meanwhile.
    """
    if not reason.strip():
        raise ValueError("A return needs a reason.")
    activity = _locked(activity, State.RETURNED, version)
    acting_for = reviewing_organisation(activity)
    activity.accepted_on = activity.accepted_by = None
    _move(
        activity, State.RETURNED, by=by, verb="activity.return", reason=reason, organisation_name=str(acting_for or "")
    )
    return activity


def _locked(activity: Activity, target: State, version: int) -> Activity:
    """The row, held until the transaction ends, if it may still move: of two reviewers the second is told."""
    locked = Activity.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=activity.pk)
    if locked.version != version or not may_become(locked.state, target):
        raise MovedMeanwhile(locked)
    return locked


def _move(activity: Activity, state: State, *, by: User, verb: str, organisation_name: str, reason: str = "") -> None:
    before = activity.state
    activity.state = state
    activity.version += 1
    activity.save()
    ReviewStep.objects.create(
        activity=activity,
        step=_STEP[state],
        on=business_date(),
        by=by,
        reason=reason,
        organisation_name=organisation_name[:60],
    )
    record(
        verb=verb,
        target=activity,
        by=by,
        organisation=activity.organisation_id,
        changes={"state": (before, str(state))},
        reason=reason,
    )
