from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from branches.actions.undoing import begin_undo
from branches.models import Batch, User
from branches.queries.one_time_passwords import new_accounts
from branches.queries.undoing import undo_preview
from branches.rights import access_of
from foundation.clock import now
from tests.cast import TODAY, Cast
from tests.rosters import write
from tests.tables import account, plan_table


def written(cast: Cast, *table: list[str]) -> Batch:
    return write(plan_table("accounts", table, cast.city, cast.admin))


def undone(batch: Batch, cast: Cast, *also: int) -> Batch:
    begin_undo(batch=batch, also=also, by=cast.admin)
    batch.refresh_from_db()
    return batch


def test_an_account_nobody_used_is_closed_and_its_roles_never_held(cast: Cast) -> None:
    batch = written(
        cast, account("甲", "书记、记录员", "first", 用户名="jia"), account("甲", "书记", "second", 用户名="jia")
    )
    assert [one.account.username for one in new_accounts(batch)] == ["jia"]
    batch = undone(batch, cast)
    user = User.objects.get(username="jia")
    assert (batch.state, batch.counts["undone"]) == ("undone", 2)
    assert not user.is_active
    assert {role.is_void for role in user.roles.all()} == {True}
    assert list(new_accounts(batch)) == []
    assert batch.effects.get(is_new=True).details == ""


def test_an_account_somebody_signed_in_to_stays_unless_decided(cast: Cast) -> None:
    batch = written(cast, account("甲", "书记", "first", 用户名="jia"), account("乙", "书记", "second", 用户名="yi"))
    User.objects.filter(username="jia").update(last_login=now(), must_change_password=False)
    preview = undo_preview(batch, access_of(cast.admin))
    assert (preview.created, [reason for _pk, reason in preview.kept]) == (1, ["in_use"])
    batch = undone(batch, cast)
    user = User.objects.get(username="jia")
    assert user.is_active
    assert [role.is_void for role in user.roles.all()] == [False]
    undone(batch, cast, preview.kept[0][0])
    user.refresh_from_db()
    assert not user.is_active
    assert not [role for role in user.roles.all() if role.holds_on(TODAY)]


def test_a_role_added_to_an_account_on_record_goes_and_the_account_stays(cast: Cast) -> None:
    row = account(cast.secretary.name, "书记、记录员", "first", 用户名="secretary")
    batch = undone(written(cast, row), cast)
    cast.secretary.refresh_from_db()
    assert cast.secretary.is_active
    assert [role.role for role in cast.secretary.roles.all() if not role.is_void] == ["secretary"]
    assert batch.counts["undone"] == 1


def test_a_role_used_since_stays(cast: Cast) -> None:
    row = account(cast.secretary.name, "书记、记录员", "first", 用户名="secretary")
    batch = written(cast, row)
    User.objects.filter(pk=cast.secretary.pk).update(last_login=now() + timedelta(minutes=1))
    with pytest.raises(ValidationError):
        undone(batch, cast)
    assert {role.role for role in cast.secretary.roles.all() if not role.is_void} == {"secretary", "recorder"}
