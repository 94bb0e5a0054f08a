from __future__ import annotations

import pytest

from branches.actions.accounts import deactivate
from branches.models import Batch
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import Cast
from tests.rosters import codes, number, payload, rows
from tests.tables import account, plan_table


def planned(cast: Cast, *table: list[str]) -> Batch:
    return plan_table("accounts", table, cast.city, cast.admin)


def one(cast: Cast, *table: list[str]) -> tuple[str, list[str]]:
    """(action, problems) of the last row."""
    row = rows(planned(cast, *table))[len(table) + 1]
    return row.action, codes(row)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (account("", "书记", "first"), "name_empty"),
        (account("甲", "", "first"), "role_empty"),
        (account("甲", "主席", "first"), "role_unknown"),
        (account("甲", "书记", ""), "account_organisation_empty"),
        (account("甲", "书记", "无此支部"), "account_organisation_unknown"),
        (account("甲", "书记", "农业局第一党支部"), "account_organisation_unknown"),
        (account("甲", "管理员", "first"), "role_not_there"),
        (account("甲", "书记", "first", 用户名="甲 乙"), "username_invalid"),
        (account("甲", "书记", "first", 用户名="stranger"), "username_taken"),
        (account("甲", "书记", "first", 用户名="Recorder"), "username_taken"),
        (account("甲", "书记", "first", 公民身份号码=number()), "account_person_unknown"),
        (account("甲", "书记", "first", 公民身份号码="139***********0019"), "account_person_masked"),
        (account("甲", "书记", "first", 公民身份号码="13990119800101001"), "id_length"),
        (account("甲", "书记", "first", 截止日期="2020-01-01"), "role_ends_early"),
        (account("甲", "书记", "first", 起始日期="某日"), "date_invalid"),
    ],
)
def test_what_cannot_be_written_is_refused_with_its_reason(cast: Cast, row: list[str], code: str) -> None:
    assert one(cast, row) == ("refused", [code])


def test_nobody_gives_a_role_beyond_reach(cast: Cast) -> None:
    """Nor learns whether a place or a person there exists."""
    numbered(cast.people["far0"], number())
    batch = plan_table("accounts", [account("甲", "书记", "first")], cast.committee, cast.admin)
    assert rows(batch)[2].action == "create"
    narrow = plan_table("accounts", [account("甲", "管理员", "city")], cast.committee, cast.admin)
    assert codes(rows(narrow)[2]) == ["account_organisation_unknown"]
    row = account("褚天明", "书记", "first", 公民身份号码=number())
    assert one(cast, row) == ("refused", ["account_person_unknown"])


def test_a_new_account_gets_its_name_and_its_roles(cast: Cast) -> None:
    numbered(cast.people["first3"], number())
    batch = planned(cast, account("刘洋", "书记、记录员", "第一党支部", 公民身份号码=number(), 截止日期="2021-12-31"))
    row = rows(batch)[2]
    plan = payload(row)["plans"][0]
    assert row.action == "create"
    assert plan["fields"]["person"] == cast.people["first3"].pk
    assert [(role["role"], role["starts_on"], role["ends_on"]) for role in plan["fields"]["roles"]] == [
        ("secretary", "2020-10-26", "2021-12-31"),
        ("recorder", "2020-10-26", "2021-12-31"),
    ]
    assert plan["changes"][0] == ["account.username", "", "ly"]


def test_several_rows_of_one_user_name_are_one_account(cast: Cast) -> None:
    batch = planned(
        cast,
        account("郝新", "书记", "first", 用户名="hx"),
        account("郝新", "督查人员", "committee", 用户名="hx"),
        account("郝新", "督查人员", "committee", 用户名="hx"),
        account("何旭", "记录员", "first", 用户名="hx"),
    )
    found = rows(batch)
    assert [found[number].action for number in (2, 3, 4, 5)] == ["create", "update", "refused", "refused"]
    assert codes(found[4]) == ["role_twice"]
    assert codes(found[5]) == ["username_other_name"]


def test_two_of_one_name_without_user_names_are_two_accounts_worth_a_look(cast: Cast) -> None:
    batch = planned(cast, account("王伟", "书记", "first"), account("王伟", "记录员", "second"))
    names = [payload(row)["plans"][0]["fields"]["username"] for row in batch.rows.all()]
    assert names == ["ww", "ww2"]
    assert codes(rows(batch)[3]) == ["account_of_same_name"]


def test_an_account_on_record_gets_only_what_it_lacks(cast: Cast) -> None:
    name = cast.secretary.name
    assert one(cast, account(name, "书记", "first", 用户名="secretary")) == ("unchanged", [])
    assert one(cast, account(name, "", "", 用户名="secretary")) == ("unchanged", [])
    assert one(cast, account(name, "书记", "first")) == ("unchanged", [])
    other = account("别名", "书记", "first", 用户名="secretary", 起始日期="2020-01-01")
    assert one(cast, other) == ("unchanged", ["account_name_differs", "role_days_differ"])
    batch = planned(cast, account(name, "书记、记录员", "first", 用户名="secretary"))
    assert rows(batch)[2].action == "update"
    assert [role["role"] for role in payload(rows(batch)[2])["plans"][0]["fields"]["roles"]] == ["recorder"]


def test_another_member_is_not_put_in_the_place_of_the_accounts_own(cast: Cast) -> None:
    numbered(cast.people["first0"], number())
    numbered(cast.people["first3"], number(sequence=3))
    name = cast.secretary.name
    row = account(name, "书记", "first", 用户名="secretary", 公民身份号码=number(sequence=3))
    assert one(cast, row) == ("refused", ["account_person_differs"])
    masked = f"139***********{number()[-4:]}"
    row = account(name, "书记", "first", 用户名="secretary", 公民身份号码=masked)
    assert one(cast, row) == ("unchanged", [])


def test_a_closed_account_is_not_given_a_role(cast: Cast) -> None:
    deactivate(account=cast.recorder, by=cast.admin)
    row = account(cast.recorder.name, "书记", "first", 用户名="recorder")
    assert one(cast, row) == ("refused", ["account_closed"])


def test_a_role_may_end_far_ahead(cast: Cast) -> None:
    batch = plan_table("accounts", [account("甲", "书记", "first", 截止日期="2045-12-31")], cast.city, cast.admin)
    assert payload(rows(batch)[2])["plans"][0]["fields"]["roles"][0]["ends_on"] == "2045-12-31"


def test_nobody_gives_roles_to_the_own_account(cast: Cast) -> None:
    mine = cast.admin.name, "督查人员", "ｃｏｍｍｉｔｔｅｅ"
    batch = plan_table("accounts", [account(*mine, 用户名="admin")], cast.city, cast.admin)
    assert (rows(batch)[2].action, codes(rows(batch)[2])) == ("refused", ["account_own"])
