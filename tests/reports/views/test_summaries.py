from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from activities.models import Forum
from branches.actions.organisations import move
from foundation.models import AuditEntry
from reports.rules.summaries import Key
from tests.activities.held import held
from tests.cast import TODAY, Cast
from tests.reports.conftest import MEETINGS, attend, lectured

pytestmark = pytest.mark.django_db
SUMMARY = reverse("reports:summary", args=["committee", 2020])


def records(key: str, code: str = "committee", year: int = 2020) -> str:
    return reverse("reports:summary_records", args=[code, year, key])


def test_a_key_nobody_defined_is_not_found(cast: Cast, sign_in) -> None:
    assert sign_in(cast.staff).get(records("money")).status_code == 404


def test_a_year_before_the_organisation_is_not_found(cast: Cast, sign_in) -> None:
    client = sign_in(cast.staff)
    assert client.get(reverse("reports:summary", args=["committee", 2017])).status_code == 404
    assert client.get(records("lectures", year=2021)).status_code == 404
    assert client.get(reverse("reports:summary_workbook", args=["committee", 2017])).status_code == 404


def test_a_branch_has_its_sheet_instead(cast: Cast, sign_in) -> None:
    client = sign_in(cast.staff)
    answer = client.get(reverse("reports:summary", args=["first", 2020]))
    assert answer.url == reverse("reports:sheet", args=["first", 2020])
    assert client.get(records("lectures", "first")).status_code == 404
    assert client.get(reverse("reports:summary_workbook", args=["first", 2020])).status_code == 404


@pytest.mark.parametrize("key", Key.values)
def test_every_figure_opens_a_list_and_an_empty_one_says_what_to_do(cast: Cast, sign_in, key: str) -> None:
    client = sign_in(cast.staff)
    assert records(key) in client.get(SUMMARY).content.decode()
    page = client.get(records(key)).content.decode()
    assert "打开成果" in page if key in ("brands", "publications") else "打开活动记录" in page


def test_the_list_names_the_records_and_adds_up(cast: Cast, sign_in) -> None:
    activity = held(cast.committee, "forum", MEETINGS[0], title="讲坛第一讲")
    Forum.objects.create(activity=activity, questions_answered=9)
    attend(activity, [cast.people["first0"], cast.people["first1"]], "present", cast.first)
    client = sign_in(cast.staff)
    assert client.get(SUMMARY).context["summary"].figures[Key.FORUM_QUESTIONS] == 9
    answer = client.get(records("forum_questions"))
    assert answer.context["records"].total == 9
    assert reverse("activities:activity", args=[activity.pk]) in answer.content.decode()
    assert answer.context["as_of"] == TODAY


def test_many_records_come_in_pages_and_the_sum_is_of_all(cast: Cast, sign_in) -> None:
    for number in range(52):
        day = MEETINGS[0].replace(day=1 + number % 28)
        lectured(held(cast.first, "party_lecture", day), cast.people["first0"])
    client = sign_in(cast.staff)
    answer = client.get(records("lectures"))
    assert (len(answer.context["lines"]), answer.context["records"].total) == (50, 52)
    assert len(client.get(records("lectures") + "?page=2").context["lines"]) == 2
    assert client.get(records("lectures") + "?page=999999999999999999999").status_code == 200


def test_a_person_stands_with_the_branch_and_the_times(cast: Cast, sign_in) -> None:
    for day in MEETINGS[:2]:
        lectured(held(cast.first, "party_lecture", day), cast.people["first0"])
    (line,) = sign_in(cast.staff).get(records("lecturers")).context["lines"]
    assert (line.name, line.place, line.times, line.contribution) == ("王建国", "第一党支部", 2, 1)


def test_taking_the_workbook_out_is_on_record(cast: Cast, sign_in) -> None:
    sign_in(cast.staff).get(reverse("reports:summary_workbook", args=["committee", 2020]))
    entry = AuditEntry.objects.get(verb="sheet.export_summary")
    assert (entry.actor, entry.organisation_id) == (cast.staff, cast.committee.pk)


def test_several_kinds_are_listed_the_same_way_in_either_language(cast: Cast, sign_in) -> None:
    lectured(held(cast.first, "members_meeting", MEETINGS[0], also=("party_lecture",)), cast.people["first0"])
    client = sign_in(cast.staff)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    (line,) = client.get(records("lectures")).context["lines"]
    assert sorted(line.kind.split(" · ")) == ["Lecture", "Members"]


@pytest.mark.parametrize("address", [SUMMARY, records("forum_sessions")])
def test_figures_that_leave_branches_out_say_so(cast: Cast, sign_in, address: str) -> None:
    client = sign_in(cast.staff)
    assert "未计入" not in client.get(address).content.decode()
    move(organisation=cast.first, parent=cast.city, on=date(2020, 7, 1), by=None)
    assert "未计入" in client.get(address).content.decode()
