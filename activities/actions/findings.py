"""The way of a finding: raised, rectified, verified and closed, sent back; its due day changed, or it withdrawn."""

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

from activities.models import Finding, FindingFile, FindingStep
from activities.queries.findings import Origin, open_one, owners_on
from activities.rules.findings import FindingState, may_become
from branches.models import Organisation, Person, User
from foundation.actions.audit import Changes, difference, record
from foundation.actions.files import store_all
from foundation.clock import business_date, now


class ChangedMeanwhile(ValidationError):
    """Somebody wrote on the finding, or moved it, since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this finding meanwhile. Compare it with its page in another window, then save again."),
            code="version",
        )


@dataclass(frozen=True, kw_only=True)
class Content:
    """The problem, whose it is (None: the branch's as a whole) and until when it is to be rectified."""

    text: str
    owner: Person | None = None
    due_on: date


@transaction.atomic
def raise_finding(
    *,
    organisation: Organisation,
    raised_by: int,
    origin: Origin,
    content: Content,
    by: User,
    entry_key: UUID | None = None,
) -> tuple[Finding, bool]:
    """Feed a problem back to `organisation`; returns the finding and whether it is new.

    `raised_by`: the number of the organisation `by` supervises for. The same entry sent again, and a record, duty or
    commitment that has an open finding already, find the first.

    Raises:
        ValidationError: by field, what is wrong and how to mend it.
    """
    # Whoever raises something at this organisation waits here, so that a second click meets the first one's finding.
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    known = Finding.objects.filter(organisation=organisation, entry_key=entry_key).first() if entry_key else None
    known = known or open_one(organisation, origin)
    if known is not None:
        return known, False
    today = business_date()
    check(organisation=organisation, content=content, today=today)
    code, year, number = origin.duty or ("", None, None)
    finding = Finding.objects.create(
        organisation=organisation,
        raised_by_organisation_id=raised_by,
        raised_by=by,
        raised_on=today,
        source=origin.source,
        check_made=origin.check,
        activity=origin.activity,
        duty_code=code,
        duty_year=year,
        duty_number=number,
        entry_key=entry_key,
        **vars(content),
    )
    changes = {"text": content.text, "owner": content.owner and content.owner.pk, "due_on": content.due_on}
    _step(finding, by=by, verb="finding.raise", changes={n: (None, v) for n, v in changes.items() if v})
    return finding, True


@transaction.atomic
def rectify(
    *,
    finding: Finding,
    version: int,
    measures: str,
    proof: str,
    by: User,
    uploads: Sequence[UploadedFile] = (),
    report: bool = False,
) -> Finding:
    """Write the measures and what was done; with `report` hand it to those above, who verify.

    Raises:
        ChangedMeanwhile: `version` is not the one stored.
        ValidationError: by field, what is missing; or the branch does not have the finding any more.
    """
    wanted = FindingState.VERIFY if report else FindingState.RECTIFYING
    locked = _with_branch(finding, version)
    missing = {}
    if not measures:
        missing["measures"] = _("Write the measures first.")
    if report and not proof:
        missing["proof"] = _("Write what was done before reporting it as rectified.")
    if missing:
        raise ValidationError(missing)
    changes = difference({"measures": locked.measures, "proof": locked.proof}, {"measures": measures, "proof": proof})
    names = _keep(locked, uploads, by=by)
    if not changes and not names and locked.state == wanted:
        return locked
    locked.measures, locked.proof, locked.state = measures, proof, wanted
    if report:
        locked.reported_by = by
    _save(
        locked,
        by=by,
        verb="finding.report" if report else "finding.plan",
        changes=changes | ({"evidence": (None, names)} if names else {}),
        comment=proof if report else "",
    )
    return locked


@transaction.atomic
def send_back(*, finding: Finding, version: int, reason: str, by: User) -> Finding:
    """Not rectified yet: back to the branch. The caller has checked that it falls to `by` to verify.

    Raises:
        ChangedMeanwhile: `version` is not the one stored.
        ValidationError: it does not wait for verification any more.
    """
    locked = _to_verify(finding, version)
    locked.state = FindingState.RECTIFYING
    _save(locked, by=by, verb="finding.send_back", comment=reason)
    return locked


@transaction.atomic
def close(*, finding: Finding, version: int, comment: str, by: User) -> Finding:
    """Verified: this one is done (整改一项销号一项). The caller has checked that it falls to `by` to verify.

    Raises:
        ChangedMeanwhile: `version` is not the one stored.
        ValidationError: it does not wait for verification any more.
    """
    locked = _to_verify(finding, version)
    locked.state, locked.closed_on, locked.closed_by = FindingState.CLOSED, business_date(), by
    _save(locked, by=by, verb="finding.close", changes={"closed_on": (None, locked.closed_on)}, comment=comment)
    return locked


@transaction.atomic
def extend(*, finding: Finding, version: int, due_on: date, reason: str, by: User) -> Finding:
    """Give the branch another due day; the reason stays with the finding.

    Raises:
        ChangedMeanwhile: `version` is not the one stored.
        ValidationError: the day has passed or is the one that stands.
    """
    locked = _with_branch(finding, version)
    if due_on < business_date() or due_on == locked.due_on:
        raise ValidationError(
            {"due_on": _("Choose another day than %(day)s, today or later.") % {"day": date_format(locked.due_on)}}
        )
    changes = {"due_on": (locked.due_on, due_on)}
    comment = f"{locked.due_on.isoformat()} → {due_on.isoformat()}\n{reason}"
    locked.due_on = due_on
    _save(locked, by=by, verb="finding.extend", changes=changes, comment=comment, reason=reason)
    return locked


@transaction.atomic
def withdraw(*, finding: Finding, version: int, reason: str, by: User) -> Finding:
    """Close a finding raised by mistake; it stays readable with the reason.

    Raises:
        ChangedMeanwhile: `version` is not the one stored.
        ValidationError: the branch does not have it any more.
    """
    locked = _with_branch(finding, version)
    locked.state, locked.closed_on, locked.closed_by = FindingState.CLOSED, business_date(), by
    # Closed and reported by nobody is what `Finding.is_withdrawn` reads; the steps keep who had reported before.
    locked.reported_by = None
    _save(locked, by=by, verb="finding.withdraw", changes={"closed_on": (None, locked.closed_on)}, comment=reason)
    return locked


@transaction.atomic
def remove_file(*, file: FindingFile, by: User) -> None:
    """Take a proof off a finding; it stays on file with the time and the person. Twice is once.

    Raises:
        ValidationError: the branch does not have the finding any more.
    """
    locked = _with_branch(file.finding)
    taken = FindingFile.objects.filter(pk=file.pk, removed_at__isnull=True).update(removed_at=now(), removed_by=by)
    if not taken:
        return
    locked.version += 1
    locked.save()
    changes = {"evidence": (file.file.name, None)}
    record(verb="finding.remove_file", target=locked, by=by, organisation=locked.organisation_id, changes=changes)


def check(*, organisation: Organisation, content: Content, today: date) -> None:
    """Hold what is written to the rules.

    Raises:
        ValidationError: by field, what is wrong and how to mend it.
    """
    errors = {}
    if content.due_on < today:
        errors["due_on"] = _("This day has passed; choose today or a later day.")
    if content.owner and content.owner not in owners_on(organisation, today):
        errors["owner"] = _("%(name)s is not a member of %(branch)s.") % {
            "name": content.owner.name,
            "branch": organisation.short_name,
        }
    if errors:
        raise ValidationError(errors)


def _with_branch(finding: Finding, version: int | None = None) -> Finding:
    locked = _locked(finding, version)
    if not locked.is_with_branch:
        raise ValidationError(_moved(locked), code="state")
    return locked


def _to_verify(finding: Finding, version: int) -> Finding:
    locked = _locked(finding, version)
    if not may_become(locked.state, FindingState.CLOSED):
        raise ValidationError(_moved(locked), code="state")
    return locked


def _locked(finding: Finding, version: int | None = None) -> Finding:
    locked = Finding.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=finding.pk)
    if version is not None and locked.version != version:
        raise ChangedMeanwhile
    return locked


def _moved(finding: Finding) -> str:
    if finding.is_closed:
        return _("This finding has been closed and cannot be changed.")
    if finding.state == FindingState.VERIFY:
        return _("This finding has been reported as rectified and waits for verification.")
    return _("This finding is with the branch and does not wait for verification.")


def _save(
    finding: Finding,
    *,
    by: User,
    verb: str,
    changes: Changes | None = None,
    comment: str = "",
    reason: str | None = None,
) -> None:
    finding.version += 1
    finding.save()
    _step(finding, by=by, verb=verb, changes=changes or {}, comment=comment, reason=reason)


def _step(
    finding: Finding,
    *,
    by: User,
    verb: str,
    changes: Changes,
    comment: str = "",
    reason: str | None = None,
) -> None:
    FindingStep.objects.create(finding=finding, state=finding.state, by=by, on=business_date(), comment=comment)
    record(
        verb=verb,
        target=finding,
        by=by,
        organisation=finding.organisation_id,
        changes=changes,
        reason=comment if reason is None else reason,
    )


def _keep(finding: Finding, uploads: Sequence[UploadedFile], *, by: User) -> list[str]:
    """Store the proof; either every file is accepted or nothing is written."""
    files = store_all(uploads=uploads, by=by, organisation_id=finding.organisation_id, field="evidence")
    FindingFile.objects.bulk_create(FindingFile(finding=finding, file=file) for file in files)
    return [file.name for file in files]
