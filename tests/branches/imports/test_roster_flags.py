"""What deserves a look although it may be written: somebody else's number, a step back, a namesake who leaves later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from branches.models import Membership, Person
from branches.rules.people import Category, Precision
from tests.branches.imports.test_roster_plans import changes, first_row, labels, numbered
from tests.cast import TODAY, Cast, enlist
from tests.rosters import codes, line, number, plan, rows, workbook, write


def test_numbers_that_changed_places_are_worth_a_look(cast: Cast) -> None:
    numbered(cast.people["first3"], number(), name="刘洋")
    numbered(cast.people["first2"], number(sequence=3), name="张伟")
    swapped = [line("张伟", number(), cast.first.name), line("刘洋", number(sequence=3), cast.first.name)]
    batch = plan(workbook(swapped), cast.committee, cast.staff)
    assert [codes(row) for row in rows(batch).values()] == [["name_differs"], ["name_differs"]]
    assert batch.counts["warned"] == 2


def test_a_full_member_does_not_become_a_probationary_one_unnoticed(cast: Cast) -> None:
    numbered(cast.people["first3"], number(), name="刘洋", full_on=None, category=Category.FULL)
    row = first_row(cast, line("刘洋", number(), cast.first.name, 人员类别="预备党员", 转正时间=""))
    assert changes(row)["category"] == ("full", "probationary")
    assert "category_back" in codes(row)


def test_a_namesake_whose_membership_ends_later_is_recognised(cast: Cast) -> None:
    person = cast.people["first3"]
    person.memberships.update(ends_on=TODAY + timedelta(days=20), end_kind=Membership.End.TRANSFERRED)
    row = first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2004.07.01", 转正时间="2005.07.01"))
    assert (row.action, row.person) == ("update", person)


def test_a_namesake_who_left_is_none(cast: Cast) -> None:
    cast.people["first3"].memberships.update(ends_on=TODAY - timedelta(days=1), end_kind="transferred")
    row = first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2004.07.01"))
    assert (row.action, codes(row)) == ("create", ["no_number"])


def test_joining_on_two_days_of_a_month_is_two_people(cast: Cast) -> None:
    row = first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2004.07.20", 转正时间="2005.07.20"))
    assert (row.action, codes(row), labels(row)) == ("create", ["same_name", "no_number"], ["member"])


def test_birth_counts_to_the_month_and_one_side_may_not_know_it(cast: Cast) -> None:
    person = cast.people["first3"]
    Person.objects.filter(pk=person.pk).update(birth_date=date(1980, 1, 1), birth_date_precision=Precision.MONTH)
    row = first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2004.07.01", 转正时间="2005.07.01"))
    assert (row.action, row.person) == ("update", person)


@pytest.mark.parametrize("blank", ["", "  ", "无", "-", "——", "/", "　", "暂无"])
def test_what_says_nothing_overwrites_nothing(cast: Cast, blank: str) -> None:
    person = numbered(cast.people["first3"], number(), name="刘洋", phone="13800001234")
    cells = {"学历": blank, "联系电话": blank, "入党时间": blank, "转正时间": blank, "性别": blank}
    row = first_row(cast, line("刘洋", number(), cast.first.name, **cells))
    assert (row.action, row.person) == ("unchanged", person)


def test_two_namesakes_without_numbers_told_apart_by_joining_are_two(cast: Cast) -> None:
    lines = [line("郝新民", "", cast.first.name), line("郝新民", "", cast.first.name, 入党时间="2010.07.20")]
    batch = plan(workbook(lines), cast.committee, cast.staff)
    assert [row.action for row in rows(batch).values()] == ["create", "create"]


def test_a_row_as_of_before_the_branch_was_founded(cast: Cast) -> None:
    type(cast.second).objects.filter(pk=cast.second.pk).update(founded_on=TODAY)
    person = numbered(enlist("郝为民", cast.first), number())
    row = first_row(cast, line("郝为民", number(), cast.second.name), as_of=TODAY - timedelta(days=1))
    assert (row.action, codes(row)) == ("refused", ["branch_unknown"])
    assert person.memberships.get().branch == cast.first


def test_what_changes_nothing_counts_only_where_there_is_something_to_see(cast: Cast) -> None:
    exact = line("刘洋", number(), cast.second.name, 入党时间="2004.07.01", 转正时间="2005.07.01")
    write(plan(workbook([exact]), cast.committee, cast.staff))
    row = first_row(cast, line("刘洋", number(), cast.second.name, 入党时间="2004.07", 转正时间="2005.07.01"))
    assert (row.action, codes(row), row.is_warned) == ("unchanged", ["date_less_exact"], False)
    odd = line("刘洋", number(), cast.second.name, 入党时间="2004.07.01", 转正时间="2005.07.01", 联系电话="abc")
    row = first_row(cast, odd)
    assert (row.action, codes(row), row.is_warned) == ("unchanged", ["phone_invalid"], True)
