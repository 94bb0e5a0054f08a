"""The tab of results in an overview's workbook."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.models import Result
from reports.exports.papers import Papers, Tab, chinese_day

WIDTHS = (5.5, 22, 10, 34, 16, 10, 24, 12)
LAST = len(WIDTHS) - 1


def write_results(papers: Papers, results: Sequence[Result], *, title: str, under: str) -> None:
    """Add the results to `papers`, one a row. The caller sets the language of papers."""
    tab = papers.tab(pgettext("achievement", "Results"), title, WIDTHS, landscape=True)
    tab.title(title, under, LAST)
    tab.head(
        2,
        [
            pgettext("sheet", "No."),
            _("Organisation"),
            _("Kind"),
            _("Title"),
            pgettext("result", "Date"),
            pgettext("honour", "Level"),
            pgettext("result", "Issued or published by"),
            _("Honoured member"),
        ],
    )
    for number, result in enumerate(results, start=1):
        _result(tab, number + 2, number, result)
    if not results:
        tab.merge(3, 0, LAST, _("No result of this year is on record."), align="center")


def _result(tab: Tab, row: int, number: int, result: Result) -> None:
    cells = [
        number,
        result.organisation.short_name,
        result.get_kind_display(),
        result.title,
        chinese_day(result.achieved_on),
        result.get_level_display() or None,
        result.source or None,
        result.person.name if result.person else None,
    ]
    for column, value in enumerate(cells):
        tab.write(row, column, value)
