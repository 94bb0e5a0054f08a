from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError

from foundation.forms import DayField

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_out_of_all_records_is_refused_in_words(day: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DayField().clean(day)
    assert "1900" in refused.value.messages[0]


def test_the_first_and_the_last_day_are_taken() -> None:
    assert [DayField().clean(day).year for day in ("1900-01-01", "2100-12-31")] == [1900, 2100]


def _forms() -> Iterator[type[forms.BaseForm]]:
    for path in ROOT.glob("*/forms/*.py"):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        yield from (found for _name, found in getmembers(module, isclass) if issubclass(found, forms.BaseForm))


def test_every_form_asks_for_its_days_by_this_field() -> None:
    days = [
        (form, field)
        for form in _forms()
        for field in getattr(form, "base_fields", {}).values()
        if isinstance(field, forms.DateField)
    ]
    assert days
    assert [form.__name__ for form, field in days if not isinstance(field, DayField)] == []
