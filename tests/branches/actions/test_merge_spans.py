"""What both records say of overlapping days is said once, and holds as long as either of them says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from branches.actions.merges import undo_merge
from branches.models import Appointment, GroupMembership, MemberStatus, Post
from branches.queries.merges import differences
from tests.branches.actions.test_merges import everything, merged
from tests.cast import START, TODAY, Cast, enlist

ENDED = date(2019, 12, 31)
SINCE = date(2019, 6, 1)


def rows_of(cast: Cast, kept: Any, other: Any) -> dict[str, tuple[type[Any], dict[str, Any]]]:
    return {
        "post": (Appointment, {"organisation": cast.first, "post": Post.PUBLICITY}),
        "status": (MemberStatus, {"kind": MemberStatus.Kind.SUSPENDED}),
        "group": (GroupMembership, {"group": cast.group_two}),
    }


@pytest.mark.parametrize("name", ["post", "status", "group"])
@pytest.mark.parametrize("is_first", [True, False], ids=["ended", "not begun"])
def test_what_the_merged_record_still_holds_is_not_lost(cast: Cast, name: str, is_first: bool) -> None:
    kept, other = enlist("刘洋", cast.second), enlist("刘洋", cast.second)
    model, values = rows_of(cast, kept, other)[name]
    model.objects.create(person=kept, starts_on=START if is_first else SINCE, ends_on=ENDED, **values)
    model.objects.create(
        person=other, starts_on=SINCE if is_first else START, ends_on=None if is_first else date(2019, 8, 1), **values
    )
    before = everything()
    done = merged(cast, kept, other)
    row = model.objects.get(person=kept, is_void=False)
    assert (row.starts_on, row.ends_on) == (START, None if is_first else ENDED)
    assert model.objects.active_on(TODAY).filter(person=kept).exists() == is_first
    assert undo_merge(merge=done, by=cast.staff) == []
    assert everything() == before


def test_a_group_of_each_counts_one_after_the_other(cast: Cast) -> None:
    """In the one until its end, in the other from then on."""
    kept, other = enlist("刘洋", cast.first), enlist("刘洋", cast.first)
    GroupMembership.objects.create(person=kept, group=cast.group_one, starts_on=START, ends_on=ENDED)
    GroupMembership.objects.create(person=other, group=cast.group_two, starts_on=SINCE)
    before = everything()
    done = merged(cast, kept, other)
    now = GroupMembership.objects.active_on(TODAY).filter(person=kept)
    assert [(row.group, row.starts_on) for row in now] == [(cast.group_two, date(2020, 1, 1))]
    assert GroupMembership.objects.active_on(SINCE).filter(person=kept).count() == 1
    assert undo_merge(merge=done, by=cast.staff) == []
    assert everything() == before


def test_a_record_of_somebody_expelled_is_not_merged_unnoticed(cast: Cast) -> None:
    kept, other = enlist("刘洋", cast.first), enlist("刘洋", cast.first)
    assert differences(kept, other) == []
    other.memberships.update(ends_on=ENDED, end_kind="expelled")
    with override("zh-hans"):
        assert differences(kept, other) == ["另一份记录的组织关系已终止（开除党籍）；以保留的记录为准，仍为在册党员。"]
    assert differences(other, kept) == []
