from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from activities.actions.exemptions import end, grant, take_back
from activities.models import Exemption
from activities.queries.duties import cells
from foundation.models import AuditEntry
from tests.cast import TODAY, Cast

FEBRUARY, MARCH = date(2020, 2, 1), date(2020, 3, 31)


def granted(cast: Cast, first: date = FEBRUARY, last: date | None = MARCH, code: str = "themed_party_day") -> Exemption:
    return grant(
        branch=cast.first,
        rule_code=code,
        starts_on=first,
        ends_on=last,
        reason="疫情防控",
        granted_by=cast.committee,
        by=cast.staff,
        document_number="水机党〔2020〕3号",
    )


def exempt_months(cast: Cast) -> list[int]:
    own = cells([cast.first], 2020, TODAY)[cast.first.pk]
    return [cell.period.number for cell in own if cell.status == "exempt"]


def test_the_last_day_is_not_before_the_first(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        granted(cast, MARCH, FEBRUARY)
    assert "ends_on" in refused.value.error_dict


@pytest.mark.parametrize(("first", "last"), [(MARCH, None), (date(2019, 1, 1), FEBRUARY), (date(2020, 2, 9), MARCH)])
def test_no_two_for_the_same_duty_on_one_day(cast: Cast, first: date, last: date | None) -> None:
    granted(cast)
    with pytest.raises(ValidationError):
        granted(cast, first, last)
    granted(cast, first, last, code="party_lecture")


def test_it_frees_the_periods_it_touches_and_is_recorded(cast: Cast) -> None:
    granted(cast)
    assert exempt_months(cast) == [2, 3]
    entry = AuditEntry.objects.get(verb="exemption.grant")
    assert (entry.actor, entry.organisation_id, entry.reason) == (cast.staff, cast.first.pk, "疫情防控")


def test_the_trail_names_branch_and_duty_in_words(cast: Cast) -> None:
    granted(cast)
    entry = AuditEntry.objects.get(verb="exemption.grant")
    assert entry.target_name == cast.first.short_name
    assert entry.changes["rule_code"][1] == "主题党日"


def test_it_cannot_end_before_it_began(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        end(exemption=granted(cast), ends_on=date(2020, 1, 31), by=cast.staff)


def test_after_its_end_the_duty_is_owed_again(cast: Cast) -> None:
    end(exemption=granted(cast, FEBRUARY, None), ends_on=date(2020, 4, 30), by=cast.staff)
    assert exempt_months(cast) == [2, 3, 4]
    assert AuditEntry.objects.get(verb="exemption.end").changes == {"ends_on": [None, "2020-04-30"]}


def test_taken_back_it_frees_nothing_and_stays_on_file(cast: Cast) -> None:
    exemption = take_back(exemption=granted(cast), by=cast.staff)
    assert exempt_months(cast) == []
    assert Exemption.objects.filter(pk=exemption.pk, is_void=True).exists()
    granted(cast)


def test_taken_back_twice_is_refused(cast: Cast) -> None:
    exemption = take_back(exemption=granted(cast), by=cast.staff)
    with pytest.raises(ValidationError):
        take_back(exemption=exemption, by=cast.staff)
