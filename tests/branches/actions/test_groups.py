from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from branches.actions.groups import change_group
from branches.models import GroupMembership
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db


def test_the_same_group_again_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        change_group(person=cast.people["first3"], branch=cast.first, group=cast.group_one, on=TODAY, by=cast.staff)
    assert "group" in caught.value.error_dict


def test_a_day_before_the_present_group_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        change_group(
            person=cast.people["first3"], branch=cast.first, group=cast.group_two, on=date(2017, 1, 1), by=cast.staff
        )
    assert "on" in caught.value.error_dict


def test_the_old_group_holds_until_the_day_before(cast: Cast) -> None:
    person = cast.people["first3"]
    change_group(person=person, branch=cast.first, group=cast.group_two, on=TODAY, by=cast.staff)
    groups = {
        day: GroupMembership.objects.active_on(day).get(person=person).group for day in (date(2020, 10, 25), TODAY)
    }
    assert groups == {date(2020, 10, 25): cast.group_one, TODAY: cast.group_two}


def test_leaving_every_group(cast: Cast) -> None:
    person = cast.people["first3"]
    change_group(person=person, branch=cast.first, group=None, on=TODAY, by=cast.staff)
    assert not GroupMembership.objects.active_on(TODAY).filter(person=person).exists()
