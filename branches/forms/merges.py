from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.queries.merges import Record


class MergeForm(forms.Form):
    """Which record is merged into the one whose page it was opened from, and how that is known."""

    other = forms.ChoiceField(label=_("Record to merge into this one"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("How is it known that they are one person?"),
        max_length=200,
        min_length=2,
        help_text=_("Kept on record with your name and the time."),
    )

    def __init__(self, *args: Any, records: Sequence[Record], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [(str(row.person.pk), row.label) for row in records]  # type: ignore[attr-defined]


class FindForm(forms.Form):
    name = forms.CharField(label=_("Find another record by name"), max_length=60, required=False)
