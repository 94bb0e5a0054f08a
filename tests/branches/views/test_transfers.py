from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from branches.actions.letters import Letter, send_out
from branches.actions.transfers import ask
from branches.models import Appointment, Membership, Organisation, Person, Transfer, User
from branches.queries.transfers import waiting_for
from branches.rights import access_of
from foundation.encryption import blind_index
from foundation.models import AuditEntry
from tests.cast import TODAY, Cast, enlist

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NUMBER = "619901196206197086"
LETTER = {
    "elsewhere": "外市某单位党委",
    "number": "介〔2020〕8号",
    "written_on": "2020-10-20",
    "valid_days": "90",
    "on": "2020-10-26",
}
NEWCOMER = LETTER | {"name": "高飞", "sex": "male", "category": "full", "joined_on": "2010-07-01"}


def _ask(cast: Cast, person: Person, to: Organisation | None, elsewhere: str = "far") -> Transfer:
    return ask(person=person, from_branch=cast.first, to_branch=to, elsewhere=elsewhere, on=TODAY, by=cast.secretary)


def _bare(page: str) -> str:
    """The page without what differs at every request."""
    return re.sub(r'name="(csrfmiddlewaretoken|digest)" value="[^"]*"|hx-headers=\S+ \S+', "", page)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"on": "2020-10-26"}, "请选择转入党支部，或填写其代码。"),
        ({"on": "2020-10-26", "code": "a", "to_branch": "second"}, "择一"),
        ({"on": "0001-01-01", "code": "a"}, "1900"),
        ({"on": "2020-10-26", "code": "a\0b"}, ""),
        ({"on": "2020-10-26", "to_branch": "9" * 40}, ""),
    ],
)
def test_senseless_input_is_refused_and_kept(data: dict[str, str], said: str, cast: Cast, sign_in: SignIn) -> None:
    if data.get("to_branch") == "second":
        data = data | {"to_branch": str(cast.second.pk)}
    url = reverse("branches:transfer_ask", args=[cast.people["first3"].pk])
    response = sign_in(cast.staff).post(url, data | {"reason": "工作调动"})
    assert response.status_code in (400, 422)
    if response.status_code == 422:
        assert said in response.content.decode()
        assert "工作调动" in response.content.decode()
    assert not Transfer.objects.exists()


def test_the_preview_says_what_ends_and_stores_nothing(cast: Cast, sign_in: SignIn) -> None:
    entries = AuditEntry.objects.count()
    client = sign_in(cast.staff)
    url = reverse("branches:transfer_ask", args=[cast.people["first1"].pk])
    page = client.post(url, {"to_branch": cast.second.pk, "on": "2020-11-01", "reason": "工作调动"}).content.decode()
    for words in ("第一党小组", "组织委员", "2020年10月31日", "第二党支部花名册", "工作调动"):
        assert words in page
    assert (Transfer.objects.count(), AuditEntry.objects.count()) == (0, entries)
    back = client.post(url, {"to_branch": cast.second.pk, "on": "2020-11-01", "reason": "工作调动", "step": "back"})
    assert "工作调动" in back.content.decode()
    assert Transfer.objects.count() == 0


def test_the_answer_is_the_same_whether_or_not_the_code_exists(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    url = reverse("branches:transfer_ask", args=[cast.people["first3"].pk])
    pages = {}
    for code in ("far", "faz"):
        data = {"code": code, "on": "2020-10-26"}
        preview = client.post(url, data).content.decode()
        listed = client.post(url, data | {"step": "confirm"}, follow=True).content.decode()
        number = Transfer.objects.get().pk
        assert "农业局" not in preview + listed
        pages[code] = [
            _bare(text).replace(f"/transfers/{number}/", "/N/").replace(code, "CODE") for text in (preview, listed)
        ]
        Transfer.objects.all().delete()
    assert pages["far"] == pages["faz"]


def test_a_code_out_of_reach_reaches_those_who_answer(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    url = reverse("branches:transfer_ask", args=[cast.people["first3"].pk])
    client.post(url, {"code": "far", "on": "2020-10-26", "step": "confirm"})
    page = sign_in(cast.stranger).get(reverse("branches:transfers", args=["far"])).content.decode()
    assert "刘洋" in page
    assert reverse("branches:person", args=[cast.people["first3"].pk]) not in page
    assert waiting_for(access_of(cast.stranger)).count() == 1
    assert waiting_for(access_of(cast.secretary)).count() == 0


def test_accepting_at_once_needs_the_right_at_the_new_branch(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("branches:transfer_ask", args=[cast.people["first3"].pk])
    data = {"code": "far", "on": "2020-10-26", "at_once": "on", "step": "confirm"}
    assert sign_in(cast.staff).post(url, data).status_code == 422
    data = data | {"to_branch": cast.second.pk, "code": ""}
    assert sign_in(cast.staff).post(url, data).status_code == 302
    assert Membership.objects.active_on(TODAY).get(person=cast.people["first3"]).branch == cast.second


def test_who_accepts_does_not_read_what_was_held_in_a_branch_out_of_reach(cast: Cast, sign_in: SignIn) -> None:
    transfer = _ask(cast, cast.people["first1"], cast.far)
    url = reverse("branches:transfer_accept", args=[transfer.pk])
    page = sign_in(cast.stranger).post(url, {"on": "2020-10-26"}).content.decode()
    assert "农业局第一党支部" in page
    assert "组织委员" not in page
    assert "第一党小组" not in page


def test_the_reason_of_a_refusal_is_read_by_the_asker(cast: Cast, sign_in: SignIn) -> None:
    transfer = _ask(cast, cast.people["first3"], cast.second, "第二党支部")
    url = reverse("branches:transfer_refuse", args=[transfer.pk])
    assert sign_in(cast.neighbour).post(url, {"reason": ""}).status_code == 422
    sign_in(cast.neighbour).post(url, {"reason": "党费未缴清"})
    assert "党费未缴清" in sign_in(cast.secretary).get(reverse("branches:transfers", args=["first"])).content.decode()


def test_a_member_elsewhere_comes_in_only_by_transfer(cast: Cast, sign_in: SignIn) -> None:
    Person.objects.filter(pk=cast.people["far1"].pk).update(identity_hash=blind_index(NUMBER))
    url = reverse("branches:transfer_in", args=["first"])
    response = sign_in(cast.secretary).post(url, NEWCOMER | {"name": "卫红", "identity_number": NUMBER})
    page = response.content.decode()
    assert response.status_code == 422
    assert "该党员组织关系在其他党组织，请先办理组织关系转接" in page
    assert "农业局" not in page
    assert NUMBER in page  # what was typed stays


@pytest.mark.parametrize(
    "data",
    [
        {"identity_number": "619901196206197087"},
        {"full_on": "2009-01-01"},
        {"joined_on": "2020-10-27"},
        {"valid_days": "91"},
        {"category": "probationary", "full_on": "2011-07-01"},
    ],
)
def test_what_contradicts_itself_is_refused(data: dict[str, str], cast: Cast, sign_in: SignIn) -> None:
    url = reverse("branches:transfer_in", args=["first"])
    assert sign_in(cast.secretary).post(url, NEWCOMER | data).status_code == 422


def test_what_contradicts_the_identity_number_is_said_before_it_is_overruled(cast: Cast, sign_in: SignIn) -> None:
    url, client = reverse("branches:transfer_in", args=["first"]), sign_in(cast.secretary)
    said = "性别和出生日期以身份证号为准"
    right = NEWCOMER | {"identity_number": NUMBER, "sex": "female"}
    assert said not in client.post(url, right).content.decode()
    for wrong in ({"sex": "male"}, {"birth_date": "1988-08-08"}):
        assert said in client.post(url, right | wrong).content.decode()


def test_a_letter_past_its_days_is_marked(cast: Cast, sign_in: SignIn) -> None:
    letter = Letter(number="介1", written_on=date(2020, 1, 1), valid_days=90, elsewhere="外市")
    send_out(person=cast.people["first3"], branch=cast.first, letter=letter, on=date(2020, 3, 1), by=cast.staff)
    page = sign_in(cast.secretary).get(reverse("branches:transfers", args=["first"])).content.decode()
    assert "已过有效期" in page


def test_a_taken_back_letter_is_undone_from_the_bar(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)
    url = reverse("branches:transfer_out", args=[cast.people["first3"].pk])
    page = client.post(url, LETTER | {"step": "confirm"}, follow=True).content.decode()
    undo = reverse("branches:transfer_take_back", args=[Transfer.objects.get().pk])
    assert undo in page
    client.post(undo)
    assert Membership.objects.get(person=cast.people["first3"]).ends_on is None


@pytest.mark.parametrize("more", [0, 30])
def test_the_list_takes_the_same_queries_however_many(
    more: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    letter = Letter(number="介1", written_on=TODAY, valid_days=90, elsewhere="外市")
    for number in range(3 + more):
        _ask(cast, enlist(f"甲{number}", cast.first), cast.second)
        _ask(cast, enlist(f"乙{number}", cast.first), None)
        send_out(person=enlist(f"丙{number}", cast.first), branch=cast.first, letter=letter, on=TODAY, by=cast.staff)
    client = sign_in(cast.staff)
    url = reverse("branches:transfers", args=["committee"])
    client.get(url)
    with django_assert_num_queries(14):
        client.get(url)


def test_what_waits_stands_on_the_first_page_of_who_answers(cast: Cast, sign_in: SignIn) -> None:
    _ask(cast, cast.people["first3"], cast.second, "第二党支部")
    address = reverse("activities:branch", args=["second"])
    assert "1 名党员待接收组织关系" in sign_in(cast.neighbour).get(address).content.decode()
    assert "待接收组织关系" not in sign_in(cast.auditor).get(address).content.decode()
    desk = reverse("activities:desk", args=["committee"])
    assert "1 名党员待接收组织关系" in sign_in(cast.staff).get(desk).content.decode()
    assert "待接收组织关系" not in sign_in(cast.auditor).get(desk).content.decode()


def test_what_changed_since_the_preview_is_read_again_before_it_is_done(cast: Cast, sign_in: SignIn) -> None:
    client, person = sign_in(cast.staff), cast.people["first3"]
    url = reverse("branches:transfer_out", args=[person.pk])
    read = LETTER | {"step": "confirm", "digest": client.post(url, LETTER).context["digest"]}
    Appointment.objects.create(person=person, organisation=cast.first, post="youth", starts_on=date(2020, 1, 1))
    stale = client.post(url, read)
    assert stale.context["is_stale"]
    assert "青年委员" in stale.content.decode()
    assert not Transfer.objects.exists()
    assert client.post(url, read | {"digest": stale.context["digest"]}).status_code == 302


def test_a_letter_is_not_answered_like_a_request(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    client.post(reverse("branches:transfer_in", args=["first"]), NEWCOMER | {"step": "confirm"})
    letter = Transfer.objects.get()
    for name in ("accept", "refuse", "revoke"):
        url = reverse(f"branches:transfer_{name}", args=[letter.pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"on": "2020-10-26", "reason": "不符"}).status_code == 404


def test_an_account_that_stays_is_named_before_its_holder_moves(cast: Cast, sign_in: SignIn) -> None:
    person = cast.people["first0"]
    User.objects.filter(pk=cast.secretary.pk).update(person=person)
    url = reverse("branches:transfer_ask", args=[person.pk])
    data = {"to_branch": cast.second.pk, "on": "2020-10-26"}
    assert "账号" in sign_in(cast.staff).post(url, data).content.decode().split("具体变化")[-1]


def test_who_can_choose_no_branch_is_asked_for_the_code_alone(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    url = reverse("branches:transfer_ask", args=[cast.people["first3"].pk])
    page = client.get(url).content.decode()
    label = page.partition('for="id_code"')[2].partition("</label>")[0]
    assert label
    assert "选填" not in label
    assert "to_branch" not in page
    assert "系统不核对" in page
    assert client.post(url, {"on": "2020-10-26"}).status_code == 422
    preview = client.post(url, {"on": "2020-10-26", "code": "faz"}).content.decode()
    assert "对方接收后，刘洋自2020年10月26日起列入" in preview


def test_neither_of_two_ways_to_name_the_branch_is_called_optional(cast: Cast, sign_in: SignIn) -> None:
    url = reverse("branches:transfer_ask", args=[cast.people["first3"].pk])
    page = sign_in(cast.staff).get(url).content.decode()
    for name in ("to_branch", "code"):
        label = page.partition(f'for="id_{name}"')[2].partition("</label>")[0]
        assert label
        assert "选填" not in label


def test_who_accepts_for_a_day_to_come_lands_on_the_list(cast: Cast, sign_in: SignIn) -> None:
    transfer = _ask(cast, cast.people["first3"], cast.far)
    url = reverse("branches:transfer_accept", args=[transfer.pk])
    client = sign_in(cast.stranger)
    answer = client.post(url, {"on": "2020-12-31", "step": "confirm"}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == reverse("branches:transfers", args=["far"])
    assert "12月31日起列入花名册" in answer.content.decode()
