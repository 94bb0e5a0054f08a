"""What every installation starts with: code tables, kinds, rule texts, duty rules, the default scheme.

Only what is missing is created, found by its code; what stands, edited or not, is left alone. One thing is filled in:
English texts of the default scheme, where there are none yet and the Chinese beside them is still ours.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from activities.models import ActivityKind, DutyRule, RuleText
from branches.models import Education, Nation
from config.environment import BASE_DIR
from config.loading.counts import Counts, count_changes
from config.loading.files import FixtureError, read_toml
from foundation.actions.audit import record
from reports.models import Indicator, Scheme, Section

DIRECTORY = BASE_DIR / "fixtures" / "defaults"
Maker = Callable[[int, dict[str, Any]], models.Model | None]
Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def load_defaults(directory: Path = DIRECTORY) -> Counts:
    """Create the defaults that are missing; returns how many of each.

    Raises:
        FixtureError: a file is missing or an entry in it is wrong; then nothing is written.
    """
    created: dict[type[models.Model], list[models.Model]] = {
        Nation: _load(directory / "nations.toml", "nation", _code_row(Nation.objects)),
        Education: _load(directory / "educations.toml", "education", _code_row(Education.objects)),
        ActivityKind: _load(directory / "kinds.toml", "kind", _code_row(ActivityKind.objects)),
        RuleText: _load(directory / "rule_texts.toml", "rule_text", _rule_text),
        DutyRule: _load(directory / "duty_rules.toml", "duty_rule", _duty_rule),
        Scheme: _load(directory / "schemes.toml", "scheme", _scheme),
    }
    counts = {model: len(rows) for model, rows in created.items() if rows}
    if counts:
        first = next(row for rows in created.values() for row in rows)
        record(verb="defaults.load", target=first, by=None, changes=count_changes(counts))
    return counts


def _load(path: Path, table: str, make: Maker) -> list[models.Model]:
    made = []
    for position, values in enumerate(read_toml(path).get(table, []), start=1):
        try:
            row = make(position, dict(values))
        except (TypeError, KeyError, ValueError, ValidationError, models.ObjectDoesNotExist) as error:
            raise FixtureError(path, str(values.get("code", position)), str(error)) from error
        if row is not None:
            made.append(row)
    return made


def _code_row(table: models.Manager[Any]) -> Maker:
    standing: set[str] | None = None

    def make(position: int, values: dict[str, Any]) -> models.Model | None:
        nonlocal standing
        if standing is None:
            standing = set(table.values_list("code", flat=True))
        if values["code"] in standing:
            return None
        return _saved(table.model(position=position, **values))

    return make


def _rule_text(position: int, values: dict[str, Any]) -> RuleText | None:
    if RuleText.objects.filter(code=values["code"]).exists():
        return None
    return _saved(RuleText(**values))


def _duty_rule(position: int, values: dict[str, Any]) -> DutyRule | None:
    if DutyRule.objects.filter(organisation=None, code=values["code"]).exists():
        return None
    kinds = [ActivityKind.objects.get(code=code) for code in values.pop("kinds")]
    source = RuleText.objects.get(code=values.pop("source"))
    rule = _saved(DutyRule(position=position, source=source, **values))
    rule.kinds.set(kinds)
    return rule


def _scheme(position: int, values: dict[str, Any]) -> Scheme | None:
    standing = Scheme.objects.filter(organisation=None, assessed_kind=values["assessed_kind"]).first()
    if standing is not None:
        return standing if _filled_in_english(standing, values) else None
    sections = values.pop("section")
    scheme = _saved(Scheme(**values))
    for number, section_values in enumerate(sections, start=1):
        indicators = section_values.pop("indicator")
        section = _saved(Section(scheme=scheme, position=number, **section_values))
        for place, indicator in enumerate(indicators, start=1):
            _saved(Indicator(section=section, position=place, **indicator))
    return scheme


def _filled_in_english(scheme: Scheme, values: dict[str, Any]) -> bool:
    """Whether an English text was missing beside Chinese that is still as shipped."""
    sections = values.get("section", [])
    indicators = [indicator for section in sections for indicator in section["indicator"]]
    filled = [
        *_fill(Scheme.objects.filter(pk=scheme.pk), "title", [values]),
        *_fill(Scheme.objects.filter(pk=scheme.pk), "note", [values]),
        *_fill(Section.objects.filter(scheme=scheme), "name", sections),
        *_fill(Indicator.objects.filter(section__scheme=scheme), "name", indicators),
        *_fill(Indicator.objects.filter(section__scheme=scheme), "requirement", indicators),
    ]
    return any(filled)


def _fill(rows: models.QuerySet[Any], name: str, shipped: list[dict[str, Any]]) -> list[int]:
    english = f"{name}_en"
    return [
        rows.filter(**{name: values[name], english: ""}).update(**{english: values[english]})
        for values in shipped
        if values.get(english)
    ]


def _saved(row: Row) -> Row:
    row.full_clean()
    row.save()
    return row
