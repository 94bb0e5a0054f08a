"""The trail of one part of the tree, as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from branches.models import Organisation
from branches.rights import Access, Permission
from branches.rules.trail import act_label, field_label
from foundation.models import AuditEntry
from foundation.queries.audit import entries_under


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class TrailRow:
    entry: AuditEntry
    act: str
    organisation: Organisation | None
    changes: list[Change]


def trail_at(
    organisation: Organisation,
    access: Access,
    *,
    person: str = "",
    act: str = "",
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[AuditEntry]:
    """Entries shown at or below `organisation`, newest first; `act` is the first part of a verb, days are local."""
    below = Organisation.objects.under(organisation).within(access, Permission.SEE_TRAIL)
    entries = entries_under(below.values("pk"))
    if person:
        entries = entries.filter(actor_name__icontains=person)
    if act:
        entries = entries.filter(verb__startswith=f"{act}.")
    if first:
        entries = entries.filter(at__gte=_midnight(first))
    if last:
        entries = entries.filter(at__lt=_midnight(last + timedelta(days=1)))
    return entries


def trail_rows(entries: list[AuditEntry]) -> list[TrailRow]:
    """The lines of one page. 1 query."""
    organisations = Organisation.objects.in_bulk({entry.organisation_id for entry in entries})
    return [
        TrailRow(entry, act_label(entry.verb), organisations.get(entry.organisation_id), _changes(entry))
        for entry in entries
    ]


def _changes(entry: AuditEntry) -> list[Change]:
    model = _model(entry.target_type)
    return [
        Change(_label(model, name), _value(model, name, before), _value(model, name, after))
        for name, (before, after) in entry.changes.items()
    ]


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _field(model: type[Model] | None, name: str) -> Any:
    fields = model._meta.get_fields() if model else []
    return next((field for field in fields if field.name == name), None)


def _label(model: type[Model] | None, name: str) -> str:
    known = field_label(name)
    if known:
        return known
    label = getattr(_field(model, name), "verbose_name", "")
    # Without words of its own a field is called by its Python name, which is no word for a reader.
    return str(label) if label and str(label) != name.replace("_", " ") else _("other detail")


def _value(model: type[Model] | None, name: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(_value(model, name, item) for item in value)
    if isinstance(value, dict):
        return _(", ").join(f"{field_label(key) or key} {_value(None, key, item)}" for key, item in value.items())
    text = str(value)
    choices = getattr(_field(model, name), "flatchoices", None) or []
    return str(dict(choices).get(text, "")) or _day(text) or text


def _day(text: str) -> str:
    try:
        day = parse_date(text)
    except ValueError:
        return ""
    return format_date(day, pgettext("date format", "j M Y")) if day else ""


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
