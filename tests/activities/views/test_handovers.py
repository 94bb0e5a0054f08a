from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from activities.models import Activity
from branches.models import Appointment, Role, RoleAssignment, User
from foundation.models import AuditEntry
from tests.cast import START, TODAY, Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
CONFIRM = {"step": "confirm"}
ROLE = {"with_role": "on"}


def _given(cast: Cast, key: str = "first3") -> dict[str, object]:
    return {"successor": cast.people[key].pk, "on": "2020-10-20", "document_number": "水党〔2020〕5号"}


def _hand(client: Client, data: dict[str, object], code: str = "first"):  # type: ignore[no-untyped-def]
    return client.post(reverse("activities:handover", args=[code]), data)


def _secretaries(cast: Cast, day: date) -> list[str]:
    rows = Appointment.objects.active_on(day).filter(organisation=cast.first, post="secretary")
    return [row.person.name for row in rows]


def _roles(cast: Cast) -> list[str]:
    rows = RoleAssignment.objects.active_on(TODAY).filter(organisation=cast.first, role=Role.SECRETARY)
    return [row.user.name for row in rows]


@pytest.mark.parametrize(
    "wrong",
    [{"successor": ""}, {"successor": "9" * 30}, {"on": "2020-10-27"}, {"on": "2017-12-31"}, {"document_number": " "}],
)
def test_what_does_not_fit_is_refused_before_it_is_confirmed(
    cast: Cast, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    assert _hand(sign_in(cast.admin), _given(cast) | ROLE | wrong).status_code == 422


@pytest.mark.parametrize("key", ["first0", "far0"])
def test_neither_the_secretary_nor_a_stranger_succeeds(cast: Cast, sign_in: SignIn, key: str) -> None:
    assert _hand(sign_in(cast.staff), _given(cast, key)).status_code == 422


def test_a_probationary_member_does_not(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first3"]
    person.category, person.full_on = "probationary", None
    person.save()
    assert _hand(sign_in(cast.admin), _given(cast)).status_code == 422


def test_the_administrator_does_all_of_it_at_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    before = AuditEntry.objects.count()
    preview = _hand(client, _given(cast) | ROLE).content.decode()
    assert "王建国" in preview
    assert "开通账号" in preview
    assert (AuditEntry.objects.count(), User.objects.filter(name="刘洋").count()) == (before, 0)
    response = _hand(client, _given(cast) | ROLE | CONFIRM)
    account = User.objects.get(name="刘洋")
    assert (response.status_code, account.person) == (200, cast.people["first3"])
    assert account.check_password(response.context["password"])
    assert "no-store" in response["Cache-Control"]
    assert (_secretaries(cast, date(2020, 10, 19)), _secretaries(cast, date(2020, 10, 20))) == (["王建国"], ["刘洋"])
    assert _roles(cast) == ["刘洋"]
    assert _hand(client, _given(cast) | ROLE | CONFIRM).status_code == 422


def test_an_account_that_stands_takes_the_role(cast: Cast, sign_in: SignIn) -> None:
    response = _hand(sign_in(cast.admin), _given(cast, "first1") | ROLE | CONFIRM)
    assert response.status_code == 302
    assert _roles(cast) == ["李秀英"]
    assert RoleAssignment.objects.active_on(TODAY).filter(user=cast.recorder, role=Role.RECORDER).exists()


def test_staff_hand_over_the_post_and_the_administrator_the_role_later(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    page = client.get(reverse("activities:handover", args=["first"])).content.decode()
    assert "admin" in page
    assert _hand(client, _given(cast) | ROLE | CONFIRM).status_code == 302
    assert (_secretaries(cast, TODAY), _roles(cast)) == (["刘洋"], ["王建国"])
    client = sign_in(cast.admin)
    assert _hand(client, _given(cast) | ROLE | {"document_number": ""} | CONFIRM).status_code == 200
    assert (_secretaries(cast, TODAY), _roles(cast)) == (["刘洋"], ["刘洋"])


def test_a_closed_account_is_named_before_anything_is_done(cast: Cast, sign_in: SignIn) -> None:
    User.objects.filter(pk=cast.recorder.pk).update(is_active=False)
    assert _hand(sign_in(cast.admin), _given(cast, "first1") | ROLE).status_code == 422
    assert _secretaries(cast, TODAY) == ["王建国"]


def test_an_account_of_a_higher_administrator_stays(cast: Cast, sign_in: SignIn) -> None:
    RoleAssignment.objects.create(
        user=cast.staff, role=Role.ADMINISTRATOR, organisation=cast.committee, starts_on=START
    )
    RoleAssignment.objects.create(user=cast.recorder, role=Role.AUDITOR, organisation=cast.city, starts_on=START)
    client = sign_in(cast.staff)
    assert _hand(client, _given(cast, "first1") | ROLE).status_code == 422
    assert _hand(client, _given(cast, "first1")).status_code == 200


def test_what_is_open_is_listed_as_far_as_it_may_be_read(cast: Cast, sign_in: SignIn) -> None:
    for title, state in (("学习草稿", "draft"), ("退回的党课", "returned"), ("已通过", "accepted")):
        Activity.objects.create(
            organisation=cast.first, title=title, held_on=date(2020, 10, 9), entered_on=date(2020, 10, 9),
            entered_by=cast.recorder, state=state,
        )  # fmt: skip
    page = _hand(sign_in(cast.admin), _given(cast) | ROLE).content.decode()
    assert "退回的党课" in page
    assert "学习草稿" not in page
    assert "已通过" not in page
    _hand(sign_in(cast.admin), _given(cast, "first1") | ROLE | CONFIRM)
    desk = sign_in(cast.recorder).get(reverse("activities:branch", args=["first"])).content.decode()
    assert "退回的党课" in desk
    assert "学习草稿" in desk


def test_a_unit_has_no_secretary(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.admin).get(reverse("activities:handover", args=["organ"])).status_code == 404


def test_a_post_that_would_end_later_goes_over_on_the_day(cast: Cast, sign_in: SignIn) -> None:
    Appointment.objects.filter(organisation=cast.first, post="secretary").update(ends_on="2020-12-31")
    client = sign_in(cast.staff)
    assert "王建国" in _hand(client, _given(cast)).content.decode().split("本次办理")[-1]
    assert _hand(client, _given(cast) | CONFIRM).status_code == 302
    assert _secretaries(cast, TODAY) == ["刘洋"]
