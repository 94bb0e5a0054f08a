"""Records that may be one person, and what merging two of them does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sized
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import (
    Appointment,
    GroupMembership,
    Membership,
    OfficeMembership,
    Person,
    PersonMerge,
    RoleAssignment,
)
from branches.queries.members import last_membership
from branches.queries.roster import is_office_of, offices_on
from branches.rights import Access, Permission
from branches.rules.people import Precision, date_words
from foundation.clock import business_date
from foundation.encryption import mask_identity

MOST_CHOICES = 30
_COMPARED = ("sex", "birth_date", "joined_on", "full_on", "phone")


@dataclass(frozen=True)
class Record:
    """One of the records that may be the same person, as somebody has to tell them apart."""

    person: Person
    membership: Membership

    @property
    def label(self) -> str:
        person = self.person
        said = [
            person.name,
            self.membership.branch.short_name,
            _("born %(day)s") % {"day": _day(person, "birth_date")} if person.birth_date else "",
            _("joined %(day)s") % {"day": _day(person, "joined_on")} if person.joined_on else "",
            mask_identity(person.identity_number) if person.identity_number else _("without identity number"),
        ]
        return _(", ").join(text for text in said if text)


def record_or_404(access: Access, pk: int) -> Record:
    """A member, present or former, whose last branch is one where the user keeps the members.

    Raises:
        Http404: there is none, or it is out of reach.
    """
    person = Person.objects.valid().filter(pk=pk).first()
    membership = last_membership(person) if person else None
    if person is None or membership is None or not access.may(Permission.MANAGE_PEOPLE, membership.branch):
        raise Http404
    return Record(person, membership)


def records_like(person: Person, access: Access, *, name: str = "", also: int | None = None) -> list[Record]:
    """The other records in reach of the same name or phone, of `name`, or with the key `also`. 2 queries."""
    like = Q(name=name or person.name) | Q(pk=also)
    if person.phone_hash:
        like |= Q(phone_hash=person.phone_hash)
    found = in_reach(Person.objects.filter(like).exclude(pk=person.pk), access)
    return _with_memberships(list(found.order_by("name", "pk")[:MOST_CHOICES]))


def in_reach(people: QuerySet[Person], access: Access) -> QuerySet[Person]:
    """Those whose last branch is one where the user keeps the members."""
    last = Membership.objects.valid().filter(person=OuterRef("pk")).order_by("-starts_on", "-pk")
    reached = Membership.objects.filter(access.reach(Permission.MANAGE_PEOPLE, "branch__"))
    people = people.filter(is_void=False, merged_into__isnull=True)
    return people.annotate(last_membership=Subquery(last.values("pk")[:1])).filter(
        last_membership__in=reached.values("pk")
    )


def kept_instead(pk: int) -> int | None:
    """The record into which this one was merged, by its key; None where it was not."""
    found, seen = None, {pk}
    while True:
        following = Person.objects.filter(pk=found or pk).values_list("merged_into", flat=True).first()
        if following is None or following in seen:
            return found
        found = following
        seen.add(found)


def merges_of(person: Person) -> QuerySet[PersonMerge]:
    """The records that were merged into this one and are so still."""
    return person.merges.filter(undone_at=None).select_related("merged", "merged_by")


def merge_or_404(access: Access, pk: int) -> PersonMerge:
    """A merger of records whose kept one is in reach, and whose other one was.

    Raises:
        Http404: there is none, or it is out of reach.
    """
    found = PersonMerge.objects.filter(pk=pk).select_related("kept", "merged").first()
    if found is None:
        raise Http404
    record_or_404(access, found.kept_id)
    changes = json.loads(found.changes)
    label = Membership._meta.label_lower
    brought = [*changes["void"].get(label, ()), *changes["moved"].get(f"{label}.person", ())]
    last = Membership.objects.filter(pk__in=brought).select_related("branch").order_by("starts_on", "pk").last()
    if last is not None and not access.may(Permission.MANAGE_PEOPLE, last.branch):
        raise Http404
    return found


def differences(kept: Person, merged: Person) -> list[str]:
    """What the two records say differently of the same thing; the kept one counts."""
    said = []
    for name in _COMPARED:
        mine, theirs = getattr(kept, name), getattr(merged, name)
        if not mine or not theirs or mine == theirs:
            continue
        label = Person._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        if isinstance(mine, date):
            text = _("%(field)s: the record kept says %(mine)s, the other one %(theirs)s. The one kept counts.")
            said.append(text % {"field": label, "mine": _day(kept, name), "theirs": _day(merged, name)})
        else:
            said.append(_("%(field)s differs. The record kept counts.") % {"field": label})
    mine, theirs = last_membership(kept), last_membership(merged)
    if mine and theirs and theirs.end_kind in Membership.ENDED_FOR_GOOD and mine.ends_on is None:
        text = _("The membership on the other record has ended: %(how)s. The record kept counts, which goes on.")
        said.append(text % {"how": theirs.get_end_kind_display()})
    return said


def offices_outside(person: Person, by: Membership) -> list[OfficeMembership]:
    """The offices of a person, on the days of a membership, that are none of its branch. 1 query an office."""
    found = []
    for row in OfficeMembership.objects.valid().filter(person=person):
        on = offices_on([person.pk], max(row.starts_on, by.starts_on))
        found += [one for one in on if one.pk == row.pk and not is_office_of(one, by.branch)]
    return found


def sentences_of(merge: PersonMerge) -> tuple[list[str], list[str]]:
    """What a merger does, and what somebody should look at: rows that stay with the merged record, and roles.

    Called in the transaction of the merger.
    """
    changes: dict[str, Any] = json.loads(merge.changes)
    said, warned = [], []
    for settled in changes.get("branches", ()):
        said += _branch_sentences(settled)
        warned += _roles_left(merge.kept, Membership.objects.select_related("branch").get(pk=settled["yields"]))
        told = [[Membership._meta.label_lower, settled["yields"]], *settled["held"]]
        changes["void"] = _without(changes["void"], told)
        changes["spans"] = _without(changes["spans"], told)
    if moved := _counted(changes["moved"]):
        said.append(_("These go over to the record kept: %(what)s.") % {"what": moved})
    if void := _counted(changes["void"]):
        said.append(_("These were entered twice for the same days and count once: %(what)s.") % {"what": void})
    if spans := _counted(changes["spans"]):
        said.append(
            _("The days of these are adjusted so that both records are covered once: %(what)s.") % {"what": spans}
        )
    if number := len(changes["set_aside"]):
        said.append(
            ngettext(
                "%(number)d entry of both at the same activity counts once.",
                "%(number)d entries of both at the same activity count once.",
                number,
            )
            % {"number": number}
        )
    names = [name for name in changes["filled"] if not name.endswith("_precision")]
    if names:
        labels = [str(Person._meta.get_field(name.removesuffix("_id")).verbose_name) for name in names]  # type: ignore[union-attr]
        said.append(_("Filled in on the record kept: %(what)s.") % {"what": _(", ").join(labels)})
    stays = _counted(changes["stays"])
    if stays:
        warned.append(_("The record kept has the like, so these stay with the other one: %(what)s.") % {"what": stays})
    return said, warned


def _branch_sentences(settled: Mapping[str, Any]) -> list[str]:
    rows = Membership.objects.select_related("branch")
    counts, yields = rows.get(pk=settled["counts"]), rows.get(pk=settled["yields"])
    names = {"first": counts.branch.short_name, "second": yields.branch.short_name, "days": _days(counts)}
    if yields.is_void:
        text = _("The membership in %(first)s counts (%(days)s). The one in %(second)s becomes void.")
    else:
        text = _("The membership in %(first)s counts (%(days)s). The one in %(second)s counts %(left)s only.")
    said = [text % (names | {"left": _days(yields)})]
    if held := [_held_words(*one) for one in settled["held"]]:
        text = _("What was held in %(second)s on these days ends with it or becomes void: %(what)s.")
        said.append(text % (names | {"what": _(", ").join(held)}))
    return said


def _days(row: Membership) -> str:
    first = date_words(row.starts_on, Precision.DAY)
    if row.ends_on is None:
        return _("from %(first)s on") % {"first": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": date_words(row.ends_on, Precision.DAY)}


def _held_words(label: str, key: int) -> str:
    row: Any = apps.get_model(label).objects.get(pk=key)
    if isinstance(row, Appointment):
        return str(row.get_post_display())
    return str(row.group.name if isinstance(row, GroupMembership) else row.office.name)


def _roles_left(person: Person, yields: Membership) -> list[str]:
    """A role at the branch given up is not ended by the way: that is an administrator's."""
    roles = RoleAssignment.objects.active_on(business_date()).filter(user__person=person, user__is_active=True)
    if not roles.filter(organisation=yields.branch).exists():
        return []
    text = _("An account of this person has a role at %(second)s. An administrator ends it under accounts and roles.")
    return [text % {"second": yields.branch.short_name}]


def _without(rows: Mapping[str, Any], told: list[list[Any]]) -> dict[str, list[Any]]:
    """The rows by model, but for those that were told of already."""
    left = {label: [key for key in keys if [label, int(key)] not in told] for label, keys in rows.items()}
    return {label: keys for label, keys in left.items() if keys}


def words_of_rows(label: str, number: int) -> str:
    """“attendance (3)”, by the name of a model as "app.model" or of its field."""
    model: type[Model] = apps.get_model(".".join(label.split(".")[:2]))
    owner = model._meta.auto_created or model
    return _("%(what)s (%(number)d)") % {"what": owner._meta.verbose_name, "number": number}  # type: ignore[union-attr]


def _counted(rows: Mapping[str, Sized]) -> str:
    return str(_(", ")).join(words_of_rows(label, len(keys)) for label, keys in rows.items())


def _day(person: Person, name: str) -> str:
    return date_words(getattr(person, name), getattr(person, f"{name}_precision"))


def _with_memberships(people: list[Person]) -> list[Record]:
    last = Membership.objects.valid().filter(person__in=people).select_related("branch").order_by("starts_on", "pk")
    by_person = {row.person_id: row for row in last}
    return [Record(person, by_person[person.pk]) for person in people]
