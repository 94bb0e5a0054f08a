"""The parts of the form that kinds open: sent, stored, shown again, dropped, and what cannot be understood named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activities.forms.blocks import rows_in
from activities.models import Activity, AppraisedMember, Attendance, Commitment, LifeMeeting, Talk
from activities.queries.content import content_of
from activities.rules.activities import Presence
from activities.rules.appraisals import AppraisalEntry, MemberEntry
from activities.rules.forums import ForumEntry
from activities.rules.inspections import UnitEntry
from activities.rules.life_meetings import CommitmentEntry, LifeMeetingEntry
from activities.rules.services import ServiceEntry
from activities.rules.talks import TalkEntry
from branches.models import Membership, User
from foundation.models import AuditEntry
from tests.activities.records import draft
from tests.activities.views.form_data import form_data
from tests.cast import Cast, enlist

SignIn = Callable[[User], Client]
NEW = "/organisations/first/activities/new/"
EXPECTED = "/organisations/first/activities/expected/"


def rows(prefix: str, *values: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(values), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(values):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def typed(cast: Cast, kind: str) -> dict[str, Any]:
    """What is sent of the part that `kind` opens, with everything filled in."""
    one, two, three = (cast.people[f"first{number}"].pk for number in range(3))
    return {
        "organisational_life_meeting": {
            "life_meeting-topic": "不忘初心、牢记使命",
            "life_meeting-studied": "《党章》",
            "life_meeting-opinions": "12",
            "life_meeting-talks": "9",
            "belongs_to_year": "2020",
        }
        | rows(
            "commitments",
            {"problem": "学习不够深入", "measure": "每月集中学习", "person": one, "due_on": "2020-12-31"},
            {"problem": "", "measure": ""},
            {"problem": "联系群众不多", "measure": "每季走访", "person": ""},
        ),
        "democratic_appraisal": {
            "appraisal-ballots_issued": "7",
            "appraisal-ballots_returned": "7",
            "appraisal-ballots_valid": "6",
            "belongs_to_year": "2020",
            f"appraised-{one}-votes_excellent": "5",
            f"appraised-{one}-votes_qualified": "1",
            f"appraised-{one}-grade": "excellent",
            f"appraised-{two}-votes_unqualified": "0",
        },
        "heart_to_heart": rows(
            "talks",
            {"first": one, "second": two, "held_on": "2020-10-20", "points": "谈思想、谈工作"},
            {},
            {"first": one, "second": three, "points": ""},
        ),
        "forum": {
            "forum-lecturers": [one, two],
            "forum-other_lecturers": "李教授",
            "forum-materials": "《条例》",
            "forum-questions_answered": "5",
        },
        "volunteer_service": {
            "service-served": "东湖社区",
            "service-hours": "2.5",
            "service-beneficiaries": "40",
            "service-problems_solved": "3",
            "service-money_saved_yuan": "1200",
        },
        "personnel_inspection": rows("inspected", {"name": "市 一中", "note": "班子团结"}, {}, {"name": "市二中"}),
    }[kind]


def understood(cast: Cast, kind: str) -> tuple[str, Any]:
    """The field of `Content` and what it holds after `typed` was sent."""
    one, two, three = (cast.people[f"first{number}"].pk for number in range(3))
    return {
        "organisational_life_meeting": (
            "life_meeting",
            LifeMeetingEntry(
                "不忘初心、牢记使命",
                "《党章》",
                12,
                9,
                (
                    CommitmentEntry("学习不够深入", "每月集中学习", one, date(2020, 12, 31)),
                    CommitmentEntry("联系群众不多", "每季走访"),
                ),
            ),
        ),
        "democratic_appraisal": (
            "appraisal",
            AppraisalEntry(7, 7, 6, (MemberEntry(one, 5, 1, grade="excellent"), MemberEntry(two, votes_unqualified=0))),
        ),
        "heart_to_heart": (
            "talks",
            (TalkEntry(one, two, date(2020, 10, 20), "谈思想、谈工作"), TalkEntry(one, three)),
        ),
        "forum": ("forum", ForumEntry(tuple(sorted([one, two])), "李教授", "《条例》", 5)),
        "volunteer_service": ("service", ServiceEntry("东湖社区", 2.5, 40, 3, 1200)),  # type: ignore[arg-type]
        "personnel_inspection": ("inspected", (UnitEntry("市一中", "班子团结"), UnitEntry("市二中"))),
    }[kind]


KINDS = (
    "organisational_life_meeting",
    "democratic_appraisal",
    "heart_to_heart",
    "forum",
    "volunteer_service",
    "personnel_inspection",
)


def saved(cast: Cast, client: Client, kind: str, **changes: Any) -> Activity:
    answer = client.post(NEW, form_data(cast, kinds=[kind], **typed(cast, kind)) | changes)
    assert answer.status_code == 302, answer.context["record"].errors()
    return Activity.objects.latest("pk")


def page_values(client: Client, record: Activity) -> dict[str, Any]:
    """What the form shows of its open parts, as it would be sent again."""
    form = client.get(reverse("activities:edit", args=[record.pk])).context["record"]
    parts = [row for part in form.open_blocks.values() for row in rows_in(part)]
    return {bound.html_name: bound.value() for row in parts for bound in row}


# --- what cannot be -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "field", "value", "label"),
    [
        ("organisational_life_meeting", "life_meeting-opinions", "很多", "征求意见"),
        ("organisational_life_meeting", "life_meeting-talks", "99999999999999999999", "会前谈心谈话"),
        ("organisational_life_meeting", "commitments-0-due_on", "2020-13-01", "完成时限"),
        ("organisational_life_meeting", "commitments-0-person", "999999", "责任主体"),
        ("democratic_appraisal", "appraisal-ballots_issued", "-1", "发出票数"),
        ("democratic_appraisal", "appraisal-ballots_valid", "70000", "有效票数"),
        ("heart_to_heart", "talks-0-second", "999999", "谈话对象"),
        ("heart_to_heart", "talks-0-second", "", "谈话对象"),
        ("heart_to_heart", "talks-0-held_on", "昨天", "谈话日期"),
        ("forum", "forum-questions_answered", "1.5", "解答"),
        ("forum", "forum-lecturers", ["999999"], "授课"),
        ("volunteer_service", "service-hours", "2.55", "小时"),
        ("volunteer_service", "service-beneficiaries", "3000000000", "服务"),
        ("personnel_inspection", "inspected-2-name", "市一 中", "单位"),
    ],
)
def test_what_cannot_be_understood_is_named_and_nothing_is_lost(
    cast: Cast, sign_in: SignIn, kind: str, field: str, value: Any, label: str
) -> None:
    data = form_data(cast, kinds=[kind], **typed(cast, kind)) | {field: value}
    page = sign_in(cast.secretary).post(NEW, data)
    assert page.status_code == 200
    assert not Activity.objects.exists()
    assert any(label in text for text, _anchor in page.context["more_errors"])
    assert "第四季度党员大会" in page.content.decode()


def test_bad_votes_of_a_member_are_named(cast: Cast, sign_in: SignIn) -> None:
    pk = cast.people["first1"].pk
    data = form_data(cast, kinds=["democratic_appraisal"], **{f"appraised-{pk}-votes_basic": "两票"})
    page = sign_in(cast.secretary).post(NEW, data)
    assert [anchor for _text, anchor in page.context["more_errors"]] == [f"id_appraised-{pk}-votes_basic"]
    assert "两票" in page.content.decode()


def test_a_talk_with_oneself_is_refused(cast: Cast, sign_in: SignIn) -> None:
    pk = cast.people["first1"].pk
    data = form_data(cast, kinds=["heart_to_heart"], **rows("talks", {"first": pk, "second": pk}))
    page = sign_in(cast.secretary).post(NEW, data)
    assert [anchor for _text, anchor in page.context["more_errors"]] == ["id_talks-0-second"]


def test_votes_of_people_out_of_reach_are_not_taken(cast: Cast, sign_in: SignIn) -> None:
    stranger = cast.people["far0"].pk
    data = typed(cast, "democratic_appraisal") | {f"appraised-{stranger}-votes_basic": "3"}
    record = saved(cast, sign_in(cast.secretary), "democratic_appraisal", **data)
    assert not AppraisedMember.objects.filter(activity=record, person=stranger).exists()


# --- kept and shown again -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_sent_is_stored_and_shown_again(cast: Cast, sign_in: SignIn, kind: str) -> None:
    client = sign_in(cast.secretary)
    record = saved(cast, client, kind)
    field, entry = understood(cast, kind)
    assert getattr(content_of(record), field) == entry
    shown = page_values(client, record)
    written = {name: value for name, value in typed(cast, kind).items() if name in shown and value}
    for name, value in written.items():
        if name.startswith(("commitments-2", "talks-2", "inspected-2")):
            continue  # blank rows between are gone, so the last one moves up
        assert str(shown[name]).replace(" ", "") in (
            str(value).replace(" ", ""),
            str(tuple(sorted(value) if isinstance(value, list) else ())).replace(" ", ""),
        )


@pytest.mark.parametrize("kind", KINDS)
def test_saving_again_changes_nothing(cast: Cast, sign_in: SignIn, kind: str) -> None:
    client = sign_in(cast.secretary)
    record = saved(cast, client, kind)
    before = content_of(record)
    again = form_data(cast, kinds=[kind], version=1, **typed(cast, kind))
    assert client.post(reverse("activities:edit", args=[record.pk]), again).status_code == 302
    record.refresh_from_db()
    assert (record.version, content_of(record)) == (1, before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_whose_kind_is_unticked_is_dropped(cast: Cast, sign_in: SignIn, kind: str) -> None:
    client = sign_in(cast.secretary)
    record = saved(cast, client, kind)
    data = form_data(cast, version=1, **typed(cast, kind)) | {"kinds": ["members_meeting"]}
    assert client.post(reverse("activities:edit", args=[record.pk]), data).status_code == 302
    record.refresh_from_db()
    assert not any(table.objects.exists() for table in (LifeMeeting, Commitment, AppraisedMember, Talk))
    assert not record.inspected_units.exists()
    assert not hasattr(record, "forum")
    assert not hasattr(record, "service")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("organisational_life_meeting", ["不忘初心、牢记使命", "学习不够深入", "每季走访", "所属年度"]),
        ("democratic_appraisal", ["发出票数", "优秀", "王建国"]),
        ("heart_to_heart", ["谈思想、谈工作", "李秀英"]),
        ("forum", ["李教授", "《条例》"]),
        ("volunteer_service", ["东湖社区", "2.5", "1200"]),
        ("personnel_inspection", ["市一中", "班子团结"]),
    ],
)
@pytest.mark.parametrize("page", ["activity", "print"])
def test_page_and_paper_show_the_part(cast: Cast, sign_in: SignIn, kind: str, words: list[str], page: str) -> None:
    client = sign_in(cast.secretary)
    record = saved(cast, client, kind)
    html = client.get(reverse(f"activities:{page}", args=[record.pk])).content.decode()
    assert [word for word in words if word not in html] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_trail_says_it_in_words(cast: Cast, sign_in: SignIn, kind: str) -> None:
    record = saved(cast, sign_in(cast.secretary), kind)
    field, _entry = understood(cast, kind)
    _before, after = AuditEntry.objects.get(verb="activity.create", target_id=str(record.pk)).changes[field]
    assert isinstance(after, str)
    assert after
    assert "Entry(" not in after


# --- appraisals -----------------------------------------------------------------------------------------------------


def test_the_grid_lists_everybody_expected_and_a_probationary_member_has_no_grade(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.secretary).get(NEW + "?kind=democratic_appraisal")
    grid = page.context["record"].blocks["appraisal"].rows
    assert [row.person_id for row in grid] == [seat.person_id for seat in page.context["record"].sheet.seats]
    without = [row.name for row in grid if "grade" not in row.fields]
    assert without == [row.name for row in grid if row.is_probationary]
    assert len(without) == page.content.decode().count("预备党员，不评定等次")


def test_another_day_lists_other_people_and_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    gone = cast.people["first6"]
    Membership.objects.filter(person=gone).update(ends_on=date(2020, 10, 22))
    newcomer = enlist("新来的", cast.first, on=date(2020, 10, 25))
    data = form_data(cast, kinds=["democratic_appraisal"], held_on="2020-10-26") | {
        f"appraised-{gone.pk}-votes_basic": "4",
        f"appraised-{cast.people['first1'].pk}-votes_excellent": "6",
    }
    client = sign_in(cast.secretary)
    later = client.post(EXPECTED, data).content.decode()
    assert f'name="appraised-{newcomer.pk}-grade"' in later
    assert f'type="hidden" name="appraised-{gone.pk}-votes_basic" value="4"' in later
    earlier = client.post(EXPECTED, data | {"held_on": "2020-10-20"}).content.decode()
    assert f'name="appraised-{newcomer.pk}-grade"' not in earlier
    assert f'type="number" name="appraised-{gone.pk}-votes_basic" value="4"' in earlier
    assert f'name="appraised-{cast.people["first1"].pk}-votes_excellent" value="6"' in earlier


def test_a_member_no_longer_on_the_roster_keeps_their_row(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    record = saved(cast, client, "democratic_appraisal")
    Membership.objects.filter(person=cast.people["first1"]).update(ends_on=date(2020, 10, 1))
    assert f"appraised-{cast.people['first1'].pk}-votes_unqualified" in page_values(client, record)


def test_the_share_of_excellent_is_counted_while_it_is_typed(cast: Cast, sign_in: SignIn) -> None:
    data = form_data(cast, kinds=["democratic_appraisal"])
    data |= {f"appraised-{cast.people[f'first{number}'].pk}-grade": "excellent" for number in range(3)}
    html = sign_in(cast.secretary).post("/organisations/first/activities/check/", data).content.decode()
    assert "优秀 3/7，一般不超过三分之一（2 人）" in html
    assert "请在会议记录中写明理由" in html


# --- talks ----------------------------------------------------------------------------------------------------------


def test_whoever_talked_took_part_without_a_tap(cast: Cast, sign_in: SignIn) -> None:
    data = {f"presence-{cast.people[f'first{number}'].pk}": "unrecorded" for number in range(7)}
    client = sign_in(cast.secretary)
    record = saved(cast, client, "heart_to_heart", **data)
    came = set(record.attendances.filter(presence=Presence.PRESENT).values_list("person_id", flat=True))
    assert came == {cast.people[f"first{number}"].pk for number in range(3)}
    again = form_data(cast, kinds=["heart_to_heart"], version=1, **typed(cast, "heart_to_heart")) | data
    client.post(reverse("activities:edit", args=[record.pk]), again)
    record.refresh_from_db()
    assert record.version == 1


def test_a_talk_does_not_bring_anybody_to_a_meeting(cast: Cast, sign_in: SignIn) -> None:
    data = {f"presence-{cast.people[f'first{number}'].pk}": "unrecorded" for number in range(7)}
    data |= {"kinds": ["heart_to_heart", "members_meeting"]}
    record = saved(cast, sign_in(cast.secretary), "heart_to_heart", **data)
    assert set(Attendance.objects.filter(activity=record).values_list("presence", flat=True)) == {"unrecorded"}


# --- two people at once ---------------------------------------------------------------------------------------------


def test_a_conflict_tells_the_parts_in_words(cast: Cast, sign_in: SignIn) -> None:
    one, two = cast.people["first0"].pk, cast.people["first1"].pk
    record = draft(cast, kinds=("heart_to_heart",), talks=(TalkEntry(one, two, None, "谈工作"),))
    Activity.objects.filter(pk=record.pk).update(version=5, written_version=5)
    data = form_data(
        cast, kinds=["heart_to_heart"], version=1, **rows("talks", {"first": two, "second": one, "points": "谈生活"})
    )
    page = sign_in(cast.secretary).post(reverse("activities:edit", args=[record.pk]), data)
    assert page.status_code == 409
    told = {label: (theirs, mine) for label, theirs, mine in page.context["differences"]}
    assert told["谈心谈话"] == ("王建国–李秀英 谈工作", "李秀英–王建国 谈生活")
