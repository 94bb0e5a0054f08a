"""What stops a record from being handed in (must) and what its writer and its reviewer are told (hint)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    MUST = "must"
    HINT = "hint"


@dataclass(frozen=True)
class Gap:
    """One thing to mend. `anchor` is the id of the field it speaks of."""

    level: Level
    anchor: str
    text: str


def must(anchor: str, text: str) -> Gap:
    return Gap(Level.MUST, anchor, text)


def hint(anchor: str, text: str) -> Gap:
    return Gap(Level.HINT, anchor, text)
