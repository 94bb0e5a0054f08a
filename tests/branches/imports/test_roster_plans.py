"""What a roster would change: people out of reach first."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from branches.actions.organisations import found, rename
from branches.imports.roster_plans import make_plan
from branches.imports.rosters import read_roster
from branches.models import Batch, BatchRow, Education, Membership, Nation, Person
from branches.rights import access_of
from foundation.encryption import blind_index
from foundation.models import AuditEntry
from tests.cast import START, TODAY, Cast, enlist
from tests.rosters import HEADINGS, codes, line, number, plan, rows, workbook


def numbered(person: Person, identity: str, **fields: Any) -> Person:
    """Give somebody of the cast a number, and the fields `line` writes."""
    person.identity_number, person.identity_hash = identity, blind_index(identity)
    values = {
        "sex": "male",
        "birth_date": date(1980, 1, 1),
        "education": Education.objects.get(name="大学本科"),
        "joined_on": date(2010, 7, 1),
        "full_on": date(2011, 7, 1),
    }
    for name, value in {**values, **fields}.items():
        setattr(person, name, value)
    person.save()
    return person


def first_row(cast: Cast, *lines: list[str], by: str = "staff", **options: Any) -> BatchRow:
    batch = plan(workbook(lines), cast.committee, cast.users[by], **options)
    assert batch.state == Batch.State.PLANNED, batch.problem
    return rows(batch)[2]


def changes(row: BatchRow) -> dict[str, tuple[str, str]]:
    return {key: (before, after) for key, before, after in json.loads(row.changes or "[]")}


def test_somebody_of_another_tree_is_refused_without_a_word_about_them(cast: Cast) -> None:
    far = numbered(cast.people["far0"], number())
    row = first_row(cast, line("郝新民", number(), cast.first.name))
    assert (row.action, codes(row), row.person, row.values, row.changes) == ("refused", ["elsewhere"], None, "", "")
    stored = json.dumps(row.problems, ensure_ascii=False)
    assert far.name not in stored
    assert cast.far.name not in stored


def test_a_branch_of_another_tree_is_as_unknown_as_one_that_is_not(cast: Cast) -> None:
    batch = plan(
        workbook([line("郝新民", number(), cast.far.name), line("郝为民", number(sequence=3), "没有的支部")]),
        cast.committee,
        cast.staff,
    )
    known, unknown = rows(batch)[2], rows(batch)[3]
    assert codes(known) == codes(unknown) == ["branch_unknown"]


def test_the_importer_s_own_reach_decides_not_the_organisation_s(cast: Cast) -> None:
    """The committee's staff may not take from a branch elsewhere under the same city; the city's staff may."""
    other = found(code="o", kind="branch", name="别处支部", short_name="别处支部", parent=cast.city, on=START, by=None)
    numbered(enlist("郝新民", other), number())
    row = first_row(cast, line("郝新民", number(), cast.first.name))
    assert codes(row) == ["elsewhere"]
    row = first_row(cast, line("郝新民", number(), cast.first.name), by="city_staff")
    assert row.action == "move"
    assert changes(row)["branch"] == ("别处支部", cast.first.name)


def test_nothing_is_written_by_planning(cast: Cast) -> None:
    people, memberships = Person.objects.count(), Membership.objects.count()
    first_row(cast, line("郝新民", number(), cast.first.name))
    assert (Person.objects.count(), Membership.objects.count()) == (people, memberships)
    assert not AuditEntry.objects.filter(verb__startswith="person.").exists()


def test_a_new_person(cast: Cast) -> None:
    row = first_row(cast, line("郝新民", number(), "第 一党支部", 联系电话="13800001234"))
    assert (row.action, row.branch, row.problems) == ("create", cast.first, [])
    assert changes(row)["phone"] == ("", "138****1234")
    assert changes(row)["identity_number"] == ("", "139***********0016")
    assert "13800001234" in row.values
    with connection.cursor() as cursor:
        cursor.execute('SELECT "values", changes FROM branches_rosterrow')
        assert not any("1380000" in sealed or number() in sealed for row in cursor.fetchall() for sealed in row)


@pytest.mark.parametrize(("column", "code"), [("人员类别", "category_empty"), ("入党时间", "joined_empty")])
def test_a_new_person_needs_category_and_joining(cast: Cast, column: str, code: str) -> None:
    row = first_row(cast, line("郝新民", number(), cast.first.name, **{column: "", "转正时间": ""}))
    assert (row.action, codes(row)) == ("refused", [code])


def test_only_what_differs_is_changed_and_a_blank_changes_nothing(cast: Cast) -> None:
    numbered(cast.people["first3"], number(), name="刘洋", position_title="科长", phone="13800001234")
    row = first_row(cast, line("刘洋", number(), cast.first.name))
    assert (row.action, row.person, changes(row)) == ("unchanged", cast.people["first3"], {})
    row = first_row(cast, line("刘洋", number(), cast.first.name, 学历="大专", 联系电话="13900001234"))
    assert row.action == "update"
    assert changes(row) == {"education": ("大学本科", "大学专科"), "phone": ("138****1234", "139****1234")}


def test_a_less_exact_date_that_agrees_is_no_change_and_a_more_exact_one_is(cast: Cast) -> None:
    numbered(cast.people["first3"], number(), name="刘洋", joined_on=date(2010, 7, 15))
    row = first_row(cast, line("刘洋", number(), cast.first.name, 入党时间="2010.07"))
    assert (row.action, codes(row)) == ("unchanged", ["date_less_exact"])
    numbered(cast.people["first3"], number(), joined_on=date(2010, 7, 1), joined_on_precision="month")
    row = first_row(cast, line("刘洋", number(), cast.first.name, 入党时间="2010.07.15"))
    assert changes(row) == {"joined_on": ("2010-07", "2010-07-15")}


def test_the_day_of_becoming_full_outweighs_the_word(cast: Cast) -> None:
    numbered(cast.people["first3"], number(), name="刘洋")
    row = first_row(cast, line("刘洋", number(), cast.first.name, 人员类别="预备党员", 转正时间=""))
    assert (row.action, codes(row)) == ("unchanged", ["probation_long", "category_contradicts"])


def test_a_move_within_reach(cast: Cast) -> None:
    numbered(cast.people["second1"], number())
    row = first_row(cast, line("王建国", number(), cast.first.name))
    assert (row.action, changes(row)) == ("move", {"branch": (cast.second.name, cast.first.name)})


@pytest.mark.parametrize("days", [0, 1])
def test_an_old_roster_does_not_undo_a_newer_move(cast: Cast, days: int) -> None:
    person = numbered(cast.people["second1"], number())
    Membership.objects.filter(person=person).update(starts_on=TODAY + timedelta(days=days))
    row = first_row(cast, line("王建国", number(), cast.first.name))
    assert (row.action, codes(row)) == ("refused", ["newer_membership"])


def test_who_left_for_good_does_not_come_back_by_a_roster(cast: Cast) -> None:
    person = numbered(cast.people["first3"], number())
    person.memberships.update(ends_on=date(2020, 1, 1), end_kind=Membership.End.DECEASED)
    assert codes(first_row(cast, line("刘洋", number(), cast.first.name))) == ["membership_ended"]


def test_who_went_away_may_come_back(cast: Cast) -> None:
    person = numbered(cast.people["first3"], number())
    person.memberships.update(ends_on=date(2020, 1, 1), end_kind=Membership.End.TRANSFERRED)
    row = first_row(cast, line("刘洋", number(), cast.first.name))
    assert (row.action, changes(row)["branch"]) == ("move", ("", cast.first.name))


def test_without_a_number_nobody_is_added_unless_asked_for(cast: Cast) -> None:
    nameless = line("郝新民", "", cast.first.name)
    assert codes(first_row(cast, nameless)) == ["id_empty"]
    row = first_row(cast, nameless, adds_without_number=True)
    assert (row.action, codes(row)) == ("create", ["no_number"])


def test_without_a_number_a_member_is_recognised_by_name_and_dates(cast: Cast) -> None:
    """刘洋 joined on 2004-07-01; the cast has no birth dates."""
    row = first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2004.07", 转正时间="2005.07", 学历=""))
    assert (row.action, row.person) == ("update", cast.people["first3"])
    assert changes(row) == {"sex": ("unknown", "male")}
    assert codes(first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2004.08"))) == ["id_empty"]
    assert codes(first_row(cast, line("刘洋", "", cast.second.name, 入党时间="2004.07"))) == ["id_empty"]


def test_of_two_that_fit_without_a_number_neither_is_chosen(cast: Cast) -> None:
    enlist("刘洋", cast.first, joined_on=date(2004, 7, 1))
    row = first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2004.07"), adds_without_number=True)
    assert row.action == "refused"
    assert "several_people" in codes(row)


def test_a_number_is_added_to_a_member_on_record_without_one(cast: Cast) -> None:
    row = first_row(cast, line("刘洋", number(), cast.first.name, 入党时间="2004.07", 转正时间="2005.07"))
    assert (row.action, row.person, codes(row)) == (
        "update",
        cast.people["first3"],
        ["number_added", "date_less_exact", "date_less_exact"],
    )


def test_a_namesake_is_another_person_and_said_to_be(cast: Cast) -> None:
    row = first_row(cast, line("刘洋", number(), cast.first.name, 入党时间="2015.07", 转正时间="2016.07"))
    assert (row.action, codes(row)) == ("create", ["same_name"])


def test_the_same_person_under_two_numbers_is_refused(cast: Cast) -> None:
    numbered(cast.people["first3"], number(sequence=1), name="刘洋")
    row = first_row(cast, line("刘洋", number(sequence=3), cast.first.name))
    assert codes(row) == ["person_has_number"]


def test_one_person_in_two_rows_counts_once(cast: Cast) -> None:
    same = line("刘洋", "", cast.first.name, 入党时间="2004.07", 转正时间="2005.07")
    batch = plan(workbook([same, same]), cast.committee, cast.staff)
    assert codes(rows(batch)[3]) == ["person_twice"]


def test_a_masked_number_finds_its_person_and_nobody_else(cast: Cast) -> None:
    numbered(cast.people["first3"], number(), name="刘洋")
    masked = f"139***********{number()[-4:]}"
    assert first_row(cast, line("刘洋", masked, cast.first.name)).action == "unchanged"
    row = first_row(cast, line("刘洋", "139***********9999", cast.first.name), adds_without_number=True)
    assert (row.action, codes(row)) == ("refused", ["id_masked"])


def test_somebody_merged_into_another_is_that_other(cast: Cast) -> None:
    numbered(cast.people["first3"], number())
    Person.objects.filter(pk=cast.people["first3"].pk).update(merged_into=cast.people["first4"])
    row = first_row(cast, line("陈静", number(), cast.first.name))
    assert row.person == cast.people["first4"]


def test_words_outside_the_code_tables_are_left_out(cast: Cast) -> None:
    Nation.objects.filter(name="土家族").update(is_active=False)
    headings = [*HEADINGS, "民族"]
    content = workbook([[*line("郝新民", number(), cast.first.name, 学历="自学"), "土家"]], headings=headings)
    row = rows(plan(content, cast.committee, cast.staff))[2]
    assert (row.action, codes(row)) == ("create", ["nation_unknown", "education_unknown"])


def test_a_name_borne_by_two_branches_is_ambiguous(cast: Cast) -> None:
    found(code="f2", kind="branch", name="甲第一党支部", short_name="第一党支部", parent=cast.organ, on=START, by=None)
    batch = plan(
        workbook([line("郝新民", number(), "第一党支部"), line("郝为民", number(sequence=3), "甲第一党支部")]),
        cast.city,
        cast.city_staff,
    )
    assert codes(rows(batch)[2]) == ["branch_ambiguous"]
    assert rows(batch)[3].action == "create"


def test_a_former_name_is_understood_for_its_own_day(cast: Cast) -> None:
    rename(organisation=cast.first, name="机关支部", short_name="机关支部", on=date(2020, 6, 1), by=None)
    old = line("郝新民", number(), "第一党支部")
    assert first_row(cast, old, as_of=date(2020, 5, 31)).action == "create"
    assert codes(first_row(cast, old)) == ["branch_unknown"]


@pytest.mark.parametrize("size", [3, 30])
def test_planning_takes_the_same_queries_for_few_and_many_rows(
    cast: Cast, size: int, django_assert_num_queries: Any
) -> None:
    numbered(cast.people["first3"], number(sequence=0))
    lines = [line(f"郝{at}", number(sequence=at * 2), cast.first.name, 性别="女") for at in range(size)]
    batch = plan(workbook(lines[:1]), cast.committee, cast.staff)
    batch = Batch.objects.select_related("organisation", "uploaded_by").get(pk=batch.pk)
    roster = read_roster(workbook(lines), is_csv=False, today=TODAY)
    with django_assert_num_queries(8):
        made = make_plan(roster, batch=batch, access=access_of(batch.uploaded_by))
    assert made.counts["create"] == size - 1
