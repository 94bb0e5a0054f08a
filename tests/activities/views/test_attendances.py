from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from urllib.parse import urlencode

import pytest
from django.test import Client

from activities.models import Activity
from branches.models import User
from tests.activities.records import draft, written
from tests.activities.views.form_data import form_data
from tests.cast import Cast

SignIn = Callable[[User], Client]
EXPECTED = "/organisations/first/activities/expected/"
CHECK = "/organisations/first/activities/check/"


def usual(cast: Cast, **changes: object) -> dict[str, object]:
    return {"usual-place": "三楼会议室", "usual-chair_id": cast.people["first0"].pk} | changes


def test_another_kind_lists_others_and_keeps_what_was_tapped(cast: Cast, sign_in: SignIn) -> None:
    pk, outside = cast.people["first1"].pk, cast.people["first6"].pk
    marks = {
        f"presence-{pk}": "leave",
        f"reason-{pk}": "病假",
        f"presence-{outside}": "absent",
        f"reason-{outside}": "接访",
    }
    data = form_data(cast, kinds=["committee_meeting"], **marks)
    record = sign_in(cast.secretary).post(EXPECTED, data).context["record"]
    assert [tile.seat.name for tile in record.tiles] == ["王建国", "李秀英", "张伟"]
    assert [(tile.mark.presence, tile.mark.reason) for tile in record.tiles][1] == ("leave", "病假")
    assert ("absent", "接访") in [(mark.presence, mark.reason) for mark in record.set_aside]


def test_the_part_put_in_by_a_script_has_every_mark_once(cast: Cast, sign_in: SignIn) -> None:
    name = f'name="presence-{cast.people["first0"].pk}"'
    client = sign_in(cast.secretary)
    fragment = client.post(EXPECTED, form_data(cast), headers={"HX-Request": "true"}).content.decode()
    assert fragment.count(name) == 1
    page = client.get("/organisations/first/activities/new/?kind=members_meeting").content.decode()
    assert page.count(name) == 2  # the tile, and its plain field where no script runs


def test_what_was_typed_over_does_not_follow(cast: Cast, sign_in: SignIn) -> None:
    draft(cast, kinds=("party_lecture",), place="礼堂", chair_id=cast.people["first2"].pk)
    client = sign_in(cast.secretary)
    untouched = form_data(cast, kinds=["party_lecture"], **usual(cast))
    assert client.post(EXPECTED, untouched).context["record"].basics["place"].value() == "礼堂"
    typed = form_data(cast, kinds=["party_lecture"], **usual(cast, **{"usual-place": "别处"}))
    assert client.post(EXPECTED, typed).context["record"].basics["place"].value() == "三楼会议室"


def test_another_day_replaces_nothing_of_a_stored_record(cast: Cast, sign_in: SignIn) -> None:
    record = draft(cast, place="我打的地点", starts_at=time(9, 10), ends_at=None, chair_id=cast.people["first2"].pk)
    kept = {"place": "我打的地点", "starts_at": "09:10", "chair": cast.people["first2"].pk}
    known = {"usual-place": "我打的地点", "usual-starts_at": "09:10", "usual-chair_id": kept["chair"]}
    draft(cast, place="礼堂", held_on=date(2020, 9, 1), ends_at=time(16, 40))
    data = form_data(cast, activity=record.pk, held_on="2020-09-28", ends_at="", **kept, **known)
    shown = sign_in(cast.secretary).post(EXPECTED, data).context["record"].basics
    assert (shown["place"].value(), shown["starts_at"].value()) == ("我打的地点", time(9, 10))
    assert shown["chair"].value() == kept["chair"]
    assert shown["ends_at"].value() == time(16, 40)  # blank, so what is usual is offered


def test_the_head_says_what_a_tap_does_for_the_kind(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    head = '<span id="attendance-hint" hx-swap-oob="innerHTML">'
    meeting, talk = (
        client.post(EXPECTED, form_data(cast, kinds=[kind])).content.decode().split(head)[1].split("</span>")[0]
        for kind in ("members_meeting", "heart_to_heart")
    )
    assert meeting.startswith("点名字依次改为")
    assert "点名字依次改为" not in talk


def test_an_unreadable_day_shows_today_and_never_fails(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.secretary).post(EXPECTED, form_data(cast, held_on="2020-02-31"))
    assert answer.status_code == 200
    assert len(answer.context["record"].tiles) == 7


def test_what_will_count_is_said_before_it_is_written(cast: Cast, sign_in: SignIn) -> None:
    data = form_data(cast, kinds=["members_meeting", "themed_party_day"])
    counting = sign_in(cast.secretary).post(EXPECTED, data).context["counting"]
    assert [(row.period, row.name) for row in counting] == [("第四季度", "支部党员大会"), ("10月", "主题党日")]
    assert not Activity.objects.exists()


def test_the_result_of_a_vote_is_said_in_words(cast: Cast, sign_in: SignIn) -> None:
    votes = {"agenda-0-vote_rule": "decision", "agenda-0-votes_for": 5, "agenda-0-votes_against": 2}
    text = sign_in(cast.secretary).post(CHECK, form_data(cast, **votes)).content.decode()
    assert "5 票，超过应到 7 人的半数，通过" in text
    assert "有表决权应到 7 人，实到 7 人，达到半数，可以表决" in text


def test_nonsense_is_answered_with_checks_not_with_a_failure(cast: Cast, sign_in: SignIn) -> None:
    data = {
        "kinds": ["x"],
        "group": "9" * 30,
        "held_on": "0000",
        "agenda-TOTAL_FORMS": "many",
        "presence-abc": "present",
    }
    client = sign_in(cast.secretary)
    assert client.post(CHECK, data).status_code == 200
    assert client.post(EXPECTED, data).status_code == 200


def test_a_record_of_another_branch_is_not_looked_into(cast: Cast, sign_in: SignIn) -> None:
    record = written(cast)
    data = form_data(cast, activity=record.pk)
    assert sign_in(cast.neighbour).post("/organisations/second/activities/check/", data).status_code == 404


@pytest.mark.parametrize("digits", ["9" * 20, "9" * 5000])
def test_numbers_too_long_are_no_numbers(cast: Cast, sign_in: SignIn, digits: str) -> None:
    data = urlencode(form_data(cast, activity=digits, **{f"presence-{digits}": "present"}), doseq=True)
    answer = sign_in(cast.secretary).post(CHECK, data, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200


def test_the_summary_loses_what_has_been_mended(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    gaps = client.post(CHECK, form_data(cast, told="check", place="", title="")).context["more_errors"]
    assert {"id_place", "id_title"} <= {anchor for _text, anchor in gaps}
    answer = client.post(CHECK, form_data(cast, told="check", title=""))
    assert "id_place" not in {anchor for _text, anchor in answer.context["more_errors"]}
    assert '<div id="told" hx-swap-oob="innerHTML">' in answer.content.decode()
    assert "autofocus" not in answer.content.decode()
    assert 'id="told"' not in client.post(CHECK, form_data(cast, title="")).content.decode()
