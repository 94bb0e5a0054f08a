from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def done(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """Say on the next page what was done; with `undo_url` the black bar carries a button that posts there."""
    messages.success(request, text, extra_tags=UNDO + undo_url if undo_url else "")
