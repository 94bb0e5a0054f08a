import pytest

from foundation.rules.audit import safe_change


@pytest.mark.parametrize("name", ["identity_number", "person.identity_number", "father_identity_number"])
def test_identity_numbers_are_masked(name: str) -> None:
    assert safe_change(name, None, "430101196501011234") == (None, "430***********1234")


def test_phones_are_masked() -> None:
    assert safe_change("phone", "13800001234", "") == ("138****1234", "")


@pytest.mark.parametrize(
    "name", ["password", "home_address", "identity_hash", "one_time_password", "phone_index", "api_token"]
)
def test_secrets_leave_only_a_mark(name: str) -> None:
    assert safe_change(name, "old", "new") == ("•••", "•••")
    assert safe_change(name, "", "new") == ("", "•••")


def test_everything_else_stays() -> None:
    assert safe_change("name", "甲", "乙") == ("甲", "乙")
