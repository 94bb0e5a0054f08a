from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from activities.models import Forum
from tests.activities.held import held
from tests.cast import Cast
from tests.reports.conftest import MEETINGS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "2020"], "nowhere"),
        (["organ", "2017"], "2017"),
        (["organ", "2021"], "2021"),
        (["organ", "99999999999999999999"], "9999"),
        (["organ", "last"], "last"),
        (["organ", "2020", "--as-of", "yesterday"], "yesterday"),
        (["organ", "2020", "--as-of", "2019-12-31"], "2020"),
    ],
)
def test_a_wrong_code_year_or_day_is_named(cast: Cast, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("yearly_summary", *arguments)


def test_it_prints_the_figures_up_to_the_day_asked_for(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    for day in MEETINGS:
        Forum.objects.create(activity=held(cast.committee, "forum", day), questions_answered=5)
    call_command("yearly_summary", "organ", "2020")
    found = json.loads(capsys.readouterr().out)
    assert list(found)[:3] == ["forum_sessions", "forum_attendances", "forum_questions"]
    assert (len(found), found["forum_questions"]) == (15, 15)
    call_command("yearly_summary", "organ", "2020", "--as-of", "2020-06-30")
    assert json.loads(capsys.readouterr().out)["forum_questions"] == 10


def test_it_says_that_records_count_by_their_state_of_today(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("yearly_summary", "--help")
    assert "state they are in today" in " ".join(capsys.readouterr().out.split())
