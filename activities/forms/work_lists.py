from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from activities.actions.work_lists import Content, ItemEntry
from activities.models import ActivityKind, WorkList
from activities.queries.work_lists import branches_to_send, kinds_to_ask
from activities.rules.work_lists import MAX_ITEMS, TaskState, monday_of
from branches.models import Organisation
from foundation.forms import DayField
from foundation.rules.numbers import small_integer

BLANK_ROWS = 3
WEEK = timedelta(days=7)


class BranchesField(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        # SQLite cannot look for a number that is too large for it.
        for text in value or []:
            if small_integer(str(text)) is None:
                message = self.error_messages["invalid_pk_value"]
                raise forms.ValidationError(message, code="invalid_pk_value", params={"pk": text})
        return super().clean(value)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.short_name)


class WorkListForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=120)
    week_of = DayField(label=_("Week"), help_text=_("Any day of the week; the list is kept under its Monday."))
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2}))
    recipients = BranchesField(
        Organisation.objects.none(),
        label=_("Send to"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one branch.")},
    )

    def __init__(self, *args: Any, branches: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipients"].queryset = branches  # type: ignore[attr-defined]

    def content(self, items: WrittenItems) -> Content:
        values: dict[str, Any] = self.cleaned_data
        return Content(
            title=values["title"],
            week_of=values["week_of"],
            note=values["note"],
            recipients=tuple(branch.pk for branch in values["recipients"]),
            items=items.entries,
        )


class KindField(forms.ModelChoiceField):
    def label_from_instance(self, obj: ActivityKind) -> str:
        return str(obj.label)


class ItemForm(forms.Form):
    """One item; with a kind the branch plans an activity, without one it answers in words."""

    title = forms.CharField(label=_("Item"), max_length=120)
    content = forms.CharField(
        label=_("What is asked"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    kind = KindField(
        ActivityKind.objects.none(),
        label=_("Activity to hold"),
        required=False,
        empty_label=_("None: answered in words"),
    )
    due_on = DayField(label=_("Due on"), required=False)

    def __init__(self, *args: Any, kinds: list[ActivityKind] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = kinds_to_ask()  # type: ignore[attr-defined]
        if kinds is not None:
            # The rows of a page share one look-up.
            choices = [(kind.pk, str(kind.label)) for kind in kinds]
            self.fields["kind"].choices = [("", _("None: answered in words")), *choices]  # type: ignore[attr-defined]


class WrittenItems(forms.BaseFormSet[ItemForm]):
    def _construct_form(self, i: int, **kwargs: Any) -> ItemForm:
        """A row emptied by hand is left out, whether it stood before or not."""
        return super()._construct_form(i, **kwargs | {"empty_permitted": True})  # type: ignore[misc]

    @property
    def entries(self) -> tuple[ItemEntry, ...]:
        """The rows somebody wrote in, in their order."""
        written = [form.cleaned_data for form in self.forms if form.has_changed() and form.cleaned_data.get("title")]
        return tuple(ItemEntry(**{name: row[name] for name in ItemEntry.__dataclass_fields__}) for row in written)


ItemFormSet: type[WrittenItems] = forms.formset_factory(  # type: ignore[assignment]
    ItemForm, formset=WrittenItems, extra=BLANK_ROWS, max_num=MAX_ITEMS, absolute_max=MAX_ITEMS
)


def _title(day: date) -> str:
    monday = date_format(monday_of(day), pgettext("date in a title", "N j"))
    return gettext("Work list for the week of %(day)s") % {"day": monday}


def first_values(work_list: WorkList | None, branches: QuerySet[Organisation], today: date) -> dict[str, Any]:
    """What the form shows before anybody types: a blank list goes to every branch."""
    if work_list is None:
        return {"entry_key": uuid4(), "title": _title(today), "week_of": today, "recipients": branches}
    return {
        "version": work_list.version,
        "title": work_list.title,
        "week_of": work_list.week_of,
        "note": work_list.note,
        "recipients": work_list.recipients.all(),
    }


def copied_values(source: WorkList, branches: QuerySet[Organisation]) -> dict[str, Any]:
    """A new list after `source`: the week that follows, the same words and branches.

    What went to every branch goes to those founded since, too.
    """
    week = source.week_of + WEEK
    sent_to = source.recipients.values("pk")
    then = branches_to_send(source.organisation, source.sent_on or source.entered_on)
    to_all = not then.exclude(pk__in=sent_to).exists()
    return first_values(source, branches, week) | {
        "version": None,
        "entry_key": uuid4(),
        "title": _title(week),
        "week_of": week,
        "recipients": branches if to_all else branches.filter(pk__in=sent_to),
    }


def item_values(source: WorkList, *, later: timedelta = timedelta()) -> list[dict[str, Any]]:
    """The items of a list as rows of the form, their days `later`."""
    return [
        {
            "title": item.title,
            "content": item.content,
            "kind": item.kind_id,
            "due_on": item.due_on + later if item.due_on else None,
        }
        for item in source.items.all()
    ]


class WithdrawListForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea({"rows": 3}))


class AnswerForm(forms.Form):
    """An answer in words; an item with an activity can only be declined this way."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    state = forms.ChoiceField(label=_("Answer"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("In words"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What was done and when, or why it cannot be done."),
        error_messages={"required": _("Say what was done, or why it cannot be done.")},
    )

    def __init__(self, *args: Any, by_activity: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [TaskState.DECLINED] if by_activity else [TaskState.DONE, TaskState.DECLINED]
        state: Any = self.fields["state"]
        state.choices = [(value.value, value.label) for value in states]
        if by_activity:
            state.widget = forms.HiddenInput()
            state.initial = TaskState.DECLINED.value
            self.fields["answer"].label = _("Why can it not be held?")
            self.fields["answer"].help_text = ""
