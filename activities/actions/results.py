"""Entering, changing, ending and withdrawing results, and their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import Result, ResultFile
from activities.queries.results import current_brand, members_to_honour
from activities.rules.results import FIRST_YEAR, Problem, ResultKind, problems
from branches.models import Organisation, Person, User
from foundation.actions.audit import difference, record
from foundation.actions.files import store_all
from foundation.clock import business_date, now


class ChangedMeanwhile(ValidationError):
    """Somebody wrote on the result since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this result meanwhile. Compare it with its page in another window, then save again."),
            code="version",
        )


@dataclass(frozen=True, kw_only=True)
class Content:
    """What people write about a result; what its kind does not ask for stays empty."""

    title: str
    achieved_on: date
    year: int
    description: str = ""
    source: str = ""
    level: str = ""
    person: Person | None = None


@transaction.atomic
def enter(
    *,
    organisation: Organisation,
    kind: str,
    content: Content,
    by: User,
    uploads: Sequence[UploadedFile] = (),
    entry_key: UUID | None = None,
) -> Result:
    """Enter a result of `organisation`; the same `entry_key` again finds the first entry.

    Raises:
        ValidationError: by field, what is wrong and how to mend it.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    known = Result.objects.filter(organisation=organisation, entry_key=entry_key).first() if entry_key else None
    if known is not None:
        return known
    check(organisation=organisation, kind=kind, content=content, today=business_date())
    brand = current_brand(organisation) if kind == ResultKind.BRAND else None
    if brand is not None:
        raise ValidationError(
            _("%(branch)s has a brand already: “%(brand)s”. Change that one, or end it before entering another.")
            % {"branch": organisation.short_name, "brand": brand.title}
        )
    values = vars(content)
    result = Result.objects.create(
        organisation=organisation,
        kind=kind,
        entered_on=business_date(),
        entered_by=by,
        entry_key=entry_key,
        **values,
    )
    names = _keep(result, uploads, by=by)
    made = {name: (None, value) for name, value in _plain(content).items() if value}
    record(
        verb="result.enter",
        target=result,
        by=by,
        organisation=organisation,
        changes={"kind": (None, kind)} | made | ({"evidence": (None, names)} if names else {}),
    )
    return result


@transaction.atomic
def change(*, result: Result, version: int, content: Content, by: User, uploads: Sequence[UploadedFile] = ()) -> Result:
    """Write what is known better now; saving what stands already changes nothing.

    Raises:
        ChangedMeanwhile: `version` is not the one stored.
        ValidationError: by field, what is wrong; or the result has been withdrawn.
    """
    locked = _locked(result, version)
    check(organisation=locked.organisation, kind=locked.kind, content=content, today=business_date())
    if locked.ended_on and content.achieved_on > locked.ended_on:
        raise ValidationError(
            {"achieved_on": _("It ended on %(day)s; choose an earlier day.") % {"day": date_format(locked.ended_on)}}
        )
    changes = difference(_plain(_content_of(locked)), _plain(content))
    names = _keep(locked, uploads, by=by)
    if not changes and not names:
        return locked
    for name, value in vars(content).items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save()
    record(
        verb="result.change",
        target=locked,
        by=by,
        organisation=locked.organisation_id,
        changes=changes | ({"evidence": (None, names)} if names else {}),
    )
    return locked


@transaction.atomic
def end(*, result: Result, version: int, ended_on: date, by: User) -> Result:
    """Let a brand have been one until `ended_on`; the branch may then have another.

    Raises:
        ChangedMeanwhile: `version` is not the one stored.
        ValidationError: the day is before its first or has not come, or there is nothing to end.
    """
    locked = _locked(result, version)
    if not locked.may_end:
        raise ValidationError(_("Only a brand that has not ended can be ended."))
    if not locked.achieved_on <= ended_on <= business_date():
        raise ValidationError(
            {
                "ended_on": _("Choose a day from %(first)s to %(last)s.")
                % {"first": date_format(locked.achieved_on), "last": date_format(business_date())}
            }
        )
    locked.ended_on = ended_on
    locked.version += 1
    locked.save()
    record(
        verb="result.end",
        target=locked,
        by=by,
        organisation=locked.organisation_id,
        changes={"ended_on": (None, ended_on)},
    )
    return locked


@transaction.atomic
def withdraw(*, result: Result, version: int, reason: str, by: User) -> Result:
    """Take back a result entered by mistake; it stays readable with the reason and counts no more.

    Raises:
        ChangedMeanwhile: `version` is not the one stored.
        ValidationError: it has been withdrawn already.
    """
    locked = _locked(result, version)
    locked.withdrawn_on, locked.withdrawn_by, locked.withdrawn_because = business_date(), by, reason
    locked.version += 1
    locked.save()
    record(
        verb="result.withdraw",
        target=locked,
        by=by,
        organisation=locked.organisation_id,
        changes={"withdrawn_on": (None, locked.withdrawn_on)},
        reason=reason,
    )
    return locked


@transaction.atomic
def remove_file(*, file: ResultFile, by: User) -> None:
    """Take evidence off a result; it stays on file with the time and the person. Twice is once.

    Raises:
        ValidationError: the result has been withdrawn.
    """
    locked = _locked(file.result)
    taken = ResultFile.objects.filter(pk=file.pk, removed_at__isnull=True).update(removed_at=now(), removed_by=by)
    if not taken:
        return
    locked.version += 1
    locked.save()
    record(
        verb="result.remove_file",
        target=locked,
        by=by,
        organisation=locked.organisation_id,
        changes={"evidence": (file.file.name, None)},
    )


def check(*, organisation: Organisation, kind: str, content: Content, today: date) -> None:
    """Hold what is written to the rules.

    Raises:
        ValidationError: by field, what is wrong and how to mend it.
    """
    found = problems(
        kind=kind,
        is_branch=organisation.is_branch,
        stood_then=organisation.existed_on(content.achieved_on),
        achieved_on=content.achieved_on,
        year=content.year,
        today=today,
    )
    errors = {name: _words(problem, organisation) for name, problem in found.items()}
    day = content.achieved_on
    if content.person and "achieved_on" not in found and content.person not in members_to_honour(organisation, day):
        errors["person"] = _("%(name)s was not a member of %(branch)s on %(day)s.") % {
            "name": content.person.name,
            "branch": organisation.short_name,
            "day": date_format(day),
        }
    if errors:
        raise ValidationError(errors)


def _words(problem: Problem, organisation: Organisation) -> str:
    words = {
        Problem.NOT_YET: _("This day has not come yet."),
        Problem.NOT_STANDING: _("%(organisation)s did not exist on this day."),
        Problem.NOT_A_BRANCH: _("Only a branch has a brand."),
        Problem.YEAR_AFTER: _("The year is after the day; choose an earlier year or a later day."),
        Problem.YEAR_BEFORE: _("Give a year from %(first)d on."),
    }
    return words[problem] % {"organisation": organisation.short_name, "first": FIRST_YEAR}


def _locked(result: Result, version: int | None = None) -> Result:
    locked = Result.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=result.pk)
    if locked.is_withdrawn:
        raise ValidationError(_("This result has been withdrawn and cannot be changed."), code="withdrawn")
    if version is not None and locked.version != version:
        raise ChangedMeanwhile
    return locked


def _keep(result: Result, uploads: Sequence[UploadedFile], *, by: User) -> list[str]:
    """Store the evidence; either every file is accepted or nothing is written."""
    files = store_all(uploads=uploads, by=by, organisation_id=result.organisation_id, field="evidence")
    ResultFile.objects.bulk_create(ResultFile(result=result, file=file) for file in files)
    return [file.name for file in files]


def _content_of(result: Result) -> Content:
    return Content(**{name: getattr(result, name) for name in Content.__dataclass_fields__})


def _plain(content: Content) -> dict[str, object]:
    """The content as the trail keeps it: a person by their number."""
    return vars(content) | {"person": content.person.pk if content.person else None}
