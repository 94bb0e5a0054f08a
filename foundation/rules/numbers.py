"""Numbers people and pages send."""

LONGEST = 9  # digits: fits the integers of every database, and Python reads it at once


def small_integer(text: str) -> int | None:
    """The whole number from 0 to 999 999 999 that `text` writes in plain digits, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None
