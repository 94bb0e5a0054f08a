from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activities.models import Result, ResultFile
from branches.models import User
from tests.activities.results import DAY, evidence, honour, pdf, written
from tests.cast import TODAY, Cast, enlist

SignIn = Callable[[User], Client]


def values(**changes: Any) -> dict[str, Any]:
    return {
        "title": "先进基层党组织", "person": "", "achieved_on": "2020-06-29", "year": 2020, "level": "city",
        "source": "市直机关工委", "description": "", "version": "", "entry_key": "",
    } | changes  # fmt: skip


def url(name: str, *args: object, kind: str = "") -> str:
    return reverse(f"activities:{name}", args=args) + (f"?kind={kind}" if kind else "")


@pytest.mark.parametrize(
    "bad",
    [
        {"title": ""}, {"title": "字" * 121}, {"achieved_on": ""}, {"achieved_on": "2020-02-30"},
        {"achieved_on": "2020-10-27"}, {"year": ""}, {"year": 2021}, {"year": "x"}, {"level": ""},
        {"level": "galactic"}, {"source": ""}, {"description": "字" * 501}, {"person": 0}, {"person": "x"},
        {"entry_key": "x"},
    ],
)  # fmt: skip
def test_a_wrong_value_is_shown_again_and_nothing_is_written(cast: Cast, sign_in: SignIn, bad: dict[str, Any]) -> None:
    assert sign_in(cast.recorder).post(url("result_new", "first", kind="honour"), values(**bad)).status_code == 422
    assert not Result.objects.exists()


def test_what_a_kind_does_not_ask_for_is_not_taken(cast: Cast, sign_in: SignIn) -> None:
    sent = values(year=2018, person=cast.people["first0"].pk)
    assert sign_in(cast.recorder).post(url("result_new", "first", kind="brand"), sent).status_code == 302
    brand = Result.objects.get()
    assert (brand.source, brand.level, brand.person, brand.year) == ("", "", None, 2020)


@pytest.mark.parametrize("kind", ["", "medal", "brand"])
def test_a_kind_the_organisation_cannot_enter_leads_to_the_choice(cast: Cast, sign_in: SignIn, kind: str) -> None:
    response = sign_in(cast.staff).post(url("result_new", "committee", kind=kind), values())
    assert response.templates[0].name == "activities/result_kinds.html"
    assert "?kind=brand" not in response.content.decode()
    assert not Result.objects.exists()


def test_the_choice_names_the_brand_that_stands(cast: Cast, sign_in: SignIn) -> None:
    written(cast)
    text = sign_in(cast.recorder).get(url("result_new", "first")).content.decode()
    assert "红色讲台" in text
    assert "?kind=brand" not in text
    answer = sign_in(cast.recorder).post(url("result_new", "first", kind="brand"), values(title="又一个"))
    assert answer.status_code == 422
    assert "红色讲台" in answer.content.decode()


def test_a_file_that_is_refused_is_named(cast: Cast, sign_in: SignIn) -> None:
    sent = values(evidence=[pdf(), SimpleUploadedFile("木马.exe", b"MZ\x90")])
    answer = sign_in(cast.recorder).post(url("result_new", "first", kind="honour"), sent)
    assert answer.status_code == 422
    assert "木马.exe" in answer.content.decode()
    assert not Result.objects.exists()


def test_too_many_files_are_refused(cast: Cast, sign_in: SignIn) -> None:
    sent = values(evidence=[pdf(f"{number}.pdf") for number in range(11)])
    assert sign_in(cast.recorder).post(url("result_new", "first", kind="honour"), sent).status_code == 422


def test_an_honour_with_its_evidence_is_entered_read_and_fetched(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.recorder)
    sent = values(person=cast.people["first3"].pk, year=2019, evidence=[pdf("证书.pdf"), pdf("文件.pdf")])
    answer = client.post(url("result_new", "first", kind="honour"), sent)
    result = Result.objects.get()
    assert answer.url == url("result", result.pk)  # type: ignore[attr-defined]
    assert (result.entered_by, result.entered_on, result.year) == (cast.recorder, TODAY, 2019)
    page = client.get(answer.url).content.decode()  # type: ignore[attr-defined]
    for words in ("刘洋", "市直机关工委", "市厅级", "2019", "证书.pdf", "文件.pdf"):
        assert words in page
    file = client.get(url("result_file", ResultFile.objects.all()[0].pk))
    assert b"".join(file.streaming_content) == b"%PDF-1.4\n%%EOF\n"  # type: ignore[attr-defined]


def test_the_members_offered_are_those_of_the_day(cast: Cast, sign_in: SignIn) -> None:
    enlist("后来人", cast.first, on=date(2020, 8, 1))
    client = sign_in(cast.recorder)
    page = url("result_new", "first", kind="honour")
    assert "后来人" in client.get(page).content.decode()
    assert "后来人" not in client.get(f"{page}&achieved_on=2020-07-31").content.decode()
    assert client.get(f"{page}&achieved_on=x").status_code == 200
    kept = client.get(f"{page}&achieved_on=2020-07-31&person={cast.people['first3'].pk}").content.decode()
    assert f'<option value="{cast.people["first3"].pk}" selected>' in kept


def test_who_saves_second_may_save_knowingly(cast: Cast, sign_in: SignIn) -> None:
    result = written(cast, version=2)
    client = sign_in(cast.recorder)
    for bad in ("", "x", 1):
        answer = client.post(url("result_edit", result.pk), values(title="我的名字", version=bad))
        assert answer.status_code == 422
    assert answer.context["form"]["version"].value() == 2
    assert client.post(url("result_edit", result.pk), values(title="我的名字", version=2)).status_code == 302
    result.refresh_from_db()
    assert (result.title, result.version) == ("我的名字", 3)


def test_who_withdraws_or_ends_second_is_told(cast: Cast, sign_in: SignIn) -> None:
    result = written(cast, version=2)
    client = sign_in(cast.secretary)
    assert client.post(url("result_withdraw", result.pk), {"version": 1, "reason": "录错"}).status_code == 422
    assert client.post(url("result_end", result.pk), {"version": 1, "ended_on": "2020-10-01"}).status_code == 422
    assert client.post(url("result_withdraw", result.pk), {"version": 2, "reason": ""}).status_code == 422
    assert client.post(url("result_withdraw", result.pk), {"version": 2, "reason": "录错了"}).status_code == 302
    page = client.get(url("result", result.pk)).content.decode()
    assert "录错了" in page
    assert url("result_edit", result.pk) not in page
    assert client.get(url("result_edit", result.pk)).status_code == 302


def test_committee_staff_read_a_branchs_results_and_change_none(cast: Cast, sign_in: SignIn) -> None:
    result = written(cast)
    client = sign_in(cast.staff)
    assert url("result_edit", result.pk) not in client.get(url("result", result.pk)).content.decode()
    assert client.post(url("result_withdraw", result.pk), {"version": 1, "reason": "录错"}).status_code == 404
    assert client.get(url("result_new", "first")).status_code == 404
    assert client.get(url("result_new", "committee")).status_code == 200


def test_evidence_taken_away_is_served_no_more(cast: Cast, sign_in: SignIn) -> None:
    file = evidence(cast, written(cast))
    client = sign_in(cast.recorder)
    assert client.post(url("result_file_remove", file.pk)).status_code == 302
    assert client.get(url("result_file", file.pk)).status_code == 404
    assert client.post(url("result_file_remove", file.pk)).status_code == 404


@pytest.mark.parametrize("query", ["?kind=medal", "?year=x", "?state=lost", "?page=x", "?year=99999"])
def test_a_filter_nobody_offered_filters_nothing(cast: Cast, sign_in: SignIn, query: str) -> None:
    written(cast)
    response = sign_in(cast.staff).get(url("results", "committee") + query)
    assert response.status_code == 200
    assert response.context["total"] == 1


def test_filters_narrow_and_the_counts_stay_beside_the_kind_chosen(cast: Cast, sign_in: SignIn) -> None:
    written(cast)
    honour(cast, person=cast.people["first3"])
    honour(cast, achieved_on=date(2019, 6, 1), year=2019, title="旧荣誉")
    written(cast, organisation=cast.second, title="撤掉的", withdrawn_on=DAY, withdrawn_by=cast.neighbour)
    client = sign_in(cast.staff)

    def shown(query: str) -> tuple[int, dict[str, int], int]:
        context = client.get(url("results", "committee") + query).context
        numbers = {kind.value: number for kind, number, _link in context["kinds"] if number}
        return len(context["page_obj"].object_list), numbers, context["total"]

    assert shown("") == (3, {"brand": 1, "honour": 2}, 3)
    assert shown("?kind=honour") == (2, {"brand": 1, "honour": 2}, 3)
    assert shown("?kind=honour&year=2020") == (1, {"brand": 1, "honour": 1}, 2)
    assert shown("?q=刘洋") == (1, {"honour": 1}, 1)
    assert shown("?state=withdrawn") == (1, {"brand": 1}, 1)
    kinds = client.get(url("results", "committee") + "?year=2020&page=2").context["kinds"]
    assert kinds[-1][2] == "?year=2020&kind=honour"


@pytest.mark.parametrize("more", [0, 30])
def test_as_many_queries_for_many_as_for_one(
    cast: Cast, sign_in: SignIn, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    evidence(cast, written(cast))
    for number in range(more):
        honour(cast, title=f"荣誉{number}", person=cast.people["first3"])
    client = sign_in(cast.staff)
    client.get(url("results", "committee"))
    with django_assert_num_queries(12):
        client.get(url("results", "committee"))


def test_the_trail_says_it_in_words(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    sent = values(person=cast.people["first3"].pk, evidence=[pdf()])
    client.post(url("result_new", "first", kind="honour"), sent)
    result = Result.objects.get()
    client.post(url("result_edit", result.pk), sent | {"level": "provincial", "version": 1, "evidence": []})
    client.post(url("result_withdraw", result.pk), {"version": 2, "reason": "重复录入"})
    trail = client.get(reverse("branches:trail", args=["first"]) + "?act=result").content.decode()
    for words in ("录入成果", "修改成果", "撤销成果", "刘洋", "市厅级", "省部级", "重复录入", "佐证材料"):
        assert words in trail
    assert "其他内容" not in trail
