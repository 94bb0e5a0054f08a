"""Which column of an uploaded file holds what."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from branches.actions.header_mappings import choose_columns, may_choose_columns
from branches.forms.batch_columns import choices_of, groups_of, headers_of, is_as_shown
from branches.imports.header_mappings import sheets_of
from branches.rights import AccessRequest
from branches.rules.layouts import columns_of
from branches.rules.problems import UnusableFile
from branches.rules.subjects import field_label
from branches.views.batch_frames import batch_or_404, frame, refused


def batch_columns(request: AccessRequest, pk: UUID) -> HttpResponse:
    """The columns as they were found, to be corrected; header rows pointed out anew are read before anything."""
    found = batch_or_404(request, pk)
    data = request.POST if request.method == "POST" else None
    if not may_choose_columns(found):
        if data is None:
            return redirect("branches:batch", found.pk)
        text = _("The columns of this import can no longer be chosen. Reload the page to see where it stands.")
        return refused(request, found, ValidationError(text))
    try:
        sheets = sheets_of(found)
        if data is not None:
            sheets = sheets_of(found, headers_of(sheets, data))
    except UnusableFile as error:
        return refused(request, found, ValidationError(error.problem.message))
    choices = choices_of(sheets, data)
    groups = groups_of(choices, columns_of(found.subject))
    errors: list[str] = []
    for group in groups if data is not None else ():
        group.check_rows(request.POST)
    if data is not None and "show" not in data and is_as_shown(choices, data):
        for group in groups:
            group.check()
        if not any(choice.is_used for choice in choices):
            errors.append(_("Use at least one sheet."))
        if not errors and not any(group.errors for group in groups):
            try:
                choose_columns(batch=found, layouts=[choice.layout() for choice in choices], by=request.user)
            except ValidationError as error:
                errors += error.messages
            else:
                return redirect("branches:batch", found.pk)
    context = frame(request, found.organisation, found.subject) | {
        "batch": found,
        "groups": groups,
        "refusals": errors,
        "is_pointed": data is not None and not errors and not any(group.errors for group in groups),
        "options": [(column.key, field_label(column), column.is_required) for column in columns_of(found.subject)],
    }
    status = 422 if errors or any(group.errors for group in groups) else 200
    return render(request, "branches/batch_columns.html", context, status=status)
