"""The parts of the form that kinds open: each to and from its part of a `Content`.

All of them stand in the page, the closed ones hidden; what was typed into a part that is closed again is not taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from activities.forms.forums import ForumForm
from activities.forms.inspections import UnitFormSet
from activities.forms.services import ServiceForm
from activities.queries.attendances import Sheet
from activities.rules.activities import Block

Part = forms.BaseForm | forms.BaseFormSet


@dataclass(frozen=True)
class BlockForm:
    """`field`: of `Content`. `build(sheet, data, initial)`: the form, sent or showing. `entry`: what was sent."""

    field: str
    build: Callable[[Sheet, QueryDict | None, Any], Part]
    entry: Callable[[Any], Any]


def _service(sheet: Sheet, data: QueryDict | None, initial: Any) -> Part:
    return ServiceForm(data, prefix="service", initial=vars(initial) if initial else None)


def _forum(sheet: Sheet, data: QueryDict | None, initial: Any) -> Part:
    shown = vars(initial) | {"lecturers": initial.lecturer_ids} if initial else None
    return ForumForm(data, prefix="forum", initial=shown, candidates=sheet.candidates)


def _inspection(sheet: Sheet, data: QueryDict | None, initial: Any) -> Part:
    return UnitFormSet(data, prefix="inspected", initial=[vars(unit) for unit in initial or ()])


def _rows(formset: forms.BaseFormSet) -> tuple[Any, ...]:
    return tuple(form.entry() for form in formset)


BLOCK_FORMS: dict[str, BlockForm] = {
    Block.FORUM: BlockForm("forum", _forum, lambda form: form.entry()),
    Block.SERVICE: BlockForm("service", _service, lambda form: form.entry()),
    Block.INSPECTION: BlockForm("inspected", _inspection, _rows),
}
