from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from branches.actions.transfers import accept, ask
from branches.models import Appointment, GroupMembership, Membership, MemberStatus, Person, ProbationDecision, User
from branches.queries.probations import probation_of, probations_at
from branches.rights import access_of
from foundation.models import AuditEntry
from tests.cast import TODAY, Cast, enlist

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
CONFIRM = {"step": "confirm"}
FULL = {
    "outcome": "full", "decided_on": "2020-07-03", "document_number": "水党〔2020〕7号", "full_on": "2020-07-01",
}  # fmt: skip
CANCELLED = {
    "outcome": "cancelled", "decided_on": "2020-07-03", "document_number": "水党〔2020〕7号", "reason": "不履行义务",
}  # fmt: skip
EXTENDED = CANCELLED | {"outcome": "extended", "extended_until": "2021-01-01"}


def _on_probation(cast: Cast, key: str = "first6", joined_on: date = date(2019, 7, 1)) -> Person:
    person = cast.people[key]
    person.category, person.joined_on, person.full_on = "probationary", joined_on, None
    person.save()
    return person


def _decide(client: Client, person: Person, data: dict[str, str]):  # type: ignore[no-untyped-def]
    return client.post(reverse("branches:probation", args=[person.pk]), data)


def test_who_is_on_no_probation_has_no_such_page(cast: Cast, sign_in: SignIn) -> None:
    assert _decide(sign_in(cast.staff), cast.people["first5"], FULL).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"document_number": " "},
        {"decided_on": "2020-06-30"},
        {"full_on": "2020-06-30"},
        EXTENDED | {"reason": ""},
        EXTENDED | {"extended_until": "2021-07-02"},
        CANCELLED | {"decided_on": "2017-06-30"},
    ],
)
def test_what_may_not_be_is_refused_before_it_is_confirmed(cast: Cast, sign_in: SignIn, wrong: dict[str, str]) -> None:
    person = _on_probation(cast)
    assert _decide(sign_in(cast.staff), person, FULL | wrong).status_code == 422
    assert not ProbationDecision.objects.exists()


def test_full_membership_on_time(cast: Cast, sign_in: SignIn) -> None:
    person = _on_probation(cast)
    client = sign_in(cast.staff)
    preview = _decide(client, person, FULL)
    assert "2020年7月1日" in preview.content.decode()
    assert not ProbationDecision.objects.exists()
    assert _decide(client, person, FULL | CONFIRM).status_code == 302
    person.refresh_from_db()
    assert (person.full_on, person.category) == (date(2020, 7, 1), "full")
    assert _decide(client, person, FULL | CONFIRM).status_code == 404


def test_an_extension_comes_once(cast: Cast, sign_in: SignIn) -> None:
    person = _on_probation(cast, joined_on=date(2018, 10, 1))
    client = sign_in(cast.staff)
    first = EXTENDED | {"decided_on": "2019-10-08", "extended_until": "2020-04-01"}
    assert _decide(client, person, first | CONFIRM).status_code == 302
    again = EXTENDED | {"decided_on": "2020-04-02", "extended_until": "2020-10-01"}
    assert _decide(client, person, again | CONFIRM).status_code == 422
    page = client.get(reverse("branches:probations", args=["first"])).content.decode()
    assert "2020年4月1日" in page
    assert _decide(client, person, FULL | {"full_on": "2020-04-01"} | CONFIRM).status_code == 302


def test_a_cancelled_probation_ends_the_membership_and_may_be_taken_back(cast: Cast, sign_in: SignIn) -> None:
    person = _on_probation(cast, "first2")
    client = sign_in(cast.staff)
    assert _decide(client, person, CANCELLED | CONFIRM).status_code == 302
    membership = Membership.objects.get(person=person)
    assert (membership.ends_on, membership.end_kind) == (date(2020, 7, 3), "cancelled")
    assert not GroupMembership.objects.filter(person=person, ends_on=None).exists()
    assert not Appointment.objects.filter(person=person, ends_on=None).exists()
    decision = ProbationDecision.objects.get()
    url = reverse("branches:probation_take_back", args=["first", decision.pk])
    assert client.post(url, {"reason": "录错人"}).status_code == 200
    assert client.post(url, {"reason": "录错人"} | CONFIRM).status_code == 302
    membership.refresh_from_db()
    decision.refresh_from_db()
    assert (membership.ends_on, membership.end_kind, decision.is_void) == (None, "", True)
    assert AuditEntry.objects.get(verb="probation.take_back").reason == "录错人"
    assert client.post(url, {"reason": "录错人"} | CONFIRM).status_code == 404


def test_full_membership_taken_back_is_probation_again(cast: Cast, sign_in: SignIn) -> None:
    person = _on_probation(cast)
    client = sign_in(cast.staff)
    _decide(client, person, FULL | CONFIRM)
    url = reverse("branches:probation_take_back", args=["first", ProbationDecision.objects.get().pk])
    assert client.post(url, {"reason": "录错人"} | CONFIRM).status_code == 302
    person.refresh_from_db()
    assert (person.full_on, person.category) == (None, "probationary")


def test_nothing_is_given_back_to_a_member_of_another_branch(cast: Cast, sign_in: SignIn) -> None:
    person = _on_probation(cast)
    client = sign_in(cast.staff)
    _decide(client, person, CANCELLED | CONFIRM)
    Membership.objects.create(person=person, branch=cast.far, starts_on=date(2020, 8, 1))
    url = reverse("branches:probation_take_back", args=["first", ProbationDecision.objects.get().pk])
    response = client.post(url, {"reason": "录错人"} | CONFIRM)
    assert response.status_code == 422
    assert "农业局" not in response.content.decode()


def test_the_list_has_what_is_due_first_and_only_what_is_in_reach(cast: Cast, sign_in: SignIn) -> None:
    _on_probation(cast, "first5", date(2019, 12, 1))
    _on_probation(cast, "second2", date(2019, 7, 1))
    _on_probation(cast, "far1", date(2019, 7, 1))
    page = sign_in(cast.staff).get(reverse("branches:probations", args=["committee"])).content.decode()
    assert page.index("吴强") < page.index("赵磊")
    assert "已逾期" in page
    assert "卫红" not in page
    page = sign_in(cast.secretary).get(reverse("branches:probations", args=["first"])).content.decode()
    assert "吴强" not in page
    assert reverse("branches:probation", args=[cast.people["first5"].pk]) not in page


@pytest.mark.parametrize("extra", [0, 30])
def test_the_list_takes_the_same_queries_however_many(
    extra: int, cast: Cast, sign_in: SignIn, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for number in range(extra + 1):
        person = enlist(f"党员{number}", cast.second, joined_on=date(2019, 7, 1))
        Person.objects.filter(pk=person.pk).update(category="probationary", full_on=None)
    client = sign_in(cast.staff)
    url = reverse("branches:probations", args=["committee"])
    client.get(url)
    with django_assert_num_queries(14):
        client.get(url)


def test_an_extension_of_an_earlier_probation_does_not_count_again(cast: Cast) -> None:
    person = _on_probation(cast, joined_on=date(2020, 9, 1))
    ProbationDecision.objects.create(
        person=person, branch=cast.first, outcome="extended", decided_on=date(2018, 7, 2),
        extended_until=date(2019, 1, 1), entered_by=cast.staff, entered_on=date(2018, 7, 2),
    )  # fmt: skip
    membership = Membership.objects.select_related("person").get(person=person)
    probation = probation_of(person, membership, TODAY)
    assert probation is not None
    assert (probation.due, probation.extended_until) == (date(2021, 9, 1), None)
    row = next(row for row in probations_at(cast.first, access_of(cast.staff), TODAY) if row.person == person)
    assert row.due == date(2021, 9, 1)


@pytest.mark.parametrize("accepted", [True, False])
def test_who_is_on_the_way_to_another_branch_is_not_cancelled(cast: Cast, sign_in: SignIn, accepted: bool) -> None:
    person = _on_probation(cast)
    values = {"person": person, "from_branch": cast.first, "elsewhere": "第二党支部", "by": cast.staff}
    transfer = ask(to_branch=cast.second, on=date(2020, 11, 20), **values)
    if accepted:
        accept(transfer=transfer, by=cast.staff)
    assert _decide(sign_in(cast.staff), person, CANCELLED | {"decided_on": "2020-10-20"} | CONFIRM).status_code == 422
    assert not ProbationDecision.objects.exists()


def test_a_cancellation_taken_back_gives_back_everything(cast: Cast, sign_in: SignIn) -> None:
    person = _on_probation(cast, "first2")
    status = MemberStatus.objects.create(person=person, kind="flow_out", starts_on=date(2020, 1, 1))
    client = sign_in(cast.staff)
    _decide(client, person, CANCELLED | CONFIRM)
    status.refresh_from_db()
    assert status.ends_on == date(2020, 7, 3)
    url = reverse("branches:probation_take_back", args=["first", ProbationDecision.objects.get().pk])
    client.post(url, {"reason": "录错人"} | CONFIRM)
    status.refresh_from_db()
    assert status.ends_on is None
    assert Appointment.objects.filter(person=person, ends_on=None).exists()
    assert GroupMembership.objects.filter(person=person, ends_on=None).exists()


def test_a_decision_about_who_is_a_member_elsewhere_by_now_stays(cast: Cast, sign_in: SignIn) -> None:
    person = _on_probation(cast)
    client = sign_in(cast.staff)
    _decide(client, person, FULL | CONFIRM)
    transfer = ask(person=person, from_branch=cast.first, to_branch=cast.far, elsewhere="far", on=TODAY, by=cast.staff)
    accept(transfer=transfer, by=cast.stranger)
    url = reverse("branches:probation_take_back", args=["first", ProbationDecision.objects.get().pk])
    response = client.post(url, {"reason": "录错人"} | CONFIRM)
    assert response.status_code == 422
    assert "农业局" not in response.content.decode()
    person.refresh_from_db()
    assert person.category == "full"
