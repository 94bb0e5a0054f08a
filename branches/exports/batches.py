"""What is to be corrected after an import, as a list to work through."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

import xlsxwriter

from branches.exports.tables import OPTIONS, formats, write_row
from branches.models import Batch
from branches.queries.batches import PreviewRow
from branches.rules.layouts import PROBLEM_HEADING

# What a row is about, and what is said where the records changed between the preview and the writing.
ABOUT: Mapping[str, tuple[str, str]] = {
    Batch.Subject.MEMBERS: ("姓名", "核对之后该党员信息已被他人修改，没有写入，请重新导入。"),
    Batch.Subject.ORGANISATIONS: ("党组织", "核对之后相关党组织已有变化，没有写入，请重新导入。"),
    Batch.Subject.ACCOUNTS: ("姓名", "核对之后账号、角色或权限已有变化，没有写入，请重新导入。"),
}
_PLACES: Mapping[str, str] = {Batch.Subject.MEMBERS: "党支部", Batch.Subject.ACCOUNTS: "党组织"}


def write_report(rows: Iterable[PreviewRow], *, subject: str) -> bytes:
    """Row, name, column and reason of everything that was not written or wants a look; headings are Chinese.

    Args:
        rows: in the file's order, their messages in Chinese.
        subject: that of the import.
    """
    name, changed = ABOUT[subject]
    # What a row founds stands nowhere yet.
    place = _PLACES.get(subject)
    headings = ["工作表", "行号", name, *([place] if place else []), "结果", "列名", PROBLEM_HEADING]
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        text, bold, _title = formats(book)
        sheet = book.add_worksheet("问题清单")
        for number, width in enumerate((14, 8, 12 if place else 36, *([24] if place else []), 10, 18, 70)):
            sheet.set_column(number, number, width)
        write_row(sheet, 0, headings, bold)
        line = 0
        for row in rows:
            stored = row.row
            is_changed = stored.outcome == stored.Outcome.CHANGED
            result = "不写入" if stored.action not in stored.WRITTEN_ACTIONS or is_changed else "写入"
            start = (stored.sheet, stored.number, row.name, *([stored.organisation or ""] if place else []), result)
            remarks = [(problem.column, problem.message) for problem in row.problems]
            if is_changed:
                remarks.append(("", changed))
            for remark in remarks:
                line += 1
                write_row(sheet, line, (*start, *remark), text)
        sheet.freeze_panes(1, 0)
    return target.getvalue()
