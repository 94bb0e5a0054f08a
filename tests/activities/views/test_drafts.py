from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from activities.actions.activities import RecordClosed, save_draft
from activities.actions.attachments import attach
from activities.models import Activity, ActivityKind
from activities.rules.activities import State
from branches.models import Role, RoleAssignment, User
from tests.activities.records import draft, full_content, written
from tests.activities.views.form_data import form_data
from tests.cast import Cast

SignIn = Callable[[User], Client]
NEW = "/organisations/first/activities/new/"
PDF = b"%PDF-1.4\n%%EOF\n"


def edit_url(record: Activity) -> str:
    return reverse("activities:edit", args=[record.pk])


# --- a blank form ------------------------------------------------------------------------------------------------


def test_opening_the_form_writes_nothing(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.secretary).get(NEW + "?kind=members_meeting")
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "query", ["?kind=unheard_of", "?on=yesterday", "?on=2020-13-45", "?group=99999999999999999999"]
)
def test_an_odd_address_opens_the_plain_form(cast: Cast, sign_in: SignIn, query: str) -> None:
    assert sign_in(cast.secretary).get(NEW + query).status_code == 200


def test_the_form_knows_people_place_and_time(cast: Cast, sign_in: SignIn) -> None:
    draft(cast)
    form = sign_in(cast.secretary).get(NEW + "?kind=members_meeting").context["record"].basics
    assert form["chair"].value() == cast.people["first0"].pk
    assert form["recorder"].value() == cast.people["first1"].pk
    assert form["place"].value() == "三楼会议室"
    assert str(form["starts_at"].value()) == "15:00:00"


def test_nobody_is_recorded_beforehand(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.secretary).get(NEW + "?kind=members_meeting")
    assert page.context["tally"].unrecorded == page.context["tally"].expected == 7


def test_a_draft_without_agenda_still_offers_the_first_item(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast, agenda=())
    agenda = sign_in(cast.secretary).get(f"/activities/{record.pk}/edit/").context["record"].agenda
    assert [form["is_first_item"].value() for form in agenda] == [True]


# --- saving ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "anchor"),
    [
        ({"held_on": ""}, "#id_held_on"),
        ({"held_on": "26.10."}, "#id_held_on"),
        ({"starts_at": "25:00"}, "#id_starts_at"),
        ({"chair": "999999"}, "#id_chair"),
        ({"title": "学" * 121}, "#id_title"),
        ({"agenda-0-votes_for": "-1"}, "#id_agenda-0-votes_for"),
        (
            {"kinds": ["party_lecture"], "lectures-TOTAL_FORMS": 1, "lectures-0-duration": "长"},
            "#id_lectures-0-duration",
        ),
        ({"guests-TOTAL_FORMS": 1, "guests-0-title": "部务委员"}, "#id_guests-0-name"),
    ],
)
def test_what_cannot_be_understood_is_named_and_nothing_typed_is_lost(
    cast: Cast, sign_in: SignIn, changes: dict[str, Any], anchor: str
) -> None:
    answer = sign_in(cast.secretary).post(NEW, form_data(cast, **changes))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'href="{anchor}"' in text
    assert "王建国领学。" in text
    assert not Activity.objects.exists()


def test_a_reason_that_is_too_long_is_told_at_the_person(cast: Cast, sign_in: SignIn) -> None:
    pk = cast.people["first6"].pk
    data = form_data(cast, **{f"presence-{pk}": "leave", f"reason-{pk}": "因" * 121})
    assert f'href="#reason-{pk}"' in sign_in(cast.secretary).post(NEW, data).content.decode()


def test_people_from_elsewhere_are_not_written(cast: Cast, sign_in: SignIn) -> None:
    far = cast.people["far0"].pk
    sign_in(cast.secretary).post(NEW, form_data(cast, **{f"presence-{far}": "present"}))
    assert not Activity.objects.get().attendances.filter(person=far).exists()


def test_a_person_from_elsewhere_cannot_chair(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.secretary).post(NEW, form_data(cast, chair=cast.people["far0"].pk))
    assert "褚天明" not in answer.content.decode()
    assert not Activity.objects.exists()


def test_two_first_items_are_told(cast: Cast, sign_in: SignIn) -> None:
    more = {"agenda-TOTAL_FORMS": 2, "agenda-1-title": "议题二", "agenda-1-is_first_item": "on"}
    answer = sign_in(cast.secretary).post(NEW, form_data(cast, **more))
    assert 'href="#id_agenda-1-is_first_item"' in answer.content.decode()


def test_the_same_blank_form_twice_makes_one_record(cast: Cast, sign_in: SignIn) -> None:
    client, key = sign_in(cast.secretary), uuid.uuid4()
    for _time in range(2):
        client.post(NEW, form_data(cast, entry_key=str(key)))
    assert Activity.objects.count() == 1


def test_rows_taken_out_of_the_page_are_simply_not_there(cast: Cast, sign_in: SignIn) -> None:
    more = {"agenda-TOTAL_FORMS": 3, "agenda-2-title": "议题三"}
    sign_in(cast.secretary).post(NEW, form_data(cast, **more))
    titles = Activity.objects.get().agenda.values_list("position", "title")
    assert list(titles) == [(1, "学习重要讲话"), (2, "议题三")]


def test_a_second_editor_is_told_and_may_save_over(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast)
    theirs = full_content(cast, title="组织委员改的")
    save_draft(organisation=cast.first, content=theirs, by=cast.recorder, activity=record, version=1)
    client = sign_in(cast.secretary)
    answer = client.post(edit_url(record), form_data(cast, title="书记改的", version=1))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in text for words in ("李秀英", "组织委员改的", "书记改的"))
    record.refresh_from_db()
    assert record.title == "组织委员改的"
    client.post(edit_url(record), form_data(cast, title="书记改的", version=answer.context["version"]))
    record.refresh_from_db()
    assert record.title == "书记改的"


# --- saving by itself --------------------------------------------------------------------------------------------


def test_autosave_makes_the_draft_and_says_where_it_is(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.recorder)
    answer = client.post(NEW, form_data(cast, intent="autosave", title="")).json()
    record = Activity.objects.get()
    assert (answer["url"], answer["version"]) == (edit_url(record), 1)
    again = client.post(answer["url"], form_data(cast, intent="autosave", version=1)).json()
    assert again["version"] == 2


def test_autosave_says_what_keeps_it_from_saving(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.recorder).post(NEW, form_data(cast, intent="autosave", held_on=""))
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_autosave_never_overwrites_somebody_else(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast)
    answer = sign_in(cast.secretary).post(edit_url(record), form_data(cast, intent="autosave", version=0))
    assert answer.status_code == 409
    assert "李秀英" in answer.json()["conflict"]


def test_what_is_not_saved_is_not_called_saved(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast)
    client = sign_in(cast.secretary)
    assert "已保存 " in client.get(edit_url(record)).content.decode()
    for changes in ({"version": 0}, {"version": 1, "held_on": "nonsense"}):
        text = client.post(edit_url(record), form_data(cast, **changes)).content.decode()
        assert "已保存 " not in text
        assert "尚未保存" in text


def test_autosave_after_the_record_was_handed_in(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.SUBMITTED)
    answer = sign_in(cast.secretary).post(edit_url(record), form_data(cast, intent="autosave", version=1))
    assert answer.status_code == 302


def test_an_error_stands_once_at_its_field_and_in_the_bar(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast)
    data = form_data(cast, version=1, **{"agenda-0-votes_for": "-3"})
    text = sign_in(cast.secretary).post(edit_url(record), data).content.decode()
    assert 'data-gap-for="id_agenda-0-votes_for"' not in text
    assert "尚未保存：赞成" in text


def test_a_plan_without_a_theme_is_named_but_not_announced(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast, title="", held_on=date(2020, 12, 28))
    client = sign_in(cast.secretary)
    address = reverse("activities:announce", args=[record.pk])
    page = client.get(reverse("activities:activity", args=[record.pk])).content.decode()
    assert "未填主题" in page
    assert address not in page
    Activity.objects.filter(pk=record.pk).update(title="年终总结")
    assert address in client.get(reverse("activities:activity", args=[record.pk])).content.decode()


def test_a_day_with_an_empty_roster_is_not_saved_over_attendance(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast)
    client = sign_in(cast.secretary)
    for intent, status in (("autosave", 422), ("draft", 200), ("submit", 200)):
        data = form_data(cast, intent=intent, held_on="1990-01-01", version=1, place="别处")
        answer = client.post(edit_url(record), data)
        assert answer.status_code == status
        assert "核对日期" in (answer.json()["error"] if intent == "autosave" else answer.content.decode())
    assert answer.context["record"].basics["place"].value() == "别处"
    assert len(answer.context["record"].set_aside) == 7
    record.refresh_from_db()
    assert (record.held_on, record.version) == (date(2020, 10, 26), 1)
    assert record.attendances.filter(presence="present").count() == 5


# --- handing in --------------------------------------------------------------------------------------------------


def test_what_is_missing_stops_but_is_saved(cast: Cast, sign_in: SignIn) -> None:
    pk = cast.people["first6"].pk
    data = form_data(cast, intent="submit", place="", **{f"presence-{pk}": "absent"})
    answer = sign_in(cast.secretary).post(NEW, data, follow=True)
    text = answer.content.decode()
    assert 'href="#id_place"' in text
    assert f'href="#reason-{pk}"' in text
    assert "孙丽缺席，还没写原因" in text
    assert Activity.objects.get().state == State.DRAFT


def test_the_recorder_cannot_hand_in(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.recorder).post(NEW, form_data(cast, intent="submit"))
    assert Activity.objects.get().state == State.DRAFT


def test_the_secretary_writes_and_hands_in_at_once(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.secretary).post(NEW, form_data(cast, intent="submit"), follow=True)
    record = Activity.objects.get()
    assert record.state == State.SUBMITTED
    assert record.submitted_by == cast.secretary
    assert reverse("activities:withdraw", args=[record.pk]) in answer.content.decode()


def test_a_bad_file_is_named_the_rest_is_saved_and_nothing_is_handed_in(cast: Cast, sign_in: SignIn) -> None:
    files = {
        "files-paper": SimpleUploadedFile("木马.pdf", b"MZ\x90"),
        "files-signed_sheet": SimpleUploadedFile("签到表.pdf", b"%PDF-1.4\n%%EOF\n"),
    }
    answer = sign_in(cast.secretary).post(NEW, form_data(cast, intent="submit") | files, follow=True)
    record = Activity.objects.get()
    assert "木马.pdf" in answer.content.decode()
    assert record.state == State.DRAFT
    assert [row.file.name for row in record.attachments.all()] == ["签到表.pdf"]


def test_a_returned_record_shows_the_reviewer_s_words(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.secretary).get(edit_url(written(cast, State.RETURNED))).content.decode()
    assert "缺少签到表" in text
    assert "水利局机关党委" in text


def test_a_discarded_draft_is_gone_from_the_list(cast: Cast, sign_in: SignIn) -> None:
    client, record = sign_in(cast.secretary), draft(cast)
    client.post(reverse("activities:discard", args=[record.pk]))
    assert not client.get("/organisations/first/activities/").context["page_obj"].object_list
    assert client.get(reverse("activities:activity", args=[record.pk])).status_code == 404


def test_a_kind_no_longer_in_use_stays_on_the_record_that_has_it(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast, State.RETURNED)
    ActivityKind.objects.filter(code="members_meeting").update(is_active=False)
    client = sign_in(cast.secretary)
    assert b"members_meeting" in client.get(edit_url(record)).content
    client.post(edit_url(record), form_data(cast, title="改了主题", version=record.version))
    assert [kind.code for kind in record.kinds.all()] == ["members_meeting"]
    assert b"members_meeting" not in client.get(NEW).content


# --- what moves meanwhile ----------------------------------------------------------------------------------------


def test_a_blank_form_sent_again_overwrites_no_colleague(cast: Cast, sign_in: SignIn) -> None:
    client, key = sign_in(cast.secretary), str(uuid.uuid4())
    client.post(NEW, form_data(cast, entry_key=key, title="第一次写的"))
    record = Activity.objects.get()
    theirs = full_content(cast, title="同事改的", minutes="同事写的")
    save_draft(organisation=cast.first, content=theirs, by=cast.recorder, activity=record, version=1)
    answer = client.post(NEW, form_data(cast, entry_key=key, title="第一次写的"))
    assert answer.status_code == 409
    assert "李秀英" in answer.content.decode()
    record.refresh_from_db()
    assert (record.title, record.minutes) == ("同事改的", "同事写的")


def test_a_blank_form_sent_again_with_more_is_saved(cast: Cast, sign_in: SignIn) -> None:
    client, key = sign_in(cast.secretary), str(uuid.uuid4())
    for title in ("主题", "主题写全了"):
        client.post(NEW, form_data(cast, entry_key=key, title=title))
    assert Activity.objects.get().title == "主题写全了"


def test_the_same_blank_form_serves_two_organisations(cast: Cast, sign_in: SignIn) -> None:
    RoleAssignment.objects.create(
        user=cast.secretary, role=Role.SECRETARY, organisation=cast.second, starts_on=date(2018, 1, 1)
    )
    client, key = sign_in(cast.secretary), str(uuid.uuid4())
    client.post(NEW, form_data(cast, entry_key=key))
    again = form_data(cast, entry_key=key, chair="", recorder="")
    assert client.post(NEW.replace("first", "second"), again).status_code == 302
    assert set(Activity.objects.values_list("organisation__code", flat=True)) == {"first", "second"}


def test_files_of_a_colleague_do_not_keep_what_is_typed_from_being_saved(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast)
    attach(activity=record, upload=SimpleUploadedFile("签到表.pdf", PDF), category="signed_sheet", by=cast.recorder)
    answer = sign_in(cast.secretary).post(edit_url(record), form_data(cast, title="书记改的", version=1))
    assert answer.status_code == 302
    record.refresh_from_db()
    assert (record.title, record.version) == ("书记改的", 3)


def test_files_come_with_the_form_and_it_is_handed_in_at_once(cast: Cast, sign_in: SignIn) -> None:
    files = {"files-signed_sheet": SimpleUploadedFile("签到表.pdf", PDF)}
    sign_in(cast.secretary).post(NEW, form_data(cast, intent="submit") | files)
    assert Activity.objects.get().state == State.SUBMITTED


def test_a_record_handed_in_before_its_files_arrive_says_so(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*, activity: Activity, **_more: Any) -> None:
        raise RecordClosed(activity)

    monkeypatch.setattr("activities.views.drafts.attach", closed)
    files = {"files-paper": SimpleUploadedFile("讲稿.pdf", PDF)}
    answer = sign_in(cast.secretary).post(NEW, form_data(cast) | files, follow=True)
    assert "已经提交" in answer.content.decode()


@pytest.mark.parametrize("digits", ["9" * 20, "9" * 5000])
def test_numbers_too_long_are_no_numbers(cast: Cast, sign_in: SignIn, digits: str) -> None:
    record = draft(cast)
    client = sign_in(cast.secretary)
    assert client.get(NEW, {"group": digits, "kind": "group_meeting"}).status_code == 200
    assert client.post(edit_url(record), form_data(cast, title="新", version=digits)).status_code == 409
    assert client.post(edit_url(record), form_data(cast, group=digits, version=1)).status_code == 200
