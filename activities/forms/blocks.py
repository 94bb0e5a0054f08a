"""The parts of the form that kinds open: each to and from its part of a `Content`.

All of them stand in the page, the closed ones hidden; what was typed into a part that is closed again is not taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict

from activities.forms.appraisals import AppraisalForm
from activities.forms.forums import ForumForm
from activities.forms.inspections import UnitFormSet
from activities.forms.life_meetings import LifeMeetingForm
from activities.forms.services import ServiceForm
from activities.forms.talks import TalkFormSet
from activities.queries.attendances import Sheet
from activities.queries.blocks import appraised_on
from activities.rules.activities import Block

Part = forms.BaseForm | forms.BaseFormSet


@dataclass(frozen=True)
class BlockForm:
    """`field`: of `Content`. `build(sheet, data, initial)`: the form, sent or showing. `entry`: what was sent."""

    field: str
    build: Callable[[Sheet, QueryDict | None, Any], Part]
    entry: Callable[[Any], Any]


def _life_meeting(sheet: Sheet, data: QueryDict | None, initial: Any) -> Part:
    return LifeMeetingForm(data, entry=initial, candidates=sheet.candidates)


def _appraisal(sheet: Sheet, data: QueryDict | None, initial: Any) -> Part:
    return AppraisalForm(data, entry=initial, seats=appraised_on(sheet), candidates=sheet.candidates)


def _talks(sheet: Sheet, data: QueryDict | None, initial: Any) -> Part:
    shown = [
        {"first": talk.first_id, "second": talk.second_id, "held_on": talk.held_on, "points": talk.points}
        for talk in initial or ()
    ]
    return TalkFormSet(data, prefix="talks", initial=shown, form_kwargs={"candidates": sheet.candidates})


def _service(sheet: Sheet, data: QueryDict | None, initial: Any) -> Part:
    return ServiceForm(data, prefix="service", initial=vars(initial) if initial else None)


def _forum(sheet: Sheet, data: QueryDict | None, initial: Any) -> Part:
    shown = vars(initial) | {"lecturers": initial.lecturer_ids} if initial else None
    return ForumForm(data, prefix="forum", initial=shown, candidates=sheet.candidates)


def _inspection(sheet: Sheet, data: QueryDict | None, initial: Any) -> Part:
    return UnitFormSet(data, prefix="inspected", initial=[vars(unit) for unit in initial or ()])


def written_only(entry: Any) -> Any:
    """`entry` without the rows in which nothing is written."""
    if isinstance(entry, tuple):
        return tuple(row for row in entry if not row.is_blank)
    return replace(entry, rows=written_only(entry.rows)) if hasattr(entry, "rows") else entry


def rows_in(part: Part) -> list[forms.BaseForm]:
    """The forms of a part: itself, its rows, or both."""
    rows = part if isinstance(part, forms.BaseFormSet) else getattr(part, "rows", ())
    return [*([part] if isinstance(part, forms.BaseForm) else []), *rows]


def _rows(formset: forms.BaseFormSet) -> tuple[Any, ...]:
    return tuple(form.entry() for form in formset)


BLOCK_FORMS: dict[str, BlockForm] = {
    Block.LIFE_MEETING: BlockForm("life_meeting", _life_meeting, lambda form: form.entry()),
    Block.APPRAISAL: BlockForm("appraisal", _appraisal, lambda form: form.entry()),
    Block.TALKS: BlockForm("talks", _talks, _rows),
    Block.FORUM: BlockForm("forum", _forum, lambda form: form.entry()),
    Block.SERVICE: BlockForm("service", _service, lambda form: form.entry()),
    Block.INSPECTION: BlockForm("inspected", _inspection, _rows),
}
