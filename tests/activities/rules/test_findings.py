from datetime import date

import pytest

from activities.rules.findings import FindingAct, FindingState, act_of, days_over, may_become, status_of

DUE = date(2020, 10, 20)
LATE = date(2020, 10, 26)


@pytest.mark.parametrize(
    ("state", "today", "status", "over"),
    [
        ("feedback", LATE, "unrectified", 6),
        ("rectifying", LATE, "unrectified", 6),
        ("rectifying", DUE, "rectifying", 0),
        ("feedback", DUE, "feedback", 0),
        ("verify", LATE, "verify", 0),
        ("closed", LATE, "closed", 0),
    ],
)
def test_past_due_is_what_the_branch_still_has(state: str, today: date, status: str, over: int) -> None:
    assert (status_of(state, DUE, today), days_over(state, DUE, today)) == (status, over)


@pytest.mark.parametrize(
    ("before", "after", "commented", "act"),
    [
        (None, "feedback", False, FindingAct.RAISED),
        ("feedback", "rectifying", False, FindingAct.PLANNED),
        ("rectifying", "rectifying", False, FindingAct.PLANNED),
        ("rectifying", "rectifying", True, FindingAct.EXTENDED),
        ("feedback", "feedback", True, FindingAct.EXTENDED),
        ("feedback", "verify", True, FindingAct.REPORTED),
        ("verify", "rectifying", True, FindingAct.SENT_BACK),
        ("verify", "closed", True, FindingAct.CLOSED),
        ("rectifying", "closed", True, FindingAct.WITHDRAWN),
    ],
)
def test_a_step_is_told_from_the_states_around_it(
    before: str | None, after: str, commented: bool, act: FindingAct
) -> None:
    assert act_of(before, after, commented=commented) == act


def test_what_is_closed_goes_nowhere_and_only_what_is_reported_can_be_closed() -> None:
    assert not any(may_become("closed", state) for state in FindingState)
    assert [state.value for state in FindingState if may_become(state, "closed")] == ["verify"]
