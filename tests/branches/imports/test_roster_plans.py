"""What a roster would change: people out of reach first."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from branches.actions.organisations import found, rename
from branches.actions.transfers import ask, revoke
from branches.imports import planning, roster_plans, rosters
from branches.imports.workbooks import open_book
from branches.models import (
    Appointment,
    Batch,
    BatchRow,
    Education,
    Membership,
    MemberStatus,
    Nation,
    Person,
    Role,
    RoleAssignment,
)
from branches.queries.batches import previewed
from branches.queries.trail import trail_at
from branches.rights import access_of
from branches.rules.problems import Problem
from foundation.encryption import blind_index
from foundation.models import AuditEntry
from tests.cast import START, TODAY, Cast, enlist
from tests.rosters import HEADINGS, XLSX, codes, line, number, payload, plan, rows, workbook


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
    return {key: (before, after) for key, before, after in payload(row)["plans"][0].get("changes", ())}


def labels(row: BatchRow) -> list[str]:
    """What may be decided instead of what is proposed."""
    return [plan["label"]["code"] for plan in payload(row)["plans"][1:]]


ELSEWHERE = {
    "name": "郝新民",
    "plans": [{"action": "refused"}],
    "problems": [{"code": "elsewhere", "column": "", "params": {}}],
}


def test_somebody_out_of_reach_is_refused_without_a_word_about_them(cast: Cast) -> None:
    """Of another tree, of another branch of the same one, a member no more: every answer is the same."""
    numbered(cast.people["far0"], number())
    other = found(code="o", kind="branch", name="别处支部", short_name="别处支部", parent=cast.city, on=START, by=None)
    numbered(enlist("别处人", other), number(sequence=3))
    gone = numbered(enlist("离去人", other), number(sequence=5))
    gone.memberships.update(ends_on=date(2020, 1, 1), end_kind=Membership.End.DECEASED)
    lines = [line("郝新民", number(sequence=at), cast.first.name) for at in (1, 3, 5)]
    batch = plan(workbook(lines), cast.committee, cast.staff)
    told = [
        (row.action, row.organisation, row.person, row.person_version, payload(row)) for row in rows(batch).values()
    ]
    assert told == [("refused", cast.first, None, None, ELSEWHERE)] * 3


def test_the_words_for_somebody_out_of_reach() -> None:
    with override("zh-hans"):
        assert Problem("elsewhere").message == "该党员组织关系在其他党组织，请先办理组织关系转接。"


def test_who_looked_somebody_up_is_on_record(cast: Cast) -> None:
    """Where the import is, without a word about whom; where the person belongs, without a word about the file."""
    far = numbered(cast.people["far0"], number())
    batch = plan(workbook([line("郝新民", number(), cast.first.name)]), cast.committee, cast.staff)
    here, there = AuditEntry.objects.filter(verb="person.looked_up").order_by("pk")
    assert (here.target_id, here.target_name, here.organisation_id) == (str(batch.pk), "花名册.xlsx", cast.committee.pk)
    assert here.changes == {"row": ["", "Sheet1 2"]}
    assert (there.target_id, there.organisation_id, there.changes) == (str(far.pk), cast.far.pk, {})
    assert {here.actor, there.actor} == {cast.staff}
    seen = trail_at(cast.committee, access_of(cast.staff)).filter(verb="person.looked_up")
    assert list(seen) == [here]


def test_two_numbers_of_one_person_out_of_reach_do_not_tell_so(cast: Cast) -> None:
    numbered(cast.people["far0"], number())
    numbered(cast.people["far1"], number(sequence=3))
    Person.objects.filter(pk=cast.people["far1"].pk).update(merged_into=cast.people["far0"])
    lines = [line("郝新民", number(sequence=at), cast.first.name) for at in (1, 3)]
    batch = plan(workbook(lines), cast.committee, cast.staff)
    assert [codes(row) for row in rows(batch).values()] == [["elsewhere"], ["elsewhere"]]


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
    assert (row.action, row.organisation, codes(row)) == ("create", cast.first, [])
    assert changes(row)["phone"] == ("", "138****1234")
    assert changes(row)["identity_number"] == ("", "139***********0016")
    assert "13800001234" in row.payload
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM branches_batchrow")
        assert not any("1380000" in sealed or number() in sealed for (sealed,) in cursor.fetchall())


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


def test_without_a_number_somebody_new_is_added_and_marked(cast: Cast) -> None:
    row = first_row(cast, line("郝新民", "", cast.first.name))
    assert (row.action, codes(row)) == ("create", ["no_number"])


def test_the_same_row_twice_without_a_number_counts_once(cast: Cast) -> None:
    lines = [line("郝新民", "", cast.first.name), line("郝新民", "", cast.first.name, 学历="大专")]
    lines.append(line("郝新民", "", cast.second.name))
    batch = plan(workbook(lines), cast.committee, cast.staff)
    assert [row.action for row in rows(batch).values()] == ["create", "refused", "create"]
    assert (codes(rows(batch)[3]), labels(rows(batch)[3])) == (["person_twice"], [])


def test_without_a_number_a_member_is_recognised_by_name_and_dates(cast: Cast) -> None:
    """刘洋 joined on 2004-07-01; the cast has no birth dates."""
    row = first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2004.07", 转正时间="2005.07", 学历=""))
    assert (row.action, row.person) == ("update", cast.people["first3"])
    assert changes(row) == {"sex": ("unknown", "male")}


def test_without_a_number_nobody_of_another_branch_or_date_is_recognised(cast: Cast) -> None:
    row = first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2004.08"))
    assert (row.action, codes(row), labels(row)) == ("create", ["same_name", "no_number"], ["member"])
    row = first_row(cast, line("刘洋", "", cast.second.name, 入党时间="2004.07"))
    assert (row.action, codes(row), labels(row)) == ("create", ["no_number"], [])


def test_of_several_that_fit_none_is_chosen_and_each_is_named(cast: Cast) -> None:
    twin = enlist("刘洋", cast.first, joined_on=date(2004, 7, 1))
    twin.birth_date = date(1980, 1, 5)
    twin.save()
    row = first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2004.07"))
    assert (row.action, row.person, codes(row)) == ("refused", None, ["several_people"])
    assert labels(row) == ["member", "member", "another"]
    assert [plan.get("person") for plan in payload(row)["plans"]] == [None, cast.people["first3"].pk, twin.pk, None]
    [item] = previewed([row])
    assert [value for value, _words in item.alternatives] == ["", "1", "2", "3"]
    with override("zh-hans"):
        words = Problem(**payload(row)["problems"][0]).message
    assert "刘洋（2004年7月入党）；刘洋（1980年1月出生、2004年7月入党）" in words


def test_nobody_new_is_offered_where_the_row_lacks_what_a_new_member_needs(cast: Cast) -> None:
    enlist("刘洋", cast.first, joined_on=date(2004, 7, 1))
    row = first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2004.07", 人员类别="", 转正时间=""))
    assert labels(row) == ["member", "member"]


def test_a_number_is_added_to_a_member_on_record_without_one(cast: Cast) -> None:
    row = first_row(cast, line("刘洋", number(), cast.first.name, 入党时间="2004.07", 转正时间="2005.07"))
    assert (row.action, row.person, codes(row)) == (
        "update",
        cast.people["first3"],
        ["number_added", "date_less_exact", "date_less_exact"],
    )
    assert labels(row) == ["another"]


def test_a_namesake_is_another_person_and_said_to_be(cast: Cast) -> None:
    row = first_row(cast, line("刘洋", number(), cast.first.name, 入党时间="2015.07", 转正时间="2016.07"))
    assert (row.action, codes(row)) == ("create", ["same_name"])


def test_the_same_person_under_two_numbers_is_refused(cast: Cast) -> None:
    person = numbered(cast.people["first3"], number(sequence=1), name="刘洋", birth_date=date(1980, 1, 1))
    row = first_row(cast, line("刘洋", number(sequence=3), cast.first.name, 学历="大专"))
    assert (row.action, codes(row), labels(row)) == (
        "refused",
        ["person_has_number"],
        ["member_with_number", "another"],
    )
    update = payload(row)["plans"][1]
    assert (update["person"], list(update["fields"])) == (person.pk, ["education"])


def test_one_person_in_two_rows_counts_once(cast: Cast) -> None:
    same = line("刘洋", "", cast.first.name, 入党时间="2004.07", 转正时间="2005.07")
    batch = plan(workbook([same, same]), cast.committee, cast.staff)
    assert codes(rows(batch)[3]) == ["person_twice"]


def test_a_masked_number_finds_its_person_and_nobody_else(cast: Cast) -> None:
    numbered(cast.people["first3"], number(), name="刘洋")
    masked = f"139***********{number()[-4:]}"
    assert first_row(cast, line("刘洋", masked, cast.first.name)).action == "unchanged"
    row = first_row(cast, line("刘洋", "139***********9999", cast.first.name))
    assert (row.action, codes(row)) == ("refused", ["id_masked"])


def test_a_masked_number_outweighs_a_date_that_was_corrected(cast: Cast) -> None:
    person = numbered(cast.people["first3"], number(), name="刘洋")
    row = first_row(cast, line("刘洋", f"139***********{number()[-4:]}", cast.first.name, 入党时间="2010.06.01"))
    assert (row.action, row.person, changes(row)) == ("update", person, {"joined_on": ("2010-07-01", "2010-06-01")})


def test_somebody_merged_into_another_is_that_other(cast: Cast) -> None:
    numbered(cast.people["first3"], number())
    Person.objects.filter(pk=cast.people["first3"].pk).update(merged_into=cast.people["first4"])
    row = first_row(cast, line("陈静", number(), cast.first.name))
    assert row.person == cast.people["first4"]
    assert "identity_number" not in changes(row)
    Person.objects.filter(pk=cast.people["first4"].pk).update(merged_into=cast.people["first5"])
    assert first_row(cast, line("赵磊", number(), cast.first.name)).person == cast.people["first5"]


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


def moved(cast: Cast) -> BatchRow:
    return first_row(cast, line("王建国", number(), cast.first.name))


def test_who_is_suspended_or_waits_for_a_transfer_does_not_move_by_a_roster(cast: Cast) -> None:
    person = numbered(cast.people["second1"], number())
    asked = ask(person=person, from_branch=cast.second, to_branch=cast.retired, elsewhere="", on=TODAY, by=cast.staff)
    assert codes(moved(cast)) == ["transfer_waiting"]
    revoke(transfer=asked, by=cast.staff)
    MemberStatus.objects.create(person=person, kind=MemberStatus.Kind.SUSPENDED, starts_on=START)
    assert codes(moved(cast)) == ["suspended"]


def test_who_has_held_a_post_since_the_day_does_not_move_as_of_it(cast: Cast) -> None:
    person = numbered(cast.people["second1"], number())
    post = Appointment.objects.create(person=person, organisation=cast.second, post="organisation", starts_on=TODAY)
    row = moved(cast)
    assert (row.action, codes(row)) == ("refused", ["held_since"])
    post.starts_on = TODAY - timedelta(days=1)
    post.save()
    assert moved(cast).action == "move"


def test_who_leaves_later_does_not_move_before(cast: Cast) -> None:
    person = numbered(cast.people["second1"], number())
    person.memberships.update(ends_on=TODAY, end_kind="transferred")
    assert codes(moved(cast)) == ["membership_ends"]


def test_who_came_after_the_day_is_updated_and_the_day_of_coming_stays(cast: Cast) -> None:
    person = numbered(cast.people["second1"], number())
    person.memberships.update(starts_on=date(2020, 9, 1))
    row = first_row(cast, line("王建国", number(), cast.second.name, 学历="大专"), as_of=date(2020, 8, 1))
    assert (row.action, codes(row), list(changes(row))) == ("update", ["began_later"], ["education"])


def test_who_moves_to_another_reach_later_still_belongs_here(cast: Cast) -> None:
    person = numbered(cast.people["first3"], number(), name="刘洋")
    person.memberships.update(ends_on=TODAY + timedelta(days=4), end_kind="transferred")
    Membership.objects.create(person=person, branch=cast.far, starts_on=TODAY + timedelta(days=5))
    assert first_row(cast, line("刘洋", number(), cast.first.name, 学历="大专")).action == "update"
    RoleAssignment.objects.create(user=cast.nobody, role=Role.STAFF, organisation=cast.far_committee, starts_on=START)
    batch = plan(workbook([line("刘洋", number(), cast.far.name)]), cast.far_committee, cast.nobody)
    assert codes(rows(batch)[2]) == ["elsewhere"]


def test_nobody_is_brought_into_a_branch_dissolved_since(cast: Cast) -> None:
    cast.second.ended_on = date(2020, 9, 30)
    cast.second.save()
    row = first_row(cast, line("郝新民", number(), cast.second.name), as_of=date(2020, 8, 1))
    assert (row.action, codes(row)) == ("refused", ["branch_ended"])


@pytest.mark.parametrize("size", [3, 30])
def test_planning_takes_the_same_queries_for_few_and_many_rows(
    cast: Cast, size: int, django_assert_num_queries: Any
) -> None:
    """Seven for the branches and code tables; three for each chunk of rows, one for the branches people belong to."""
    numbered(cast.people["first3"], number(sequence=0))
    lines = [line(f"郝{at}", number(sequence=at * 2), cast.first.name, 性别="女") for at in range(size)]
    batch = Batch(organisation=cast.committee, as_of=TODAY)
    access = access_of(cast.staff)
    assert access.nodes
    book = open_book(workbook(lines), XLSX)
    layouts = rosters.recognise(book, batch).layouts
    with django_assert_num_queries(11):
        planned = list(roster_plans.plan(book, layouts, batch, access))
    assert [row.action for part in planned for row in part.rows].count("create") == size - 1


@pytest.mark.parametrize("size", [2, 6])
def test_a_chunk_of_moves_takes_the_same_queries(cast: Cast, size: int, django_assert_num_queries: Any) -> None:
    for at in range(size):
        numbered(enlist(f"郝{at}", cast.second), number(sequence=at * 2 + 1))
    lines = [line(f"郝{at}", number(sequence=at * 2 + 1), cast.first.name) for at in range(size)]
    batch, access = Batch(organisation=cast.committee, as_of=TODAY), access_of(cast.staff)
    assert access.nodes
    book = open_book(workbook(lines), XLSX)
    layouts = rosters.recognise(book, batch).layouts
    with django_assert_num_queries(15):
        [planned] = roster_plans.plan(book, layouts, batch, access)
    assert {row.action for row in planned.rows} == {"move"}


def test_a_plan_in_chunks_is_the_plan(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_plans, "CHUNK", 2)
    same = line("刘洋", "", cast.first.name, 入党时间="2004.07", 转正时间="2005.07")
    lines = [line(f"郝{at}", number(sequence=at * 2 + 1), cast.first.name) for at in range(3)]
    batch = plan(workbook([same, *lines, same]), cast.committee, cast.staff)
    assert [row.action for row in rows(batch).values()] == ["update", "create", "create", "create", "refused"]
    assert [row.position for row in batch.rows.order_by("position")] == [0, 1, 2, 3, 4]
    assert planning.CHUNK > 2


def test_our_own_export_brought_in_again_changes_nothing(cast: Cast, sign_in: Any) -> None:
    """Numbers and phones are covered in it; some members have no number, and one bears a name twice."""
    numbered(cast.people["first3"], number(), phone="13800001234", joined_on_precision="month", home_address="某路1号")
    numbered(cast.people["second0"], number("19820304"), birth_date=date(1982, 3, 4), education=None)
    people = Person.objects.count()
    client = sign_in(cast.staff)
    data = {"on": "2020-10-26", "purpose": "与台账核对"}
    response = client.post(reverse("branches:export", args=["committee", "members"]), data)
    assert response.status_code == 200
    batch = plan(b"".join(response), cast.committee, cast.staff)
    assert {name: batch.counts.get(name, 0) for name in ("rows", *BatchRow.Action.values)} == {
        "rows": 12,
        "create": 0,
        "update": 0,
        "move": 0,
        "unchanged": 12,
        "skip": 0,
        "refused": 0,
    }
    assert Person.objects.count() == people


def test_one_member_in_two_sheets_counts_once(cast: Cast) -> None:
    """Also where both rows have the same number in their sheets."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name in ("一", "二"):
            sheet = book.add_worksheet(name)
            same = line("刘洋", "", cast.first.name, 入党时间="2004.07", 转正时间="2005.07")
            for at, cells in enumerate([HEADINGS, same]):
                sheet.write_row(at, 0, cells)
    batch = plan(target.getvalue(), cast.committee, cast.staff)
    first, second = batch.rows.order_by("position")
    assert (first.action, second.action) == ("update", "refused")
    assert payload(second)["problems"][-1]["params"] == {"row": "2 (一)"}


def test_a_refused_namesake_is_not_said_to_be_added(cast: Cast) -> None:
    row = first_row(cast, line("刘洋", "", cast.first.name, 入党时间="2015.07", 人员类别="", 转正时间=""))
    assert (row.action, codes(row)) == ("refused", ["category_empty"])
    assert "another" not in labels(row)
