"""Imports as their pages show them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import get_language, gettext

from branches.models import (
    Batch,
    BatchEffect,
    BatchRow,
    Education,
    Membership,
    Nation,
    Organisation,
    Person,
    RoleAssignment,
)
from branches.queries import table_words
from branches.rights import Access, Permission
from branches.rules.decisions import AS_PROPOSED, SKIP, label_words, proposal_words, remaining
from branches.rules.people import Category, Sex, iso_words
from branches.rules.problems import Problem
from branches.rules.roster_problems import TOLD_ELSEWHERE, WITHHELD
from foundation.encryption import mask_identity

Labels = dict[tuple[str, str], str]
Action, Outcome, State, Subject = BatchRow.Action, BatchRow.Outcome, Batch.State, Batch.Subject
# Who may bring in what.
PERMISSIONS = {
    Subject.MEMBERS: Permission.MANAGE_PEOPLE,
    Subject.ORGANISATIONS: Permission.MANAGE_ORGANISATIONS,
    Subject.ACCOUNTS: Permission.MANAGE_ACCOUNTS,
}
# What the pages of an import may be filtered by.
SHOWN = (*Action.values, "warned", "changed", "leaver")
# Until then an import is its uploader's: the plan shows what lies in that person's reach.
CONFIRMED = (State.APPLYING, State.APPLIED, State.STOPPED, State.UNDOING, State.UNDONE)


def find_batch(pk: UUID, access: Access) -> Batch | None:
    """An import at an organisation where one may do the like: one's own, or once it is confirmed anybody's."""
    batches = Batch.objects.select_related("organisation__parent", "file", "uploaded_by", "applied_by", "job")
    batch = batches.filter(pk=pk).first()
    if batch is None or not access.may(PERMISSIONS[Subject(batch.subject)], batch.organisation):
        return None
    return batch if batch.uploaded_by_id == access.user.pk or batch.state in CONFIRMED else None


def recent_batches(organisation: Organisation, subject: str) -> QuerySet[Batch]:
    """The imports at `organisation` so far, latest first."""
    return Batch.objects.filter(organisation=organisation, subject=subject).select_related("uploaded_by")


def subjects_for(organisation: Organisation, access: Access) -> list[str]:
    """What one may bring in at `organisation`."""
    return [str(subject) for subject, permission in PERMISSIONS.items() if access.may(permission, organisation)]


def rows_of(batch: Batch, *, show: str = "") -> QuerySet[BatchRow]:
    """The rows of a plan in the file's order.

    Args:
        batch: the import.
        show: an action, "warned" (to be written, but worth a look), "changed" (left alone because somebody else had
            changed the person meanwhile), or "" for all but the unchanged ones.
    """
    rows = BatchRow.objects.filter(batch=batch).select_related("organisation", "person").order_by("position")
    if show == "warned":
        return rows.filter(is_warned=True)
    if show == "changed":
        return rows.filter(outcome=Outcome.CHANGED)
    return rows.filter(action=show) if show else rows.exclude(action=Action.UNCHANGED)


def row_at(batch: Batch, position: int) -> BatchRow | None:
    """One row of a plan."""
    if position > 10**9:
        return None
    return BatchRow.objects.filter(batch=batch, position=position).select_related("organisation", "person").first()


def rows_with_problems(batch: Batch, *, is_uploader: bool) -> Iterable[PreviewRow]:
    """The rows that were refused, want a look, or were left alone because somebody changed the person meanwhile."""
    rows = BatchRow.objects.filter(batch=batch).select_related("organisation", "person").order_by("position")
    for item in previewed(rows.iterator(chunk_size=500), is_uploader=is_uploader):
        if item.problems or item.row.outcome == Outcome.CHANGED:
            yield item


@dataclass(frozen=True)
class Tile:
    """A filter of the preview with its count; `show` is what the address says."""

    show: str
    status: str
    number: int


def tiles(batch: Batch) -> list[Tile]:
    counts = batch.counts
    actions = [action for action in Action.values if action != Action.MOVE or batch.subject == Subject.MEMBERS]
    found = [Tile(action, action, counts.get(action, 0)) for action in actions]
    found.append(Tile("warned", "warned", counts.get("warned", 0)))
    if changed := counts.get("changed", 0):
        found.append(Tile("changed", "changed", changed))
    return found


@dataclass(frozen=True)
class Bulk:
    """One decision for all rows of a filter: "skip", or "" as proposed."""

    decision: str
    number: int


def bulk_of(batch: Batch, show: str) -> Bulk | None:
    """The decision that can be made for the whole of a filter, if there is one."""
    number = batch.counts.get(show, 0)
    if show == "warned":
        number = rows_of(batch, show=show).filter(action__in=BatchRow.WRITTEN_ACTIONS).count()
    if batch.state != State.PLANNED or not number:
        return None
    if show == Action.SKIP:
        return Bulk("", number)
    return Bulk("skip", number) if show in (*BatchRow.WRITTEN_ACTIONS, "warned") else None


def number_to_write(batch: Batch) -> int:
    return sum(batch.counts.get(action, 0) for action in BatchRow.WRITTEN_ACTIONS)


def count_outcomes(batch: Batch) -> tuple[int, int]:
    """(written, changed meanwhile)."""
    rows = BatchRow.objects.filter(batch=batch)
    return rows.filter(outcome=Outcome.WRITTEN).count(), rows.filter(outcome=Outcome.CHANGED).count()


def count_work(batch: Batch) -> dict[str, int]:
    """What was done by now: rows written or left alone, and effects undone or kept."""
    written, changed = count_outcomes(batch)
    effects = dict(
        BatchEffect.objects.filter(batch=batch).exclude(outcome="").values_list("outcome").annotate(number=Count("pk"))
    )
    return {
        "written": written,
        "changed": changed,
        "undone": effects.get(BatchEffect.Outcome.UNDONE, 0),
        "kept": effects.get(BatchEffect.Outcome.KEPT, 0),
    }


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class PreviewRow:
    """One row as the preview shows it."""

    row: BatchRow
    name: str
    changes: list[Change]
    problems: list[Problem]
    is_hidden: bool = False
    # What may be decided, as (value, words), that of the plan first; empty where there is no choice.
    alternatives: list[tuple[str, str]] = field(default_factory=list)
    shows_number: bool = True

    @property
    def identity(self) -> str:
        """The masked number of the person on record."""
        person = self.row.person if self.shows_number else None
        return mask_identity(person.identity_number or "") if person else ""


def previewed(rows: Iterable[BatchRow], *, is_uploader: bool = True) -> Iterable[PreviewRow]:
    """The stored plan of rows, with the words of the reader's language.

    To others than the uploader it does not tell what those who were to move in were before, nor why they could not:
    that lay in the uploader's reach.
    """
    labels = _code_labels()
    for row in rows:
        payload: dict[str, Any] = json.loads(row.payload or "{}")
        plan = chosen(row, payload)
        changes = [
            Change(_label(key), _worded(key, before, labels), _worded(key, after, labels))
            for key, before, after in plan.get("changes", ())
        ]
        problems = [Problem(**problem) for problem in remaining(payload.get("problems", ()), row.decision)]
        problems.sort(key=lambda problem: not problem.refuses)
        if not is_uploader:
            problems = [Problem(WITHHELD) if problem.code in TOLD_ELSEWHERE else problem for problem in problems]
            if plan.get("action") == Action.MOVE:
                changes = [replace(change, before="") for change in changes]
        yield PreviewRow(
            row,
            payload.get("name", ""),
            changes,
            problems,
            bool(payload.get("hidden")),
            choices_of(row, payload) if is_uploader else [],
            is_uploader or row.outcome == Outcome.WRITTEN or row.action in (Action.UPDATE, Action.UNCHANGED),
        )


def chosen(row: BatchRow, payload: dict[str, Any]) -> dict[str, Any]:
    """The plan of a row that counts: the proposed one, or the one somebody decided for."""
    plans: list[dict[str, Any]] = payload.get("plans") or [{}]
    return plans[int(row.decision)] if row.decision.isdigit() else plans[0]


def choices_of(row: BatchRow, payload: dict[str, Any]) -> list[tuple[str, str]]:
    """What may be decided about a row, as (value, words): what was proposed, the other plans, and not to write it."""
    others = [
        (str(number), words)
        for number, plan in enumerate(payload.get("plans", ()))
        if number and (words := label_words(plan.get("label", {})))
    ]
    if row.proposed in BatchRow.WRITTEN_ACTIONS:
        others.append((SKIP, gettext("Skip this row")))
    proposed = proposal_words(str(row.get_proposed_display()), is_refused=row.proposed == Action.REFUSED)
    return [(AS_PROPOSED, proposed), *others] if others else []


def roles_left_behind(batch: Batch, access: Access) -> list[RoleAssignment]:
    """Roles that people this import moved still have at a branch they have left: an administrator ends them."""
    moved = BatchRow.objects.filter(batch=batch, action=Action.MOVE, outcome=Outcome.WRITTEN)
    former = Membership.objects.valid().filter(
        person=OuterRef("user__person"), branch=OuterRef("organisation"), ends_on__lt=access.day
    )
    return list(
        RoleAssignment.objects.active_on(access.day)
        .filter(access.reach(Permission.VIEW, "organisation__"), Exists(former))
        .filter(user__is_active=True, user__person__in=moved.values("person"))
        .exclude(organisation__in=moved.filter(person=OuterRef("user__person")).values("organisation"))
        .select_related("user", "organisation")
        .order_by("organisation__lft", "pk")
    )


def file_problem(batch: Batch) -> Problem | None:
    return Problem(**json.loads(batch.problem)) if batch.problem else None


def _label(key: str) -> str:
    if "." in key:
        return table_words.label_of(key)
    return gettext("branch") if key == "branch" else str(Person._meta.get_field(key).verbose_name)  # type: ignore[union-attr]


def _worded(key: str, value: str, labels: Labels) -> str:
    if "." in key:
        return table_words.worded(key, value)
    if key in ("birth_date", "joined_on", "full_on"):
        return iso_words(value)
    choices = {"sex": Sex, "category": Category}.get(key)
    return str(choices(value).label) if choices and value else labels.get((key, value), value)


def _code_labels() -> Labels:
    """The labels of codes by field and Chinese name, which is what a plan keeps; nobody needs them in Chinese."""
    if not (get_language() or "").startswith("en"):
        return {}
    nations = {("nation", row.name): row.label for row in Nation.objects.all()}
    return nations | {("education", row.name): row.label for row in Education.objects.all()}
