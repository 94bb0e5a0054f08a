from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from branches.actions.organisations import found
from branches.models import Appointment, Organisation, Post, Term, User
from tests.cast import START, TODAY, Cast, enlist

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def _url(name: str, *args: object) -> str:
    return reverse(f"branches:{name}", args=args)


def test_the_tree_shows_ancestors_as_words_and_hides_the_neighbours(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.secretary).get(_url("organisations")).content.decode()
    assert "水利局机关党委" in page
    assert _url("organisation", "committee") not in page
    assert _url("organisation", "first") in page
    assert "第二党支部" not in page
    assert "远山市农业局" not in page


@pytest.mark.parametrize("branches", [1, 25])
def test_the_tree_takes_the_same_queries_however_many(
    branches: int, cast: Cast, sign_in: SignIn, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for number in range(branches):
        branch = found(
            code=f"b{number}", kind=Organisation.Kind.BRANCH, name="党支部", short_name="党支部",
            parent=cast.committee, on=START, by=None,
        )  # fmt: skip
        enlist("某某", branch)
    client = sign_in(cast.staff)
    client.get(_url("organisations"))
    with django_assert_num_queries(13):
        client.get(_url("organisations"))


def test_founding_with_a_taken_code_says_so_and_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    values = {"kind": "branch", "name": "中共某支部委员会", "short_name": "某支部", "code": "first", "on": "2020-10-26"}
    response = sign_in(cast.admin).post(_url("organisation_found", "committee"), values)
    page = response.content.decode()
    assert response.status_code == 422
    assert "代码“first”已被使用" in page
    assert "中共某支部委员会" in page


def test_founding_a_branch(cast: Cast, sign_in: SignIn) -> None:
    values = {"kind": "branch", "name": "中共某支部委员会", "short_name": "某支部", "code": "third", "on": "2020-10-26"}
    response = sign_in(cast.admin).post(_url("organisation_found", "committee"), values, follow=True)
    assert "某支部" in response.content.decode()
    assert Organisation.objects.get(code="third").parent.code == "committee"


def test_a_branch_cannot_be_moved_out_of_reach(cast: Cast, sign_in: SignIn) -> None:
    values = {"parent": cast.far_committee.pk, "on": "2020-10-26"}
    response = sign_in(cast.admin).post(_url("organisation_move", "first"), values)
    assert response.status_code == 422
    assert Organisation.objects.get(code="first").parent_id == cast.committee.pk


def test_revoking_a_branch_with_members_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    values = {"on": "2020-10-26", "document_number": "批〔2020〕9号"}
    response = sign_in(cast.admin).post(_url("organisation_revoke", "first"), values)
    assert "请先办理转接" in response.content.decode()


def test_appointing_a_new_secretary_relieves_the_old_one(cast: Cast, sign_in: SignIn) -> None:
    values = {"person": cast.people["first3"].pk, "post": Post.SECRETARY, "on": "2020-10-26"}
    sign_in(cast.staff).post(_url("appoint", "first"), values)
    holders = Appointment.objects.active_on(TODAY).filter(organisation=cast.first, post=Post.SECRETARY)
    assert [holder.person.name for holder in holders] == ["刘洋"]


def test_a_post_cannot_go_to_a_member_out_of_reach(cast: Cast, sign_in: SignIn) -> None:
    values = {"person": cast.people["far0"].pk, "post": Post.SECRETARY, "on": "2020-10-26"}
    assert sign_in(cast.staff).post(_url("appoint", "first"), values).status_code == 422


def test_a_post_cannot_end_before_it_began(cast: Cast, sign_in: SignIn) -> None:
    post = Appointment.objects.get(organisation=cast.first, post=Post.SECRETARY)
    response = sign_in(cast.staff).post(_url("relieve", "first", post.pk), {"on": "2017-01-01"})
    assert "结束日期不能更早" in response.content.decode()
    post.refresh_from_db()
    assert post.ends_on is None


def test_a_new_term_ends_the_old_one(cast: Cast, sign_in: SignIn) -> None:
    values = {"on": "2020-10-26", "expires_on": "2023-10-25", "has_committee": "on"}
    sign_in(cast.staff).post(_url("organisation_term", "second"), values)
    term = Term.objects.active_on(TODAY).get(organisation=cast.second)
    assert (term.number, term.has_committee) == (2, True)


def test_a_group_name_is_given_once(cast: Cast, sign_in: SignIn) -> None:
    values = {"name": "第一党小组", "on": "2020-10-26"}
    response = sign_in(cast.staff).post(_url("organisation_group", "first"), values)
    assert "已有同名党小组" in response.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar_are_refused(cast: Cast, sign_in: SignIn, day: str) -> None:
    client = sign_in(cast.admin)
    data = {"on": day, "document_number": "批〔2020〕1号", "person": cast.people["retired1"].pk, "post": Post.SECRETARY}
    for name in ("organisation_revoke", "appoint", "organisation_move", "organisation_term"):
        response = client.post(_url(name, "retired"), data | {"expires_on": "2023-01-01", "parent": cast.organ.pk})
        assert response.status_code == 422
        assert "1900" in response.content.decode()


def test_a_branch_is_chosen_beforehand_where_one_may_stand(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    for code in ("city", "committee"):
        kind = client.get(_url("organisation_found", code)).context["form"]["kind"]
        offered = [value for value, _label in kind.field.choices]
        assert (kind.value() == "branch") == ("branch" in offered)
        assert offered[0] == ""
