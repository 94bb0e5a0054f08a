"""Telling a plan to the contact leader, and what the contact leader says of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.actions.activities import needs_of
from activities.models import Activity, Guidance
from activities.rules.guidance import TopicVerdict, agenda_digest, may_announce, may_judge, may_remark
from branches.models import User
from branches.rights import Permission
from foundation.actions.audit import difference, record
from foundation.clock import business_date, now


class SaidMeanwhile(ValidationError):
    """The same leader wrote in another window since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("You have written on this meeting in another window meanwhile. Look at it, then save again."),
            code="version",
        )


@transaction.atomic
def announce(*, activity: Activity, by: User) -> Activity:
    """Tell the plan - theme, kinds, day, time, place, agenda titles - to those above. Twice is once.

    Raises:
        ValidationError: it is no draft with a theme, or its day has passed.
    """
    locked = _locked(activity)
    if not may_announce(locked.state, locked.held_on, business_date()):
        raise ValidationError(_("Only a meeting still to come can be announced."))
    if not locked.title:
        raise ValidationError(_("Give the meeting a theme first, then announce it."))
    if locked.announced_on is None:
        _set_announced(locked, "activity.announce", by, announced=True)
    return locked


@transaction.atomic
def withdraw(*, activity: Activity, by: User) -> Activity:
    """Take an announcement back; what was said of it stays with the record.

    Raises:
        ValidationError: the record has been handed in or put away.
    """
    locked = _locked(activity)
    if locked.state != Activity.State.DRAFT:
        raise ValidationError(_("The record is no draft any more; there is nothing to take back."))
    if locked.announced_on is not None:
        _set_announced(locked, "activity.announce_withdraw", by, announced=False)
    return locked


@transaction.atomic
def judge(
    *,
    activity: Activity,
    verdict: str,
    advice: str = "",
    seen_title: str,
    seen_agenda: str = "",
    version: int,
    by: User,
) -> Guidance:
    """Approve the topic of a planned meeting, or advise a change. The same said twice is said once.

    `seen_title`: the theme the leader had on the screen, `seen_agenda`: the `agenda_digest` of the agenda there, blank
    where none was shown; `version`: of what this leader said before, 0 for nothing.

    Raises:
        ValidationError: the plan is not open to it, its theme or agenda is another now, or words of advice
            are missing.
        SaidMeanwhile: `version` is not the one stored.
    """
    locked = _locked(activity)
    if not may_judge(locked.state, locked.announced_on, locked.held_on, business_date()):
        raise ValidationError(_("The meeting has been held or is announced no more; its topic cannot be judged now."))
    if not locked.title:
        raise ValidationError(_("The meeting has no theme at the moment; wait until the branch has written one."))
    if locked.title != seen_title:
        raise ValidationError(
            _("The theme has been changed meanwhile; it is now “%(title)s”. Look at it once more.")
            % {"title": locked.title}
        )
    agenda = agenda_digest(locked.agenda.values_list("title", flat=True))
    if seen_agenda and seen_agenda != agenda:
        raise ValidationError(_("The agenda has been changed meanwhile. Look at it once more."))
    if verdict == TopicVerdict.ADVISED and not advice:
        raise ValidationError({"advice": _("Say what should be changed.")})
    said = _said(locked, by)
    values = {"verdict": verdict, "verdict_on_title": locked.title, "verdict_on_agenda": agenda, "advice": advice}
    return _write(said, values, "verdict_at", version, "guidance.judge", by)


@transaction.atomic
def remark(*, activity: Activity, was_present: bool, remarks: str, version: int, by: User) -> Guidance:
    """Say afterwards whether one was there, and what one thinks. The same said twice is said once.

    Raises:
        ValidationError: the meeting is still to come, or nobody told it.
        SaidMeanwhile: `version` is not the one stored.
    """
    locked = _locked(activity)
    if not may_remark(locked.state, locked.announced_on, locked.held_on, business_date()):
        raise ValidationError(_("Remarks follow after the meeting."))
    values = {"was_present": was_present, "remarks": remarks}
    return _write(_said(locked, by), values, "remarked_at", version, "guidance.remark", by)


def _locked(activity: Activity) -> Activity:
    return Activity.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=activity.pk)


def _set_announced(activity: Activity, verb: str, by: User, *, announced: bool) -> None:
    """The version stays: it tells who wrote on the content, and nobody did."""
    before, activity.announced_on = activity.announced_on, business_date() if announced else None
    activity.save(update_fields=["announced_on"])
    record(
        verb=verb,
        target=activity,
        by=by,
        organisation=activity.organisation_id,
        changes={"announced_on": (before, activity.announced_on)},
        needs=Permission.DRAFT,
    )


def _said(activity: Activity, by: User) -> Guidance:
    """What this leader said so far; the lock on the record makes it one row."""
    return Guidance.objects.filter(activity=activity, leader=by).first() or Guidance(
        activity=activity, leader=by, version=0
    )


def _write(said: Guidance, values: Mapping[str, object], stamp: str, version: int, verb: str, by: User) -> Guidance:
    changes = difference({name: getattr(said, name) for name in values}, values)
    if not changes:
        return said
    if said.version != version:
        raise SaidMeanwhile
    for name, value in values.items():
        setattr(said, name, value)
    setattr(said, stamp, now())
    said.version += 1
    said.save()
    record(
        verb=verb,
        target=said.activity,
        by=by,
        organisation=said.activity.organisation_id,
        # A digest tells readers of the trail nothing; the agenda's changes stand there themselves.
        changes={name: change for name, change in changes.items() if name != "verdict_on_agenda"},
        needs=needs_of(said.activity),
    )
    return said
