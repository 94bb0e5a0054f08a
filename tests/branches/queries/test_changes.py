from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from activities.models import Activity
from branches.queries.changes import ChangeReader
from foundation.actions.audit import record
from tests.cast import Cast


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return Activity.objects.create(
        organisation=cast.first,
        title="学习",
        held_on=date(2020, 10, 9),
        entered_on=date(2020, 10, 9),
        entered_by=cast.recorder,
    )


def read(activity: Activity, **changes: Any) -> dict[str, tuple[str, str]]:
    entry = record(verb="activity.change", target=activity, by=None, changes=changes)
    entry.refresh_from_db()
    return {change.label: (change.before, change.after) for change in ChangeReader([entry]).changes(entry)}


def test_numbers_and_codes_become_names(cast: Cast, activity: Activity) -> None:
    changes = read(activity, chair=(None, cast.people["first0"].pk), kinds=([], ["party_lecture", "members_meeting"]))
    assert set(changes.values()) == {("", "王建国"), ("", "党课、支部党员大会")}


def test_what_is_gone_keeps_its_number(activity: Activity) -> None:
    assert read(activity, chair=(None, 987654)) == {"主持人": ("", "987654")}


def test_choices_times_days_and_truth(activity: Activity) -> None:
    changes = read(
        activity, state=("draft", "submitted"), held_on=("2020-10-08", "2020-10-09"), starts_at=(None, "15:00:00")
    )
    assert ("2020年10月8日", "2020年10月9日") in changes.values()
    assert ("", "15:00") in changes.values()
    assert ("草稿", "待审核") in changes.values()


def test_rows_within_a_record_are_spelt_out(activity: Activity) -> None:
    changes = read(activity, agenda=([], [{"title": "选举", "vote_rule": "decision", "is_first_item": True}]))
    ((before, after),) = changes.values()
    assert before == ""
    assert "选举" in after
    assert "decision" not in after
    assert "is_first_item" not in after
    assert "True" not in after


def test_one_persons_attendance_and_one_line_of_a_sheet_are_named(activity: Activity) -> None:
    changes = read(activity, **{"attendance.王建国": (None, "请假"), "1.2 三会一课 self_score": (None, 5)})
    assert all("attendance" not in label and "self_score" not in label for label in changes)
    assert any("王建国" in label for label in changes)
    assert any("1.2 三会一课" in label for label in changes)


def test_odd_values_are_shown_as_they_are(activity: Activity) -> None:
    assert read(activity, odd=(None, "2020-13-99"))["其他内容"] == ("", "2020-13-99")
    assert read(activity, chair=(True, "某人"), same=("x", "x"), gone=(None, "")) == {"主持人": ("是", "某人")}
