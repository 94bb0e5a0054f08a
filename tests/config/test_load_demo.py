import json
import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import F, Q

from activities.models import Activity, Attendance, Lecture, Result, ReviewStep
from activities.queries.attendances import sheet_on
from activities.queries.content import gaps_on
from activities.queries.duties import cells
from activities.rules.activities import COUNTING, LectureMethod, Presence, State
from activities.rules.checks import stops
from activities.rules.duties import DutyStatus
from branches.models import Membership, Office, OfficeAssignment, OfficeMembership, Organisation, Person, User
from branches.rights import Permission, access_of
from config.loading.demo import DIRECTORY, load_demo
from config.loading.files import FixtureError
from foundation.encryption import blind_index
from foundation.models import AuditEntry
from tests.cast import TODAY, Cast
from tests.tree import invalid_nodes


@pytest.fixture
def demo(db: None) -> None:
    call_command("load_demo", verbosity=0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("people.csv", "439901196603026893", "439901196603026894", r"hengyang/people\.csv · .*罗永清"),
        ("people.csv", "1974-09-06", "1974/09/06", r"people\.csv · .*龙海波.*1974/09/06"),
        ("people.csv", "branch,name", "name,branch", r"people\.csv: "),
        ("organisations.toml", 'parent = "HYZZB"', 'parent = "X"', r"organisations\.toml · HYZZB-JW: .*X"),
        ("organisations.toml", 'kind = "committee"', 'kind = "team"', r"organisations\.toml · HYZZB-JW: .*team"),
        ("changes.toml", 'person = "陈立军"', 'person = "无此人"', r"changes\.toml · departure 1 无此人"),
        ("changes.toml", "[[transfer]]", "[[transferred]]", r"changes\.toml · transferred"),
        ("accounts.toml", "recorder HYZZB-03", "recorder HYZZB", r"accounts\.toml · txy: .*recorder HYZZB"),
        ("activities/HYZZB-03.toml", "first_item", "first item", r"activities/HYZZB-03\.toml: "),
        ("activities/HYZZB-03.toml", '"邓建国" = "值班"', '"无此人" = "值班"', r"HYZZB-03\.toml · 2020-01-16 .*无此人"),
        ("activities/HYZZB-03.toml", "votes = [11,", "votes = [12,", r"HYZZB-03\.toml · 2020-03-25 .*11"),
        ("activities/HYZZB-03.toml", 'by = ["周敏学"', 'by = ["欧阳倩"', r"HYZZB-03\.toml · 2020-03-25 .*欧阳倩"),
        (
            "activities/HYZZB-07.toml",
            'submitted_by = "clj"',
            'submitted_by = "who"',
            r"HYZZB-07\.toml · 2020-01-06 .*who",
        ),
        ("activities/HYZZB-07.toml", "on = 2020-10-22", "on = 2020-10-27", r"HYZZB-07\.toml · 2020-10-27 "),
        ("activities/HYZZB-07.toml", 'state = "submitted"', "entered = 2020-10-20", r"HYZZB-07\.toml · 2020-10-22 "),
        ("results.toml", 'kind = "case"', 'kind = "medal"', r"hengyang/results\.toml · result 18 .*medal"),
        ("results.toml", 'person = "刘志远"', 'person = "无此人"', r"results\.toml · result 21 .*无此人"),
        ("results.toml", "on = 2020-03-20", "on = 2020-10-27", r"results\.toml · result 1 枢纽先锋岗"),
        ("results.toml", "year = 2019", "year = 2021", r"results\.toml · result 22 "),
        ("results.toml", 'level = "unit"', 'level = "galaxy"', r"results\.toml · result 23 .*galaxy"),
        ("results.toml", 'level = "unit"\n', "", r"results\.toml · result 23 .*level"),
        ("results.toml", 'organisation = "HYZZB-02"', 'organisation = "HYZZB-01"', r"result 2 组工筑基.*第一党支部"),
        ("results.toml", 'organisation = "HYZZB-02"', 'organisation = "HYZZB-JW"', r"results\.toml · result 2 "),
        ("results.toml", 'by = "xjj"', 'by = "xjj"\nsource = "某单位"', r"results\.toml · result 2 .*source"),
        ("results.toml", 'by = "hj2"', 'by = "who"', r"results\.toml · result 1 .*who"),
        ("results.toml", "[[result]]", "[[results]]", r"results\.toml · results"),
        (
            "activities/HYZZB-JW.toml",
            'reviewed_by = "lyq"',
            'reviewed_by = "lhy"',
            r"HYZZB-JW\.toml · 2020-03-14 .*lhy",
        ),
        ("activities/HYZZB-JW.toml", 'HYZZB-02 = ["匡文静"', 'HYZZB-01 = ["匡文静"', r"HYZZB-JW\.toml: "),
        (
            "activities/HYZZB-JW.toml",
            'HYZZB-02 = ["匡文静"',
            'HYZZB-2 = ["匡文静"',
            r"HYZZB-JW\.toml · 2020-03-14 .*HYZZB-2",
        ),
        ("activities/HYZZB-JW.toml", '["匡文静"', '["无此人"', r"HYZZB-JW\.toml · 2020-03-14 .*无此人"),
        ("activities/HYZZB-JW.toml", '["匡文静"', '["伍岳"', r"HYZZB-JW\.toml · 2020-03-14 .*伍岳"),
        ("activities/HYZZB-JW.toml", '"田甜", "刘畅"]', '"田甜", "文卓"]', r"HYZZB-JW\.toml · 2020-03-14 .*文卓"),
        ("activities/HYZZB-JW.toml", '"HYZZB-LTX"]', '"HYZZB-01"]', r"HYZZB-JW\.toml · 2020-03-14 .*第一党支部"),
        ("activities/HYZZB-JW.toml", "problems = 4", "problem = 4", r"HYZZB-JW\.toml · 2020-03-14 .*problem"),
        ("activities/HYZZB-JW.toml", "saved = 86000", "saved = -1", r"HYZZB-JW\.toml · 2020-03-14 .*saved"),
        ("activities/HYZZB-JW.toml", "hours = 3.5", "hours = 35", r"HYZZB-JW\.toml · 2020-03-14 .*35|小时|hours"),
        ("activities/HYZZB-JW.toml", 'by = ["王思齐"]', 'by = ["无此人"]', r"HYZZB-JW\.toml · 2020-04-17 .*无此人"),
        ("activities/HYZZB-JW.toml", 'by = ["王思齐"]', "by = []", r"HYZZB-JW\.toml · 2020-04-17 .*forum"),
        (
            "activities/HYZZB-JW.toml",
            'units = ["市财政局", "市审计局"',
            'units = ["市审计局", "市审计局"',
            r"JW\.toml · 2020-03-18 .*市审计局",
        ),
        ("activities/HYZZB-JW.toml", "units = [", "items = [", r"HYZZB-JW\.toml · 2020-03-18 .*units"),
        (
            "activities/HYZZB-03.toml",
            'HYZZB-03 = ["周敏学"',
            'HYZZB-04 = ["何国栋"]\nHYZZB-05 = ["周敏学"',
            r"HYZZB-03\.toml · 2020-08-22 .*第四党支部",
        ),
        # Chen Lijun left on 31 May.
        ("activities/HYZZB-07.toml", 'chair = "贺晓明"', 'chair = "陈立军"', r"HYZZB-07\.toml · 2020-06-03 .*陈立军"),
    ],
)
def test_a_wrong_entry_is_named_and_nothing_is_written(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    directory = tmp_path / "hengyang"
    shutil.copytree(DIRECTORY, directory)
    text = (directory / file).read_text()
    assert old in text
    (directory / file).write_text(text.replace(old, new, 1))
    with pytest.raises(FixtureError, match=message):
        load_demo(directory)
    assert not Organisation.objects.exists()


def test_a_database_in_use_is_refused(cast: Cast) -> None:
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert Organisation.objects.filter(code="HYZZB").count() == 0


def test_it_cannot_be_loaded_twice(demo: None) -> None:
    with pytest.raises(CommandError):
        load_demo()


def test_the_figures_of_the_year(demo: None) -> None:
    branches = Organisation.objects.branches()
    assert Office.objects.count() == 22
    assert set(OfficeAssignment.objects.values_list("branch__code", flat=True)) == set(
        branches.values_list("code", flat=True)
    )
    assert branches.count() == 10
    assert branches.filter(is_retired=True).count() == 1
    assert Organisation.objects.filter(kind=Organisation.Kind.COMMITTEE).count() == 1
    assert invalid_nodes() == []
    lectures = Lecture.objects.filter(activity__in=Activity.objects.counting())
    assert lectures.count() == 31
    assert lectures.values("lecturers").distinct().count() == 63
    assert set(lectures.values_list("method", flat=True)) == set(LectureMethod.values)
    durations = lectures.values_list("duration", flat=True)
    assert (min(durations), max(durations)) == (5, 30)


def test_the_yearly_summary_is_that_of_the_public_report(demo: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("yearly_summary", "HYZZB", "2020")
    assert json.loads(capsys.readouterr().out) == {
        "forum_sessions": 8,
        "forum_attendances": 437,
        "forum_questions": 146,
        "lectures": 31,
        "lecturers": 63,
        "inspection_participations": 211,
        "inspected_units": 70,
        "personnel_inspection_members": 10,
        "personnel_inspected_units": 17,
        "service_sessions": 17,
        "service_participations": 535,
        "problems_solved": 37,
        "money_saved_yuan": 980_000,
        "brands": 10,
        "publications": 4,
    }


def test_every_forum_has_a_young_lecturer_of_another_office_and_people_of_all_branches(demo: None) -> None:
    forums = Activity.objects.filter(kinds__code="forum", organisation__code="HYZZB-JW")
    lecturers = [activity.forum.lecturers.get() for activity in forums]
    assert min(person.birth_date for person in lecturers) >= date(1988, 1, 1)
    offices = set(
        OfficeMembership.objects.active_on(TODAY).filter(person__in=lecturers).values_list("office", flat=True)
    )
    assert len(offices) == len(lecturers) == 8
    for activity in forums:
        present = activity.attendances.filter(presence=Presence.PRESENT)
        assert present.values("branch").distinct().count() == 10
        assert 50 <= present.count() <= 60


def test_only_members_of_the_day_were_expected(demo: None) -> None:
    members = (
        Attendance.objects.filter(
            Q(person__memberships__ends_on__isnull=True) | Q(person__memberships__ends_on__gte=F("activity__held_on")),
            person__memberships__branch=F("branch"),
            person__memberships__starts_on__lte=F("activity__held_on"),
        )
        .values("pk")
        .distinct()
    )
    assert members.count() == Attendance.objects.count() > 2000
    committee_only = Attendance.objects.filter(activity__kinds__code="committee_meeting")
    assert not committee_only.exclude(person__appointments__organisation=F("branch")).exists()
    # Came from another branch on 11 May, was admitted on 30 June, left on 31 May.
    assert _days("曹阳", "HYZZB-05")[-1] < "2020-05-11" <= _days("曹阳", "HYZZB-06")[0]
    assert _days("段志鹏", "HYZZB-02")[0] > "2020-06-30"
    assert _days("陈立军", "HYZZB-07")[-1] <= "2020-05-31"
    votes = Attendance.objects.filter(person__name="邓文杰").order_by("activity__held_on")
    assert {row.has_vote for row in votes.filter(activity__held_on__lt="2020-07-01")} == {False}
    assert {row.has_vote for row in votes.filter(activity__held_on__gte="2020-07-01")} == {True}


def _days(name: str, branch: str) -> list[str]:
    rows = Attendance.objects.filter(person__name=name, branch__code=branch)
    return sorted(day.isoformat() for day in rows.values_list("activity__held_on", flat=True))


def test_records_are_what_the_form_would_have_let_through(demo: None) -> None:
    for activity in Activity.objects.filter(pk__in=list(Activity.objects.values_list("pk", flat=True))[::5]):
        taking_part = set(activity.taking_part.values_list("pk", flat=True)) - {activity.organisation_id}
        people_from = set(activity.attendances.values_list("branch_id", flat=True))
        sheet = sheet_on(
            activity.organisation,
            activity.held_on,
            activity.kinds.all(),
            activity.group_id,
            taking_part=taking_part,
            people_from=people_from,
        )
        stored = set(activity.attendances.values_list("person_id", "has_vote"))
        assert {(seat.person_id, seat.has_vote) for seat in sheet.seats} <= stored
        assert stored <= {(seat.person_id, seat.has_vote) for seat in (*sheet.seats, *sheet.open_seats)}
        assert sheet.open_seats or len(stored) == len(sheet.seats)
        if activity.state in COUNTING:
            assert stops(gaps_on(activity)) == []


def test_nobody_was_at_two_places_at_once(demo: None) -> None:
    there = Attendance.objects.filter(presence=Presence.PRESENT, activity__starts_at__isnull=False).values_list(
        "person", "activity__held_on", "activity__starts_at", "activity__ends_at"
    )
    rows = sorted(there)
    assert [
        (one, other) for one, other in pairwise(rows) if one[:2] == other[:2] and one[3] and other[2] < one[3]
    ] == []


def test_a_record_of_the_committee_is_reviewed_by_its_own_secretary(demo: None) -> None:
    own = ReviewStep.objects.filter(activity__organisation__code="HYZZB-JW", step="accepted")
    assert set(own.values_list("by__username", "organisation_name")) == {("lyq", "市委组织部机关党委")}
    below = ReviewStep.objects.filter(activity__organisation__kind="branch", step="accepted")
    assert set(below.values_list("by__username", flat=True)) == {"lhy", "hj"}


def test_every_state_presence_and_status_occurs(demo: None) -> None:
    assert set(Activity.objects.values_list("state", flat=True)) == set(State.values)
    assert set(Attendance.objects.values_list("presence", flat=True)) == set(Presence.values)
    assert set(ReviewStep.objects.values_list("step", flat=True)) == {"submitted", "returned", "accepted"}
    found = cells(Organisation.objects.branches(), 2020, TODAY)
    assert {cell.status for own in found.values() for cell in own} == set(DutyStatus)
    assert Activity.objects.filter(kinds__code="party_lecture").filter(kinds__code="members_meeting").exists()
    assert not Activity.objects.counting().filter(held_on__gt=TODAY).exists()


def test_the_logins_work(demo: None) -> None:
    table = (settings.VAR_DIR / "demo-logins.txt").read_text(encoding="utf-8")
    logins = dict(line.split()[:2] for line in table.splitlines()[1:])
    assert len(logins) == 18
    for user in User.objects.filter(username__in=logins):
        assert user.check_password(logins[user.username])
        assert access_of(user).may_anywhere(Permission.VIEW)
    former = User.objects.exclude(username__in=logins).get()
    assert not access_of(former).may_anywhere(Permission.VIEW)


def test_people_are_found_by_their_numbers_and_on_the_trail(demo: None) -> None:
    assert Person.objects.get(identity_hash=blind_index("439901196603026893")).name == "罗永清"
    assert Membership.objects.active_on(TODAY).count() == 122
    assert AuditEntry.objects.filter(verb="demo.load").count() == 1


def test_nobody_reviews_what_they_entered_or_handed_in(demo: None) -> None:
    for activity in Activity.objects.prefetch_related("writers", "review_steps"):
        steps = {step.by_id for step in activity.review_steps.all() if step.step == ReviewStep.Step.SUBMITTED}
        assert {writer.pk for writer in activity.writers.all()} == steps | {activity.entered_by_id}


def test_the_brands_and_publications_are_those_of_the_article(demo: None) -> None:
    results = Result.objects.current().filter(year=2020)
    brands = results.filter(kind="brand")
    assert brands.count() == brands.values("organisation").distinct().count() == 10
    assert set(brands.values_list("organisation", flat=True)) == set(
        Organisation.objects.branches().values_list("pk", flat=True)
    )
    publications = results.filter(kind="publication")
    assert list(publications.values_list("organisation__code", flat=True)) == ["HYZZB-JW"] * 4
    assert {row.kind for row in Result.objects.all()} == set(Result.Kind)


def test_the_console_says_how_many_were_written(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo")
    assert "成果 23" in capsys.readouterr().out
