from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity, ActivityKind
from branches.models import Person, User
from foundation.encryption import blind_index
from tests.cast import Cast, enlist

SignIn = Callable[[User], Client]
NUMBER = "61990119620619708X"
PHONE = "19900537782"


def found(client: Client, text: str) -> str:
    return client.post(reverse("search"), {"q": text}).content.decode()


def test_what_is_out_of_reach_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    record_at(cast, "far", "秋收动员")
    client = sign_in(cast.secretary)
    for text in ("卫红", "农业局", "秋收", "second"):
        assert "没有找到" in found(client, text)


def test_names_titles_and_codes(cast: Cast, sign_in: SignIn) -> None:
    record_at(cast, "first", "秋收动员")
    client = sign_in(cast.staff)
    page = found(client, "王建")
    assert reverse("branches:person", args=[cast.people["first0"].pk]) in page
    assert reverse("branches:person", args=[cast.people["second1"].pk]) in page
    assert "秋收动员" in found(client, "秋收")
    assert reverse("branches:organisation", args=["retired"]) in found(client, "离退休")
    assert reverse("branches:organisation", args=["second"]) in found(client, "sec")


def test_activities_are_found_by_their_kind(cast: Cast, sign_in: SignIn) -> None:
    record = record_at(cast, "first", "秋收动员")
    record.kinds.set(ActivityKind.objects.filter(code__in=["members_meeting", "party_lecture"]))
    client = sign_in(cast.staff)
    assert found(client, "党员大会").count("秋收动员") == 1
    assert "秋收动员" not in found(client, "支委会")


def test_numbers_are_found_only_whole_and_never_shown(cast: Cast, sign_in: SignIn) -> None:
    Person.objects.filter(pk=cast.people["first3"].pk).update(
        identity_hash=blind_index(NUMBER), phone_hash=blind_index(PHONE)
    )
    client = sign_in(cast.secretary)
    link = reverse("branches:person", args=[cast.people["first3"].pk])
    for text in (NUMBER, "619901 19620619 708x", PHONE, "199-0053-7782"):
        page = found(client, text)
        assert link in page
        assert text not in page
    assert link not in found(client, NUMBER[:17])
    assert link not in found(client, PHONE[:10])
    assert link not in found(sign_in(cast.neighbour), NUMBER)


def test_an_address_searches_nothing(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.staff).get(reverse("search"), {"q": "王建国"}).content.decode()
    assert "要找什么" in page


def test_odd_input(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    for text in ("", "  ", "%", "_", "'; drop", "长" * 500, "\U0001f600"):
        assert client.post(reverse("search"), {"q": text}).status_code == 200


def test_few_and_many_hits_cost_the_same(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            found(client, "众")
        return len(captured)

    enlist("众一", cast.first)
    few = queries()
    for number in range(30):
        enlist(f"众{number}", cast.second)
    assert queries() == few == 11
    assert "还有更多结果" in found(client, "众")


def record_at(cast: Cast, code: str, title: str) -> Activity:
    return Activity.objects.create(
        organisation=getattr(cast, code), title=title, held_on=date(2020, 9, 1), entered_on=date(2020, 9, 1),
        entered_by=cast.admin, state=Activity.State.ACCEPTED,
    )  # fmt: skip
