from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from branches.actions.organisations import found, move, rename, revoke
from branches.models import Appointment, Membership, OfficeAssignment, Organisation, PartyGroup, Post, Term, User
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
            code=f"b{number}", kind=Organisation.Kind.BRANCH, name=f"党支部{number}", short_name=f"党支部{number}",
            parent=cast.committee, on=START, by=None,
        )  # fmt: skip
        enlist("某某", branch)
    client = sign_in(cast.staff)
    client.get(_url("organisations"))
    with django_assert_num_queries(15):
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
    client, url = sign_in(cast.admin), _url("organisation_found", "committee")
    preview = client.post(url, values)
    assert not Organisation.objects.filter(code="third").exists()
    confirmed = values | {"step": "confirm", "digest": preview.context["digest"]}
    assert "某支部" in client.post(url, confirmed, follow=True).content.decode()
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
    assert "请选择更晚的结束日期" in response.content.decode()
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


def _busy_year(cast: Cast) -> None:
    """On 1 July the first branch is renamed and goes to the city, the retired one ends, and a new one is founded."""
    july = date(2020, 7, 1)
    rename(organisation=cast.first, name="中共机关一支部", short_name="机关一支部", on=july, by=None)
    move(organisation=cast.first, parent=cast.city, on=july, by=None)
    Membership.objects.filter(branch=cast.retired).update(ends_on=date(2020, 6, 30))
    revoke(organisation=cast.retired, on=date(2020, 6, 30), by=None, document_number="批〔2020〕2号")
    founded = {"code": "third", "name": "第三党支部", "short_name": "第三党支部", "parent": cast.committee}
    found(kind=Organisation.Kind.BRANCH, on=july, by=None, **founded)
    Appointment.objects.filter(organisation=cast.first, post=Post.SECRETARY).update(ends_on=date(2020, 6, 30))


def _rows(client: Client, on: str = "") -> dict[str, tuple[int, bool, str, int | None]]:
    rows = client.get(_url("organisations"), {"on": on} if on else {}).context["rows"]
    return {row.organisation.short_name: (row.depth, row.in_reach, row.secretary, row.members) for row in rows}


@pytest.mark.parametrize("day", ["x", "2020-02-30", "9999-12-31", "0001-01-01"])
def test_a_senseless_day_shows_today(cast: Cast, sign_in: SignIn, day: str) -> None:
    client = sign_in(cast.admin)
    for url in (_url("organisations"), _url("organisation", "first")):
        response = client.get(url, {"on": day})
        assert response.status_code == 200
        assert response.context["day"] == TODAY


def test_what_is_out_of_reach_today_stays_out_on_every_day(cast: Cast, sign_in: SignIn) -> None:
    _busy_year(cast)
    before = _rows(sign_in(cast.staff), "2020-06-30")
    assert "第一党支部" not in before  # the committee's staff no longer reach the branch that went to the city
    assert before["水利局机关党委"] == (2, True, "", 5)
    page = sign_in(cast.staff).get(_url("organisation", "committee"), {"on": "2020-06-30"}).content.decode()
    assert "第一党支部" not in page
    assert sign_in(cast.staff).get(_url("organisation", "first"), {"on": "2020-06-30"}).status_code == 404


def test_the_tree_of_a_day_before_and_after_a_busy_night(cast: Cast, sign_in: SignIn) -> None:
    _busy_year(cast)
    client = sign_in(cast.admin)
    before, after = _rows(client, "2020-06-30"), _rows(client, "2020-07-01")
    assert list(before) == [
        "市直机关工委", "青岭市水利局", "水利局机关党委", "第二党支部", "离退休干部党支部", "第一党支部",
    ]  # fmt: skip
    assert before["第一党支部"] == (3, True, "王建国", 7)
    assert before["水利局机关党委"] == (2, True, "", 12)
    assert list(after) == [
        "市直机关工委", "青岭市水利局", "水利局机关党委", "第二党支部", "第三党支部", "机关一支部",
    ]  # fmt: skip
    assert after["机关一支部"] == (1, True, "", 7)
    assert after["水利局机关党委"] == (2, True, "", 3)


def test_before_anything_was_founded_nothing_is_there(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.admin).get(_url("organisations"), {"on": "2017-12-31"})
    assert response.context["rows"] == []
    assert "您管辖范围内还没有组织" in response.content.decode()


def test_the_one_above_on_a_day_is_named_but_not_opened(cast: Cast, sign_in: SignIn) -> None:
    _busy_year(cast)
    page = sign_in(cast.secretary).get(_url("organisations"), {"on": "2020-06-30"}).content.decode()
    assert "水利局机关党委" in page
    assert _url("organisation", "committee") not in page
    assert f"{_url('organisation', 'first')}?on=2020-06-30" in page


def test_an_organisation_on_a_day_before_a_busy_night(cast: Cast, sign_in: SignIn) -> None:
    _busy_year(cast)
    response = sign_in(cast.admin).get(_url("organisation", "first"), {"on": "2020-06-30"})
    page = response.content.decode()
    assert (response.context["organisation"].short_name, str(response.context["above"])) == (
        "第一党支部",
        "水利局机关党委",
    )
    assert [post.get_post_display() for post in response.context["posts"]][:1] == ["书记"]
    assert "回到今天" in page
    for act in ("organisation_rename", "organisation_move", "organisation_revoke", "appoint", "organisation_term"):
        assert _url(act, "first") not in page


def test_an_organisation_on_a_day_after_a_busy_night(cast: Cast, sign_in: SignIn) -> None:
    _busy_year(cast)
    response = sign_in(cast.admin).get(_url("organisation", "first"))
    assert (str(response.context["organisation"]), str(response.context["above"])) == ("机关一支部", "市直机关工委")
    assert Post.SECRETARY not in [post.post for post in response.context["posts"]]
    assert "回到今天" not in response.content.decode()
    assert _url("appoint", "first") in response.content.decode()


def test_an_organisation_outside_its_days_says_so(cast: Cast, sign_in: SignIn) -> None:
    _busy_year(cast)
    client = sign_in(cast.admin)
    assert "这一天该组织不存在" in client.get(_url("organisation", "third"), {"on": "2020-06-30"}).content.decode()
    assert "这一天该组织不存在" in client.get(_url("organisation", "retired"), {"on": "2020-07-01"}).content.decode()
    assert "这一天该组织不存在" not in client.get(_url("organisation", "retired")).content.decode()


def test_groups_and_offices_are_those_of_the_day(cast: Cast, sign_in: SignIn) -> None:
    PartyGroup.objects.filter(pk=cast.group_two.pk).update(ends_on=date(2020, 6, 30))
    OfficeAssignment.objects.filter(branch=cast.first).update(ends_on=date(2020, 6, 30))
    client = sign_in(cast.staff)
    for on, groups, offices in (("2020-06-30", 2, ["办公室"]), ("2020-07-01", 1, [])):
        context = client.get(_url("organisation", "first"), {"on": on}).context
        assert (len(context["groups"]), context["offices"]) == (groups, offices)


@pytest.mark.parametrize("branches", [1, 25])
def test_an_organisation_of_a_day_takes_the_same_queries_however_many(
    branches: int, cast: Cast, sign_in: SignIn, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for number in range(branches):
        branch = found(
            code=f"b{number}", kind=Organisation.Kind.BRANCH, name=f"党支部{number}", short_name=f"党支部{number}",
            parent=cast.committee, on=START, by=None,
        )  # fmt: skip
        enlist("某某", branch)
    client = sign_in(cast.staff)
    for url, number in ((_url("organisations"), 15), (_url("organisation", "committee"), 22)):
        client.get(url)
        with django_assert_num_queries(number):
            client.get(url, {"on": "2020-06-30"})


def test_a_branch_is_chosen_beforehand_where_one_may_stand(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    for code in ("city", "committee"):
        kind = client.get(_url("organisation_found", code)).context["form"]["kind"]
        offered = [value for value, _label in kind.field.choices]
        assert (kind.value() == "branch") == ("branch" in offered)
        assert offered[0] == ""
