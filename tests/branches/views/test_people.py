from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from branches.actions.organisations import move, rename
from branches.models import Membership, MemberStatus, Person, User
from foundation.models import AuditEntry
from tests.cast import TODAY, Cast, enlist

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NUMBER = "619901196206197086"


def _with_secrets(cast: Cast, key: str = "first3") -> int:
    from foundation.encryption import blind_index

    person = cast.people[key]
    Person.objects.filter(pk=person.pk).update(identity_hash=blind_index(NUMBER))
    person.refresh_from_db()
    person.identity_number, person.phone = NUMBER, "19900537782"
    person.save()
    return person.pk


def test_the_roster_is_that_of_the_day(cast: Cast, sign_in: SignIn) -> None:
    Membership.objects.filter(person=cast.people["first6"]).update(ends_on=date(2020, 6, 30))
    client = sign_in(cast.secretary)
    url = reverse("branches:roster", args=["first"])
    assert "孙丽" not in client.get(url).content.decode()
    assert "孙丽" in client.get(url, {"on": "2020-06-30"}).content.decode()


def test_a_filter_that_finds_nobody_offers_to_clear_it(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.secretary).get(reverse("branches:roster", args=["first"]), {"name": "无此人"}).content.decode()
    assert "没有符合条件的党员" in page


def test_a_senseless_day_is_ignored(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.secretary).get(reverse("branches:roster", args=["first"]), {"on": "x"}).status_code == 200


@pytest.mark.parametrize("extra", [0, 40])
def test_the_roster_takes_the_same_queries_however_many(
    extra: int, cast: Cast, sign_in: SignIn, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for number in range(extra):
        enlist(f"党员{number}", cast.second)
    client = sign_in(cast.staff)
    url = reverse("branches:roster", args=["committee"])
    client.get(url)
    with django_assert_num_queries(18):
        client.get(url)


def test_phones_are_clear_to_the_secretary_and_masked_to_the_auditor(cast: Cast, sign_in: SignIn) -> None:
    _with_secrets(cast)
    url = reverse("branches:roster", args=["first"])
    assert "19900537782" in sign_in(cast.secretary).get(url).content.decode()
    page = sign_in(cast.auditor).get(url).content.decode()
    assert "19900537782" not in page
    assert "199****7782" in page


def test_the_identity_number_is_masked_for_all(cast: Cast, sign_in: SignIn) -> None:
    pk = _with_secrets(cast)
    for user in (cast.secretary, cast.staff, cast.admin):
        page = sign_in(user).get(reverse("branches:person", args=[pk])).content.decode()
        assert NUMBER not in page
        assert "619***********7086" in page


def test_the_number_is_not_shown_without_a_reason(cast: Cast, sign_in: SignIn) -> None:
    pk = _with_secrets(cast)
    response = sign_in(cast.staff).post(reverse("branches:person_identity", args=[pk]), {"reason": " "})
    assert response.status_code == 422
    assert NUMBER not in response.content.decode()
    assert not AuditEntry.objects.filter(verb="person.identity_revealed").exists()


def test_the_number_is_shown_once_and_put_on_record_without_itself(cast: Cast, sign_in: SignIn) -> None:
    pk = _with_secrets(cast)
    response = sign_in(cast.staff).post(reverse("branches:person_identity", args=[pk]), {"reason": "核对党员信息"})
    assert NUMBER in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    entry = AuditEntry.objects.get(verb="person.identity_revealed")
    assert entry.reason == "核对党员信息"
    assert NUMBER not in str(entry.__dict__)


def test_a_former_member_shows_only_what_happened_in_reach(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first6"]
    Membership.objects.filter(person=person).update(ends_on=date(2020, 6, 30))
    Membership.objects.create(person=person, branch=cast.far, starts_on=date(2020, 7, 1))
    page = sign_in(cast.secretary).get(reverse("branches:person", args=[person.pk])).content.decode()
    assert "农业局" not in page


def _moved_away(cast: Cast) -> int:
    """A member with number and phone who left the first branch for another tree in July."""
    pk = _with_secrets(cast)
    Membership.objects.filter(person=pk).update(ends_on=date(2020, 6, 30))
    Membership.objects.create(person_id=pk, branch=cast.far, starts_on=date(2020, 7, 1))
    return pk


def test_who_has_left_shows_name_memberships_and_posts_only(cast: Cast, sign_in: SignIn) -> None:
    pk = _moved_away(cast)
    Person.objects.filter(pk=pk).update(native_place="青岭", position_title="科长", birth_date=date(1962, 6, 19))
    MemberStatus.objects.create(person_id=pk, kind="excused", reason="长期病假", starts_on=date(2020, 1, 1))
    for user in (cast.secretary, cast.staff, cast.city_staff):
        page = sign_in(user).get(reverse("branches:person", args=[pk])).content.decode()
        assert "第一党支部" in page
        for hidden in ("青岭市水利局科长", "科长", "1962", "199", "7782", "7086", "长期病假", "身份证号"):
            assert hidden not in page


def test_the_number_of_who_has_left_is_not_revealed(cast: Cast, sign_in: SignIn) -> None:
    pk = _moved_away(cast)
    for user in (cast.staff, cast.admin):
        response = sign_in(user).post(reverse("branches:person_identity", args=[pk]), {"reason": "核对党员信息"})
        assert response.status_code == 404
    assert not AuditEntry.objects.filter(verb="person.identity_revealed").exists()


def test_the_roster_of_a_past_day_masks_the_phones_of_who_has_left(cast: Cast, sign_in: SignIn) -> None:
    _moved_away(cast)
    page = sign_in(cast.secretary).get(reverse("branches:roster", args=["first"]), {"on": "2020-06-30"})
    assert "19900537782" not in page.content.decode()
    assert "199****7782" in page.content.decode()


def test_the_reasons_of_another_branch_do_not_come_along(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first6"]
    Membership.objects.filter(person=person).update(ends_on=date(2020, 6, 30))
    Membership.objects.create(person=person, branch=cast.far, starts_on=date(2020, 7, 1))
    MemberStatus.objects.create(person=person, kind="excused", reason="家中有事", starts_on=date(2020, 2, 1))
    MemberStatus.objects.create(person=person, kind="lost_contact", reason="出国探亲", starts_on=date(2020, 8, 1))
    page = sign_in(cast.stranger).get(reverse("branches:person", args=[person.pk])).content.decode()
    assert "出国探亲" in page
    assert "家中有事" not in page


def test_a_day_beyond_the_calendar_is_ignored(cast: Cast, sign_in: SignIn) -> None:
    for day in ("9999-12-31", "0001-01-01"):
        url = reverse("branches:roster", args=["first"])
        assert sign_in(cast.secretary).get(url, {"on": day}).context["day"] == TODAY


def test_the_roster_of_a_day_takes_in_the_branches_that_stood_there_then(cast: Cast, sign_in: SignIn) -> None:
    rename(organisation=cast.first, name="机关一支部", short_name="机关一支部", on=date(2020, 7, 1), by=None)
    move(organisation=cast.first, parent=cast.city, on=date(2020, 7, 1), by=None)
    client = sign_in(cast.admin)
    url = reverse("branches:roster", args=["committee"])
    assert "机关一支部" not in (before := client.get(url, {"on": "2020-06-30"}).content.decode())
    assert "第一党支部" in before
    assert "张伟" in before
    assert "回到今天" in before
    assert "张伟" not in (after := client.get(url).content.decode())
    assert "回到今天" not in after


@pytest.mark.parametrize("extra", [0, 40])
def test_the_roster_of_another_day_takes_the_same_queries_however_many(
    extra: int, cast: Cast, sign_in: SignIn, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for number in range(extra):
        enlist(f"党员{number}", cast.second)
    client = sign_in(cast.staff)
    url = reverse("branches:roster", args=["committee"])
    client.get(url)
    with django_assert_num_queries(20):
        client.get(url, {"on": "2020-06-30"})
