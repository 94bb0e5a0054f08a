from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from branches.actions.organisations import found, move, rename, revoke
from branches.models import Membership, Organisation, Placement
from foundation.models import AuditEntry
from tests.cast import START, TODAY, Cast
from tests.tree import invalid_nodes

pytestmark = pytest.mark.django_db


def _found(cast: Cast, **changes: object) -> Organisation:
    values = {
        "code": "new",
        "kind": Organisation.Kind.BRANCH,
        "name": "新党支部",
        "short_name": "新党支部",
        "parent": cast.committee,
        "on": TODAY,
        "by": cast.admin,
    }
    return found(**(values | changes))  # type: ignore[arg-type]


def test_a_taken_code_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        _found(cast, code="first")
    assert "code" in caught.value.error_dict


def test_a_committee_cannot_stand_under_a_branch(cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        _found(cast, kind=Organisation.Kind.COMMITTEE, parent=cast.first)
    assert "parent" in caught.value.error_dict


def test_nothing_is_founded_under_what_does_not_exist_yet(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        _found(cast, on=date(2017, 12, 31))
    assert not Organisation.objects.filter(code="new").exists()


def test_founding_writes_node_placement_name_and_trail(cast: Cast) -> None:
    branch = _found(cast, document_number="市直工〔2020〕8号")
    assert branch.parent == cast.committee
    assert branch.placements.get().document_number == "市直工〔2020〕8号"
    assert branch.names.get().short_name == "新党支部"
    assert AuditEntry.objects.get(verb="organisation.found", target_id=branch.pk).actor == cast.admin
    assert invalid_nodes() == []


def test_renaming_keeps_the_old_name_until_the_day_before(cast: Cast) -> None:
    rename(organisation=cast.first, name="新名", short_name="新名", on=TODAY, by=cast.admin)
    old, new = cast.first.names.order_by("starts_on")
    assert (old.short_name, old.ends_on) == ("第一党支部", date(2020, 10, 25))
    assert (new.short_name, new.ends_on) == ("新名", None)


def test_a_node_cannot_be_moved_under_itself(cast: Cast) -> None:
    general = _found(cast, code="general", kind=Organisation.Kind.GENERAL_BRANCH)
    with pytest.raises(ValidationError):
        move(organisation=cast.organ, parent=cast.committee, on=TODAY, by=cast.admin)
    assert general.parent_id == cast.committee.pk


def test_moving_keeps_the_old_placement_and_a_valid_tree(cast: Cast) -> None:
    general = _found(cast, code="general", kind=Organisation.Kind.GENERAL_BRANCH, on=date(2020, 1, 1))
    move(organisation=cast.first, parent=general, on=TODAY, by=cast.admin, document_number="批〔2020〕1号")
    assert Organisation.objects.get(code="first").parent_id == general.pk
    day_before = Placement.objects.active_on(date(2020, 10, 25)).get(organisation=cast.first)
    assert day_before.parent_id == cast.committee.pk
    assert Placement.objects.active_on(TODAY).get(organisation=cast.first).parent_id == general.pk
    assert invalid_nodes() == []


def test_moving_twice_on_one_day_leaves_one_placement_that_day(cast: Cast) -> None:
    general = _found(cast, code="general", kind=Organisation.Kind.GENERAL_BRANCH, on=date(2020, 1, 1))
    move(organisation=cast.first, parent=general, on=TODAY, by=cast.admin)
    move(organisation=cast.first, parent=cast.committee, on=TODAY, by=cast.admin)
    assert Placement.objects.active_on(TODAY).get(organisation=cast.first).parent_id == cast.committee.pk


def test_a_branch_with_members_is_not_revoked(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        revoke(organisation=cast.first, on=TODAY, by=cast.admin, document_number="批〔2020〕2号")
    assert Organisation.objects.get(code="first").ended_on is None


def test_an_organisation_with_branches_below_is_not_revoked(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        revoke(organisation=cast.committee, on=TODAY, by=cast.admin, document_number="批〔2020〕2号")


def test_revoking_ends_it_and_keeps_it(cast: Cast) -> None:
    Membership.objects.filter(branch=cast.second).update(ends_on=TODAY)
    revoke(organisation=cast.second, on=TODAY, by=cast.admin, document_number="批〔2020〕3号")
    second = Organisation.objects.get(code="second")
    assert second.ended_on == TODAY
    assert second.existed_on(TODAY)
    assert not second.existed_on(date(2020, 10, 27))
    assert second.placements.get().ends_on == TODAY


def test_codes_that_differ_in_case_only_are_one(cast: Cast) -> None:
    kind = Organisation.Kind.BRANCH
    with pytest.raises(ValidationError) as refused:
        found(code="First", kind=kind, name="某支部", short_name="某支部", parent=cast.committee, on=TODAY, by=None)
    assert "code" in refused.value.error_dict


REVOKED = "批〔2020〕3号"


def _ended(cast: Cast, on: date) -> Organisation:
    Membership.objects.filter(branch=cast.second).update(ends_on=date(2020, 3, 31))
    return revoke(organisation=cast.second, on=on, by=cast.admin, document_number=REVOKED)


def test_what_has_been_revoked_is_not_changed_any_more_not_even_for_days_before(cast: Cast) -> None:
    second, march = _ended(cast, date(2020, 6, 30)), date(2020, 5, 1)
    for act in (
        lambda: move(organisation=second, parent=cast.organ, on=march, by=cast.admin),
        lambda: rename(organisation=second, name="新", short_name="新", on=march, by=cast.admin),
        lambda: revoke(organisation=second, on=march, by=cast.admin, document_number=REVOKED),
    ):
        with pytest.raises(ValidationError, match="已撤销"):
            act()
    assert second.placements.get().ends_on == date(2020, 6, 30)


def test_nothing_is_founded_or_moved_under_what_has_been_revoked(cast: Cast) -> None:
    general = _found(cast, code="general", kind=Organisation.Kind.GENERAL_BRANCH, on=date(2020, 1, 1))
    revoke(organisation=general, on=date(2020, 6, 30), by=cast.admin, document_number=REVOKED)
    with pytest.raises(ValidationError) as caught:
        _found(cast, parent=general, on=date(2020, 5, 1))
    assert "parent" in caught.value.error_dict
    with pytest.raises(ValidationError) as caught:
        move(organisation=cast.first, parent=general, on=date(2020, 5, 1), by=cast.admin)
    assert "parent" in caught.value.error_dict


@pytest.mark.parametrize("moved", [True, False])
def test_the_last_day_is_none_before_a_later_move_or_name(moved: bool, cast: Cast) -> None:
    if moved:
        move(organisation=cast.second, parent=cast.organ, on=date(2020, 7, 1), by=cast.admin)
    else:
        rename(organisation=cast.second, name="新", short_name="新", on=date(2020, 7, 1), by=cast.admin)
    with pytest.raises(ValidationError, match="2020年7月1日") as caught:
        _ended(cast, date(2020, 6, 30))
    assert "on" in caught.value.error_dict
    assert Organisation.objects.get(code="second").ended_on is None


def test_the_last_day_is_none_on_which_something_stood_below(cast: Cast) -> None:
    general = _found(cast, code="general", kind=Organisation.Kind.GENERAL_BRANCH, on=date(2020, 1, 1))
    move(organisation=cast.first, parent=general, on=date(2020, 2, 1), by=cast.admin)
    move(organisation=cast.first, parent=cast.committee, on=date(2020, 7, 1), by=cast.admin)
    with pytest.raises(ValidationError, match="2020年6月30日"):
        revoke(organisation=general, on=date(2020, 6, 29), by=cast.admin, document_number=REVOKED)
    revoke(organisation=general, on=date(2020, 6, 30), by=cast.admin, document_number=REVOKED)


def test_a_move_entered_late_makes_no_ring_of_the_past(cast: Cast) -> None:
    kinds = Organisation.Kind
    outer = _found(cast, code="outer", kind=kinds.COMMITTEE, parent=cast.city, on=START)
    inner = _found(cast, code="inner", kind=kinds.COMMITTEE, parent=outer, on=START)
    move(organisation=inner, parent=cast.city, on=date(2020, 7, 1), by=cast.admin)
    with pytest.raises(ValidationError) as caught:
        move(organisation=outer, parent=inner, on=date(2020, 6, 30), by=cast.admin)
    assert "on" in caught.value.error_dict
    move(organisation=outer, parent=inner, on=date(2020, 7, 1), by=cast.admin)
    assert invalid_nodes() == []


@pytest.mark.parametrize("field", ["name", "short_name"])
def test_a_name_borne_by_a_sibling_is_refused(cast: Cast, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        _found(cast, **{field: "第一党支部"})
    assert "（代码 first）" in caught.value.message_dict[field][0]
    names = {"name": "某党支部", "short_name": "某党支部"} | {field: "第一党支部"}
    with pytest.raises(ValidationError) as caught:
        rename(organisation=cast.second, on=TODAY, by=cast.admin, **names)
    assert field in caught.value.error_dict


def test_a_name_is_free_elsewhere_and_after_its_bearer_ended(cast: Cast) -> None:
    _found(cast, name="农业局第一党支部", short_name="农业局第一党支部")
    gone = _found(cast, code="gone", name="旧党支部", short_name="旧党支部", on=date(2020, 1, 1))
    revoke(organisation=gone, on=date(2020, 10, 25), by=cast.admin, document_number="批〔2020〕3号")
    assert _found(cast, code="again", name="旧党支部", short_name="旧党支部").name == "旧党支部"


def test_a_merged_branch_may_keep_a_name(cast: Cast) -> None:
    names = {"name": "第一党支部", "short_name": "第一党支部"}
    assert _found(cast, **names, replaced=[cast.first]).short_name == "第一党支部"
