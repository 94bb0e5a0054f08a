"""What a contact leader may say of a planned meeting's topic, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from django.db import models
from django.utils.translation import pgettext_lazy

from activities.rules.activities import State


class TopicVerdict(models.TextChoices):
    APPROVED = "approved", pgettext_lazy("topic", "Approved")
    ADVISED = "advised", pgettext_lazy("topic", "To be changed")


def may_announce(state: str, held_on: date, today: date) -> bool:
    """A plan is told to those above while its meeting is still to come."""
    return state == State.DRAFT and held_on >= today


def may_judge(state: str, announced_on: date | None, held_on: date, today: date) -> bool:
    """The topic is approved beforehand: of an announced plan, up to the day of the meeting."""
    return announced_on is not None and may_announce(state, held_on, today)


def may_remark(state: str, announced_on: date | None, held_on: date, today: date) -> bool:
    """Remarks follow the meeting; what nobody announced or handed in, the leader does not know of."""
    if held_on > today or state == State.DISCARDED:
        return False
    return state != State.DRAFT or announced_on is not None


def title_changed(verdict: str, verdict_on_title: str, title: str) -> bool:
    """Whether the theme is another than the one the verdict was given on."""
    return bool(verdict) and verdict_on_title != title


def agenda_digest(titles: Iterable[str]) -> str:
    """What tells one agenda from another: 64 characters of its titles in their order."""
    return sha256("\0".join(titles).encode()).hexdigest()
