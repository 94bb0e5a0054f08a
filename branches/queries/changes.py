"""What an audit entry changed, in words: names of fields, choices, dates, and the things that numbers point to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.dateformat import format as format_date
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from branches.rules.trail import field_label
from foundation.models import AuditEntry

_TIME = re.compile(r"(\d\d:\d\d):\d\d")
Names = dict[type[Model], dict[Any, str]]


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


class ChangeReader:
    """Reads the changes of one page of entries: one query for every model whose rows are pointed to."""

    def __init__(self, entries: Iterable[AuditEntry]) -> None:
        self.names: Names = {}
        wanted: dict[tuple[type[Model], str], set[Any]] = defaultdict(set)
        for entry in entries:
            model = _model(entry.target_type)
            for name, values in entry.changes.items():
                field = _field(model, name)
                key = _key(field)
                if key:
                    wanted[field.related_model, key] |= _pointed_to(values, key)
        for (model, key), values in wanted.items():
            if not values:
                continue
            rows = model._default_manager.filter(**{f"{key}__in": values})
            self.names[model] = {getattr(row, key): str(getattr(row, "label", row)) for row in rows}

    def changes(self, entry: AuditEntry) -> list[Change]:
        model = _model(entry.target_type)
        read = [
            Change(_label(model, name), self._value(model, name, before), self._value(model, name, after))
            for name, (before, after) in entry.changes.items()
        ]
        return [change for change in read if change.before != change.after]

    def _value(self, model: type[Model] | None, name: str, value: Any) -> str:
        if value is None or value in ("", [], {}):
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return _(", ").join(self._value(model, name, item) for item in value)
        field = _field(model, name)
        if isinstance(value, dict):
            return self._row(field.related_model if field is not None and field.is_relation else None, value)
        if _key(field):
            return self.names.get(field.related_model, {}).get(value) or str(value)
        return dict(getattr(field, "flatchoices", None) or ()).get(value) or _plain(str(value))

    def _row(self, model: type[Model] | None, row: dict[str, Any]) -> str:
        parts = [
            _("%(label)s: %(value)s") % {"label": _label(model, name), "value": self._value(model, name, value)}
            for name, value in row.items()
            if not name.endswith("_ids")
        ]
        return _("; ").join(parts)


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _field(model: type[Model] | None, name: str) -> Any:
    fields = model._meta.get_fields() if model else []
    return next((field for field in fields if field.name == name), None)


def _key(field: Any) -> str:
    """By what a change names the rows a field points to: one by its number, several by their codes."""
    if field is not None and field.many_to_one and field.concrete:
        return "pk"
    if field is not None and field.many_to_many and field.concrete and _field(field.related_model, "code"):
        return "code"
    return ""


def _pointed_to(values: Iterable[Any], key: str) -> set[Any]:
    """The numbers or codes among the values; many entries name a thing by its name at once."""
    parts = [part for value in values for part in (value if isinstance(value, list) else [value])]
    return {part for part in parts if type(part) is (int if key == "pk" else str)}


def _label(model: type[Model] | None, name: str) -> str:
    """The field as the pages call it. “attendance.王建国” is about one person, “1.2 三会一课 self_score” one line."""
    field = _field(model, name)
    own = getattr(field, "verbose_name", None) or getattr(getattr(field, "related_model", None), "_meta", None)
    if isinstance(own, Promise):
        return str(own)
    if own is not None and isinstance(getattr(own, "verbose_name_plural", None), Promise):
        return str(own.verbose_name_plural)
    if field_label(name):
        return field_label(name)
    group, dot, one = name.partition(".")
    if dot and field_label(group):
        return _("%(what)s, %(whose)s") % {"what": field_label(group), "whose": one}
    line, _space, part = name.rpartition(" ")
    if line and field_label(part):
        return _("%(what)s, %(whose)s") % {"what": field_label(part), "whose": line}
    # A field without words of its own is called by its Python name, which is no word for a reader.
    return _("other detail")


def _plain(text: str) -> str:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is not None:
        return format_date(day, pgettext("date format", "j M Y"))
    time = _TIME.fullmatch(text)
    return time[1] if time else text
