from datetime import date

from branches.models import Role, RoleAssignment
from branches.queries.accounts import accounts_at, accounts_in_charge, candidates
from branches.rights import access_of
from tests.cast import START, TODAY, Cast


def give(cast: Cast, name: str, role: str, at: str, **dates: date) -> RoleAssignment:
    return RoleAssignment.objects.create(
        user=cast.users[name], role=role, organisation=getattr(cast, at), **{"starts_on": START, **dates}
    )


def names(accounts: object) -> set[str]:
    return {account.username for account in accounts}  # type: ignore[attr-defined]


def test_an_account_with_a_role_elsewhere_is_listed_but_not_in_charge(cast: Cast) -> None:
    give(cast, "secretary", Role.AUDITOR, "far")
    access = access_of(cast.admin)
    assert "secretary" in names(accounts_at(cast.first, access))
    assert "secretary" not in names(accounts_in_charge(access))


def test_a_role_elsewhere_from_tomorrow_counts_already(cast: Cast) -> None:
    give(cast, "secretary", Role.AUDITOR, "far", starts_on=date(2020, 10, 27))
    assert "secretary" not in names(accounts_in_charge(access_of(cast.admin)))


def test_an_ended_role_elsewhere_does_not_matter(cast: Cast) -> None:
    give(cast, "secretary", Role.AUDITOR, "far", ends_on=date(2020, 10, 25))
    assert "secretary" in names(accounts_in_charge(access_of(cast.admin)))


def test_who_has_moved_away_is_gone(cast: Cast) -> None:
    RoleAssignment.objects.filter(user=cast.secretary).update(ends_on=date(2020, 10, 25))
    give(cast, "secretary", Role.SECRETARY, "far")
    access = access_of(cast.admin)
    assert "secretary" not in names(accounts_at(cast.first, access))
    assert "secretary" not in names(accounts_in_charge(access))


def test_who_has_no_role_now_stays_where_the_last_one_was(cast: Cast) -> None:
    RoleAssignment.objects.filter(user=cast.secretary).update(ends_on=date(2020, 10, 25))
    RoleAssignment.objects.filter(user=cast.neighbour).update(is_void=True)
    access = access_of(cast.admin)
    assert names(accounts_at(cast.first, access)) == {"secretary", "recorder", "contact"}
    assert {"secretary", "neighbour"} <= names(accounts_in_charge(access))


def test_accounts_above_and_superusers_are_out_of_reach(cast: Cast) -> None:
    give(cast, "staff", Role.ADMINISTRATOR, "committee")
    cast.recorder.is_superuser = True
    cast.recorder.save()
    in_charge = names(accounts_in_charge(access_of(cast.staff)))
    assert in_charge == {"secretary", "neighbour", "contact", "staff", "auditor"}


def test_candidates_are_members_in_reach_of_that_very_name(cast: Cast) -> None:
    cast.people["far0"].name = "王建国"
    cast.people["far0"].save()
    labels = [candidate.label for candidate in candidates("王建国", access_of(cast.admin))]
    assert [label.split(" · ")[1] for label in labels] == ["第一党支部", "第二党支部"]
    assert candidates("王建", access_of(cast.admin)) == []
    assert access_of(cast.admin).day == TODAY
