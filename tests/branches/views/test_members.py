from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from branches.models import GroupMembership, Membership, Office, OfficeMembership, Person, User
from foundation.encryption import blind_index
from foundation.models import AuditEntry
from tests.cast import START, Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NUMBER = "619901196206197086"
ELSEWHERE = "该党员组织关系在其他党组织，请先办理组织关系转接"
ADMITTED = {
    "entry": "admitted", "name": "钱三强", "identity_number": NUMBER, "on": "2020-10-20",
    "document_number": "水党〔2020〕9号", "phone": "139 0000 1111", "home_address": "青岭市滨河路1号",
}  # fmt: skip
CONFIRM = {"step": "confirm"}


def _new(client: Client, data: dict[str, object], code: str = "first"):  # type: ignore[no-untyped-def]
    return client.post(reverse("branches:member_new", args=[code]), data)


def _numbered(cast: Cast, key: str) -> Person:
    person = cast.people[key]
    person.identity_number, person.identity_hash = NUMBER, blind_index(NUMBER)
    person.save()
    return person


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"identity_number": "619901196206197087"}, "身份证号"),
        ({"on": "2020-10-27"}, "这一天还没有到"),
        ({"on": "2017-12-31"}, "党支部这一天还没有成立或者已经撤销"),
        ({"document_number": ""}, "批复文号"),
        ({"phone": "十三"}, "电话"),
        ({"entry": "late"}, "入党日期"),
        ({"entry": "late", "joined_on": "2020-10-21"}, "入党"),
        ({"entry": "late", "joined_on": "2000-07-01", "category": "full", "full_on": "1999-07-01"}, "转正"),
        ({"group": "999999999999999999999"}, ""),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(
    cast: Cast, sign_in: SignIn, wrong: dict[str, str], words: str
) -> None:
    response = _new(sign_in(cast.staff), ADMITTED | wrong | CONFIRM)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "钱三强" in page
    assert not Person.objects.filter(name="钱三强").exists()


def test_the_preview_keeps_nothing_and_carries_everything(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    before = AuditEntry.objects.count()
    response = _new(client, ADMITTED)
    assert response.status_code == 200
    page = response.content.decode()
    assert "预备党员" in page
    assert "619***********7086" in page
    assert (Person.objects.filter(name="钱三强").count(), AuditEntry.objects.count()) == (0, before)
    back = _new(client, ADMITTED | {"step": "back"}).content.decode()
    assert "青岭市滨河路1号" in back
    hidden = {field.html_name: field.value() for field in response.context["form"]}
    assert _new(client, {key: value for key, value in hidden.items() if value is not None} | CONFIRM).status_code == 302
    person = Person.objects.get(name="钱三强")
    assert (person.joined_on, person.full_on, person.category) == (date(2020, 10, 20), None, "probationary")
    assert (person.birth_date, person.sex, person.phone) == (date(1962, 6, 19), "female", "13900001111")
    membership = Membership.objects.get(person=person)
    assert (membership.branch, membership.start_kind, membership.starts_on) == (
        cast.first,
        "admitted",
        date(2020, 10, 20),
    )


def test_a_missing_member_enters_late_from_above(cast: Cast, sign_in: SignIn) -> None:
    data = ADMITTED | {
        "entry": "late", "branch": cast.second.pk, "category": "full", "joined_on": "1990-07-01",
        "full_on": "1991-07-01", "document_number": "", "on": "2019-01-01",
    }  # fmt: skip
    assert _new(sign_in(cast.staff), data | CONFIRM, "committee").status_code == 302
    membership = Membership.objects.get(person__name="钱三强")
    assert (membership.branch, membership.start_kind) == (cast.second, "entered")


def test_a_branch_out_of_reach_is_no_choice(cast: Cast, sign_in: SignIn) -> None:
    response = _new(sign_in(cast.staff), ADMITTED | {"branch": cast.far.pk} | CONFIRM, "committee")
    assert response.status_code == 422
    assert "农业局" not in response.content.decode()


@pytest.mark.parametrize("key", ["far0", "second1", "left"])
def test_a_member_elsewhere_is_sent_to_the_transfer_without_a_name(cast: Cast, sign_in: SignIn, key: str) -> None:
    person = _numbered(cast, "far1" if key == "left" else key)
    if key == "left":
        Membership.objects.filter(person=person).update(ends_on=date(2020, 1, 1), end_kind="left")
    page = _new(sign_in(cast.staff), ADMITTED | CONFIRM)
    assert page.status_code == 422
    text = page.content.decode()
    assert ELSEWHERE in text
    assert person.name not in text
    assert "农业局" not in text
    assert "第二党支部" not in text


def test_whose_probation_was_cancelled_may_be_admitted_again(cast: Cast, sign_in: SignIn) -> None:
    person = _numbered(cast, "second1")
    Membership.objects.filter(person=person).update(ends_on=date(2019, 1, 1), end_kind="cancelled")
    assert _new(sign_in(cast.staff), ADMITTED | CONFIRM).status_code == 302
    person.refresh_from_db()
    assert (person.joined_on, person.full_on, person.memberships.count()) == (date(2020, 10, 20), None, 2)


def test_sent_twice_the_second_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    assert _new(client, ADMITTED | CONFIRM).status_code == 302
    assert _new(client, ADMITTED | CONFIRM).status_code == 422
    assert Person.objects.filter(name="钱三强").count() == 1


def test_a_namesake_in_the_branch_is_asked_about(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    data = ADMITTED | {"name": "张伟"}
    response = _new(client, data)
    assert response.status_code == 422
    assert "同名" in response.content.decode()
    assert _new(client, data | {"is_another": "on"}).status_code == 200
    assert _new(client, data | {"is_another": "on"} | CONFIRM).status_code == 302
    assert Person.objects.filter(name="张伟").count() == 2


def test_the_trail_hides_number_phone_and_address(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    _new(client, ADMITTED | CONFIRM)
    person = Person.objects.get(name="钱三强")
    data = {"phone": "13911112222", "home_address": "新址", "on": "2020-10-26", "version": 1}
    assert client.post(reverse("branches:member_change", args=[person.pk]), data | CONFIRM).status_code == 302
    said = str([entry.changes for entry in AuditEntry.objects.filter(target_id=str(person.pk))])
    for secret in (NUMBER, "13900001111", "13911112222", "滨河路", "新址"):
        assert secret not in said
    assert "139****2222" in said


def test_blank_overwrites_nothing(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first3"]
    Person.objects.filter(pk=person.pk).update(position_title="科长")
    client = sign_in(cast.staff)
    url = reverse("branches:member_change", args=[person.pk])
    nothing = client.post(url, {"on": "2020-10-26", "version": 1, "position_title": " "})
    assert nothing.status_code == 422
    assert client.post(url, {"on": "2020-10-26", "version": 1, "phone": "13911112222"} | CONFIRM).status_code == 302
    person.refresh_from_db()
    assert (person.position_title, person.phone, person.version) == ("科长", "13911112222", 2)


def test_two_at_once_the_second_must_look_again(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    url = reverse("branches:member_change", args=[cast.people["first3"].pk])
    client.post(url, {"on": "2020-10-26", "version": 1, "phone": "13911112222"} | CONFIRM)
    late = client.post(url, {"on": "2020-10-26", "version": 1, "phone": "13933334444"} | CONFIRM)
    assert late.status_code == 422
    assert Person.objects.get(pk=cast.people["first3"].pk).phone == "13911112222"


def test_office_and_group_hold_from_the_day(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first0"]
    office = Office.objects.create(organ=cast.organ, name="人事科")
    data = {"on": "2020-10-01", "version": 1, "office": office.pk, "group": cast.group_two.pk}
    client = sign_in(cast.staff)
    url = reverse("branches:member_change", args=[person.pk])
    assert "人事科" in client.post(url, data).content.decode()
    assert client.post(url, data | CONFIRM).status_code == 302
    offices = OfficeMembership.objects.filter(person=person).order_by("starts_on")
    assert [(row.office.name, row.starts_on, row.ends_on) for row in offices] == [
        ("办公室", START, date(2020, 9, 30)),
        ("人事科", date(2020, 10, 1), None),
    ]
    assert GroupMembership.objects.active_on(date(2020, 10, 1)).get(person=person).group == cast.group_two


def test_the_secretary_is_told_whom_to_ask(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.secretary).get(reverse("branches:person", args=[cast.people["first3"].pk])).content.decode()
    assert reverse("branches:member_change", args=[cast.people["first3"].pk]) not in page
    assert "staff" in page


def test_a_new_admission_does_not_begin_before_the_former_membership_ended(cast: Cast, sign_in: SignIn) -> None:
    person = _numbered(cast, "first6")
    Membership.objects.filter(person=person).update(ends_on="2020-10-21", end_kind="cancelled")
    data = ADMITTED | {"name": person.name, "on": "2020-10-20"} | CONFIRM
    assert _new(sign_in(cast.staff), data).status_code == 422
    assert _new(sign_in(cast.staff), data | {"on": "2020-10-22"}).status_code == 302


def test_a_name_with_a_space_inside_is_the_same_name(cast: Cast, sign_in: SignIn) -> None:
    response = _new(sign_in(cast.staff), ADMITTED | {"name": "刘　洋"})
    assert response.status_code == 422
    assert "同名" in response.content.decode()


def test_a_group_holds_no_earlier_than_the_membership(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first6"]
    Membership.objects.filter(person=person).update(starts_on="2020-10-10")
    GroupMembership.objects.filter(person=person).delete()
    url = reverse("branches:member_change", args=[person.pk])
    data = {"on": "2020-10-01", "version": 1, "group": cast.group_two.pk}
    assert sign_in(cast.staff).post(url, data).status_code == 422
    assert sign_in(cast.staff).post(url, data | {"on": "2020-10-10"} | CONFIRM).status_code == 302


def test_a_day_known_to_the_month_is_kept_as_no_more(cast: Cast, sign_in: SignIn) -> None:
    data = ADMITTED | {
        "entry": "late", "category": "full", "joined_on": "1998-07-19", "joined_on_precision": "month",
        "full_on": "1999-07-19", "full_on_precision": "year",
    }  # fmt: skip
    client = sign_in(cast.staff)
    assert _new(client, data | {"joined_on_precision": "century"}).status_code == 422
    assert _new(client, data | CONFIRM).status_code == 302
    person = Person.objects.get(name="钱三强")
    assert (person.joined_on, person.joined_on_precision) == (date(1998, 7, 1), "month")
    assert (person.full_on, person.full_on_precision) == (date(1999, 1, 1), "year")
    assert "1998年7月1" not in client.get(reverse("branches:person", args=[person.pk])).content.decode()
    changes = AuditEntry.objects.get(verb="person.enter").changes
    assert (changes["joined_on"], changes["full_on"]) == (["", "1998-07"], ["", "1999"])


def test_what_depends_on_the_entry_is_not_called_optional(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.staff).get(reverse("branches:member_new", args=["first"])).content.decode()
    for name in ("document_number", "joined_on"):
        label = page.split(f'<label for="id_{name}">')[1].split("</label>")[0]
        assert "选填" not in label
    assert "选填" in page.split('<label for="id_native_place">')[1].split("</label>")[0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "请填写更正原因"),
        ({"joined_on": "2020-10-27"}, "这一天还没有到"),
        ({"birth_date": "1995-01-01", "joined_on": "1994-01-01"}, "入党日期须晚于出生日期"),
        ({"sex": "male"}, "与已登记的身份证号不符"),
        ({"birth_date": "1962-06-20"}, "与已登记的身份证号不符"),
    ],
)
def test_a_correction_without_reason_or_sense_is_refused(
    cast: Cast, sign_in: SignIn, wrong: dict[str, str], said: str
) -> None:
    person = cast.people["first3"]
    if "身份证号" in said:
        person.identity_number, person.identity_hash = NUMBER, blind_index(NUMBER)
        person.save()
    data = {"on": "2020-10-26", "version": 1, "native_place": "湖南衡阳", "reason": "档案核对"}
    response = sign_in(cast.staff).post(reverse("branches:member_change", args=[person.pk]), data | wrong)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_basic_data_are_corrected_with_a_reason_on_the_trail(cast: Cast, sign_in: SignIn) -> None:
    person, client = cast.people["first3"], sign_in(cast.staff)
    Person.objects.filter(pk=person.pk).update(joined_on=date(2010, 7, 1), full_on=date(2011, 7, 1))
    url = reverse("branches:member_change", args=[person.pk])
    data = {"on": "2020-10-26", "version": 1, "name": "刘 阳", "joined_on": "2009-06-15", "reason": "档案核对"}
    data["joined_on_precision"] = "month"
    said = [effect.text for effect in client.post(url, data).context["effects"]]
    assert "姓名更正为：刘阳（原为：刘洋）" in said
    assert any("2009年6月" in text and "2010年7月1日" in text for text in said)
    assert client.post(url, data | CONFIRM).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.joined_on, person.joined_on_precision) == ("刘阳", date(2009, 6, 1), "month")
    assert (person.full_on, person.version) == (date(2011, 7, 1), 2)
    entry = AuditEntry.objects.get(verb="person.change", target_id=str(person.pk))
    assert entry.changes == {"name": ["刘洋", "刘阳"], "joined_on": ["2010-07-01", "2009-06"]}
    assert entry.reason == "档案核对"
