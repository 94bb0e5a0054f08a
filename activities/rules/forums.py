"""What a record says of a study session or forum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from activities.rules.gaps import Gap, hint


@dataclass(frozen=True)
class ForumEntry:
    """Who lectured on what, and how many questions were answered. None: not filled in."""

    lecturer_ids: tuple[int, ...] = ()
    other_lecturers: str = ""
    materials: str = ""
    questions_answered: int | None = None

    @property
    def is_blank(self) -> bool:
        return self == ForumEntry()


def gaps_of_forum(entry: ForumEntry) -> Iterator[Gap]:
    if not (entry.lecturer_ids or entry.other_lecturers):
        yield hint("id_forum-lecturers", _("It is not said who lectured."))
    if not entry.materials:
        yield hint("id_forum-materials", _("It is not said what was studied."))
