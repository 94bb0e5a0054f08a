"""One branch's yearly sheet: read, judged, proved, printed and taken away as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from activities.models import Activity
from branches.queries.organisations import secretaries_of
from branches.rights import AccessRequest, Permission
from foundation.clock import now
from foundation.messages import done
from foundation.rules.numbers import small_integer
from reports.actions.sheets import StaleSheetError, note_export, set_scores, take_over_computed
from reports.exports import sheets as exports
from reports.forms.scores import Entry, ScoresForm
from reports.queries.sheets import BranchSheet, Line, SectionPart, sheet_of
from reports.rights import side_of
from reports.rules.scores import Side
from reports.rules.totals import scaled_line
from reports.rules.words import PAPER_LANGUAGE
from reports.views.years import OrganisationYear, organisation_year_or_404

SHOWN = ("all", "deducted", "differing", "open")


def sheet(request: AccessRequest, code: str, year: int) -> HttpResponse:
    of = organisation_year_or_404(request, code, year)
    if not of.organisation.is_branch:
        return redirect("reports:overview", code, year)
    found = sheet_of(of.organisation, year, of.today)
    side = side_of(request.access, of.organisation)
    form = ScoresForm(found, side) if side and "edit" in request.GET else None
    return _page(request, of, found, form)


def scores(request: AccessRequest, code: str, year: int) -> HttpResponse:
    of = _branch_or_404(request, code, year)
    side = _side_or_404(request, of)
    if request.method != "POST":  # reloaded, or back from signing in again
        return redirect("reports:sheet", code, year)
    form = ScoresForm(sheet_of(of.organisation, year, of.today), side, request.POST)
    if form.problems:
        return _page(request, of, sheet_of(of.organisation, year, of.today), form, status=422)
    try:
        set_scores(
            branch=of.organisation,
            year=year,
            side=side,
            judgements=form.judgements,
            version=_version(request),
            by=request.user,
        )
    except (StaleSheetError, ValidationError):
        # The records, the scheme or somebody else's scores moved on meanwhile: show both, lose nothing.
        found = sheet_of(of.organisation, year, of.today)
        return _page(request, of, found, ScoresForm(found, side, request.POST), status=409, is_stale=True)
    done(request, _("Self-scores saved.") if side == Side.SELF else _("Review scores saved."))
    return redirect("reports:sheet", code, year)


def take_over(request: AccessRequest, code: str, year: int) -> HttpResponse:
    of = _branch_or_404(request, code, year)
    side = _side_or_404(request, of)
    if request.method != "POST":
        return redirect("reports:sheet", code, year)
    try:
        number = take_over_computed(
            branch=of.organisation, year=year, side=side, version=_version(request), by=request.user
        )
    except (StaleSheetError, ValidationError):
        found = sheet_of(of.organisation, year, of.today)
        return _page(request, of, found, ScoresForm(found, side), status=409, is_stale=True)
    if number:
        text = ngettext(
            "Adopted the system's score on %(count)d line. Please judge the others.",
            "Took over the system's scores on %(count)d lines. Please judge the others.",
            number,
        )
        done(request, text % {"count": number})
    else:
        done(request, _("Nothing to adopt: every line the system can judge has a score."))
    return redirect("reports:sheet", code, year)


def evidence(request: AccessRequest, code: str, year: int, pk: int) -> HttpResponse:
    of = _branch_or_404(request, code, year)
    found = sheet_of(of.organisation, year, of.today)
    line = found.line(pk)
    if line is None:
        raise Http404
    proofs, gaps = line.evidence.proofs, line.evidence.gaps
    records = {proof.record.activity_id for proof in proofs} | {gap.record.activity_id for gap in gaps if gap.record}
    # What the branch took part in elsewhere is named, but opens only for those who may read it.
    readable = set(Activity.objects.within(request.access).filter(pk__in=records).values_list("pk", flat=True))
    context = {
        "of": of,
        "organisation": of.organisation,
        "year": year,
        "sheet": found,
        "line": line,
        "readable": readable,
    }
    return render(request, "reports/sheets/evidence.html", context)


def paper(request: AccessRequest, code: str, year: int) -> HttpResponse:
    """The sheet as an A4 paper; papers are Chinese in whatever language the pages are read."""
    of = _branch_or_404(request, code, year)
    with override(PAPER_LANGUAGE):
        return render(
            request, "reports/sheets/paper.html", _context(request, of, sheet_of(of.organisation, year, of.today))
        )


def workbook(request: AccessRequest, code: str, year: int) -> FileResponse:
    of = _branch_or_404(request, code, year, Permission.EXPORT)
    with override(PAPER_LANGUAGE):
        made = exports.Made(by=request.user.name, at=now())
        secretary = secretaries_of([of.organisation], of.today).get(of.organisation.pk, "")
        file = exports.sheet_workbook(sheet_of(of.organisation, year, of.today), secretary=secretary, made=made)
        name = _("%(year)d assessment sheet of %(name)s") % {"year": year, "name": of.organisation.short_name}
    note_export(organisation=of.organisation, year=year, by=request.user)
    return exports.response(file, name)


def _branch_or_404(
    request: AccessRequest, code: str, year: int, permission: Permission = Permission.VIEW
) -> OrganisationYear:
    of = organisation_year_or_404(request, code, year, permission)
    if not of.organisation.is_branch:
        raise Http404
    return of


def _side_or_404(request: AccessRequest, of: OrganisationYear) -> Side:
    side = side_of(request.access, of.organisation)
    if side is None:
        raise Http404
    return side


def _version(request: AccessRequest) -> int:
    version = small_integer(request.POST.get("version", ""))
    return -1 if version is None else version


def _page(
    request: AccessRequest,
    of: OrganisationYear,
    found: BranchSheet,
    form: ScoresForm | None,
    *,
    status: int = 200,
    is_stale: bool = False,
) -> HttpResponse:
    shown = request.GET.get("show", "")
    lines = {"deducted": found.deducted, "differing": found.differing, "open": found.open}.get(shown, found.lines)
    side = side_of(request.access, of.organisation)
    context = _context(request, of, found) | {
        "form": form,
        "shown": shown if shown in SHOWN else "all",
        "rows": _rows(found, lines, form),
        "side": side,
        "adoptable": found.adoptable(side) if side else [],
        "may_export": request.access.may(Permission.EXPORT, of.organisation),
        "is_stale": is_stale,
    }
    return render(request, "reports/sheets/sheet.html", context, status=status)


def _rows(
    found: BranchSheet, lines: Sequence[Line], form: ScoresForm | None
) -> list[tuple[SectionPart, list[tuple[Line, Entry | None]]]]:
    """The sections with the wanted lines, each with its inputs where they are open."""
    wanted = {line.indicator.pk for line in lines}
    rows = [
        (
            part,
            [
                (line, form.entries[line.indicator.pk] if form else None)
                for line in part.lines
                if line.indicator.pk in wanted
            ],
        )
        for part in found.sections
    ]
    return [(part, shown) for part, shown in rows if shown]


def _context(request: AccessRequest, of: OrganisationYear, found: BranchSheet) -> dict[str, Any]:
    parent = of.organisation.parent
    return {
        "of": of,
        "organisation": of.organisation,
        "year": of.year,
        "sheet": found,
        "secretary": secretaries_of([of.organisation], of.today).get(of.organisation.pk, ""),
        "signed_self": found.signed(Side.SELF),
        "signed_review": found.signed(Side.REVIEW),
        "scaled": scaled_line(found.total) if found.total.is_scaled else "",
        "overview_at": parent if parent is not None and request.access.may(Permission.VIEW, parent) else None,
    }
