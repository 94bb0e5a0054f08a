"""Three rosters as offices keep them, each with what has to come out of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from branches.actions.organisations import found
from branches.models import Batch, Membership, Organisation, Person, Role, RoleAssignment, User
from branches.rules.people import Category, Precision, Sex
from foundation.encryption import blind_index
from tests.rosters import FILES, codes, plan, rows, write

AS_OF = date(2026, 6, 30)
SAMPLES = ["two_row_header.xlsx", "mixed_dates.xlsx", "export_gb18030.csv"]
CODES = {
    "ID_CHECKSUM": "id_checksum",
    "ID_LENGTH": "id_length",
    "ID_CHARS": "id_characters",
    "ID_PRECISION_LOST": "id_precision",
    "ID_DUPLICATE_IN_FILE": "id_duplicate",
    "BRANCH_UNKNOWN": "branch_unknown",
    "BRANCH_EMPTY": "branch_empty",
    "NAME_EMPTY": "name_empty",
    "NOT_A_MEMBER": "not_a_member",
    "DATE_INVALID": "date_invalid",
    "DATE_AMBIGUOUS_MONTH": "date_month_ambiguous",
    "DATE_TWO_DIGIT_YEAR": "date_two_digit_year",
    "DATE_SERIAL_NUMBER": "date_serial",
    "GENDER_ID_MISMATCH": "sex_mismatch",
    "CATEGORY_AMBIGUOUS": "category_guessed",
}


@pytest.fixture
def bureau(defaults: None, settings: Any) -> tuple[Organisation, User]:
    """青岭县发展和改革局 with the branches the rosters name, and somebody who keeps its members."""
    settings.BUSINESS_DATE = date(2026, 7, 1)
    committee = found(
        code="bureau",
        kind="committee",
        name="青岭县发展和改革局机关党委",
        short_name="机关党委",
        parent=None,
        on=date(2000, 1, 1),
        by=None,
    )
    for position, branch in enumerate(json.loads((FILES / "branches.json").read_text())):
        found(
            code=f"bureau-{position}",
            kind="branch",
            name=branch["full"],
            short_name=branch["short"],
            parent=committee,
            on=date(2000, 1, 1),
            by=None,
        )
    user = User.objects.create_user("keeper", name="管理员", must_change_password=False)
    RoleAssignment.objects.create(user=user, role=Role.STAFF, organisation=committee, starts_on=date(2000, 1, 1))
    return Organisation.objects.get(code="bureau"), user


def expected(sample: str) -> dict[str, Any]:
    return dict(json.loads((FILES / f"{sample}.expected.json").read_text()))


def members(sample: str) -> list[dict[str, Any]]:
    return list(json.loads((FILES / f"{sample}.members.json").read_text()))


@pytest.mark.parametrize("sample", SAMPLES)
def test_rows_are_accepted_reported_and_left_aside_as_expected(sample: str, bureau: tuple[Organisation, User]) -> None:
    batch = plan((FILES / sample).read_bytes(), *bureau, name=sample, as_of=AS_OF)
    assert batch.state == Batch.State.PLANNED
    wanted, found_rows = expected(sample), rows(batch)
    accepted = {number for number, row in found_rows.items() if row.action != "refused"}
    reported = {number for number, row in found_rows.items() if codes(row)}
    must_reject = {row["row"] for row in wanted["must_reject"]}
    must_ignore = {row["row"] for row in wanted["must_ignore"]}

    assert {row["row"] for row in members(sample)} <= accepted
    assert not must_reject & accepted
    assert must_reject <= reported
    assert {row["row"] for row in wanted["must_report_either"]} <= reported
    assert not must_ignore & set(found_rows)
    assert len(found_rows) == wanted["counts"]["person_rows"]
    assert all(codes(found_rows[number]) for number in found_rows.keys() - accepted), "refused without a word"
    for report in wanted["must_reject"] + wanted["must_report_either"] + wanted["should_warn"]:
        assert CODES[report["code"]] in codes(found_rows[report["row"]]), report


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_is_written_is_what_the_file_says(sample: str, bureau: tuple[Organisation, User]) -> None:
    batch = write(plan((FILES / sample).read_bytes(), *bureau, name=sample, as_of=AS_OF))
    assert batch.state == Batch.State.APPLIED
    for member in members(sample):
        person = Person.objects.select_related("nation").get(identity_hash=blind_index(member["id"]))
        membership = Membership.objects.select_related("branch").get(person=person)
        assert written(person, membership) == wished(member), f"row {member['row']}"
    assert Person.objects.count() == batch.counts["create"] == batch.counts["written"]


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_same_file_again_changes_nothing(sample: str, bureau: tuple[Organisation, User]) -> None:
    content = (FILES / sample).read_bytes()
    first = write(plan(content, *bureau, name=sample, as_of=AS_OF))
    again = plan(content, *bureau, name=sample, as_of=AS_OF)
    assert again.counts["unchanged"] == first.counts["create"]
    assert not {"create", "update", "move"} & again.counts.keys()


def written(person: Person, membership: Membership) -> dict[str, Any]:
    return {
        "name": person.name,
        "sex": person.sex,
        "nation": person.nation and person.nation.name,
        "identity_number": person.identity_number,
        "birth": (person.birth_date, person.birth_date_precision),
        "joined": (person.joined_on, person.joined_on_precision),
        "full": (person.full_on, person.full_on_precision),
        "category": person.category,
        "phone": person.phone,
        "phone_hash": person.phone_hash,
        "branch": membership.branch.short_name,
        "since": membership.starts_on,
    }


def wished(member: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": member["name"],
        "sex": {"男": Sex.MALE, "女": Sex.FEMALE}[member["gender"]],
        "nation": member["ethnic"],
        "identity_number": member["id"],
        "birth": (date.fromisoformat(member["birth"]), Precision.DAY),
        "joined": day(member["join"], member["join_precision"]),
        "full": day(member["full"], member["full_precision"]),
        "category": {"正式党员": Category.FULL, "预备党员": Category.PROBATIONARY}[member["category"]],
        "phone": member["phone"],
        "phone_hash": blind_index(member["phone"]),
        "branch": member["branch"],
        "since": AS_OF,
    }


def day(text: str | None, precision: str | None) -> tuple[date | None, str]:
    if text is None:
        return None, Precision.DAY
    return date.fromisoformat(text if precision == "day" else f"{text}-01"), precision or Precision.DAY
