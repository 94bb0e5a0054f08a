from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity
from reports.queries.figures import Figure, figures_of
from tests.activities.held import held
from tests.cast import TODAY, Cast
from tests.reports.conftest import MEETINGS, attend, lectured

pytestmark = pytest.mark.django_db


def figures(cast: Cast, today: date = TODAY):
    branches = [cast.first, cast.second, cast.retired]
    return figures_of(cast.committee, branches, 2020, today)


def test_nothing_held_is_zero_and_agrees(cast: Cast) -> None:
    found = figures(cast)
    assert (found.activities, found.lectures, found.attendances, found.lecturers) == (Figure(0, 0), Figure(0, 0), 0, 0)
    assert not found.activities.differs


def test_another_tree_another_year_and_drafts_do_not_count(cast: Cast) -> None:
    held(cast.far, "members_meeting", MEETINGS[0])
    held(cast.first, "members_meeting", date(2019, 5, 1))
    held(cast.first, "members_meeting", MEETINGS[0], state=Activity.State.DRAFT)
    assert figures(cast).activities == Figure(0, 0)


def test_a_joint_activity_happened_once_but_stands_on_each_sheet(cast: Cast) -> None:
    joint = lectured(
        held(cast.first, "party_lecture", MEETINGS[0], with_branches=(cast.second,)), cast.people["first0"]
    )
    attend(joint, [cast.people["first0"], cast.people["first1"]], "present", cast.first)
    attend(joint, [cast.people["second0"]], "present", cast.second)
    attend(joint, [cast.people["second1"]], "leave", cast.second)
    lectured(held(cast.first, "party_lecture", MEETINGS[1]), cast.people["first0"])
    found = figures(cast)
    assert (found.activities, found.lectures) == (Figure(2, 3), Figure(2, 3))
    assert (found.attendances, found.lecturers) == (3, 1)
    assert found.activities.differs


def test_what_the_committee_held_itself_is_on_no_sheet(cast: Cast) -> None:
    attend(held(cast.committee, "themed_party_day", MEETINGS[0]), [cast.people["first0"]], "present", cast.first)
    found = figures(cast)
    assert (found.activities, found.attendances) == (Figure(1, 0), 1)


def test_after_the_year_only_accepted_records_count(cast: Cast) -> None:
    held(cast.first, "members_meeting", MEETINGS[0], state=Activity.State.SUBMITTED)
    assert figures(cast).activities == Figure(1, 1)
    assert figures(cast, date(2021, 1, 4)).activities == Figure(0, 0)


@pytest.mark.parametrize("count", [1, 20])
def test_as_many_queries_for_one_activity_as_for_twenty(cast: Cast, count: int) -> None:
    for number in range(count):
        lectured(held(cast.first, "party_lecture", date(2020, 1, number + 1)), cast.people["first0"])
    with CaptureQueriesContext(connection) as queries:
        figures_of(cast.committee, [cast.first, cast.second], 2020, TODAY)
    assert len(queries) == 7
