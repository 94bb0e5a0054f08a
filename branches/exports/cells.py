"""How the cells of our workbooks are read and written: one widget for each sort of column."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django.utils import translation
from import_export import widgets

from branches.rules import account_rows, organisation_rows, roster_cells, roster_dates
from branches.rules.people import Category, Precision, Sex
from branches.rules.table_rows import as_typed

# What makes a spreadsheet program run a text as a formula once it went through a .csv; NFKC covers the wide ones.
_STARTS_FORMULA = frozenset("=+-@")


def guarded(text: str) -> str:
    """A text as it is written: an apostrophe keeps a formula from being one; the import takes one apostrophe away."""
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return f"'{text}" if first in _STARTS_FORMULA or text[:1] in ("'", "\t", "\r") else text


class TextWidget(widgets.Widget):
    """Text as it was typed."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return as_typed(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class ChoiceWidget(TextWidget):
    """A choice by its Chinese word: papers are Chinese whatever the reader's language."""

    def __init__(self, choices: type[Sex | Category]) -> None:
        super().__init__()
        self.choices = choices

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = roster_cells.text_of(value)
        return roster_cells.sex(text) if self.choices is Sex else roster_cells.category(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value in (None, "", Sex.UNKNOWN):
            return ""
        with translation.override("zh-hans"):
            return str(self.choices(value).label)


class CodeWidget(TextWidget):
    """An entry of a code table by its Chinese name."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.name if value else ""


class KindWidget(TextWidget):
    """The kind of an organisation."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return organisation_rows.kind_of(as_typed(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return organisation_rows.kind_word(value) if value else ""


class RoleWidget(TextWidget):
    """A role of an account."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return account_rows.role_of(as_typed(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return account_rows.role_word(value) if value else ""


class YesNoWidget(TextWidget):
    """是 or 否."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return roster_cells.text_of(value) == "是"

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "是" if value else "否"


class DayWidget(TextWidget):
    """A whole day."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return roster_dates.read(roster_cells.text_of(value), today=date.max).value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return roster_dates.show(value, Precision.DAY)
