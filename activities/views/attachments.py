from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.actions.activities import RecordClosed
from activities.actions.attachments import attach, remove
from activities.models import Activity, Attachment
from activities.queries.activities import activity_or_404
from activities.queries.attachments import attachment_or_404, attachments_of
from branches.rights import AccessRequest, Permission
from foundation.views.files import serve


def attachment(request: AccessRequest, pk: int) -> HttpResponseBase:
    """The file itself; pictures and PDF are shown, everything else is downloaded."""
    return serve(attachment_or_404(request, pk).file, inline=True)


@require_POST
def attach_files(request: AccessRequest, pk: int) -> HttpResponse:
    """Files chosen on the open form of a saved draft."""
    activity = activity_or_404(request, pk, Permission.DRAFT)
    problems: list[str] = []
    for category in Attachment.Category.values:
        for upload in request.FILES.getlist(f"files-{category}"):
            try:
                attach(activity=activity, upload=upload, category=category, by=request.user)
            except ValidationError as error:
                problems += error.messages
            except RecordClosed:
                problems.append(_("This record has been handed in and cannot be changed now."))
    return _answer(request, activity, problems)


@require_POST
def remove_attachment(request: AccessRequest, pk: int) -> HttpResponse:
    taken = attachment_or_404(request, pk, Permission.DRAFT)
    problems = []
    try:
        remove(attachment=taken, by=request.user)
    except RecordClosed:
        problems.append(_("This record has been handed in and cannot be changed now."))
    return _answer(request, taken.activity, problems)


def _answer(request: AccessRequest, activity: Activity, problems: list[str]) -> HttpResponse:
    """The list of files for a script, else back to the form."""
    if "HX-Request" in request.headers:
        context = {"attachments": attachments_of(activity), "activity": activity, "problems": problems}
        return render(request, "activities/_attachments.html", context)
    for problem in problems:
        messages.error(request, problem)
    return redirect(f"{reverse('activities:edit', args=[activity.pk])}#attachments")
