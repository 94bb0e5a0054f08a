from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from activities.actions.guidance import SaidMeanwhile, announce, judge, remark, withdraw
from activities.models import Activity, Guidance
from activities.rules.activities import State
from foundation.queries.audit import entries_for
from tests.activities.held import held
from tests.activities.supervision import planned
from tests.cast import TODAY, Cast


@pytest.mark.parametrize("on", [TODAY - timedelta(days=1), date(2019, 5, 6)])
def test_what_has_passed_is_not_announced(cast: Cast, on: date) -> None:
    with pytest.raises(ValidationError):
        announce(activity=planned(cast, told=False, on=on), by=cast.recorder)


def test_what_was_handed_in_or_has_no_theme_is_not_announced(cast: Cast) -> None:
    handed_in = held(cast.first, "members_meeting", TODAY, state=State.SUBMITTED)
    untitled = planned(cast, told=False)
    Activity.objects.filter(pk=untitled.pk).update(title="")
    for activity in (handed_in, untitled):
        with pytest.raises(ValidationError):
            announce(activity=activity, by=cast.recorder)
    assert not Activity.objects.filter(announced_on__isnull=False).exists()


def test_announcing_twice_is_once_and_leaves_the_writers_version_alone(cast: Cast) -> None:
    activity = planned(cast)
    again = announce(activity=activity, by=cast.secretary)
    assert (again.announced_on, again.version) == (TODAY, activity.version)
    assert [entry.verb for entry in entries_for(activity)] == ["activity.announce"]
    assert withdraw(activity=activity, by=cast.secretary).announced_on is None


def test_a_plan_taken_back_or_handed_in_cannot_be_judged(cast: Cast) -> None:
    activity = withdraw(activity=planned(cast), by=cast.recorder)
    with pytest.raises(ValidationError, match="计划已收回"):
        judge(activity=activity, verdict="approved", seen_title=activity.title, version=0, by=cast.contact)


def test_a_verdict_is_on_the_title_that_was_on_the_screen(cast: Cast) -> None:
    activity = planned(cast)
    Activity.objects.filter(pk=activity.pk).update(title="研究发展党员")
    with pytest.raises(ValidationError, match="研究发展党员"):
        judge(activity=activity, verdict="approved", seen_title=activity.title, version=0, by=cast.contact)
    said = judge(activity=activity, verdict="approved", seen_title="研究发展党员", version=0, by=cast.contact)
    assert said.verdict_on_title == "研究发展党员"


def test_advice_needs_words(cast: Cast) -> None:
    activity = planned(cast)
    with pytest.raises(ValidationError) as refusal:
        judge(activity=activity, verdict="advised", seen_title=activity.title, version=0, by=cast.contact)
    assert list(refusal.value.message_dict) == ["advice"]


def test_two_taps_on_the_button_are_one_verdict_and_another_window_is_told(cast: Cast) -> None:
    activity = planned(cast)
    title = activity.title
    for _tap in range(2):
        said = judge(activity=activity, verdict="approved", seen_title=title, version=0, by=cast.contact)
    assert (said.version, Guidance.objects.count()) == (1, 1)
    with pytest.raises(SaidMeanwhile):
        judge(activity=activity, verdict="advised", advice="请压缩议程", seen_title=title, version=0, by=cast.contact)
    changed = judge(
        activity=activity, verdict="advised", advice="请压缩议程", seen_title=title, version=1, by=cast.contact
    )
    assert (changed.verdict, changed.version) == ("advised", 2)


def test_remarks_follow_after_the_meeting_and_only_where_it_was_told(cast: Cast) -> None:
    hidden = planned(cast, told=False, on=TODAY)
    for activity in (planned(cast), hidden):
        with pytest.raises(ValidationError):
            remark(activity=activity, was_present=True, remarks="", version=0, by=cast.contact)
    handed_in = held(cast.first, "members_meeting", TODAY, state=State.SUBMITTED)
    said = remark(activity=handed_in, was_present=True, remarks="讨论充分", version=0, by=cast.contact)
    assert (said.was_present, said.remarks, said.verdict) == (True, "讨论充分", "")
    with pytest.raises(SaidMeanwhile):
        remark(activity=handed_in, was_present=False, remarks="", version=0, by=cast.contact)
