"""Two records of one person that are members of two branches on the same days: the kept one counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.actions.merge_rows import Changes, cut, overlap, reaches_beyond
from branches.models import Appointment, Dated, GroupMembership, Membership, Organisation, Person
from branches.queries.merges import offices_outside


def settle_branches(kept: Person, merged: Person, last: Collection[int], changes: Changes) -> None:
    """Leave the memberships of `merged` the days on which `kept` is a member of no branch, or void them.

    What was held in the branch given up ends with it.

    Args:
        kept: the record that counts.
        merged: the record that yields, what both say alike voided already.
        last: the last membership of each; only these are surely known to whoever merges.
        changes: takes what was done.

    Raises:
        ValidationError: earlier memberships contradict each other, or the other one lasts longer on both sides.
    """
    theirs = list(Membership.objects.valid().filter(person=merged).select_related("branch"))
    for mine in Membership.objects.valid().filter(person=kept).select_related("branch"):
        for row in theirs:
            if not overlap(mine, row):
                continue
            if mine.pk not in last or row.pk not in last:
                raise ValidationError(_("The two records stand in different branches on the same days."))
            if reaches_beyond(row, mine):
                text = _(
                    "The other record stands in %(second)s before and after the days in %(first)s, which cannot be "
                    "told by one membership. Keep the other record instead."
                )
                raise ValidationError(text % {"first": mine.branch.short_name, "second": row.branch.short_name})
            held = [one for one in _held(merged, row.branch, mine) if overlap(one, mine)]
            for one in (row, *held):
                cut(one, mine, changes)
            keys = [[one._meta.label_lower, one.pk] for one in held]
            changes.branches.append({"counts": mine.pk, "yields": row.pk, "held": keys})


def _held(person: Person, branch: Organisation, by: Membership) -> Iterator[Dated]:
    """The party groups, posts and offices a person has in a branch that are none of the branch that counts."""
    rows: list[Any] = [
        GroupMembership.objects.valid().filter(person=person, group__branch=branch),
        Appointment.objects.valid().filter(person=person, organisation=branch),
    ]
    for found in rows:
        yield from found
    yield from offices_outside(person, by)
