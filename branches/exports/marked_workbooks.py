"""An uploaded workbook with what is wrong with its rows, to be corrected and uploaded again.

An .xlsx goes back as itself: only a column and colours are added, every other part stays byte by byte. Of other
formats the sheets and cells go back as .xlsx.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from typing import IO

from django.utils import translation

from branches.exports.batches import ABOUT
from branches.exports.marked_copies import write_copy
from branches.exports.marked_sheets import RowMarks, SheetMarker, Surveyor, choose_column
from branches.exports.marked_styles import Styles
from branches.exports.splicing import utf8_chunks
from branches.imports.batches import content_of
from branches.imports.workbooks import open_book
from branches.imports.xlsx_parts import Package
from branches.models import Batch, BatchRow
from branches.queries.batches import rows_with_problems
from branches.rules.layouts import Layout, columns_of
from foundation.rules.archives import open_archive
from foundation.rules.files import XLSX

Marks = Mapping[str, Mapping[int, RowMarks]]  # by sheet and number of the row
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def mark_workbook(batch: Batch) -> tuple[bytes, str]:
    """The file of an import with its problems, and the name to save it under; the texts are Chinese.

    Raises:
        UnusableFile: it has been purged, or is not the one that was uploaded.
    """
    content = content_of(batch)
    assert batch.file is not None
    layouts = {layout.sheet: layout for layout in map(Layout.from_json, batch.layouts) if layout.is_used}
    with translation.override("zh-hans"):
        marks = _marks(batch, layouts)
    if batch.file.content_type == XLSX.content_type:
        marked = _mark_package(content, layouts, marks)
    else:
        marked = write_copy(open_book(content, batch.file.content_type), layouts, marks)
    return marked, f"{batch.file_name.rpartition('.')[0]}（待更正）.xlsx"


def _marks(batch: Batch, layouts: Mapping[str, Layout]) -> Marks:
    found: dict[str, dict[int, RowMarks]] = defaultdict(dict)
    sheets = {sheet[:80]: sheet for sheet in layouts}
    for item in rows_with_problems(batch, is_uploader=True):
        sheet = sheets.get(item.row.sheet)
        if sheet is None:
            continue
        columns = _columns(batch.subject, layouts[sheet])
        texts, marks = [], RowMarks()
        for problem in item.problems:
            message = problem.message.rstrip("。")
            texts.append(f"{problem.column}：{message}" if problem.column else message)
            column = columns.get(problem.column)
            if column is not None:
                marks.columns[column] = marks.columns.get(column, False) or problem.refuses
        if item.row.outcome == BatchRow.Outcome.CHANGED:
            texts.append(ABOUT[batch.subject][1].rstrip("。"))
        marks.text = "；".join(dict.fromkeys(texts))
        found[sheet][item.row.number] = marks
    return found


def _columns(subject: str, layout: Layout) -> dict[str, int]:
    """The columns by what the problems call them: the file's own heading, or ours where it has none."""
    ours = {column.key: column.heading for column in columns_of(subject)}
    return {layout.labels.get(key) or ours[key]: at for key, at in layout.columns.items() if key in ours}


def _mark_package(content: bytes, layouts: Mapping[str, Layout], marks: Marks) -> bytes:
    package = Package(content)
    paths = {part.path.lower(): layouts[part.name] for part in package.sheets if part.name in layouts}
    strings = package.strings()
    target = io.BytesIO()
    with open_archive(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as marked:
        styles_part = next(
            (one for one in source.infolist() if one.filename.lower() == package.styles_path.lower()), None
        )
        styles = Styles(_whole(source, styles_part)) if styles_part else None
        for member in source.infolist():
            layout = paths.get(member.filename.lower())
            if member is styles_part:
                continue
            with marked.open(_like(member), "w", force_zip64=False) as part:
                if layout is None:
                    _copy(source, member, part)
                    continue
                header = range(layout.first_row + 1, layout.last_row + 2)
                with source.open(member) as sheet:
                    found = Surveyor(header, strings).read(sheet)
                marker = SheetMarker(
                    part,
                    found=found,
                    marks=marks.get(layout.sheet, {}),
                    header_row=header[-1],
                    place=choose_column(found, header, layout.columns.values()),
                    styles=styles if styles and styles.is_usable else None,
                )
                with source.open(member) as sheet:
                    marker.copy(sheet)
        if styles and styles_part:
            marked.writestr(_like(styles_part), styles.as_part())
    return target.getvalue()


def _whole(source: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with source.open(member) as part:
        return b"".join(utf8_chunks(part))


def _copy(source: zipfile.ZipFile, member: zipfile.ZipInfo, target: IO[bytes]) -> None:
    with source.open(member) as part:
        while chunk := part.read(1024 * 1024):
            target.write(chunk)


def _like(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """The same entry for the new archive."""
    entry = zipfile.ZipInfo(member.filename, max(member.date_time, _EARLIEST))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = member.external_attr
    return entry
