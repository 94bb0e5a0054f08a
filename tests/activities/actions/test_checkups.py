from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from activities.actions.findings import Content
from activities.models import Check, Finding
from tests.activities.findings import DUE, checked
from tests.cast import TODAY, Cast


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), date(2017, 12, 31)])
def test_a_day_to_come_or_before_the_branch_is_refused(cast: Cast, on: date) -> None:
    with pytest.raises(ValidationError) as caught:
        checked(cast, on)
    assert set(caught.value.message_dict) == {"on"}


def test_a_problem_that_is_refused_takes_the_check_with_it(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        checked(cast, problems=[Content(text="x", due_on=TODAY - timedelta(days=1))])
    assert not Check.objects.exists()


def test_sent_twice_it_is_one_check_with_one_finding(cast: Cast) -> None:
    key = uuid4()
    made = [checked(cast, problems=[Content(text="缺签到表", due_on=DUE)], entry_key=key) for _time in range(2)]
    assert made[0] == made[1]
    finding = Finding.objects.get()
    assert (finding.check_made, finding.source, finding.raised_by_organisation) == (made[0], "check", cast.committee)
