from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import COMMITTEE_POSTS, Organisation, Person, Post
from branches.rules.elections import COMMITTEE_FROM, Tally, term_months
from foundation.forms import DayField

ROWS, MORE_ROWS, MOST_ROWS = 6, 3, 30
MOST_PEOPLE = 9999
TALLY = ("voters_expected", "voters_present", "ballots_issued", "ballots_returned")


class ElectionForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of election"),
        choices=[
            ("term", gettext_lazy("Election of a new term")),
            ("by_election", gettext_lazy("By-election in the running term")),
        ],
        widget=forms.RadioSelect,
    )
    on = DayField(label=gettext_lazy("Held on"))
    expires_on = DayField(label=gettext_lazy("Term ends on"), required=False)
    has_committee = forms.BooleanField(
        label=gettext_lazy("With a branch committee"),
        required=False,
        help_text=gettext_lazy("Asked for from 7 full members (Regulations on the Work of Branches, article 20)."),
    )
    voters_expected = forms.IntegerField(label=gettext_lazy("Voters expected"), min_value=1, max_value=MOST_PEOPLE)
    voters_present = forms.IntegerField(label=gettext_lazy("Voters present"), min_value=1, max_value=MOST_PEOPLE)
    ballots_issued = forms.IntegerField(label=gettext_lazy("Ballots issued"), min_value=1, max_value=MOST_PEOPLE)
    ballots_returned = forms.IntegerField(label=gettext_lazy("Ballots returned"), min_value=1, max_value=MOST_PEOPLE)
    reply_number = forms.CharField(
        label=gettext_lazy("Reply number"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("May be added later."),
    )
    reply_on = DayField(label=gettext_lazy("Date of the reply"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, organisation: Organisation, voters: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = term_months(organisation.kind) // 12
        self.fields["expires_on"].help_text = _(
            "Left empty: %(years)s years after the election, as asked of this kind of organisation. "
            "Only for a new term."
        ) % {"years": years}
        expected = self.fields["voters_expected"]
        expected.help_text = _(
            "Full members with a vote, less those left out with consent from above; at least four fifths must come."
        )
        if voters is None:
            del self.fields["has_committee"]
            return
        expected.initial = voters
        expected.help_text += " " + _("By the roster of today: %(number)s.") % {"number": voters}
        self.fields["has_committee"].initial = voters >= COMMITTEE_FROM

    @property
    def tally(self) -> Tally:
        return Tally(**{name: self.cleaned_data[name] for name in TALLY})


class CandidateForm(forms.Form):
    person = forms.TypedChoiceField(label=gettext_lazy("Candidate"), coerce=int, required=False)
    post = forms.ChoiceField(
        label=gettext_lazy("Post"),
        choices=[("", gettext_lazy("Choose")), *((post, Post(post).label) for post in COMMITTEE_POSTS)],
        required=False,
    )
    votes_for = forms.IntegerField(label=gettext_lazy("Votes for"), min_value=0, max_value=MOST_PEOPLE, required=False)
    is_elected = forms.BooleanField(label=gettext_lazy("Elected"), required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        names = ("person", "post", "votes_for")
        if not self.errors and not values.get("is_elected") and all(values.get(name) in (None, "") for name in names):
            return values
        for name in names:
            if name not in self.errors and values.get(name) in (None, ""):
                self.add_error(name, ValidationError(_("Fill this in, or empty the whole line.")))
        return values


CandidateRows = forms.formset_factory(
    CandidateForm, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)


def candidates_of(rows: Any, people: dict[int, Person]) -> list[tuple[Person, str, int, bool]]:
    """The lines that were filled in, as `branches.actions.elections.hold_election` asks for them."""
    return [
        (people[row["person"]], row["post"], row["votes_for"], row["is_elected"])
        for row in (form.cleaned_data for form in rows)
        if row.get("person")
    ]


class ReplyForm(forms.Form):
    reply_number = forms.CharField(label=gettext_lazy("Reply number"), max_length=80)
    reply_on = DayField(label=gettext_lazy("Date of the reply"))
