from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from activities.models import Activity
from branches.models import Role, RoleAssignment, User
from tests.cast import START, Cast

SignIn = Callable[[User], Client]


def menu(response) -> dict[str, list[str]]:  # type: ignore[no-untyped-def]
    return {group.label: [entry.label for entry in group.entries] for group in response.context["navigation"]}


def current(response) -> list[str]:  # type: ignore[no-untyped-def]
    return [entry.label for group in response.context["navigation"] for entry in group.entries if entry.current]


def test_error_pages_stand_without_a_user_and_with_one(cast: Cast, client: Client, sign_in: SignIn) -> None:
    assert client.get("/no/such/page").status_code == 404
    page = sign_in(cast.secretary).get("/no/such/page")
    assert page.status_code == 404
    assert "我的支部" in page.content.decode()


def test_nobody_has_an_empty_menu(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.nobody).get("/")
    assert menu(page) == {}
    assert not page.context["current_organisation"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (
            "secretary",
            {
                "工作": ["我的支部", "活动记录", "成果", "联系督查", "年度考核"],
                "党组织与党员": ["组织架构", "党员"],
                "管理": ["应开展要求", "操作留痕"],
            },
        ),
        (
            "staff",
            {
                "工作": ["工作台", "待审核", "活动记录", "成果", "联系督查", "年度考核"],
                "党组织与党员": ["组织架构", "党员"],
                "管理": ["应开展要求", "操作留痕"],
            },
        ),
        (
            "admin",
            {
                "工作": ["工作台", "活动记录", "成果", "联系督查", "年度考核"],
                "党组织与党员": ["组织架构", "党员"],
                "管理": ["应开展要求", "账号与权限", "操作留痕", "代码表"],
            },
        ),
        (
            "auditor",
            {
                "工作": ["工作台", "活动记录", "成果", "联系督查", "年度考核"],
                "党组织与党员": ["组织架构", "党员"],
                "管理": ["应开展要求", "操作留痕"],
            },
        ),
        (
            "contact",
            {
                "工作": ["党支部", "活动记录", "成果", "联系督查", "年度考核"],
                "党组织与党员": ["组织架构", "党员"],
                "管理": ["应开展要求"],
            },
        ),
    ],
)
def test_everybody_has_their_menu(cast: Cast, sign_in: SignIn, name: str, wanted: dict[str, list[str]]) -> None:
    assert menu(sign_in(cast.users[name]).get(reverse("search"))) == wanted


def test_nobody_has_more_than_twelve_entries(cast: Cast, sign_in: SignIn) -> None:
    for role in Role.values:
        RoleAssignment.objects.get_or_create(
            user=cast.admin, role=role, organisation=cast.city, defaults={"starts_on": START}
        )
    assert sum(len(entries) for entries in menu(sign_in(cast.admin).get(reverse("search"))).values()) <= 12


@pytest.mark.parametrize(
    ("name", "args", "wanted"),
    [
        ("branches:organisations", [], "组织架构"),
        ("branches:organisation", ["first"], "组织架构"),
        ("branches:roster", ["first"], "党员"),
        ("branches:batch_upload", ["committee", "members"], "党员"),
        ("branches:member_new", ["first"], "党员"),
        ("branches:trail", ["first"], "操作留痕"),
        ("branches:account_new", ["first"], "账号与权限"),
        ("activities:branch", ["first"], "党支部"),
        ("activities:list", ["first"], "活动记录"),
        ("activities:results", ["first"], "成果"),
    ],
)
def test_the_entry_of_the_page_is_marked(cast: Cast, sign_in: SignIn, name: str, args: list[str], wanted: str) -> None:
    assert current(sign_in(cast.admin).get(reverse(name, args=args))) == [wanted]


def test_breadcrumbs_name_ancestors_out_of_reach_without_a_link(cast: Cast, sign_in: SignIn) -> None:
    crumbs = sign_in(cast.staff).get(reverse("branches:trail", args=["first"])).context["breadcrumbs_organisations"]
    assert [(name, bool(url)) for name, url in crumbs] == [
        ("市直机关工委", False),
        ("青岭市水利局", False),
        ("水利局机关党委", True),
        ("第一党支部", True),
    ]


def test_pages_of_no_organisation_have_the_menu_of_where_the_user_works(cast: Cast, sign_in: SignIn) -> None:
    RoleAssignment.objects.create(user=cast.staff, role=Role.SECRETARY, organisation=cast.first, starts_on=START)
    client = sign_in(cast.staff)
    client.get(reverse("branches:organisation", args=["second"]))
    for name in ("search", "activities:review", "branches:organisations"):
        page = client.get(reverse(name))
        assert page.context["current_organisation"] == cast.committee
        assert menu(page)["工作"][0] == "工作台"


def test_what_waits_is_counted_for_those_it_waits_for(cast: Cast, sign_in: SignIn) -> None:
    for state in (Activity.State.SUBMITTED, Activity.State.RETURNED, Activity.State.ACCEPTED):
        Activity.objects.create(
            organisation=cast.first, title="学习", held_on=date(2020, 10, 9), entered_on=date(2020, 10, 9),
            entered_by=cast.recorder, state=state,
        )  # fmt: skip
    waiting = {}
    for name in ("staff", "secretary", "neighbour", "auditor"):
        reminders = sign_in(cast.users[name]).get(reverse("search")).context["reminders"]
        waiting[name] = (reminders["count"], reminders["url"])
    assert waiting == {
        "staff": (1, reverse("activities:review")),
        "secretary": (1, reverse("activities:branch", args=["first"])),
        "neighbour": (0, ""),
        "auditor": (0, ""),
    }


def test_the_demo_says_that_it_is_one(cast: Cast, client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    url = reverse("branches:login")
    assert "演示系统" not in client.get(url).content.decode()
    settings.DEMO = True
    assert "业务日期为2020年10月26日" in client.get(url).content.decode()
