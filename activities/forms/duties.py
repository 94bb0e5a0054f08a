from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import ActivityKind, DutyRule
from activities.rules.periods import MONTHS_LONG
from branches.models import Organisation
from foundation.forms import DayField


class DutyRuleForm(forms.Form):
    """An organisation's own version of a duty. Everything starts as the rule that holds now."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    times = forms.IntegerField(
        label=_("Times"), min_value=0, max_value=31, help_text=_("How many in each period; 0: not required.")
    )
    rhythm = forms.ChoiceField(label=_("How often"), choices=DutyRule.Rhythm.choices)
    kinds = forms.ModelMultipleChoiceField(
        ActivityKind.objects.all(),
        to_field_name="code",
        label=_("Kinds that count"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("An activity of several of these kinds counts once."),
    )
    applies_to = forms.ChoiceField(label=_("Applies to"), choices=DutyRule.AppliesTo.choices)
    exempts_retired = forms.BooleanField(label=_("Not for branches of retired members"), required=False)
    exempts_temporary = forms.BooleanField(label=_("Not for temporary branches"), required=False)
    fixed_day = forms.IntegerField(
        label=_("Fixed day of the month"),
        min_value=1,
        max_value=28,
        required=False,
        help_text=_("1 to 28. After this day the duty is overdue; left empty it is due on the last day of the period."),
    )
    warning_days = forms.IntegerField(label=_("Days of warning before it is due"), min_value=0, max_value=92)
    grace_days = forms.IntegerField(label=_("Days of grace after the period"), min_value=0, max_value=92)
    entry_days = forms.IntegerField(
        label=_("Working days to enter the record"),
        min_value=0,
        max_value=60,
        help_text=_("A record entered later is marked as late; it counts all the same."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        help_text=_("Why, or on which paper. Needed where nothing is required."),
    )

    def __init__(self, *args: Any, rule: DutyRule, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name != "kinds"]
        initial = {name: getattr(rule, name) for name in names} | {"kinds": [kind.code for kind in rule.kinds.all()]}
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        months = MONTHS_LONG.get(values.get("rhythm", ""), 12)
        if values.get("times") and values["times"] > months * 31:
            self.add_error("times", _("That is more than once a day."))
        return values


class EndRuleForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    last_year = forms.IntegerField(label=_("Last year"), min_value=2000, max_value=2099)


class ExemptionForm(forms.Form):
    """One branch, one duty, a time, a reason."""

    branch = forms.ModelChoiceField(Organisation.objects.none(), label=_("Branch"), empty_label=_("Choose a branch"))
    rule_code = forms.ChoiceField(label=_("Duty"))
    starts_on = DayField(label=_("From"), help_text=_("Every period that overlaps this time is exempt."))
    ends_on = DayField(label=_("Until"), required=False, help_text=_("Left empty it holds until it is ended."))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)

    def __init__(self, *args: Any, branches: Any, rules: list[DutyRule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]
        self.fields["rule_code"].choices = [(rule.code, rule.label) for rule in rules]  # type: ignore[attr-defined]


class EndExemptionForm(forms.Form):
    ends_on = DayField(label=_("Last day"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = today
