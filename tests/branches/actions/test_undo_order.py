"""Several imports about the same people, undone in either order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import F

from branches.actions import undoing
from branches.models import Batch, GroupMembership, Membership, Person
from branches.queries.undoing import UndoPreview, undo_preview
from branches.rights import Access, access_of
from branches.rules.undoing import Reason
from foundation.encryption import blind_index
from tests.branches.actions.test_roster_undoing import NUMBERED, brought_in, moved, three_new, undo
from tests.cast import TODAY, Cast
from tests.rosters import line


def moved_twice(cast: Cast) -> tuple[Person, Batch, Batch]:
    """李秀英 of the first branch, listed in the second by one roster and in the first again by a later one."""
    person = cast.people["first1"]
    Person.objects.filter(pk=person.pk).update(
        identity_number=NUMBERED[0][1], identity_hash=blind_index(NUMBERED[0][1])
    )
    earlier = brought_in(cast, line("李秀英", NUMBERED[0][1], cast.second.name), as_of=TODAY - timedelta(days=40))
    later = brought_in(cast, line("李秀英", NUMBERED[0][1], cast.first.name))
    return person, earlier, later


def places(person: Person) -> list[tuple[str, date | None]]:
    found = Membership.objects.valid().filter(person=person).order_by("starts_on")
    return list(found.values_list("branch__code", "ends_on"))


def test_one_after_the_other_the_last_first(cast: Cast) -> None:
    person, earlier, later = moved_twice(cast)
    assert [reason for _pk, reason in undo_preview(earlier, access_of(cast.staff)).kept] == [Reason.EDITED]
    undo(later, cast)
    assert places(person)[-1] == ("second", None)
    preview = undo_preview(earlier, access_of(cast.staff))
    assert (preview.moved, preview.kept) == (1, []), "nobody has edited it since"
    undo(earlier, cast)
    assert places(person) == [("first", None)]
    assert GroupMembership.objects.valid().filter(person=person, ends_on__isnull=True).exists()


def test_what_was_edited_between_two_imports_stays_edited(cast: Cast) -> None:
    three_new(cast)
    earlier = brought_in(cast, line("郝新国", NUMBERED[1][1], cast.first.name, 学历="大专"))
    Person.objects.filter(name="郝新国").update(phone="13900000002", version=F("version") + 1)
    later = brought_in(cast, line("郝新国", NUMBERED[1][1], cast.first.name, 学历="大学"))
    assert later.counts["update"] == 1
    undo(later, cast)
    assert [reason for _pk, reason in undo_preview(earlier, access_of(cast.staff)).kept] == [Reason.EDITED]


def test_one_after_the_other_the_first_first(cast: Cast) -> None:
    person, earlier, later = moved_twice(cast)
    undo(earlier, cast, also=[earlier.effects.get().pk])
    assert places(person) == [("first", TODAY - timedelta(days=1)), ("first", None)]
    undo(later, cast, also=[later.effects.get().pk])
    assert places(person) == [("first", None)], "whoever is moved back is somewhere"


def test_nobody_goes_back_to_a_membership_that_never_was(cast: Cast) -> None:
    batch, person = moved(cast)
    Membership.objects.filter(person=person, branch=cast.first).update(is_void=True)
    also = list(batch.effects.values_list("pk", flat=True))
    assert [reason for _pk, reason in undo_preview(batch, access_of(cast.staff)).kept] == [Reason.CHANGED]
    assert undo(batch, cast, also=also).counts["kept"] == 1
    assert places(person) == [("second", None)]


def test_nobody_waits_to_write_while_it_is_looked_what_would_be_undone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = three_new(cast)
    depths = []

    def looked(batch: Batch, access: Access) -> UndoPreview:
        depths.append(len(connection.savepoint_ids))
        return undo_preview(batch, access)

    monkeypatch.setattr(undoing, "undo_preview", looked)
    outside = len(connection.savepoint_ids)
    undo(batch, cast)
    assert depths == [outside]
