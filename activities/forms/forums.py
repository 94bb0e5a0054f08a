from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.forms.rows import LecturersField
from activities.rules.forums import ForumEntry


class ForumForm(forms.Form):
    """Lecturers and questions of a study session or forum."""

    lecturers = LecturersField()
    other_lecturers = forms.CharField(max_length=120, required=False, label=_("Lecturers from elsewhere"))
    materials = forms.CharField(max_length=200, required=False, label=_("What was studied"))
    questions_answered = forms.IntegerField(min_value=0, max_value=9_999, required=False, label=_("Questions answered"))

    def __init__(self, *args: Any, candidates: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lecturers"].choices = list(candidates)  # type: ignore[attr-defined]

    def entry(self) -> ForumEntry:
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        return ForumEntry(
            lecturer_ids=tuple(sorted(data.get("lecturers", []))),
            other_lecturers=data.get("other_lecturers", ""),
            materials=data.get("materials", ""),
            questions_answered=data.get("questions_answered"),
        )
