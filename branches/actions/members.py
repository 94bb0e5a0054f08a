"""Members entered and changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from branches.actions.groups import change_group
from branches.models import (
    GroupMembership,
    Membership,
    Office,
    OfficeMembership,
    Organisation,
    PartyGroup,
    Person,
    User,
)
from branches.queries.members import last_membership, namesakes_in, office_of
from branches.queries.rosters import people_by_number
from branches.rights import Access, Permission
from branches.rules import identity_numbers
from branches.rules.members import Entry, problems_of, problems_of_correction
from branches.rules.people import Category, Precision, known_part
from branches.rules.roster_dates import show
from foundation.actions.audit import difference, record
from foundation.clock import business_date
from foundation.encryption import blind_index

# Blank leaves these as they are. The order is that of the form.
DETAILS = ("phone", "home_address", "position_title", "education")
# Wrong from the beginning where they change: each needs a reason.
CORRECTIONS = ("name", "sex", "birth_date", "nation", "native_place", "joined_on", "full_on")
_KNOWN_PARTLY = ("birth_date", "joined_on", "full_on")


@transaction.atomic
def enter_member(
    *,
    branch: Organisation,
    entry: str,
    on: date,
    facts: Mapping[str, Any],
    by: User,
    access: Access,
    document_number: str = "",
    group: PartyGroup | None = None,
    is_another: bool = False,
) -> Person:
    """Enter a member of `branch`: newly admitted, or one the roster has been missing.

    Args:
        entry: an `Entry`; `on` is the day of the members' meeting, for a late entry the first day in the branch.
        facts: fields of `Person`; a sound `identity_number` among them, from which birth and sex are taken.
        is_another: the user has said that a member of the same name in the branch is somebody else.

    Raises:
        ValidationError: the person is (or was) a member elsewhere, is in the branch already, shares the name of one
            without `is_another`, or the days do not fit (`branches.rules.members`).
    """
    branch = Organisation.objects.select_for_update(no_key=True).get(pk=branch.pk)
    number, category = str(facts["identity_number"]), str(facts.get("category") or Category.PROBATIONARY)
    joined_on, full_on = (on, None) if entry == Entry.ADMITTED else (facts.get("joined_on"), facts.get("full_on"))
    precisions = {
        f"{name}_precision": facts.get(f"{name}_precision") or Precision.DAY for name in ("joined_on", "full_on")
    }
    if entry == Entry.ADMITTED:
        category, precisions = Category.PROBATIONARY, dict.fromkeys(precisions, Precision.DAY)
    joined_on = joined_on and known_part(joined_on, precisions["joined_on_precision"])
    full_on = full_on and known_part(full_on, precisions["full_on_precision"])
    birth = identity_numbers.birth_date(number)
    problems = problems_of(
        entry=entry,
        on=on,
        today=business_date(),
        birth=birth,
        category=category,
        joined_on=joined_on,
        full_on=full_on,
    )
    if not branch.existed_on(on):
        problems["on"] = _("The branch does not exist on that day.")
    if entry == Entry.ADMITTED and not document_number:
        problems["document_number"] = _("Admission needs the approval number of the committee above.")
    if problems:
        raise ValidationError({name: str(text) for name, text in problems.items()})
    person = _person_of(number, entry, on, branch, access) or Person()
    if namesakes_in(branch, facts["name"], business_date()) and not is_another:
        raise ValidationError({"is_another": _("The branch has a member of this name already; say who is meant.")})
    values = {key: value for key, value in facts.items() if value not in (None, "")}
    values |= {"birth_date": birth, "sex": identity_numbers.sex(number), "category": category}
    values |= {"joined_on": joined_on, "full_on": full_on, **precisions}
    _save(person, values)
    membership = Membership.objects.create(
        person=person,
        branch=branch,
        starts_on=on,
        document_number=document_number,
        start_kind=Membership.Start.ADMITTED if entry == Entry.ADMITTED else Membership.Start.ENTERED,
    )
    if group is not None:
        GroupMembership.objects.create(person=person, group=group, starts_on=max(on, group.starts_on))
    told = {name: value for name, value in values.items() if name != "name" and name not in precisions}
    told |= {name: show(told[name], precisions[f"{name}_precision"]) for name in ("joined_on", "full_on") if told[name]}
    changes = {name: ["", getattr(value, "pk", value)] for name, value in told.items()}
    changes |= {"branch": ["", str(branch)], "starts_on": ["", on.isoformat()], "group": ["", str(group or "")]}
    verb = "person.admit" if membership.start_kind == Membership.Start.ADMITTED else "person.enter"
    record(verb=verb, target=person, by=by, organisation=branch, changes=changes, reason=document_number)
    return person


def _person_of(number: str, entry: str, on: date, branch: Organisation, access: Access) -> Person | None:
    """The person with this number, if there is one who may begin anew here: only a former member admitted again.

    What is said of everybody else is the same whether they are members now, were once, and wherever.
    """
    found = people_by_number([blind_index(number)]).get(blind_index(number))
    if found is None:
        return None
    last = last_membership(found)
    if last is not None and last.ends_on is None and last.branch_id == branch.pk:
        raise ValidationError({"identity_number": _("This person is a member of the branch already.")})
    began_anew = (Membership.End.CANCELLED, Membership.End.LEFT, Membership.End.REMOVED)
    if (
        entry != Entry.ADMITTED
        or last is None
        or last.end_kind not in began_anew
        or not access.may(Permission.MANAGE_PEOPLE, last.branch)
    ):
        raise ValidationError(
            {"identity_number": _("This member belongs to another party organisation. Arrange the transfer first.")}
        )
    if last.ends_on is None or last.ends_on >= on:
        raise ValidationError({"on": _("The former membership lasted longer than that; choose a later day.")})
    return Person.objects.select_for_update(no_key=True).get(pk=found.pk)


def _save(person: Person, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(person, name, value)
    person.identity_hash = blind_index(person.identity_number)
    person.phone_hash = blind_index(person.phone) if person.phone else ""
    if person.pk:
        person.version += 1
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # somebody entered the same number this moment
        raise ValidationError(
            {"identity_number": _("This member belongs to another party organisation. Arrange the transfer first.")}
        ) from None


@transaction.atomic
def change_details(
    *,
    person: Person,
    branch: Organisation,
    version: int,
    details: Mapping[str, Any],
    on: date,
    by: User,
    office: Office | None = None,
    group: PartyGroup | None = None,
    reason: str = "",
) -> Person:
    """Change what is on record about a member; what is blank or None stays as it is.

    Args:
        version: that of the person the user saw.
        details: any of `DETAILS` and `CORRECTIONS`, with "…_precision" of the days among these.
        reason: why basic data are corrected.
        on: the day from which office and party group hold.

    Raises:
        ValidationError: somebody changed the member meanwhile, nothing would change, or a day does not fit.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.version != version:
        raise ValidationError(
            _("This member was changed by somebody else meanwhile. Open the page again and compare before you save.")
        )
    after = {key: details[key] for key in DETAILS if details.get(key)}
    before = {key: getattr(person, key) for key in after}
    changes = {
        name: (getattr(old, "pk", old), getattr(new, "pk", new))
        for name, (old, new) in difference(before, after).items()
    }
    corrected, told = _corrections(person, details, reason)
    after |= corrected
    changes |= told
    former = office_of(person, branch, on)
    moves_office = office is not None and (former is None or former.office_id != office.pk)
    moves_group = group is not None and not person.group_memberships.active_on(on).filter(group=group).exists()
    if not changes and not moves_office and not moves_group:
        raise ValidationError(_("Nothing here differs from what is on record."))
    for key, value in after.items():
        setattr(person, key, value)
    person.phone_hash = blind_index(person.phone) if person.phone else ""
    person.version += 1
    person.save(update_fields=[*after, "phone_hash", "version"])
    if moves_office:
        assert office is not None
        changes |= _move_office(person, branch, former, office, on)
    if changes:
        record(verb="person.change", target=person, by=by, organisation=branch, changes=changes, reason=reason)
    if moves_group:
        change_group(person=person, branch=branch, group=group, on=on, by=by)
    return person


def _corrections(
    person: Person, details: Mapping[str, Any], reason: str
) -> tuple[dict[str, Any], dict[str, tuple[Any, Any]]]:
    """The fields of basic data to be set, and what the trail tells of them."""
    after: dict[str, Any] = {}
    told: dict[str, tuple[Any, Any]] = {}
    for name in CORRECTIONS:
        if not (value := details.get(name)):
            continue
        before = getattr(person, name)
        if name not in _KNOWN_PARTLY:
            if before != value:
                after[name] = value
                told[name] = (getattr(before, "pk", before), getattr(value, "pk", value))
            continue
        precision = details.get(f"{name}_precision") or Precision.DAY
        value = known_part(value, precision)
        if (before, getattr(person, f"{name}_precision")) != (value, precision):
            after |= {name: value, f"{name}_precision": precision}
            told[name] = (show(before, getattr(person, f"{name}_precision")), show(value, precision))
    if not after:
        return {}, {}
    if not reason:
        raise ValidationError({"reason": _("Say why the basic data are corrected.")})
    _check_corrected(person, after)
    return after, told


def _check_corrected(person: Person, after: Mapping[str, Any]) -> None:
    values = {name: after.get(name, getattr(person, name)) for name in ("sex", "birth_date", "joined_on", "full_on")}
    number = person.identity_number if {"sex", "birth_date", "birth_date_precision"} & after.keys() else ""
    problems = problems_of_correction(
        today=business_date(),
        number=number,
        sex=values["sex"],
        birth=values["birth_date"],
        category=person.category,
        joined_on=values["joined_on"],
        full_on=values["full_on"],
    )
    if problems:
        name, text = next(iter(problems.items()))
        raise ValidationError({name: str(text)} if name in after else str(text))


def _move_office(
    person: Person, branch: Organisation, former: OfficeMembership | None, office: Office, on: date
) -> dict[str, tuple[Any, Any]]:
    _check_day(person, branch, on)
    if former is not None:
        former.end_before(on)
        former.save(update_fields=former.END_FIELDS)
    OfficeMembership.objects.create(person=person, office=office, starts_on=on)
    return {"office": (former.office.name if former else "", office.name), "on": ("", on.isoformat())}


def _check_day(person: Person, branch: Organisation, on: date) -> None:
    """An office that begins later than `on`, or a membership that does, cannot be stepped over."""
    later = person.office_memberships.valid().filter(starts_on__gt=on).order_by("starts_on").first()
    if later is not None:
        day = date_format(later.starts_on)
        raise ValidationError({"on": _("The present office holds from %(day)s; choose a later day.") % {"day": day}})
    if not person.memberships.active_on(on).filter(branch=branch).exists():
        raise ValidationError({"on": _("On this day the person was not yet a member of the branch.")})
