from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.actions.findings import Content
from activities.forms.results import FilesField, FilesInput
from activities.forms.rows import RowFormSet
from activities.models.findings import FindingQuerySet
from activities.rules.findings import FREE_SOURCES, STATUSES, FindingSource
from branches.models import Organisation, Person
from foundation.forms import DayField

MOST_PROBLEMS = 20
LONGEST = 1000  # characters of a text about a finding


class FindingFilterForm(forms.Form):
    """Filters of the list; the statuses are links. A value nobody offered filters nothing."""

    status = forms.ChoiceField(choices=[(s, s) for s in STATUSES], required=False, widget=forms.HiddenInput)
    source = forms.ChoiceField(
        choices=[("", pgettext_lazy("sources", "All sources")), *FindingSource.choices],
        required=False,
        label=pgettext_lazy("finding", "Source"),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Organisation"),
        empty_label=_("All organisations"),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organisations is None:
            del self.fields["organisation"]
        else:
            field: Any = self.fields["organisation"]
            field.queryset = organisations
            field.label_from_instance = lambda organisation: organisation.short_name

    def applied_to(self, findings: FindingQuerySet) -> FindingQuerySet:
        """Everything but the status: the counts of the statuses stand beside the one chosen."""
        self.is_valid()
        values: dict[str, Any] = self.cleaned_data
        if values.get("source"):
            findings = findings.filter(source=values["source"])
        if values.get("organisation"):
            findings = findings.filter(organisation=values["organisation"])
        return findings

    @property
    def chosen_status(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("status", ""))

    @property
    def is_filtering(self) -> bool:
        self.is_valid()
        return any(value for name, value in self.cleaned_data.items() if name != "status")


class ProblemForm(forms.Form):
    """One problem: what, whose, until when."""

    text = forms.CharField(label=_("Problem"), max_length=LONGEST, widget=forms.Textarea({"rows": 2}))
    owner = forms.ModelChoiceField(
        Person.objects.none(), label=_("Owner"), required=False, empty_label=_("The branch as a whole")
    )
    due_on = DayField(label=_("To be rectified by"))

    def __init__(self, *args: Any, owners: Sequence[Person], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field: Any = self.fields["owner"]
        field.queryset = Person.objects.filter(pk__in=[person.pk for person in owners])
        field.choices = [("", field.empty_label), *((person.pk, person.name) for person in owners)]

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < self.today:
            raise forms.ValidationError(_("This day has passed; choose today or a later day."))
        return day

    @property
    def content(self) -> Content:
        values: dict[str, Any] = self.cleaned_data
        return Content(text=values["text"], owner=values["owner"], due_on=values["due_on"])


class FindingForm(ProblemForm):
    """A finding raised by itself. Only what comes from nothing recorded here is asked for its source."""

    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    source = forms.ChoiceField(
        choices=[(source.value, source.label) for source in FREE_SOURCES], label=pgettext_lazy("finding", "Source")
    )
    field_order = ["entry_key", "source", "text", "owner", "due_on"]

    def __init__(self, *args: Any, asks_source: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 4
        if not asks_source:
            del self.fields["source"]


ProblemFormSet = forms.formset_factory(
    ProblemForm, formset=RowFormSet, extra=3, max_num=MOST_PROBLEMS, absolute_max=MOST_PROBLEMS, validate_max=True
)


class RectifyForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    measures = forms.CharField(
        label=_("Measures"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What will be done, by whom, by when."),
    )
    proof = forms.CharField(
        label=_("What was done"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Needed once you report it as rectified."),
    )
    evidence = FilesField(
        label=_("Proof files"),
        required=False,
        widget=FilesInput({"accept": ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx"}),
        help_text=_("Pictures, PDF, Word or Excel."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"].is_alternative = True  # type: ignore[attr-defined]  # needed to report: not marked optional


class CloseForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Opinion of the verification"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class ReasonForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=forms.Textarea({"rows": 3}))


class ExtendForm(ReasonForm):
    due_on = DayField(label=_("New due day"))
    field_order = ["version", "due_on", "reason"]
