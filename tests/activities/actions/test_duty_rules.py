from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from activities.actions.duty_rules import end_rule, set_rule, take_back
from activities.models import DutyRule
from activities.queries.duties import rules_for
from foundation.models import AuditEntry
from tests.activities.rules_set import own_rule
from tests.cast import Cast


def values_of(rule: DutyRule, **changes: object) -> Any:
    names = ("rhythm", "times", "applies_to", "exempts_retired", "exempts_temporary", "fixed_day", "grace_days",
             "warning_days", "entry_days", "note")  # fmt: skip
    return {name: getattr(rule, name) for name in names} | {"kinds": list(rule.kinds.all())} | changes


def lecture(cast: Cast, year: int = 2020) -> DutyRule:
    return next(rule for rule in rules_for([cast.committee], year)[cast.committee.pk] if rule.code == "party_lecture")


def change(cast: Cast, *, year: int = 2020, version: int | None = None, **changes: object) -> DutyRule:
    rule = lecture(cast, year)
    return set_rule(
        organisation=cast.committee,
        model=rule,
        year=year,
        values=values_of(rule, **changes),
        version=rule.version if version is None else version,
        by=cast.staff,
    )


def test_an_old_version_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        change(cast, version=99, times=2)
    assert not DutyRule.objects.filter(organisation=cast.committee).exists()


def test_a_waiver_needs_its_reason(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        change(cast, times=0, note="")
    assert "note" in refused.value.error_dict


def test_two_people_setting_the_first_own_rule_do_not_overwrite_each_other(cast: Cast) -> None:
    default = lecture(cast)
    change(cast, times=2)
    with pytest.raises(ValidationError):
        set_rule(
            organisation=cast.committee, model=default, year=2020, values=values_of(default, times=3),
            version=default.version, by=cast.staff,
        )  # fmt: skip
    assert lecture(cast).times == 2


def test_the_own_rule_is_a_copy_that_holds_from_the_year(cast: Cast) -> None:
    change(cast, times=2)
    assert (lecture(cast, 2019).times, lecture(cast, 2020).times, lecture(cast, 2021).times) == (1, 2, 2)
    assert lecture(cast).source == lecture(cast, 2019).source
    assert [kind.code for kind in lecture(cast).kinds.all()] == ["party_lecture"]


def test_changing_it_in_the_same_year_keeps_one_rule(cast: Cast) -> None:
    change(cast, times=2)
    change(cast, times=3)
    rule = DutyRule.objects.get(organisation=cast.committee)
    assert (rule.times, rule.version) == (3, 2)


def test_changing_it_in_a_later_year_leaves_the_earlier_years(cast: Cast) -> None:
    change(cast, times=2)
    change(cast, year=2022, times=4)
    assert (lecture(cast, 2021).times, lecture(cast, 2022).times) == (2, 4)


def test_the_entry_says_what_changed_and_where(cast: Cast) -> None:
    change(cast, times=2)
    entry = AuditEntry.objects.get(verb="duty_rule.set")
    assert (entry.actor, entry.organisation_id) == (cast.staff, cast.committee.pk)
    assert entry.changes == {"first_year": [None, 2020], "times": [1, 2]}


def test_a_rule_cannot_end_before_it_began(cast: Cast) -> None:
    rule = own_rule(cast.committee, "party_lecture", first_year=2020)
    with pytest.raises(ValidationError) as refused:
        end_rule(rule=rule, last_year=2019, version=rule.version, by=cast.staff)
    assert "last_year" in refused.value.error_dict


def test_ending_an_old_version_is_refused(cast: Cast) -> None:
    rule = own_rule(cast.committee, "party_lecture", first_year=2020)
    with pytest.raises(ValidationError):
        end_rule(rule=rule, last_year=2020, version=rule.version + 1, by=cast.staff)


def test_after_the_end_the_rule_above_holds_again(cast: Cast) -> None:
    rule = own_rule(cast.committee, "party_lecture", first_year=2019, times=3)
    end_rule(rule=rule, last_year=2020, version=rule.version, by=cast.staff)
    assert (lecture(cast, 2020).times, lecture(cast, 2021).times) == (3, 1)
    assert AuditEntry.objects.get(verb="duty_rule.end").changes == {"last_year": [None, 2020]}


def test_what_was_taken_back_cannot_be_taken_back_again(cast: Cast) -> None:
    rule = change(cast, times=2)
    take_back(rule=rule, by=cast.staff)
    with pytest.raises(ValidationError):
        take_back(rule=rule, by=cast.staff)
    assert AuditEntry.objects.get(verb="duty_rule.take_back").changes == {"is_void": [False, True]}


def test_a_rule_taken_back_holds_in_no_year_and_stays_on_file(cast: Cast) -> None:
    rule = change(cast, times=0, note="点错了")
    take_back(rule=rule, by=cast.staff)
    assert (lecture(cast, 2020).times, lecture(cast, 2021).times) == (1, 1)
    assert lecture(cast).organisation is None
    assert DutyRule.objects.get(pk=rule.pk).note == "点错了"


def test_the_earlier_own_rule_holds_again(cast: Cast) -> None:
    own_rule(cast.committee, "party_lecture", first_year=2019, times=3)
    take_back(rule=change(cast, times=5), by=cast.staff)
    assert lecture(cast).times == 3


def test_after_taking_back_the_year_can_be_set_anew_but_not_from_an_old_page(cast: Cast) -> None:
    wrong = change(cast, times=5)
    take_back(rule=wrong, by=cast.staff)
    with pytest.raises(ValidationError):
        set_rule(
            organisation=cast.committee, model=wrong, year=2020, values=values_of(wrong), version=wrong.version,
            by=cast.staff,
        )  # fmt: skip
    change(cast, times=2)
    assert lecture(cast).times == 2
