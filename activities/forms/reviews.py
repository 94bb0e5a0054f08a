from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

USUAL_REASONS = (
    ("attendance", _("Attendance is not recorded completely")),
    ("papers", _("The signed sheet or the photos are missing")),
    ("thin", _("The record is too brief: discussion and resolutions are not written down")),
    ("votes", _("The votes do not fit the number of people present")),
    ("facts", _("Theme, day or kind of activity do not fit what was held")),
    ("copied", _("The text is nearly the same as that of an earlier record")),
)


class ReturnForm(forms.Form):
    """Why a record goes back: usual reasons, own words, or both."""

    usual = forms.MultipleChoiceField(
        choices=USUAL_REASONS,
        required=False,
        label=_("Usual reasons"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose usual reasons or write your own: at least one of the two."),
    )
    words = forms.CharField(
        max_length=1_000,
        required=False,
        label=_("What has to be corrected"),
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The branch reads these words together with your name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.is_alternative = True  # type: ignore[attr-defined]  # one of the two is required: not marked optional

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("usual") and not data.get("words"):
            self.add_error("words", _("Choose or write at least one reason."))
        return data

    @property
    def reason(self) -> str:
        labels = dict(USUAL_REASONS)
        parts = [str(labels[code]) for code in self.cleaned_data["usual"]]
        if self.cleaned_data["words"]:
            parts.append(self.cleaned_data["words"])
        return "；".join(parts)
