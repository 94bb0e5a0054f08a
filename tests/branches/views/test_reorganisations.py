from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from activities.models import Activity
from branches.actions.organisations import found
from branches.models import Membership, Organisation, OrganisationName, RoleAssignment, Succession, User
from tests.activities.held import held
from tests.cast import START, TODAY, Cast, enlist

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ON = date(2020, 9, 1)
APPROVED = {"on": "2020-09-01", "document_number": "批〔2020〕9号"}


def _url(name: str, code: str) -> str:
    return reverse(f"branches:{name}", args=[code])


def _said(response: Any) -> str:
    return "\n".join(effect.text for effect in response.context["effects"])


def _confirm(client: Client, url: str, values: dict[str, Any], digest: str) -> Any:
    return client.post(url, values | {"step": "confirm", "digest": digest})


def test_nothing_is_stored_before_it_is_confirmed(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.admin).post(_url("organisation_merge", "second"), APPROVED | {"into": cast.first.pk})
    assert response.status_code == 200
    assert not Succession.objects.exists()
    assert Membership.objects.active_on(TODAY).filter(branch=cast.second).count() == 3


def test_the_preview_of_a_merger_names_people_posts_roles_and_sizes(cast: Cast, sign_in: SignIn) -> None:
    held(cast.second, "members_meeting", date(2020, 9, 9))
    response = sign_in(cast.admin).post(_url("organisation_merge", "second"), APPROVED | {"into": cast.first.pk})
    said = _said(response)
    for words in ("周敏", "吴强", "周敏（书记，第二党支部）", "第一党支部", "2020年8月31日", "10"):
        assert words in said
    assert "褚天明" not in said
    assert [effect.is_warning for effect in response.context["effects"]].count(True) >= 2


def test_a_confirmed_merger_is_the_one_that_was_read(cast: Cast, sign_in: SignIn) -> None:
    client, url, values = sign_in(cast.admin), _url("organisation_merge", "second"), APPROVED | {"into": cast.first.pk}
    digest = client.post(url, values).context["digest"]
    enlist("新来的", cast.second)
    stale = _confirm(client, url, values, digest)
    assert stale.status_code == 200
    assert "在此期间情况有变化" in stale.content.decode()
    assert "新来的" in _said(stale)
    assert not Succession.objects.exists()
    assert _confirm(client, url, values, stale.context["digest"]).status_code == 302
    assert Membership.objects.active_on(TODAY).filter(branch=cast.first).count() == 11
    assert Organisation.objects.get(pk=cast.second.pk).ended_on == date(2020, 8, 31)


def test_a_merger_may_found_the_branch_it_goes_into(cast: Cast, sign_in: SignIn) -> None:
    values = APPROVED | {
        "others": [cast.retired.pk], "name": "中共联合支部委员会", "short_name": "联合党支部", "code": "joint",
        "is_joint": "on",
    }  # fmt: skip
    client, url = sign_in(cast.admin), _url("organisation_merge", "second")
    assert _confirm(client, url, values, client.post(url, values).context["digest"]).status_code == 302
    joint = Organisation.objects.get(code="joint")
    assert joint.is_joint
    assert Membership.objects.active_on(ON).filter(branch=joint).count() == 5
    page = client.get(_url("organisation", "joint")).content.decode()
    assert _url("organisation", "second") in page
    assert "批〔2020〕9号" in page


def test_a_merger_out_of_reach_is_refused(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.admin).post(_url("organisation_merge", "second"), APPROVED | {"into": cast.far.pk})
    assert response.status_code == 422
    assert "农业局" not in response.content.decode()


def test_going_back_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    values = APPROVED | {"into": cast.first.pk, "others": [cast.retired.pk], "step": "back"}
    page = sign_in(cast.admin).post(_url("organisation_merge", "second"), values).content.decode()
    assert "批〔2020〕9号" in page
    assert f'value="{cast.first.pk}" selected' in page


def test_a_day_to_come_is_refused_in_words(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    for name, values in (
        ("organisation_move", {"parent": cast.organ.pk}),
        ("organisation_rename", {"name": "新名", "short_name": "新名"}),
        ("organisation_merge", {"into": cast.second.pk}),
        ("organisation_split", {"people": [cast.people["first4"].pk], "name": "某", "short_name": "某", "code": "x"}),
    ):
        response = client.post(_url(name, "first"), values | {"on": "2020-10-27", "document_number": "批"})
        assert response.status_code == 422
        assert "生效日期最晚为" in response.content.decode()


def test_moving_tells_who_no_longer_sees_it_and_who_reviews(cast: Cast, sign_in: SignIn) -> None:
    other = found(
        code="other", kind=Organisation.Kind.COMMITTEE, name="另一党委", short_name="另一党委", parent=cast.city,
        on=START, by=None,
    )  # fmt: skip
    someone = User.objects.create_user(username="zhou", password="x", name="周干事", must_change_password=False)
    RoleAssignment.objects.create(user=someone, role="staff", organisation=other, starts_on=START)
    held(cast.first, "members_meeting", date(2020, 9, 9), state=Activity.State.SUBMITTED)
    values = {"parent": other.pk, "on": "2020-10-26"}
    said = _said(sign_in(cast.admin).post(_url("organisation_move", "first"), values))
    assert "不能再看到" in said
    assert "auditor（" in said
    assert "周干事（" in said
    assert "city_staff" not in said
    assert "1 份待审核记录" in said


def test_a_split_takes_whole_groups_along(cast: Cast, sign_in: SignIn) -> None:
    values = APPROVED | {
        "people": [cast.people["first0"].pk], "groups": [cast.group_two.pk], "name": "中共第四支部委员会",
        "short_name": "第四党支部", "code": "fourth",
    }  # fmt: skip
    client, url = sign_in(cast.admin), _url("organisation_split", "first")
    preview = client.post(url, values)
    assert "4 名党员" in _said(preview)
    assert "王建国（书记，第一党支部）" in _said(preview)
    assert "整组转入第四党支部的党小组：第二党小组" in _said(preview)
    assert _confirm(client, url, values, preview.context["digest"]).status_code == 302
    fourth = Organisation.objects.get(code="fourth")
    assert Membership.objects.active_on(TODAY).filter(branch=fourth).count() == 4
    assert [(group.name, group.members.count()) for group in fourth.groups.all()] == [("第二党小组", 3)]


def test_revoking_a_branch_with_members_offers_a_merger(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.admin).get(_url("organisation_revoke", "second")).content.decode()
    assert _url("organisation_merge", "second") in page


def test_renaming_twice_backwards_is_refused(cast: Cast, sign_in: SignIn) -> None:
    OrganisationName.objects.create(organisation=cast.first, name="新", short_name="新", starts_on=date(2020, 10, 1))
    values = {"name": "旧", "short_name": "旧", "on": "2020-09-01"}
    assert sign_in(cast.admin).post(_url("organisation_rename", "first"), values).status_code == 422


@pytest.mark.parametrize("members", [0, 40])
def test_the_preview_takes_the_same_queries_however_many(
    members: int, cast: Cast, sign_in: SignIn, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for _number in range(members):
        enlist("某某", cast.second)
    client, url = sign_in(cast.admin), _url("organisation_merge", "second")
    values = APPROVED | {"into": cast.first.pk}
    client.post(url, values)
    with django_assert_num_queries(62 + (connection.vendor == "postgresql")):  # its lock of the tree is a query
        client.post(url, values)


def test_a_name_that_is_no_other_is_refused(cast: Cast, sign_in: SignIn) -> None:
    names = {"name": cast.second.name, "short_name": cast.second.short_name}
    response = sign_in(cast.admin).post(_url("organisation_rename", "second"), APPROVED | names)
    assert response.context["form"].errors["name"] == ["与现用名称相同，请填写新名称。"]
