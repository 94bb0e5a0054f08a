from __future__ import annotations

import json
from datetime import date

import pytest

from branches.actions import account_writing
from branches.actions.accounts import create_account, grant_role
from branches.actions.organisations import found, revoke
from branches.models import Batch, BatchEffect, RoleAssignment, User
from branches.queries.accounts import roles_of
from branches.rights import access_of
from foundation.models import AuditEntry
from tests.cast import TODAY, Cast
from tests.rosters import rows, write
from tests.tables import account, plan_table


def planned(cast: Cast, *table: list[str]) -> Batch:
    return plan_table("accounts", table, cast.city, cast.admin)


def outcomes(batch: Batch) -> dict[int, str]:
    return {number: row.outcome for number, row in rows(batch).items()}


def test_an_account_is_opened_with_a_password_that_works_once(cast: Cast) -> None:
    batch = write(
        planned(
            cast,
            account("郝新", "书记、记录员", "first", 用户名="hx", 起始日期="2020-09-01"),
            account("郝新", "督查人员", "committee", 用户名="hx", 截止日期="2021-01-31"),
        )
    )
    user = User.objects.get(username="hx")
    assert batch.state == "applied"
    assert outcomes(batch) == {2: "written", 3: "written"}
    assert (user.name, user.must_change_password, user.is_active) == ("郝新", True, True)
    assert user.one_time_password_expires_at is not None
    held = {(role.role, role.organisation.code, role.starts_on, role.ends_on) for role in user.roles.all()}
    assert held == {
        ("secretary", "first", date(2020, 9, 1), None),
        ("recorder", "first", date(2020, 9, 1), None),
        ("auditor", "committee", TODAY, date(2021, 1, 31)),
    }
    assert {role.granted_by for role in user.roles.all()} == {cast.admin}
    password = json.loads(BatchEffect.objects.get(batch=batch, is_new=True).details)["password"]
    assert user.check_password(password)
    verbs = AuditEntry.objects.filter(target_id=str(user.pk), target_type="branches.user").values_list(
        "verb", flat=True
    )
    assert sorted(verbs) == ["account.open", "role.grant", "role.grant", "role.grant"]
    assert not any(password in json.dumps(entry.changes) for entry in AuditEntry.objects.all())


def test_the_password_of_an_account_on_record_is_never_touched(cast: Cast) -> None:
    before = cast.secretary.password
    write(planned(cast, account(cast.secretary.name, "书记、记录员", "first", 用户名="secretary")))
    cast.secretary.refresh_from_db()
    assert cast.secretary.password == before
    assert {role.role for role in roles_of(cast.secretary, access_of(cast.admin))} == {"secretary", "recorder"}


def test_what_changed_meanwhile_is_left_alone(cast: Cast) -> None:
    gone = found(
        code="gone", kind="branch", name="旧", short_name="旧", parent=cast.committee, on=date(2019, 1, 1), by=None
    )
    batch = planned(
        cast,
        account("甲", "书记", "first", 用户名="taken"),
        account("甲", "督查人员", "committee", 用户名="taken"),
        account("乙", "书记", "gone", 用户名="yi"),
        account(cast.recorder.name, "书记", "first", 用户名="recorder"),
        account("丙", "书记", "second", 用户名="bing"),
    )
    create_account(username="taken", name="他人")
    revoke(organisation=gone, on=date(2020, 10, 25), by=None, document_number="1号")
    grant_role(account=cast.recorder, role="secretary", organisation=cast.first, by=cast.admin)
    batch = write(batch)
    assert outcomes(batch) == {2: "changed", 3: "changed", 4: "changed", 5: "changed", 6: "written"}
    assert not User.objects.filter(username="yi").exists()
    assert User.objects.get(username="taken").roles.count() == 0


def test_who_lost_the_right_meanwhile_gives_nothing(cast: Cast) -> None:
    batch = planned(cast, account("甲", "书记", "first", 用户名="jia"))
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.APPLYING, applied_by=cast.admin)
    RoleAssignment.objects.filter(user=cast.admin).update(is_void=True)
    batch.refresh_from_db()
    while account_writing.ready(batch)(batch):
        pass
    assert outcomes(batch) == {2: "changed"}


@pytest.mark.parametrize("chunk", [1, 3])
def test_portions_do_not_matter(cast: Cast, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_writing, "CHUNK", chunk)
    table = [account(f"人{n}", role, "first", 用户名=f"u{n}") for n in range(4) for role in ("书记", "记录员")]
    batch = write(planned(cast, *table))
    assert set(outcomes(batch).values()) == {"written"}
    assert RoleAssignment.objects.filter(user__username__startswith="u").count() == 8
