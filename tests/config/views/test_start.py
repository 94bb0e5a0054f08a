"""From an empty database to a system at work, as its first administrator goes through it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from activities.queries.start import steps
from branches.models import Organisation, Role, RoleAssignment, User
from foundation.models import AuditEntry
from tests.cast import Cast, enlist

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
TOP = {"kind": "organ", "name": "青岭市水利局", "short_name": "水利局", "code": "QLSL", "on": "2010-01-01"}
OWN = "Kunlun-Songbai-2020"


@pytest.fixture
def first(client: Client, defaults: None) -> Client:
    """The first administrator, signed in for the first time and with a password of their own."""
    output = io.StringIO()
    call_command("create_administrator", "admin", "系统管理员", stdout=output)
    line = output.getvalue().splitlines()[0]
    password = line.rsplit(maxsplit=1)[-1].rpartition("：")[2]
    client.post(reverse("branches:login"), {"username": "admin", "password": password})
    answer = client.post(
        reverse("branches:password_change"),
        {"old_password": password, "new_password1": OWN, "new_password2": OWN},
    )
    assert answer.status_code == 302
    return client


def done_of(client: Client) -> dict[str, bool]:
    return {step.key: step.is_done for step in client.get(reverse("start")).context["steps"]}


def several(client: Client, **changes: str) -> object:
    top = Organisation.objects.get(parent=None)
    data = {"parent": str(top.pk), "kind": "branch", "lines": "第一党支部，QLSL-1\n第二党支部", "on": "2010-01-01"}
    return client.post(reverse("start_branches"), data | changes)


def test_the_whole_way(first: Client) -> None:
    assert first.get("/").headers["Location"] == reverse("start")
    assert done_of(first) == dict.fromkeys(("organisation", "branches", "people", "accounts", "duties"), False)
    assert first.post(reverse("start_organisation"), TOP).headers["Location"] == reverse("start")
    top = Organisation.objects.get()
    assert (top.code, top.short_name, top.parent) == ("QLSL", "水利局", None)
    assert RoleAssignment.objects.get().role == Role.ADMINISTRATOR
    assert first.get("/").headers["Location"] == reverse("start")
    assert several(first).status_code == 302  # type: ignore[attr-defined]
    assert list(Organisation.objects.branches().order_by("lft").values_list("short_name", "code")) == [
        ("第一党支部", "QLSL-1"),
        ("第二党支部", "QLSL-01"),
    ]
    enlist("王建国", Organisation.objects.get(code="QLSL-1"))
    first.post(
        reverse("branches:account_new", args=["QLSL"]),
        {"name": "李秀英", "username": "lxy", "role": "staff", "organisation": "QLSL"},
    )
    assert done_of(first)["accounts"]
    assert first.get("/").headers["Location"] == reverse("activities:desk", args=["QLSL"])
    assert reverse("start") in first.get(reverse("activities:desk", args=["QLSL"])).content.decode()
    first.post(reverse("start_duties"))
    assert AuditEntry.objects.filter(verb="duty_rule.confirm", organisation_id=top.pk).count() == 1
    assert first.get(reverse("start")).headers["Location"] == "/"
    assert reverse("start") not in first.get(reverse("activities:desk", args=["QLSL"])).content.decode()


def test_who_signs_in_to_an_empty_system_is_sent_to_its_setting_up(first: Client) -> None:
    page = first.get("/", follow=True).content.decode()
    assert "第一个党组织" in page
    assert reverse("start_organisation") in page
    assert reverse("start_branches") not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "branch"},
        {"kind": "rubbish"},
        {"name": ""},
        {"code": "不是代码"},
        {"code": "x" * 41},
        {"name": "长" * 61, "short_name": ""},
        {"on": "2020-10-27"},
        {"on": "1899-12-31"},
        {"on": "rubbish"},
    ],
)
def test_a_wrong_first_organisation_founds_nothing(first: Client, wrong: dict[str, str]) -> None:
    response = first.post(reverse("start_organisation"), TOP | wrong)
    assert response.status_code == 422
    assert not Organisation.objects.exists()
    assert not RoleAssignment.objects.exists()


def test_the_first_organisation_is_founded_once(first: Client) -> None:
    first.post(reverse("start_organisation"), TOP)
    assert first.post(reverse("start_organisation"), TOP | {"code": "OTHER"}).status_code == 404
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"lines": " \n"}, "请至少写一个名称"),
        ({"lines": "第一党支部，不是代码"}, "第 1 行：代码由"),
        ({"lines": "第一党支部\n第一党支部"}, "第 2 行：名称或代码"),
        ({"lines": "第一党支部,A1\n第二党支部,a1"}, "第 2 行：名称或代码"),
        ({"lines": "第一党支部,qlsl"}, "第 1 行：代码“qlsl”"),
        ({"lines": "长" * 61}, "第 1 行：名称超过"),
        ({"lines": "，A1"}, "第 1 行：请在逗号前"),
        ({"lines": "\n".join(f"第{number}支部" for number in range(201))}, "第 201 行：一次最多"),
        ({"on": "2009-12-31"}, "第 1 行："),
        ({"on": "2020-10-27"}, "还没有到"),
        ({"parent": "0"}, "parent"),
        ({"kind": "work_committee"}, "kind"),
    ],
)
def test_of_wrong_lines_none_is_founded_and_nothing_typed_is_lost(
    first: Client, wrong: dict[str, str], said: str
) -> None:
    first.post(reverse("start_organisation"), TOP)
    response = several(first, **({"lines": "第三党支部"} | wrong))
    assert response.status_code == 422  # type: ignore[attr-defined]
    page = response.content.decode()  # type: ignore[attr-defined]
    assert said in page
    assert Organisation.objects.count() == 1
    if "lines" not in wrong:
        assert "第三党支部" in page


def test_once_there_is_an_organisation_an_account_needs_one(cast: Cast) -> None:
    with pytest.raises(CommandError, match="代码"):
        call_command("create_administrator", "second", "某")
    assert not User.objects.filter(username="second").exists()


def test_a_role_less_account_gets_nothing_once_the_system_is_set_up(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.nobody)
    assert "联系本单位管理员" in client.get("/").content.decode()
    assert client.post(reverse("start_organisation"), TOP).status_code == 404


def test_the_steps_are_read_from_what_is_there(cast: Cast) -> None:
    assert {step.key: step.is_done for step in steps(cast.city)} == {
        "organisation": True, "branches": True, "people": True, "accounts": True, "duties": False,
    }  # fmt: skip
    assert {step.key: step.can_begin for step in steps(None)}["people"] is False


def test_lines_sent_twice_found_once(first: Client) -> None:
    first.post(reverse("start_organisation"), TOP)
    assert several(first, lines="第一党支部\n第二党支部").status_code == 302  # type: ignore[attr-defined]
    again = several(first, lines="第一党支部\n第二党支部")
    assert again.status_code == 422  # type: ignore[attr-defined]
    assert "第 1 行：" in again.content.decode()  # type: ignore[attr-defined]
    assert Organisation.objects.branches().count() == 2


def test_what_is_required_is_confirmed_once(first: Client) -> None:
    first.post(reverse("start_organisation"), TOP)
    for _twice in range(2):
        first.post(reverse("start_duties"))
    assert AuditEntry.objects.filter(verb="duty_rule.confirm").count() == 1


def test_of_two_first_administrators_the_second_is_told_and_gets_no_role(first: Client) -> None:
    call_command("create_administrator", "admin2", "另一管理员", stdout=io.StringIO())
    User.objects.filter(username="admin2").update(must_change_password=False)
    other = Client()
    other.force_login(User.objects.get(username="admin2"), backend="django.contrib.auth.backends.ModelBackend")
    assert other.get("/").headers["Location"] == reverse("start")
    first.post(reverse("start_organisation"), TOP)
    assert other.get(reverse("start")).status_code == 404
    assert other.post(reverse("start_organisation"), TOP | {"code": "OTHER"}).status_code == 404
    assert "联系本单位管理员" in other.get("/").content.decode()
    assert RoleAssignment.objects.count() == 1


@pytest.mark.parametrize(
    "page", ["activities:list", "activities:results", "activities:findings", "activities:work_lists", "branches:roster"]
)
def test_no_heading_of_an_empty_page_skips_a_level(first: Client, page: str) -> None:
    first.post(reverse("start_organisation"), TOP)
    text = first.get(reverse(page, args=["QLSL"])).content.decode()
    main = text[text.index("<main") :]
    assert 'class="empty"' in main
    assert "<h3" not in main or "<h2" in main[: main.index("<h3")]
