"""Circumstances of members begin and end; a membership ends without a transfer, and is taken up again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from branches.actions.giving_back import give_back
from branches.actions.transfers import check_day, end_membership, endable
from branches.models import Membership, MemberStatus, Organisation, Person, User
from branches.queries.effects import words_of
from branches.queries.statuses import is_guest_of_name
from branches.queries.transfers import open_membership, person_of_number
from branches.rules.people import StatusKind
from branches.rules.statuses import NEEDS_DOCUMENT
from branches.rules.transfers import days_of_effect
from foundation.actions.audit import record, record_many
from foundation.clock import business_date
from foundation.encryption import blind_index

ENDS = (Membership.End.LEFT, Membership.End.REMOVED, Membership.End.EXPELLED, Membership.End.DECEASED)


@transaction.atomic
def begin(
    *,
    person: Person,
    organisation: Organisation,
    kind: str,
    on: date,
    by: User,
    until: date | None = None,
    reason: str = "",
    document_number: str = "",
    branch: Organisation | None = None,
) -> MemberStatus:
    """Let a circumstance hold from a day, until a day if that is known.

    Args:
        organisation: where it is entered: the member's branch, or the branch somebody floats into.
        branch: of those floating in, the branch they take part in.

    Raises:
        ValidationError: it holds already, a day does not fit, or the number of the decision is missing.

    Source: 《中国共产党党员教育管理工作条例》2019, articles 24 to 28.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    first, last = days_of_effect(business_date())
    if not first <= on <= last:
        raise ValidationError(
            {"on": _("Choose a day from %(first)s to %(last)s.") % {"first": words_of(first), "last": words_of(last)}}
        )
    if until is not None and until < on:
        raise ValidationError({"until": _("The last day is before the first.")})
    if kind in NEEDS_DOCUMENT and not document_number:
        raise ValidationError({"document_number": _("Give the number of the decision.")})
    if kind != StatusKind.FLOW_IN and not person.memberships.active_on(on).exists():
        raise ValidationError({"on": _("%(name)s is not a member on this day.") % {"name": person.name}})
    same = MemberStatus.objects.active_between(on, until or date.max).filter(person=person, kind=kind)
    if same.exists():
        raise ValidationError(
            _("“%(kind)s” is on record for %(name)s already for these days; end that entry first.")
            % {"kind": StatusKind(kind).label, "name": person.name}
        )
    status = MemberStatus.objects.create(
        person=person,
        kind=kind,
        branch=branch,
        starts_on=on,
        ends_on=until,
        reason=reason,
        document_number=document_number,
    )
    record(
        verb="status.begin",
        target=status,
        by=by,
        organisation=organisation,
        changes={"person": ("", person.name), "kind": ("", kind), "starts_on": ("", on), "ends_on": ("", until)},
        reason=reason or document_number,
    )
    return status


@transaction.atomic
def end(
    *, status: MemberStatus, organisation: Organisation, on: date, by: User, document_number: str = ""
) -> MemberStatus:
    """Let a circumstance end; `on` is its last day.

    Raises:
        ValidationError: it ended before that, or begins later; a restored membership has no number of the decision.
    """
    status = _locked(status)
    if status.ends_on is not None and status.ends_on < business_date():
        raise ValidationError(_("This entry has ended already."))
    if on < status.starts_on:
        raise ValidationError(
            {"on": _("It began on %(day)s; choose that day or a later one.") % {"day": words_of(status.starts_on)}}
        )
    if on > days_of_effect(business_date())[1]:
        raise ValidationError({"on": _("This day is too far ahead.")})
    if status.kind in NEEDS_DOCUMENT and not document_number:
        raise ValidationError({"document_number": _("Give the number of the decision.")})
    later = MemberStatus.objects.active_between(status.starts_on, on).filter(person=status.person_id, kind=status.kind)
    if later.exclude(pk=status.pk).exists():
        raise ValidationError(
            {"on": _("A later entry of the same kind begins before that; choose an earlier day or end that entry.")}
        )
    before, status.ends_on = status.ends_on, on
    status.save(update_fields=["ends_on"])
    _record(status, "status.end", organisation, by, {"ends_on": (before, on)}, reason=document_number)
    return status


@transaction.atomic
def take_back(*, status: MemberStatus, organisation: Organisation, by: User) -> MemberStatus:
    """Treat a circumstance, entered by mistake, as never entered; it stays on file."""
    status = _locked(status)
    status.is_void = True
    status.save(update_fields=["is_void"])
    _record(status, "status.take_back", organisation, by, {"is_void": (False, True)})
    return status


@transaction.atomic
def register_guest(
    *, branch: Organisation, name: str, sex: str, identity_number: str, by: User, **status: Any
) -> MemberStatus:
    """Register a member of an organisation outside as floating into `branch`: the person without a membership.

    Raises:
        ValidationError: a member of this very branch, or the name does not fit the number; see also `begin`.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=branch.pk)
    person = person_of_number(identity_number)
    if person is not None and person.name != name:
        raise ValidationError(
            {"identity_number": _("Name and identity number do not belong together. Compare both with the papers.")}
        )
    if person is not None and (home := open_membership(person)) and home.branch_id == branch.pk:
        raise ValidationError(_("%(name)s is a member of this branch already.") % {"name": name})
    if person is None and not identity_number and is_guest_of_name(branch, name, status["on"]):
        text = _("%(name)s is registered here already; another person of this name needs the identity number.")
        raise ValidationError({"identity_number": text % {"name": name}})
    if person is None:
        person = Person.objects.create(
            name=name,
            sex=sex,
            identity_number=identity_number,
            identity_hash=blind_index(identity_number) if identity_number else None,
        )
    return begin(person=person, organisation=branch, kind=StatusKind.FLOW_IN, branch=branch, by=by, **status)


@transaction.atomic
def end_for_good(
    *, person: Person, branch: Organisation, kind: str, on: date, by: User, document_number: str = ""
) -> Membership:
    """End a membership because the member leaves the Party, is removed or expelled, or has died.

    Args:
        on: the last day of membership.

    Raises:
        ValidationError: the person is no member there, a transfer is open, the day does not fit, or the number of
            the decision is missing.

    Source: 《中国共产党章程》 article 9; 《中国共产党党员教育管理工作条例》2019, article 24.
    """
    membership = endable(person=person, branch=branch)
    if on > business_date():
        raise ValidationError({"on": _("This day has not come yet.")})
    if kind != Membership.End.DECEASED and not document_number:
        raise ValidationError({"document_number": _("Give the number of the decision.")})
    after = on + timedelta(days=1)
    check_day(membership=membership, on=after, is_inside=False)
    left = end_membership(membership=membership, on=after, kind=kind, document_number=document_number)
    record_many(left, by=by)
    record(
        verb="membership.end",
        target=membership,
        by=by,
        organisation=branch,
        changes={"person": (person.name, ""), "end_kind": ("", kind), "ends_on": ("", on)},
        reason=document_number,
    )
    return membership


@transaction.atomic
def reopen(*, membership: Membership, by: User) -> Membership:
    """Take back an end entered by mistake: the membership holds again with all that ended with it.

    Raises:
        ValidationError: it has not ended, or something followed.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=membership.person_id)
    membership = Membership.objects.select_related("branch", "person").get(pk=membership.pk)
    last = membership.ends_on
    if last is None or membership.is_void:
        raise ValidationError(_("The end of this membership has been taken back already."))
    if person.memberships.valid().filter(starts_on__gt=last).exists() or not membership.branch.existed_on(
        business_date()
    ):
        raise ValidationError(_("A later membership has followed; this end cannot be taken back any more."))
    kind = membership.end_kind
    membership.ends_on, membership.end_kind, membership.end_document = None, "", ""
    membership.save(update_fields=["ends_on", "end_kind", "end_document"])
    give_back([(membership, last)])
    Person.objects.filter(pk=person.pk).update(version=F("version") + 1)
    record(
        verb="membership.reopen",
        target=membership,
        by=by,
        organisation=membership.branch,
        changes={"person": ("", person.name), "end_kind": (kind, ""), "ends_on": (last, None)},
    )
    return membership


def _locked(status: MemberStatus) -> MemberStatus:
    Person.objects.select_for_update(no_key=True).get(pk=status.person_id)
    status = MemberStatus.objects.select_related("person").get(pk=status.pk)
    if status.is_void:
        raise ValidationError(_("This entry has been taken back already."))
    return status


def _record(
    status: MemberStatus, verb: str, organisation: Organisation, by: User, changes: dict[str, Any], reason: str = ""
) -> None:
    person = ("", status.person.name)
    record(
        verb=verb, target=status, by=by, organisation=organisation, changes={"person": person} | changes, reason=reason
    )
