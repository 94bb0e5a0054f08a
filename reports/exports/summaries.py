"""An organ's yearly summary as a workbook: the figures first, then a tab for every figure with its records."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reports.exports.papers import Made, Papers, Tab, chinese_day, response
from reports.queries.summaries import Records, Summary
from reports.queries.summary_lines import Line
from reports.rules.summaries import COUNTED, UNITS, Shape
from reports.rules.words import stated

__all__ = ["Made", "response", "summary_workbook"]

WIDTHS = (6, 24, 30, 14, 8, 30)
RECORD_WIDTHS = (6, 16, 44, 22, 10, 60)


def summary_workbook(summary: Summary, lists: Iterable[Records], *, made: Made) -> io.BytesIO:
    """The workbook of `summary` with the records of `lists`. The caller sets the language of papers."""
    title = _("%(year)d yearly summary") % {"year": summary.year}
    papers = Papers(title, made)
    subject = f"{summary.organisation.short_name} {title}"
    tab = papers.tab(_("Summary"), subject, WIDTHS, landscape=True)
    tab.title(title, _under(summary), len(WIDTHS) - 1)
    tab.head(2, [pgettext("sheet", "No."), *_heads()])
    row = 3
    for name, figures in summary.modules:
        for key, number in figures:
            tab.write(row, 0, row - 2)
            for column, value in enumerate((name, key.label, number, UNITS[key], COUNTED[key]), start=1):
                tab.write(row, column, value if isinstance(value, int) else str(value))
            row += 1
    for records in lists:
        _records(papers, summary, records)
    return papers.file()


def _heads() -> list[str]:
    return [
        pgettext("yearly summary", "Module"),
        pgettext("yearly summary", "Figure"),
        pgettext("yearly summary", "Number"),
        pgettext("yearly summary", "Unit"),
        pgettext("yearly summary", "How it is counted"),
    ]


def _under(summary: Summary) -> str:
    said = [_("As of %(day)s") % {"day": chinese_day(summary.as_of)}]
    said.append(_("only accepted records count") if summary.is_over else _("records in review count"))
    if summary.left_out:
        said.append(
            ngettext(
                "without %(number)d branch out of the exporter's reach",
                "without %(number)d branches out of the exporter's reach",
                summary.left_out,
            )
            % {"number": summary.left_out}
        )
    return summary.organisation.name + "　　" + stated(said)


def _records(papers: Papers, summary: Summary, records: Records) -> None:
    label = str(records.key.label)
    tab = papers.tab(label, f"{summary.organisation.short_name} {summary.year} {label}", RECORD_WIDTHS, landscape=True)
    total = _("%(figure)s: %(number)d (%(unit)s)") % {
        "figure": label, "number": records.total, "unit": UNITS[records.key]
    }  # fmt: skip
    tab.title(label, _under(summary) + "\n" + total, len(RECORD_WIDTHS) - 1)
    tab.head(2, [pgettext("sheet", "No."), *_record_heads(records.shape)])
    lines = records.lines(records.rows)
    for row, line in enumerate(lines, start=3):
        tab.write(row, 0, row - 2)
        _line(tab, row, _cells(records.shape, line))
    last = len(lines) + 3
    tab.merge(last, 0, 3, pgettext("sheet", "Sum"), bold=True, align="center")
    tab.write(last, 4, records.total, bold=True)
    tab.write(last, 5, "", bold=True)


def _record_heads(shape: Shape) -> list[str]:
    counts = pgettext("yearly summary", "Counts")
    records = pgettext("yearly summary", "Records")
    if shape == Shape.PEOPLE:
        return [pgettext("yearly summary", "Times"), _("Name"), pgettext("sheet", "Branch"), counts, records]
    if shape == Shape.UNITS:
        return [
            pgettext("yearly summary", "Times"), pgettext("yearly summary", "Unit inspected"),
            pgettext("yearly summary", "Last time"), counts, records,
        ]  # fmt: skip
    return [
        pgettext("yearly summary", "Day"),
        _("Title"),
        _("Organisation"),
        counts,
        pgettext("yearly summary", "Kind"),
    ]


def _cells(shape: Shape, line: Line) -> Sequence[str | int]:
    day = chinese_day(line.day) if line.day else ""
    if shape in (Shape.PEOPLE, Shape.UNITS):
        where = line.place if shape == Shape.PEOPLE else day
        records = "\n".join(f"{chinese_day(one.held_on)} {one.title}" for one in line.activities)
        return line.times, line.name, where, line.contribution, records
    return day, line.name, line.place, line.contribution, line.kind


def _line(tab: Tab, row: int, cells: Sequence[str | int]) -> None:
    for column, value in enumerate(cells, start=1):
        tab.write(row, column, value)
