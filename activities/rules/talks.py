"""What a record says of heart-to-heart talks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from activities.rules.gaps import Gap, hint, must


@dataclass(frozen=True)
class TalkEntry:
    """One talk between two people. `held_on` None: on the day of the record."""

    first_id: int | None = None
    second_id: int | None = None
    held_on: date | None = None
    points: str = ""

    @property
    def is_blank(self) -> bool:
        return self == TalkEntry()

    @property
    def pair(self) -> frozenset[int | None]:
        return frozenset({self.first_id, self.second_id})


def gaps_of_talks(
    talks: tuple[TalkEntry, ...], names: Mapping[int, str], *, held_on: date | None, today: date
) -> Iterator[Gap]:
    """`held_on`: the day of the record.

    Source: 《中国共产党支部工作条例（试行）》2018, article 19.
    """
    if all(talk.is_blank for talk in talks):
        yield must("id_talks-0-first", _("Write who talked with whom, one talk a row."))
    seen: set[tuple[frozenset[int | None], date | None]] = set()
    for number, talk in enumerate(talks):
        if talk.is_blank:
            continue
        anchor, day = f"id_talks-{number}", talk.held_on or held_on
        if talk.first_id is None or talk.second_id is None:
            yield must(f"{anchor}-first", _("Talk %(number)s: choose both people.") % {"number": number + 1})
        elif talk.first_id == talk.second_id:
            yield must(f"{anchor}-second", _("Talk %(number)s: nobody talks with themselves.") % {"number": number + 1})
        elif (talk.pair, day) in seen:
            words = {"first": names.get(talk.first_id, ""), "second": names.get(talk.second_id, "")}
            yield must(f"{anchor}-second", _("%(first)s and %(second)s are here twice for one day.") % words)
        if day and day > today:
            text = _("Talk %(number)s: the day is still to come.") % {"number": number + 1}
            yield must(f"{anchor}-held_on", text)
        if not talk.points:
            yield hint(f"{anchor}-points", _("Talk %(number)s has no main points.") % {"number": number + 1})
        seen.add((talk.pair, day))
