"""What hangs on a row that is skipped: skipped with it, and not taken up without it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from branches.actions.batch_decisions import decide, decide_all
from branches.models import Batch, Organisation, User
from tests.cast import Cast
from tests.rosters import rows, write
from tests.tables import account, organisation, plan_table


def tree(cast: Cast) -> Batch:
    """Row 2 founds a committee, 4 stands under it, 3 under that; 5 stands apart."""
    table = [
        organisation("甲党委", "党委", "city", 代码="J"),
        organisation("甲支部", "党支部", "JZ"),
        organisation("甲总支", "党总支", "J", 代码="JZ"),
        organisation("乙党委", "党委", "city", 代码="Y"),
    ]
    return plan_table("organisations", table, cast.city, cast.admin)


def accounts(cast: Cast) -> Batch:
    table = [
        account("甲", "书记", "first", 用户名="jia"),
        account("甲", "记录员", "second", 用户名="jia"),
        account("甲", "书记", "second", 用户名="jia2"),
    ]
    return plan_table("accounts", table, cast.city, cast.admin)


def actions(batch: Batch) -> dict[int, str]:
    return {number: row.action for number, row in sorted(rows(batch).items())}


def decided(batch: Batch, number: int, decision: str) -> Batch:
    decide(batch=batch, position=rows(batch)[number].position, decision=decision, by=batch.uploaded_by)
    batch.refresh_from_db()
    return batch


def test_what_hangs_on_a_skipped_row_is_not_taken_up_without_it(cast: Cast) -> None:
    batch = decided(tree(cast), 2, "skip")
    with pytest.raises(ValidationError, match="2"):
        decided(batch, 4, "")
    assert actions(batch) == {2: "skip", 3: "skip", 4: "skip", 5: "create"}
    assert actions(decided(decided(batch, 2, ""), 4, "")) == {2: "create", 3: "skip", 4: "create", 5: "create"}


def test_organisations_below_a_skipped_one_are_neither_counted_nor_founded(cast: Cast) -> None:
    batch = decided(tree(cast), 2, "skip")
    assert (batch.counts["skip"], batch.counts["create"]) == (3, 1)
    batch = write(batch)
    assert (batch.counts["written"], batch.counts["changed"]) == (1, 0)
    assert set(Organisation.objects.filter(code__in=["J", "JZ", "Y"]).values_list("code", flat=True)) == {"Y"}


def test_further_roles_of_an_account_that_is_not_opened_are_not_given(cast: Cast) -> None:
    batch = decided(accounts(cast), 2, "skip")
    assert actions(batch) == {2: "skip", 3: "skip", 4: "create"}
    assert write(batch).counts["changed"] == 0
    assert not User.objects.filter(username="jia").exists()


def test_two_accounts_of_one_name_are_no_doubles(cast: Cast) -> None:
    table = [account("甲", "书记", "first", 用户名=name) for name in ("jia", "jia2")]
    batch = decided(plan_table("accounts", table, cast.city, cast.admin), 2, "skip")
    assert actions(decided(batch, 2, "")) == {2: "create", 3: "create"}


@pytest.mark.parametrize("show", ["create", ""])
def test_all_at_once(cast: Cast, show: str) -> None:
    batch = tree(cast)
    assert decide_all(batch=batch, show=show, decision="skip", by=cast.admin) == 4
    assert decide_all(batch=batch, show="skip", decision="", by=cast.admin) == 4
    assert set(actions(batch).values()) == {"create"}


def test_the_page_says_how_many_go_with_it(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    batch = tree(cast)
    client = sign_in(cast.admin)
    address = reverse("branches:batch_decide", args=[batch.pk, 0])
    answer = client.post(address, {"decision": "skip"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    assert "2 行" in client.get(reverse("branches:batch", args=[batch.pk])).content.decode()
