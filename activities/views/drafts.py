"""Writing a record: the form, saving by hand and by itself, handing in, discarding."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.actions.activities import RecordChanged, RecordClosed, discard, save_draft
from activities.actions.attachments import attach
from activities.actions.reviews import MovedMeanwhile, RecordIncomplete, submit
from activities.forms.record import RecordForm
from activities.models import Activity, Attachment
from activities.queries.activities import activity_or_404, kinds_offered
from activities.queries.attendances import sheet_on
from activities.queries.content import content_of, prefilled
from activities.rules.activities import State
from activities.views.record_page import conflict_context, page_context, told_gaps
from branches.models import Organisation
from branches.rights import AccessRequest, Permission, organisation_or_404
from foundation.clock import business_date
from foundation.messages import done
from foundation.rules.numbers import small_integer

FIRST_VERSION = 1  # what a blank form makes; sent again, it may replace that and nothing a colleague wrote since


def new(request: AccessRequest, code: str) -> HttpResponse:
    """A blank record of an organisation; nothing is created before it is saved."""
    organisation = organisation_or_404(request, code, Permission.DRAFT)
    if request.method == "POST":
        key = _entry_key(request)
        standing = Activity.objects.filter(organisation=organisation, entry_key=key).first() if key else None
        return _save(request, organisation, standing, key)
    kinds = [kind for kind in kinds_offered(organisation) if kind.code in request.GET.getlist("kind")]
    day = _day(request.GET.get("on", ""))
    group = small_integer(request.GET.get("group", ""))
    sheet = sheet_on(organisation, day, kinds, group)
    content = prefilled(organisation, kinds, day, sheet, group)
    form = RecordForm.showing(organisation, content, sheet)
    form.basics.fields["title"].widget.attrs["autofocus"] = True
    return render(request, "activities/form.html", page_context(request, form, content, entry_key=uuid.uuid4()))


def edit(request: AccessRequest, pk: int) -> HttpResponse:
    """A stored record that is still open. `?check` shows what keeps it from being handed in."""
    activity = activity_or_404(request, pk, Permission.DRAFT)
    if not activity.is_editable:
        return _closed(request, activity)
    if request.method == "POST":
        return _save(request, activity.organisation, activity, None)
    content = content_of(activity)
    form = RecordForm.showing(activity.organisation, content)
    context = page_context(request, form, content, activity=activity)
    if activity.state == State.RETURNED:
        context["returned_step"] = activity.review_steps.select_related("by").last()
    if "check" in request.GET:
        context |= {"told": "check", "more_errors": told_gaps("check", form, context["gaps"])}
    return render(request, "activities/form.html", context)


@require_POST
def discard_draft(request: AccessRequest, pk: int) -> HttpResponse:
    activity = activity_or_404(request, pk, Permission.DRAFT)
    try:
        discard(activity=activity, by=request.user)
    except RecordClosed as error:
        return _closed(request, error.activity)
    done(request, _("The draft “%(title)s” has been discarded.") % {"title": activity.title or _("untitled")})
    return redirect("activities:list", activity.organisation.code)


def _save(
    request: AccessRequest, organisation: Organisation, activity: Activity | None, key: uuid.UUID | None
) -> HttpResponse:
    intent = request.POST.get("intent", "draft")
    stored = content_of(activity) if activity else None
    form = RecordForm.sent(organisation, request.POST, business_date(), stored)
    content = form.content()
    if intent == "reload" or not form.is_valid():
        return _unsaved(request, form, content, activity, key, intent)
    version = small_integer(request.POST.get("version", "")) or (FIRST_VERSION if key else None)
    try:
        activity = save_draft(
            organisation=organisation,
            content=content,
            by=request.user,
            activity=activity,
            version=version,
            entry_key=key,
        )
    except RecordChanged as error:
        return _conflict(request, form, error, intent)
    except IntegrityError:
        # The same blank form sent twice at once: the other one has just made the record.
        standing = Activity.objects.filter(organisation=organisation, entry_key=key).first() if key else None
        if standing is None or activity is not None:
            raise
        return _save(request, organisation, standing, key)
    except RecordClosed as error:
        return _closed(request, error.activity, intent)
    if intent == "autosave":
        return _saved_answer(activity)
    try:
        complete = _attach_files(request, activity)
    except RecordClosed as error:
        return _closed(request, error.activity)
    if not complete:
        return redirect(f"{reverse('activities:edit', args=[activity.pk])}#attachments")
    if intent == "submit":
        return _hand_in(request, activity)
    done(request, _("The draft has been saved."))
    return redirect("activities:edit", activity.pk)


def _hand_in(request: AccessRequest, activity: Activity) -> HttpResponse:
    if not request.access.may(Permission.SUBMIT, activity.organisation):
        messages.warning(request, _("The draft has been saved. The secretary hands it in."))
        return redirect("activities:edit", activity.pk)
    try:
        activity = submit(activity=activity, version=activity.version, by=request.user)
    except RecordIncomplete:
        return redirect(f"{reverse('activities:edit', args=[activity.pk])}?check=1")
    except MovedMeanwhile as error:
        messages.warning(request, str(error))
        return redirect("activities:activity", activity.pk)
    done(
        request,
        _("Handed in for review: %(title)s") % {"title": activity.title},
        undo_url=reverse("activities:withdraw", args=[activity.pk]) + f"?version={activity.version}",
    )
    return redirect("activities:activity", activity.pk)


def _unsaved(
    request: AccessRequest,
    form: RecordForm,
    content: Any,
    activity: Activity | None,
    key: uuid.UUID | None,
    intent: str,
) -> HttpResponse:
    """The form as it was typed, with what could not be understood, or with the people of another day or kind."""
    if intent == "autosave":
        return JsonResponse({"error": _("Not saved yet: %(gap)s") % {"gap": next(iter(form.errors()))[0]}}, status=422)
    context = page_context(request, form, content, activity=activity, entry_key=key or uuid.uuid4())
    context["is_unsaved"] = True
    if intent != "reload":
        context |= {"told": "errors", "more_errors": told_gaps("errors", form, context["gaps"])}
    return render(request, "activities/form.html", context)


def _conflict(request: AccessRequest, form: RecordForm, error: RecordChanged, intent: str) -> HttpResponse:
    words = {"name": error.by, "time": f"{localtime(error.at):%H:%M}"}
    text = _("%(name)s changed this record at %(time)s. What you typed is not lost.") % words
    if intent == "autosave":
        return JsonResponse({"conflict": text}, status=409)
    context = page_context(request, form, form.content(), activity=error.activity) | {"is_unsaved": True}
    return render(request, "activities/form.html", context | conflict_context(error.activity, form, text), status=409)


def _closed(request: AccessRequest, activity: Activity, intent: str = "") -> HttpResponse:
    text = _("This record has been handed in and cannot be changed now.")
    if activity.state == State.DISCARDED:
        text = _("This draft has been discarded.")
    if intent == "autosave":
        return JsonResponse({"conflict": text}, status=409)
    messages.warning(request, text)
    if activity.state == State.DISCARDED:
        return redirect("activities:list", activity.organisation.code)
    return redirect("activities:activity", activity.pk)


def _attach_files(request: AccessRequest, activity: Activity) -> bool:
    """Keep the files sent with the form; each one that is not accepted is named. True if all were.

    Raises:
        RecordClosed: a colleague handed the record in, or put it away, between saving and the files.
    """
    complete = True
    for category in Attachment.Category.values:
        for upload in request.FILES.getlist(f"files-{category}"):
            try:
                attach(activity=activity, upload=upload, category=category, by=request.user)
            except ValidationError as error:
                complete = False
                messages.error(request, " ".join(error.messages))
    return complete


def _saved_answer(activity: Activity) -> JsonResponse:
    return JsonResponse(
        {
            "pk": activity.pk,
            "url": reverse("activities:edit", args=[activity.pk]),
            "attach": reverse("activities:attach", args=[activity.pk]),
            "version": activity.version,
            "saved": _("Saved by itself at %(time)s") % {"time": f"{localtime(activity.changed_at):%H:%M}"},
        }
    )


def _entry_key(request: AccessRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("entry_key", ""))
    except ValueError:
        return None


def _day(text: str) -> date:
    try:
        return parse_date(text) or business_date()
    except ValueError:
        return business_date()
