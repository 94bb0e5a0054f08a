from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from branches.actions.organisations import found
from branches.models import Appointment, Election, Membership, MemberStatus, Organisation, Post, Term, User
from branches.queries.elections import voters_on
from tests.cast import START, Cast
from tests.rights.elections import votes

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
CONFIRM = {"step": "confirm"}


def _hold(client: Client, data: dict[str, Any], code: str = "first"):  # type: ignore[no-untyped-def]
    return client.post(reverse("branches:election_new", args=[code]), data)


def _in_office(organisation: Organisation, day: date) -> set[tuple[str, str]]:
    rows = Appointment.objects.active_on(day).filter(organisation=organisation)
    return {(row.person.name, row.post) for row in rows}


@pytest.mark.parametrize(
    "wrong",
    [
        {"voters_present": 5},
        {"ballots_returned": 7},
        {"voters_expected": "99999999999999999999"},
        {"on": "2020-10-27"},
        {"on": "2017-12-31"},
        {"expires_on": "2020-10-20"},
        {"reply_on": "2020-10-21"},
        {"rows-0-person": "99999999999999999999"},
        {"rows-0-post": ""},
        {"rows-0-votes_for": 7},
        {"rows-TOTAL_FORMS": "x"},
        {"rows-TOTAL_FORMS": "2000"},
    ],
)
def test_what_does_not_fit_is_refused_before_it_is_confirmed(
    cast: Cast, sign_in: SignIn, wrong: dict[str, Any]
) -> None:
    assert _hold(sign_in(cast.staff), votes(cast) | wrong).status_code == 422
    assert not Election.objects.exists()


def test_a_candidate_from_elsewhere_is_no_choice(cast: Cast, sign_in: SignIn) -> None:
    assert _hold(sign_in(cast.staff), votes(cast) | {"rows-0-person": cast.people["far0"].pk}).status_code == 422


@pytest.mark.parametrize("why", ["probationary", "suspended"])
def test_who_has_no_right_to_be_elected_is_not(cast: Cast, sign_in: SignIn, why: str) -> None:
    person = cast.people["first3"]
    if why == "probationary":
        person.category, person.full_on = "probationary", None
        person.save()
    else:
        MemberStatus.objects.create(person=person, kind="on_probation", starts_on=START)
    response = _hold(sign_in(cast.staff), votes(cast))
    assert response.status_code == 422
    assert "刘洋" in response.content.decode()


def test_a_unit_holds_no_election(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.admin).get(reverse("branches:election_new", args=["organ"])).status_code == 404


def test_enter_presses_no_button_for_more_lines(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.staff).get(reverse("branches:election_new", args=["first"])).content.decode()
    own = page[page.index("form-narrow") :]
    assert 'value="more"' in own
    assert "name=" not in own[own.index("<button") :].split(">")[0]


def test_more_lines_lose_nothing_and_complain_of_nothing(cast: Cast, sign_in: SignIn) -> None:
    response = _hold(sign_in(cast.staff), votes(cast) | {"voters_present": "", "step": "more"})
    assert response.status_code == 200
    assert len(response.context["rows"].forms) == 9
    page = response.content.decode()
    assert "error-summary" not in page
    assert page.count("selected") >= 6
    after = votes(cast) | {"rows-TOTAL_FORMS": 9, "rows-INITIAL_FORMS": 6}
    assert _hold(sign_in(cast.staff), after).status_code == 200
    assert _hold(sign_in(cast.staff), after | {"rows-5-is_elected": "on"}).status_code == 422


@pytest.mark.parametrize(("expected", "warned"), [(0, False), (1, True)])
def test_more_voters_than_members_with_a_vote_are_warned_of(
    cast: Cast, sign_in: SignIn, expected: int, warned: bool
) -> None:
    voters = voters_on(cast.first, date(2020, 10, 20))
    data = {"voters_expected": voters + expected, "voters_present": voters}
    preview = _hold(sign_in(cast.staff), votes(cast) | data)
    assert preview.status_code == 200
    said = [effect.text for effect in preview.context["effects"] if effect.is_warning]
    assert any(f"有表决权党员{voters}名" in text for text in said) is warned


def test_a_new_term_begins_with_its_leading_group(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    preview = _hold(client, votes(cast))
    page = preview.content.decode()
    for words in ("王建国", "刘洋", "2023年10月19日", "书记交接"):
        assert words in page
    assert not Election.objects.exists()
    assert _hold(client, votes(cast) | CONFIRM).status_code == 302
    election = Election.objects.get()
    term = Term.objects.active_on(date(2020, 10, 20)).get(organisation=cast.first)
    assert (election.term, term.expires_on, term.has_committee, term.number) == (term, date(2023, 10, 19), True, 2)
    assert _in_office(cast.first, date(2020, 10, 20)) == {("刘洋", "secretary"), ("李秀英", "organisation")}
    assert ("王建国", "secretary") in _in_office(cast.first, date(2020, 10, 19))
    assert election.candidates.filter(is_elected=False).count() == 1
    assert _hold(client, votes(cast) | CONFIRM).status_code == 422


def test_a_by_election_fills_one_post_and_leaves_the_term(cast: Cast, sign_in: SignIn) -> None:
    data = {key: value for key, value in votes(cast).items() if not key.startswith("rows-1")}
    assert _hold(sign_in(cast.staff), data | {"kind": "by_election"} | CONFIRM).status_code == 302
    assert Election.objects.get().term is None
    assert Term.objects.filter(organisation=cast.first).count() == 1
    assert _in_office(cast.first, date(2020, 10, 26)) == {
        ("刘洋", "secretary"), ("李秀英", "organisation"), ("张伟", "discipline"),
    }  # fmt: skip


def test_the_reply_may_come_later_and_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    _hold(client, votes(cast) | CONFIRM)
    url = reverse("branches:election_reply", args=["first", Election.objects.get().pk])
    assert client.post(url, {"reply_number": "批3号", "reply_on": "2020-10-19"} | CONFIRM).status_code == 422
    assert client.post(url, {"reply_number": "批3号", "reply_on": "2020-10-26"} | CONFIRM).status_code == 302
    assert client.post(url, {"reply_number": "批4号", "reply_on": "2020-10-26"} | CONFIRM).status_code == 404
    assert Election.objects.get().reply_number == "批3号"


def test_the_reminders_name_what_is_overdue_first(cast: Cast, sign_in: SignIn) -> None:
    Term.objects.filter(organisation=cast.second).update(expires_on=date(2020, 10, 25))
    Term.objects.filter(organisation=cast.retired).update(expires_on=date(2022, 1, 1))
    response = sign_in(cast.staff).get(reverse("branches:elections", args=["committee"]))
    rows = [(row.organisation.code, row.status) for row in response.context["rows"]]
    assert rows == [("second", "overdue"), ("first", "soon"), ("committee", "na"), ("retired", "met")]
    assert "农业局" not in response.content.decode()
    assert Post.SECRETARY not in response.content.decode()


@pytest.mark.parametrize("extra", [0, 20])
def test_the_reminders_take_the_same_queries_however_many(
    extra: int, cast: Cast, sign_in: SignIn, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for number in range(extra):
        node = found(
            code=f"b{number}", kind="branch", name=f"支部{number}", short_name=f"支部{number}", parent=cast.committee,
            on=START, by=None,
        )  # fmt: skip
        Term.objects.create(organisation=node, starts_on=START, expires_on=date(2021, 1, 1))
        Election.objects.create(
            organisation=node, held_on=START, voters_expected=7, voters_present=6, ballots_issued=6,
            ballots_returned=6, entered_by=cast.staff, entered_on=START,
        )  # fmt: skip
    client = sign_in(cast.staff)
    url = reverse("branches:elections", args=["committee"])
    client.get(url)
    with django_assert_num_queries(13):
        client.get(url)


def test_nobody_is_elected_before_belonging_to_the_branch(cast: Cast, sign_in: SignIn) -> None:
    Membership.objects.filter(person=cast.people["first3"]).update(starts_on="2020-10-21")
    assert _hold(sign_in(cast.staff), votes(cast) | CONFIRM).status_code == 422
    assert not Election.objects.exists()


def test_who_leaves_soon_is_no_candidate(cast: Cast, sign_in: SignIn) -> None:
    Membership.objects.filter(person=cast.people["first3"]).update(ends_on="2020-11-01", end_kind="transferred")
    assert _hold(sign_in(cast.staff), votes(cast)).status_code == 422


def test_a_post_that_would_end_later_ends_with_the_new_term(cast: Cast, sign_in: SignIn) -> None:
    Appointment.objects.filter(organisation=cast.first, post="secretary").update(ends_on="2020-12-31")
    assert _hold(sign_in(cast.staff), votes(cast) | CONFIRM).status_code == 302
    holders = [name for name, post in _in_office(cast.first, date(2020, 10, 26)) if post == "secretary"]
    assert holders == [cast.people["first3"].name]
