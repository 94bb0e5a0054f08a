from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from branches.actions.letters import Letter, Newcomer, enter_receipt, remove_receipt, send_out, take_back, take_in
from branches.actions.statuses import end_for_good, register_guest
from branches.models import Appointment, GroupMembership, Membership, Person, Transfer
from branches.queries.roster import members_on
from branches.rights import access_of
from foundation.encryption import blind_index
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db
NUMBER = "619901196206197086"
LETTER = Letter(number="介〔2020〕7号", written_on=date(2020, 10, 20), valid_days=90, elsewhere="外市某单位党委")


def _send(cast: Cast, key: str = "first1", **other: Any) -> Transfer:
    values: dict[str, Any] = {"branch": cast.first, "letter": LETTER, "on": TODAY, "by": cast.staff}
    return send_out(person=cast.people[key], **values | other)


def _newcomer(**other: Any) -> Newcomer:
    values: dict[str, Any] = {
        "name": "高飞",
        "sex": "male",
        "birth_date": date(1962, 6, 19),
        "identity_number": NUMBER,
        "category": "full",
        "joined_on": date(1990, 7, 1),
        "full_on": date(1991, 7, 1),
    }
    return Newcomer(**values | other)


def _take(cast: Cast, newcomer: Newcomer | None = None, **other: Any) -> Transfer:
    values: dict[str, Any] = {
        "branch": cast.second,
        "letter": LETTER,
        "on": TODAY,
        "by": cast.neighbour,
        "access": access_of(cast.neighbour),
    }
    return take_in(newcomer=newcomer or _newcomer(), **values | other)


def _number(cast: Cast, key: str) -> Person:
    person = cast.people[key]
    person.identity_number, person.identity_hash = NUMBER, blind_index(NUMBER)
    person.save()
    return person


def test_a_letter_of_tomorrow_is_refused(cast: Cast) -> None:
    letter = Letter(number="1", written_on=TODAY + timedelta(days=1), valid_days=90, elsewhere="外市")
    with pytest.raises(ValidationError) as caught:
        _send(cast, letter=letter)
    assert "written_on" in caught.value.error_dict


def test_a_day_after_the_letter_is_void_is_refused(cast: Cast) -> None:
    letter = Letter(number="1", written_on=date(2020, 10, 20), valid_days=6, elsewhere="外市")
    with pytest.raises(ValidationError) as caught:
        _send(cast, letter=letter)
    assert "on" in caught.value.error_dict
    _send(cast, letter=Letter(number="1", written_on=date(2020, 10, 20), valid_days=7, elsewhere="外市"))


def test_the_membership_ends_the_day_before_with_all_posts(cast: Cast) -> None:
    person = cast.people["first1"]
    Appointment.objects.create(
        person=person, organisation=cast.committee, post="committee_member", starts_on=date(2019, 1, 1)
    )
    _send(cast)
    membership = Membership.objects.get(person=person)
    assert (membership.ends_on, membership.end_kind, membership.end_document) == (
        date(2020, 10, 25),
        "transferred",
        LETTER.number,
    )
    assert set(Appointment.objects.filter(person=person).values_list("ends_on", flat=True)) == {date(2020, 10, 25)}


@pytest.mark.parametrize("on", [date(2020, 10, 19), TODAY + timedelta(days=1)])
def test_a_receipt_before_the_letter_or_of_tomorrow_is_refused(on: date, cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        enter_receipt(transfer=_send(cast), on=on, by=cast.staff)
    assert "on" in caught.value.error_dict


def test_a_receipt_is_entered_once_and_taken_back(cast: Cast) -> None:
    transfer = enter_receipt(transfer=_send(cast), on=TODAY, by=cast.staff)
    with pytest.raises(ValidationError):
        enter_receipt(transfer=transfer, on=TODAY, by=cast.staff)
    assert remove_receipt(transfer=transfer, by=cast.staff).receipt_on is None


def test_a_letter_taken_back_restores_what_ended_with_it(cast: Cast) -> None:
    take_back(transfer=_send(cast), by=cast.staff)
    person = cast.people["first1"]
    membership = Membership.objects.get(person=person)
    assert (membership.ends_on, membership.end_kind, membership.end_document) == (None, "", "")
    assert Appointment.objects.get(person=person).ends_on is None
    assert GroupMembership.objects.get(person=person).ends_on is None
    assert Transfer.objects.get().state == Transfer.State.REVOKED


def test_a_letter_with_receipt_is_not_taken_back(cast: Cast) -> None:
    transfer = enter_receipt(transfer=_send(cast), on=TODAY, by=cast.staff)
    with pytest.raises(ValidationError):
        take_back(transfer=transfer, by=cast.staff)


def test_a_letter_is_not_taken_back_when_the_member_is_back_already(cast: Cast) -> None:
    _number(cast, "first1")
    transfer = _send(cast, on=date(2020, 10, 22))
    _take(cast, _newcomer(name="李秀英"))
    with pytest.raises(ValidationError):
        take_back(transfer=transfer, by=cast.staff)


def test_a_member_of_another_organisation_is_refused_without_a_word_about_it(cast: Cast) -> None:
    _number(cast, "far1")
    with pytest.raises(ValidationError) as caught:
        _take(cast, _newcomer(name="卫红"))
    said = " ".join(caught.value.messages)
    assert said == "该党员组织关系在其他党组织，请先办理组织关系转接。"


def test_a_name_that_does_not_fit_the_number_is_refused(cast: Cast) -> None:
    _number(cast, "far1")
    with pytest.raises(ValidationError) as caught:
        _take(cast)
    assert "identity_number" in caught.value.error_dict
    assert "卫红" not in str(caught.value)


def test_whose_membership_ended_for_good_does_not_come_back(cast: Cast) -> None:
    person = _number(cast, "first3")
    end_for_good(
        person=person, branch=cast.first, kind="expelled", on=date(2020, 10, 1), document_number="1", by=cast.staff
    )
    with pytest.raises(ValidationError):
        _take(cast, _newcomer(name=person.name))


def test_a_former_member_with_the_number_is_the_same_person(cast: Cast) -> None:
    person = _number(cast, "first3")
    people = Person.objects.count()
    _send(cast, "first3", on=date(2020, 10, 22))
    transfer = _take(cast, _newcomer(name=person.name))
    assert (transfer.person_id, Person.objects.count()) == (person.pk, people)
    assert [row.branch.code for row in Membership.objects.active_on(TODAY).filter(person=person)] == ["second"]
    person.refresh_from_db()
    assert person.joined_on == date(2004, 7, 1)  # what is on record is kept
    assert person.birth_date == date(1962, 6, 19)


def test_a_former_member_in_reach_is_known_without_a_number(cast: Cast) -> None:
    person = cast.people["second2"]
    _send(cast, "second2", branch=cast.second, on=date(2020, 10, 22))
    newcomer = _newcomer(name=person.name, identity_number="", joined_on=person.joined_on, full_on=None)
    assert _take(cast, newcomer).person_id == person.pk


def test_a_former_member_out_of_reach_is_somebody_new_without_a_number(cast: Cast) -> None:
    person = cast.people["first3"]
    _send(cast, "first3", on=date(2020, 10, 22))
    newcomer = _newcomer(name=person.name, identity_number="", joined_on=person.joined_on, full_on=None)
    assert _take(cast, newcomer).person_id != person.pk


def test_somebody_new_is_found_by_the_number_later(cast: Cast) -> None:
    person = _take(cast).person
    assert person.identity_hash == blind_index(NUMBER)
    assert (person.name, person.joined_on, person.full_on) == ("高飞", date(1990, 7, 1), date(1991, 7, 1))


def test_the_older_of_two_letters_does_not_take_back_the_newer(cast: Cast) -> None:
    _number(cast, "first1")
    older = _send(cast, on=date(2020, 10, 20))
    _take(cast, _newcomer(name="李秀英"), branch=cast.first, on=date(2020, 10, 22))
    _send(cast, on=date(2020, 10, 24))
    with pytest.raises(ValidationError):
        take_back(transfer=older, by=cast.staff)
    assert not Membership.objects.filter(person=cast.people["first1"], ends_on=None).exists()


def test_who_is_taken_in_no_longer_floats_in(cast: Cast) -> None:
    guest = register_guest(
        branch=cast.second, name="高飞", sex="male", identity_number=NUMBER, on=date(2020, 10, 1), by=cast.staff
    )
    _take(cast)
    guest.refresh_from_db()
    assert guest.ends_on == TODAY - timedelta(days=1)
    member = next(row for row in members_on([cast.second], TODAY) if row.person.name == "高飞")
    assert member.has_vote


def test_a_newcomer_without_number_is_taken_in_once(cast: Cast) -> None:
    _take(cast, _newcomer(identity_number=""))
    with pytest.raises(ValidationError):
        _take(cast, _newcomer(identity_number=""))
    assert Person.objects.filter(name="高飞").count() == 1


def test_sex_and_birth_come_from_the_identity_number(cast: Cast) -> None:
    person = _take(cast, _newcomer(sex="male", birth_date=date(1988, 8, 8))).person
    assert (person.sex, person.birth_date) == ("female", date(1962, 6, 19))


def test_nobody_joins_before_being_born(cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        _take(cast, _newcomer(birth_date=None, joined_on=date(1962, 6, 19), full_on=None))
    assert "joined_on" in caught.value.error_dict
