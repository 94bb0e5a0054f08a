"""Acts in two steps: fill in, read in words what it will do, confirm. Nothing is stored before the second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render

from branches.forms.organisations import show_refusal
from branches.rights import AccessRequest

Result = TypeVar("Result")
CONFIRM, BACK = "confirm", "back"


@dataclass(frozen=True)
class Effect:
    """One sentence of the preview; a warning is what somebody should look at before confirming."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True)
class Page:
    """How the two pages of an act look. `template` extends `branches/act.html` where the fields need more."""

    title: str
    verb: str
    back: str
    crumb: tuple[str, str] = ("", "")  # words and address of the list the act is opened from
    template: str = "branches/act.html"
    is_final: bool = False
    context: dict[str, Any] = field(default_factory=dict)


def two_steps(
    request: AccessRequest,
    form: Any,
    *,
    page: Page,
    act: Callable[[], Result],
    effects: Callable[[], list[Effect]],
    finish: Callable[[Result], HttpResponse],
    rows: Any = None,
) -> HttpResponse:
    """Form, preview and confirmation of one act; `rows` is a formset that belongs to the form.

    The preview is rehearsed: what `act` would refuse is said before anybody confirms, and what was typed goes along.
    """
    step = request.POST.get("step", "")
    context = page.context | {"form": form, "rows": rows, "page": page}
    if request.method != "POST" or step == BACK:
        return _render(request, page.template, context, 200)
    if all([form.is_valid(), rows is None or rows.is_valid()]):
        try:
            if step == CONFIRM:
                return finish(act())
            _rehearse(act)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return _render(request, "branches/act_preview.html", context | {"effects": effects()}, 200)
    return _render(request, page.template, context, 422)


def _rehearse(act: Callable[[], Any]) -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


def _render(request: AccessRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"  # what was typed may hold an identity number
    return response
