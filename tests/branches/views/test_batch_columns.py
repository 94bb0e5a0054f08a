from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from branches.models import Batch, HeaderMapping, User
from branches.queries.batches import number_to_write
from tests.branches.views.test_batches import good, page
from tests.cast import Cast
from tests.rosters import number, plan, workbook, write

SignIn = Callable[[User], Client]
KEYS = ("name", "identity_number", "joined_on", "category", "branch")


def unknown(cast: Cast) -> Batch:
    """A file nobody can read the headings of."""
    rows = [["郝甲", number(), "2010.7", "正式党员", cast.first.name]]
    return plan(workbook(rows, headings=["谁", "号", "时", "类", "处"]), cast.committee, cast.staff)


def url_of(batch: Batch) -> str:
    return reverse("branches:batch_columns", args=[batch.pk])


def sent(*keys: str, **more: str) -> dict[str, str]:
    """The columns of the first sheet, its header in row 1."""
    header = {"group-0": "0", "first-0": "1", "last-0": "1", "shown-0": "1-1", "used": "0"}
    return header | {f"column-0-{at}": key for at, key in enumerate(keys)} | more


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({**sent(*KEYS), "used": "x"}, "至少要读取一张工作表"),
        (sent("name", "name"), "有两列都选了“姓名”"),
        (sent("", "identity_number"), "请指定哪一列是“姓名”"),
        ({"group-0": "0", "used": "0", "first-0": "9999999999999", "last-0": "-1"}, "所填的行没有表头"),
        ({"group-0": "0", "used": "0", "first-0": "39", "last-0": "2"}, "所填的行没有表头"),
        ({"group-0": "0", "show": "0", "first-0": "5", "last-0": "2"}, "所填的行没有表头"),
        ({"group-0": "0", "used": "0", "first-0": "", "last-0": ""}, "请填写表头在第几行"),
    ],
)
def test_what_cannot_be_right_is_said_and_nothing_is_kept(
    cast: Cast, sign_in: SignIn, data: dict[str, str], words: str
) -> None:
    batch = unknown(cast)
    response = sign_in(cast.staff).post(url_of(batch), data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not HeaderMapping.objects.exists()


def test_rows_that_hold_no_header_stay_as_typed(cast: Cast, sign_in: SignIn) -> None:
    data = {"group-0": "0", "show": "0", "first-0": "5", "last-0": "2"}
    text = sign_in(cast.staff).post(url_of(unknown(cast)), data).content.decode()
    assert 'id="first-0" value="5"' in text
    assert 'id="last-0" value="2"' in text
    assert "已按所填的表头行重新列出各列" not in text


def test_a_field_nobody_knows_is_refused(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.staff).post(url_of(unknown(cast)), sent("name", "password"))
    assert response.status_code == 422
    assert not HeaderMapping.objects.exists()


def test_a_header_pointed_out_is_shown_before_it_is_kept(cast: Cast, sign_in: SignIn) -> None:
    batch = unknown(cast)
    client = sign_in(cast.staff)
    assert 'name="column-0-0"' not in client.get(url_of(batch)).content.decode()
    response = client.post(url_of(batch), {"group-0": "0", "first-0": "1", "last-0": ""})
    assert response.status_code == 200
    text = response.content.decode()
    assert 'name="column-0-4"' in text
    assert "必需的列还没有选定" in text
    assert number() not in text
    batch.refresh_from_db()
    assert batch.state == Batch.State.FAILED


def test_what_is_chosen_is_planned_and_remembered(cast: Cast, sign_in: SignIn) -> None:
    batch = unknown(cast)
    client = sign_in(cast.staff)
    assert client.post(url_of(batch), sent(*KEYS))["Location"] == reverse("branches:batch", args=[batch.pk])
    batch.refresh_from_db()
    assert (batch.state, number_to_write(batch)) == (Batch.State.PLANNED, 1)
    again = unknown(cast)
    assert again.state == Batch.State.PLANNED
    assert "沿用以前" in page(client, again)
    assert "沿用以前" in client.get(url_of(again)).content.decode()


def test_columns_of_a_plan_are_corrected_until_it_is_confirmed(cast: Cast, sign_in: SignIn) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    client = sign_in(cast.staff)
    assert url_of(batch) in page(client, batch)
    assert client.get(url_of(batch)).status_code == 200
    batch = write(batch)
    assert url_of(batch) not in page(client, batch)
    assert client.get(url_of(batch))["Location"] == reverse("branches:batch", args=[batch.pk])
    assert client.post(url_of(batch), sent(*KEYS)).status_code == 302
    assert "message-error" in page(client, batch)
    assert not HeaderMapping.objects.exists()
