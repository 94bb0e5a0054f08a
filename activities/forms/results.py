from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.actions.results import Content
from activities.models import Result
from activities.models.results import ResultQuerySet
from activities.rules.results import ASKED, REQUIRED, Level, ResultKind
from branches.models import Person
from foundation.forms import DayField, DayInput

MAX_FILES = 10

# What the fields are called where the kind has a word of its own.
LABELS: dict[str, dict[str, Any]] = {
    ResultKind.BRAND: {"title": _("Name of the brand"), "achieved_on": _("Brand since")},
    ResultKind.PUBLICATION: {
        "title": _("Title of the publication"),
        "achieved_on": pgettext_lazy("publication", "Published on"),
        "source": pgettext_lazy("publication", "Compiled by"),
    },
    ResultKind.MEDIA: {
        "title": _("Title of the report"),
        "achieved_on": pgettext_lazy("media", "Reported on"),
        "source": _("Medium"),
    },
    ResultKind.CASE: {
        "title": _("Name of the case"),
        "achieved_on": pgettext_lazy("case", "Selected on"),
        "source": _("Selected by"),
    },
    ResultKind.HONOUR: {
        "title": _("Honour"),
        "achieved_on": _("Conferred on"),
        "source": _("Conferred by"),
        "year": _("Year of the honour"),
        "level": pgettext_lazy("honour", "Level"),
        "person": _("Honoured member"),
    },
}


class ResultFilterForm(forms.Form):
    """Filters of the list; the kinds are links. A value nobody offered filters nothing."""

    kind = forms.ChoiceField(choices=ResultKind.choices, required=False, widget=forms.HiddenInput)
    year = forms.IntegerField(required=False, label=_("Year"), min_value=1949, max_value=2099)
    state = forms.ChoiceField(
        choices=[("", pgettext_lazy("results", "Standing")), ("withdrawn", pgettext_lazy("result", "Withdrawn"))],
        required=False,
        label=_("State"),
    )
    q = forms.CharField(
        required=False, max_length=60, label=_("Words in the result"), widget=forms.TextInput({"type": "search"})
    )

    def applied_to(self, results: ResultQuerySet) -> ResultQuerySet:
        """Everything but the kind: the counts of the kinds stand beside the one chosen."""
        self.is_valid()
        values: dict[str, Any] = self.cleaned_data
        if values.get("state") == "withdrawn":
            results = results.filter(withdrawn_on__isnull=False)
        else:
            results = results.standing()
        if values.get("year"):
            results = results.filter(year=values["year"])
        for word in values.get("q", "").split():
            results = results.filter(
                Q(title__icontains=word)
                | Q(description__icontains=word)
                | Q(source__icontains=word)
                | Q(person__name__icontains=word)
            )
        return results

    @property
    def chosen_kind(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("kind", ""))

    @property
    def is_filtering(self) -> bool:
        self.is_valid()
        return any(value for name, value in self.cleaned_data.items() if name != "kind")


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each is judged by its content where it is stored."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [upload for upload in data or [] if upload]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(
                _("At most %(limit)d files at once; choose the others afterwards."), params={"limit": MAX_FILES}
            )
        return files


class ResultForm(forms.Form):
    """A result; the kind decides what is asked."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=120)
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Honoured member"), required=False, empty_label=_("The organisation itself")
    )
    achieved_on = DayField(label=pgettext_lazy("result", "Date"))
    year = forms.IntegerField(label=_("Year"), min_value=1949, max_value=2099, required=False)
    level = forms.ChoiceField(
        label=pgettext_lazy("honour", "Level"), choices=[("", _("Choose a level")), *Level.choices], required=False
    )
    source = forms.CharField(label=_("Source"), max_length=120, required=False)
    description = forms.CharField(
        label=pgettext_lazy("result", "Short description"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    evidence = FilesField(
        label=_("Evidence files"),
        required=False,
        widget=FilesInput({"accept": ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx"}),
        help_text=_("Photos, PDF, Word or Excel; several at once."),
    )

    def __init__(self, *args: Any, kind: str, members: list[Person], members_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {"version", "entry_key", "title", "achieved_on", "description", "evidence", *ASKED[kind]}
        if not members_url:
            asked -= {"person"}
        for name in [name for name in self.fields if name not in asked]:
            del self.fields[name]
        for name, label in LABELS[kind].items():
            if name in self.fields:
                self.fields[name].label = label
        for name in REQUIRED.get(kind, ()):
            self.fields[name].required = True
        if "person" in self.fields:
            self._offer(members, members_url)
        if kind == ResultKind.HONOUR:
            self.fields["title"].widget.attrs["list"] = "honours"
        if "year" in self.fields:
            self.fields["year"].help_text = _("An honour of one year may be conferred in the next.")

    def _offer(self, members: list[Person], members_url: str) -> None:
        person: Any = self.fields["person"]
        person.queryset = Person.objects.filter(pk__in=[member.pk for member in members])
        person.choices = [("", person.empty_label), *((member.pk, member.name) for member in members)]
        person.help_text = _("The members of the branch on the day conferred.")
        # Another day, other members: the choice is fetched anew.
        self.fields["achieved_on"].widget = DayInput(
            {
                "hx-get": members_url,
                "hx-trigger": "change",
                "hx-include": "#id_person",
                "hx-target": "#id_person",
                "hx-select": "#id_person",
                "hx-swap": "outerHTML",
            }
        )

    @property
    def content(self) -> Content:
        values: dict[str, Any] = self.cleaned_data
        return Content(
            title=values["title"],
            achieved_on=values["achieved_on"],
            year=values.get("year") or values["achieved_on"].year,
            description=values["description"],
            source=values.get("source", ""),
            level=values.get("level", ""),
            person=values.get("person"),
        )


def first_values(result: Result | None) -> dict[str, Any]:
    """What the form shows before anybody types."""
    if result is None:
        return {"entry_key": uuid4()}
    names = [*Content.__dataclass_fields__, "version"]
    return {name: getattr(result, name) for name in names} | {"person": result.person_id}


class EndResultForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    ended_on = DayField(label=_("Last day"))


class WithdrawResultForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea({"rows": 3}))
