"""Acts in two steps: fill in, read in words what it will do, confirm. Nothing is stored before the second."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare, salted_hmac

from branches.forms.organisations import show_refusal
from branches.rights import AccessRequest

Result = TypeVar("Result")
CONFIRM = "confirm"
REDRAW = ("back", "more")  # back to the fields, or more lines of them


@dataclass(frozen=True)
class Effect:
    """One sentence of the preview; a warning is what somebody should look at before confirming."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True)
class Page:
    """How the two pages of an act look. `template` extends `branches/act.html`, and `preview` its
    like, where they need more."""

    title: str
    verb: str
    back: str
    crumb: tuple[str, str] = ("", "")  # words and address of the list the act is opened from
    template: str = "branches/act.html"
    preview: str = "branches/act_preview.html"
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
    lock: AbstractContextManager[None],
    rows: Any = None,
) -> HttpResponse:
    """Form, preview and confirmation of one act; `rows` is a formset that belongs to the form.

    The preview is rehearsed: what `act` would refuse is said before anybody confirms, and what was typed goes along.
    Only what was read is done: under the `lock` (one transaction in which nobody else changes what the act is about)
    the sentences are made once more, and if they would be others by now they are shown again.
    """
    step = request.POST.get("step", "")
    context = page.context | {"form": form, "rows": rows, "page": page}
    if request.method != "POST" or step in REDRAW:
        return _render(request, page.template, context, 200)
    if all([form.is_valid(), rows is None or rows.is_valid()]):
        try:
            if step == CONFIRM:
                with lock:
                    if _was_read(request, effects()):
                        return finish(act())
            _rehearse(act)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            said = effects()
            context |= {"effects": said, "digest": _digest(said), "is_stale": step == CONFIRM}
            return _render(request, page.preview, context, 200)
    return _render(request, page.template, context, 422)


def _digest(said: list[Effect]) -> str:
    return salted_hmac("branches.two_steps", "\n".join(str(effect.text) for effect in said)).hexdigest()


def _was_read(request: AccessRequest, said: list[Effect]) -> bool:
    return constant_time_compare(request.POST.get("digest", ""), _digest(said))


def _rehearse(act: Callable[[], Any]) -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


def _render(request: AccessRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"  # what was typed may hold an identity number
    return response
