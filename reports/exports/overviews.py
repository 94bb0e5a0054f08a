"""An organ's overview as a workbook: the overview first, the results of the year, then a tab for every branch."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from activities.models import Result
from branches.models import Organisation
from reports.exports.papers import Made, Papers, Tab, chinese_day, response
from reports.exports.results import write_results
from reports.exports.sheets import write_sheet
from reports.queries.figures import Figures
from reports.queries.overviews import Table
from reports.queries.sheets import BranchSheet
from reports.rules.words import plain, stated

__all__ = ["TABS", "Made", "overview_workbook", "response"]

TABS = 200  # more branches than this stand in the overview only: nobody leafs through so many tabs


def overview_workbook(
    organisation: Organisation,
    year: int,
    tables: list[Table],
    figures: Figures,
    results: Sequence[Result],
    *,
    secretaries: dict[int, str],
    as_of: date,
    made: Made,
) -> io.BytesIO:
    """The workbook of all branches in `tables`. The caller sets the language of papers."""
    title = _("%(year)d assessment overview of Party branches") % {"year": year}
    papers = Papers(title, made)
    widest = max((len(table.sections) for table in tables if table.sheets), default=0)
    last = widest + 6
    widths = [5.5, 24, *[11.0] * (last - 1)]
    tab = papers.tab(_("Overview"), f"{organisation.short_name} {title}", widths, landscape=True)
    tab.title(title, _under(organisation, as_of, tables, figures), last)
    row = 2
    for table in tables:
        row = _table(tab, row, table, several=len(tables) > 1, last=last)
    under = "　　".join([organisation.name, _("As of %(day)s") % {"day": chinese_day(as_of)}])
    write_results(papers, results, title=_("%(year)d results of Party organisations") % {"year": year}, under=under)
    sheets = [sheet for table in tables for sheet in table.sheets]
    for sheet in sheets if len(sheets) <= TABS else []:
        write_sheet(papers, sheet, secretary=secretaries.get(sheet.branch.pk, ""))
    return papers.file()


def _sum_heads() -> list[str]:
    return [
        pgettext("sheet", "Computed"),
        pgettext("sheet", "Self-score"),
        pgettext("sheet", "Review"),
        pgettext("sheet", "To judge"),
        pgettext("sheet", "Total"),
    ]


def _under(organisation: Organisation, as_of: date, tables: list[Table], figures: Figures) -> str:
    count = sum(len(table.sheets) for table in tables)
    said = [
        organisation.name,
        ngettext("%(count)d branch", "%(count)d branches", count) % {"count": count},
        _("As of %(day)s") % {"day": chinese_day(as_of)},
    ]
    counted = [
        _("%(activities)d activities, %(attendances)d attendances, %(lectures)d lectures, %(lecturers)d lecturers")
        % {
            "activities": figures.activities.distinct,
            "attendances": figures.attendances,
            "lectures": figures.lectures.distinct,
            "lecturers": figures.lecturers,
        }
    ]
    if figures.activities.differs:
        text = _(
            "the branches' sheets add up to %(count)d activities: "
            "joint ones appear on several sheets, the organ's own on none"
        )
        counted.append(text % {"count": figures.activities.summed})
    return "　　".join(said) + "\n" + stated(counted)


def _table(tab: Tab, row: int, table: Table, *, several: bool, last: int) -> int:
    if several:
        name = table.scheme.label if table.scheme else _("No scheme")
        tab.merge(row, 0, last, name, bold=True, border=0)
        row += 1
    sections = [
        _("%(section)s (%(points)s)") % {"section": name, "points": plain(full)} for name, full in table.sections
    ]
    tab.head(row, [pgettext("sheet", "No."), pgettext("sheet", "Branch"), *sections, *_sum_heads()])
    for number, sheet in enumerate(table.sheets, start=1):
        _branch(tab, row + number, number, sheet)
    return row + len(table.sheets) + 2


def _branch(tab: Tab, row: int, number: int, sheet: BranchSheet) -> None:
    total = sheet.total
    tab.write(row, 0, number)
    tab.write(row, 1, sheet.branch.short_name)
    for column, part in enumerate(sheet.sections, start=2):
        tab.write(row, column, None if part.total.open_count else part.total.review.points)
    column = 2 + len(sheet.sections)
    tab.write(row, column, total.computed.points if total.computed.count else None)
    tab.write(row, column + 1, total.self_score.points if total.self_score.count else None)
    tab.write(row, column + 2, total.review.points if total.review.count else None)
    tab.write(row, column + 3, total.open_count)
    tab.write(row, column + 4, total.points, bold=True)
