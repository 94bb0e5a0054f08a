"""Tables taken out as a workbook, the empty forms of imports, and the one-time passwords of new accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST
from import_export.resources import Resource

from branches.actions.exports import note_export, note_passwords
from branches.exports import tables
from branches.exports.accounts import AccountResource
from branches.exports.members import MemberResource
from branches.exports.organisations import OrganisationResource
from branches.forms.exports import ExportForm
from branches.models import Batch, Organisation
from branches.queries import batches as batch_queries
from branches.queries import exports as queries
from branches.queries.one_time_passwords import may_fetch_passwords, new_accounts
from branches.rights import AccessRequest, Permission, organisation_or_404
from branches.rules.account_rows import role_word
from branches.views.batch_frames import frame
from branches.views.downloads import workbook_file_response
from foundation.clock import business_date

Subject = Batch.Subject
# Who may take out what: any of these permissions will do.
PERMISSIONS: Mapping[str, Sequence[Permission]] = {
    Subject.MEMBERS: (Permission.EXPORT,),
    Subject.ORGANISATIONS: (Permission.EXPORT, Permission.MANAGE_ORGANISATIONS),
    Subject.ACCOUNTS: (Permission.MANAGE_ACCOUNTS,),
}


def export(request: AccessRequest, code: str, subject: str) -> HttpResponse | FileResponse:
    organisation = _organisation_or_404(request, code, PERMISSIONS.get(subject, ()))
    sent = request.POST if request.method == "POST" else None
    form = ExportForm(sent, today=business_date(), has_day=subject == Subject.MEMBERS)
    if sent is None or not form.is_valid():
        context = frame(request, organisation, subject) | {"form": form}
        return render(request, "branches/export.html", context, status=422 if form.errors else 200)
    day, purpose = form.day, form.cleaned_data["purpose"]
    note_export(organisation=organisation, subject=subject, day=day, purpose=purpose, by=request.user)
    table = tables.TABLES[subject]
    lines, resource = _table(request, organisation, subject, day)
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    cover = tables.Cover(organisation.name, day, request.user.name, timezone.localtime(), purpose)
    tables.write_table(file, table=table, lines=lines, resource=resource, cover=cover)
    return workbook_file_response(file, f"{organisation.short_name}{table.title} {day:%Y-%m-%d}.xlsx")


def template(request: AccessRequest, code: str, subject: str) -> FileResponse:
    if subject not in batch_queries.PERMISSIONS:
        raise Http404
    organisation = organisation_or_404(request, code, batch_queries.PERMISSIONS[Subject(subject)])
    table = tables.TABLES[subject]
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    tables.write_template(file, table=table, answers=_answers(request, organisation, subject))
    return workbook_file_response(file, f"{table.title}模板.xlsx")


@require_POST
def batch_passwords(request: AccessRequest, pk: UUID) -> FileResponse:
    """The one-time passwords of the accounts an import opened, for whoever brought them in; every time on record."""
    found = batch_queries.find_batch(pk, request.access)
    if found is None or not may_fetch_passwords(found, request.access):
        raise Http404
    accounts = list(new_accounts(found))
    note_passwords(batch=found, number=len(accounts), by=request.user)
    rows = (
        (
            one.account.username,
            one.account.name,
            "、".join(dict.fromkeys(role_word(role.role) for role in one.roles)),
            "、".join(dict.fromkeys(role.organisation.name for role in one.roles)),
            one.password,
            f"{timezone.localtime(one.account.one_time_password_expires_at):%Y-%m-%d %H:%M}",
        )
        for one in accounts
    )
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    cover = tables.Cover(
        found.organisation.name, business_date(), request.user.name, timezone.localtime(), "发放一次性密码"
    )
    tables.write_passwords(file, rows=rows, cover=cover)
    return workbook_file_response(file, f"{found.organisation.short_name}新开账号一次性密码.xlsx")


def _organisation_or_404(request: AccessRequest, code: str, permissions: Sequence[Permission]) -> Organisation:
    """The organisation, if one of `permissions` reaches it."""
    for permission in permissions:
        try:
            return organisation_or_404(request, code, permission)
        except Http404:
            continue
    raise Http404


def _table(
    request: AccessRequest, organisation: Organisation, subject: str, day: date
) -> tuple[Iterable[Any], Resource]:
    if subject == Subject.ORGANISATIONS:
        return queries.organisations_for_export(organisation), OrganisationResource()
    if subject == Subject.ACCOUNTS:
        return queries.account_lines(organisation, request.access), AccountResource()
    alike = queries.branches_called_alike(organisation, day)
    return queries.members_for_export(organisation, request.access, day), MemberResource(request.access, alike)


def _answers(request: AccessRequest, organisation: Organisation, subject: str) -> dict[str, list[str]]:
    if subject == Subject.ORGANISATIONS:
        return queries.answers_for_organisations(organisation)
    if subject == Subject.ACCOUNTS:
        return queries.answers_for_accounts(organisation, request.access)
    return queries.answers_for_members(organisation, business_date())
