"""How many rows are written at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Pace:
    """The size of the next chunk, so that nobody waits much longer than `seconds` for the write lock."""

    size: int = 500
    least: int = 50
    most: int = 4000
    seconds: float = 0.55

    def note(self, rows: int, seconds: float) -> None:
        """Take the measure of a chunk that was written."""
        if rows >= self.least:
            self.size = max(self.least, min(self.most, int(rows * self.seconds / max(seconds, 0.001))))
