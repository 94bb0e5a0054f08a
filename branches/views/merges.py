"""Two records of one person: merging them, and taking that back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.actions import merges as actions
from branches.forms.merges import FindForm, MergeForm
from branches.models import PersonMerge
from branches.queries import merges as queries
from branches.rights import AccessRequest
from branches.rules import roster_cells
from branches.views.two_steps import Effect, Page, two_steps
from foundation.messages import done
from foundation.rules.numbers import small_integer


def merge(request: AccessRequest, pk: int) -> HttpResponse:
    """Merge another record into the one the page was opened from."""
    record = queries.record_or_404(request.access, pk)
    request.organisation = record.membership.branch
    kept = record.person
    find = FindForm(request.GET)
    name = roster_cells.name(find.cleaned_data["name"]) if find.is_valid() else ""
    also = small_integer(request.GET.get("with", ""))
    records = queries.records_like(kept, request.access, name=name, also=also)
    chosen = small_integer(request.POST.get("other", "")) if request.method == "POST" else also
    merged = next((row.person for row in records if row.person.pk == chosen), kept)
    form = MergeForm(request.POST or None, records=records, initial={"other": str(also or "")})

    def act() -> PersonMerge:
        return actions.merge(kept=kept, merged=merged, reason=form.cleaned_data["reason"], by=request.user)

    def effects() -> list[Effect]:
        with transaction.atomic():
            said, warned = queries.sentences_of(act())
            transaction.set_rollback(True)
        text = _("One record stays: %(kept)s. The other one, %(merged)s, is not listed any more; its page leads here.")
        labels = {row.person.pk: row.label for row in records}
        first = text % {"kept": record.label, "merged": labels[merged.pk]}
        warnings = [*queries.differences(kept, merged), *warned]
        return [*(Effect(text) for text in (first, *said)), *(Effect(text, is_warning=True) for text in warnings)]

    def finish(merge: PersonMerge) -> HttpResponse:
        done(
            request,
            _("Two records of %(name)s are one now.") % {"name": kept.name},
            undo_url=reverse("branches:merge_undo", args=[merge.pk]),
        )
        return redirect("branches:person", kept.pk)

    back = reverse("branches:person", args=[kept.pk])
    page = Page(
        title=_("Merge another record of %(name)s into this one") % {"name": kept.name},
        verb=_("Merge the records"),
        back=back,
        crumb=(kept.name, back),
        template="branches/merges/form.html",
        preview="branches/merges/preview.html",
        context={
            "record": record,
            "records": records,
            "find": find,
            "organisation": record.membership.branch,
            "swap": merged if merged is not kept else None,
            "reason": request.POST.get("reason", ""),
        },
    )
    return two_steps(
        request, form, page=page, act=act, effects=effects, finish=finish, lock=actions.both_locked(kept, merged)
    )


@require_POST
def undo(request: AccessRequest, pk: int) -> HttpResponse:
    """Make one record two again."""
    merge = queries.merge_or_404(request.access, pk)
    try:
        still = actions.undo_merge(merge=merge, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        done(request, _("%(name)s: the two records are two again.") % {"name": merge.kept.name})
        if still:
            text = _("Changed since and therefore left as it is: %(what)s.")
            messages.warning(request, text % {"what": _(", ").join(still)})
    return redirect("branches:person", merge.kept_id)
