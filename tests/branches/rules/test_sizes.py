from __future__ import annotations

import pytest

from branches.rules.organisations import OrganisationKind
from branches.rules.sizes import Size, SizeHint, size_hints

BRANCH = OrganisationKind.BRANCH


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (Size(BRANCH, 2, 2), [SizeHint.TOO_FEW]),
        (Size(BRANCH, 3, 2), [SizeHint.TOO_FEW]),
        (Size(BRANCH, 3, 3), []),
        (Size(BRANCH, 2, 2, is_joint=True), []),
        (Size(BRANCH, 0, 0, is_temporary=True), []),
        (Size(BRANCH, 7, 6), []),
        (Size(BRANCH, 7, 7), [SizeHint.NO_COMMITTEE]),
        (Size(BRANCH, 7, 7, has_committee=True), []),
        (Size(BRANCH, 49, 49, has_committee=True), []),
        (Size(BRANCH, 50, 50, has_committee=True), [SizeHint.GENERAL_BRANCH]),
        (Size(BRANCH, 51, 51, has_committee=True), [SizeHint.TOO_MANY, SizeHint.GENERAL_BRANCH]),
        (Size(BRANCH, 100, 99, has_committee=True), [SizeHint.TOO_MANY, SizeHint.COMMITTEE]),
        (Size(BRANCH, 9, 5, units=5, is_joint=True), []),
        (Size(BRANCH, 9, 5, units=6, is_joint=True), [SizeHint.TOO_MANY_UNITS]),
        (Size(OrganisationKind.GENERAL_BRANCH, 49, 49), [SizeHint.SMALL_GENERAL_BRANCH]),
        (Size(OrganisationKind.GENERAL_BRANCH, 50, 50), []),
        (Size(OrganisationKind.GENERAL_BRANCH, 100, 90), [SizeHint.COMMITTEE]),
        (Size(OrganisationKind.COMMITTEE, 99, 99), [SizeHint.SMALL_COMMITTEE]),
        (Size(OrganisationKind.COMMITTEE, 100, 99), []),
        (Size(OrganisationKind.ORGAN, 1, 1), []),
    ],
)
def test_numbers_ask_for_what_the_regulations_say(size: Size, expected: list[SizeHint]) -> None:
    assert size_hints(size) == expected


def test_every_hint_names_its_source() -> None:
    assert all("article" in hint.source or "条" in hint.source for hint in SizeHint)
