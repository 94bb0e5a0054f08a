from hypothesis import given
from hypothesis import strategies as st

from activities.rules.activities import Presence
from activities.rules.attendances import Row, tally

rows = st.lists(
    st.builds(Row, presence=st.sampled_from(Presence.values), has_vote=st.booleans(), is_expected=st.booleans())
)


@given(rows)
def test_every_expected_person_is_counted_once(drawn: list[Row]) -> None:
    found = tally(drawn)
    assert found.present + found.leave + found.absent + found.unrecorded == found.expected
    assert found.expected == sum(row.is_expected for row in drawn)
    assert found.voters_present <= found.voters <= found.expected
    assert found.rate is None or 0 <= found.rate <= 1


@given(rows)
def test_an_unrecorded_person_changes_no_rate(drawn: list[Row]) -> None:
    before, after = tally(drawn), tally([*drawn, Row(Presence.UNRECORDED, has_vote=True)])
    assert (after.rate, after.absent) == (before.rate, before.absent)
    assert not after.is_complete


def test_nobody_recorded_has_no_rate() -> None:
    assert tally([]).rate is None
    assert tally([Row(Presence.UNRECORDED, has_vote=True)]).rate is None


def test_those_floating_in_are_neither_expected_nor_voters() -> None:
    found = tally([Row(Presence.PRESENT, True), Row(Presence.PRESENT, True, is_expected=False)])
    assert (found.expected, found.present, found.voters_present, found.visitors) == (1, 1, 1, 1)
