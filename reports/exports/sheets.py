"""A branch's yearly sheet as a workbook to print, sign and file."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reports.exports.papers import NOTHING, Made, Papers, Tab, chinese_day, response
from reports.queries.sheets import BranchSheet, Line, SectionPart
from reports.rules.totals import Part, scaled_line
from reports.rules.words import plain, stated

__all__ = ["Made", "response", "sheet_workbook", "write_sheet"]

WIDTHS = (5.5, 28, 10, 6.5, 9, 6.5, 9, 25, 11.5)
LAST = len(WIDTHS) - 1


def sheet_workbook(sheet: BranchSheet, *, secretary: str, made: Made) -> io.BytesIO:
    """One workbook of one tab. The caller sets the language of papers."""
    papers = Papers(title_of(sheet), made)
    write_sheet(papers, sheet, secretary=secretary)
    return papers.file()


def title_of(sheet: BranchSheet) -> str:
    return _("%(year)d assessment sheet of a Party branch") % {"year": sheet.year}


def write_sheet(papers: Papers, sheet: BranchSheet, *, secretary: str) -> None:
    """Add `sheet` to `papers` as a tab."""
    branch = sheet.branch
    tab = papers.tab(branch.short_name, f"{branch.short_name} {title_of(sheet)}", WIDTHS)
    tab.title(title_of(sheet), _under(sheet, secretary), LAST)
    tab.head(2, _heads())
    row = 3
    for part in sheet.sections:
        row = _section(tab, row, part)
    row = _sums(tab, row, sheet)
    _opinions(tab, row + 1)


def _heads() -> list[str]:
    return [
        pgettext("sheet", "No."),
        _("What is assessed"),
        pgettext("sheet", "Method"),
        pgettext("sheet", "Full"),
        pgettext("sheet", "Computed"),
        pgettext("sheet", "Self-score"),
        pgettext("sheet", "Review"),
        pgettext("sheet", "Reason"),
        pgettext("sheet", "Evidence"),
    ]


def status_line(sheet: BranchSheet) -> str:
    """How far the sheet has come: as of when, and whether it has a total."""
    said = [_("As of %(day)s") % {"day": chinese_day(sheet.as_of)}]
    if not sheet.is_over:
        said.append(_("only periods that have ended are judged"))
    if sheet.open:
        text = ngettext(
            "%(count)d line still to be judged, no total yet",
            "%(count)d lines still to be judged, no total yet",
            len(sheet.open),
        )
        said.append(text % {"count": len(sheet.open)})
    return stated(said)


def reason_of(line: Line) -> str:
    """Everything said about a line: the records' reason, the branch's, the reviewer's."""
    said = [line.verdict.reason] if line.verdict.reason else []
    if line.score.self_reason:
        said.append(_("Branch says: %(reason)s") % {"reason": line.score.self_reason})
    if line.review_says:
        said.append(_("Review says: %(reason)s") % {"reason": line.review_says})
    return "\n".join(said)


def evidence_of(line: Line) -> str:
    number = len(line.evidence.proofs)
    if not number and not line.evidence.gap_text:
        return NOTHING
    said = [ngettext("%(count)d record", "%(count)d records", number) % {"count": number}]
    return "\n".join([*said, line.evidence.gap_text] if line.evidence.gap_text else said)


def _under(sheet: BranchSheet, secretary: str) -> str:
    first = [sheet.branch.name, _("Secretary: %(name)s") % {"name": secretary or NOTHING}]
    if sheet.scheme:
        first.append(_("Scheme: %(title)s") % {"title": sheet.scheme.label})
    return "　　".join(first) + "\n" + status_line(sheet)


def _section(tab: Tab, row: int, part: SectionPart) -> int:
    looks: dict[str, Any] = {"bold": True, "bg_color": "#EEF0F3"}
    tab.merge(row, 0, 2, part.section.label, **looks)
    total = part.total
    computed = total.computed.points if total.computed.count else None
    self_score = total.self_score.points if total.self_score.count else None
    review = None if total.open_count else total.review.points
    for column, value in enumerate((total.full, computed, self_score, review), start=3):
        tab.write(row, column, value, **looks)
    tab.merge(row, 7, 8, "", **looks)
    for number, line in enumerate(part.lines, start=row + 1):
        _line(tab, number, line)
    return row + len(part.lines) + 1


def _line(tab: Tab, row: int, line: Line) -> None:
    indicator = line.indicator
    tab.write(row, 0, line.number, align="center")
    tab.write(row, 1, "\n".join(filter(None, [indicator.label, indicator.requirement_label])))
    tab.write(row, 2, indicator.get_method_display(), align="center")
    tab.write(row, 3, line.full)
    if line.verdict.is_not_applicable:
        tab.write(row, 4, pgettext("sheet", "N/A"), align="center")
    else:
        tab.write(row, 4, line.computed)
    tab.write(row, 5, line.self_score)
    if line.is_not_applicable:
        tab.write(row, 6, pgettext("sheet", "N/A"), align="center", bold=True)
    else:
        tab.write(row, 6, line.review, bold=True)
    tab.write(row, 7, reason_of(line))
    tab.write(row, 8, evidence_of(line))


def _sums(tab: Tab, row: int, sheet: BranchSheet) -> int:
    """The total, and under it the three parts that are never mixed."""
    looks: dict[str, Any] = {"bold": True, "bg_color": "#EEF0F3"}
    total = sheet.total
    tab.merge(row, 0, 2, pgettext("sheet", "Sum"), **looks)
    tab.write(row, 3, total.full, **looks)
    tab.write(row, 4, total.computed.points if total.computed.count else None, **looks)
    tab.write(row, 5, total.self_score.points if total.self_score.count else None, **looks)
    tab.write(row, 6, total.points, **looks)
    tab.merge(row, 7, 8, scaled_line(total) if total.is_scaled else "", **looks)
    parts = [
        _("Computed %(points)s of %(full)s") % _of(total.computed),
        _("judged by people %(points)s of %(full)s") % _of(total.manual),
        _("not judged yet %(full)s") % {"full": plain(total.unjudged.full)},
    ]
    tab.merge(row + 1, 0, LAST, stated(parts))
    return row + 2


def _of(part: Part) -> dict[str, str]:
    return {"points": plain(part.points), "full": plain(part.full)}


def _opinions(tab: Tab, row: int) -> None:
    signed = "\n\n\n\n" + _("Signature:") + "　　　　　　　　　" + "年　　月　　日"
    stamped = "\n\n\n\n" + _("(seal)") + "　　　　　　　　　" + "年　　月　　日"
    tab.merge(row, 0, 3, _("Opinion of the branch") + signed, valign="top", align="left")
    tab.merge(row, 4, LAST, _("Opinion of the superior organisation") + stamped, valign="top", align="left")
    tab.sheet.set_row(row, 110)
