from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.forms.rows import MOST_ROWS, RowFormSet
from activities.rules.inspections import UnitEntry


class UnitForm(forms.Form):
    name = forms.CharField(max_length=80, required=False, label=_("Unit inspected"))
    note = forms.CharField(max_length=200, required=False, label=_("What was found"))

    def entry(self) -> UnitEntry:
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        # Spaces are how one unit becomes two.
        return UnitEntry("".join(data.get("name", "").split()), data.get("note", ""))


class BaseUnitFormSet(RowFormSet):
    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            name = form.entry().name
            if name and name in seen:
                form.add_error("name", _("This unit is here twice. Take one of the rows out."))
            seen.add(name)


UnitFormSet = forms.formset_factory(
    UnitForm, formset=BaseUnitFormSet, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)
