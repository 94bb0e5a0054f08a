from __future__ import annotations

from datetime import date

from activities.queries.checkups import month_of, records_of, records_to_read
from activities.rules.periods import Period
from branches.rights import access_of
from tests.activities.findings import checked
from tests.activities.records import draft, written
from tests.cast import TODAY, Cast

OCTOBER = Period(2020, "month", 10)
SEPTEMBER = Period(2020, "month", 9)


def test_a_branch_not_checked_in_the_month_is_named(cast: Cast) -> None:
    checked(cast)
    october = month_of(cast.committee, OCTOBER, TODAY)
    assert (october.branches, october.checked, october.missing) == (3, 1, [cast.second, cast.retired])
    assert month_of(cast.committee, SEPTEMBER, TODAY).checked == 0


def test_a_draft_is_neither_offered_nor_shown(cast: Cast) -> None:
    draft(cast, title="草稿")
    handed_in = written(cast, "submitted")
    access = access_of(cast.staff)
    assert list(records_to_read(cast.first, access, date(2020, 9, 1), TODAY)) == [handed_in]
    check = checked(cast)
    check.activities.add(handed_in)
    assert list(records_of(check, access)) == [handed_in]
    handed_in.state = "draft"
    handed_in.save()
    assert not records_of(check, access).exists()
