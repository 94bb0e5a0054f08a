import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config.environment import new_key
from foundation.encryption import (
    Ciphertext,
    DecryptionError,
    blind_index,
    decrypt,
    encrypt,
    key_fingerprints,
    mask_identity,
    mask_phone,
)

NUMBER = "430101196501011234"


def test_a_missing_key_is_named(settings: Settings) -> None:
    stored = encrypt(NUMBER)
    settings.FIELD_KEYS = {"2": new_key()}
    with pytest.raises(DecryptionError, match="field key '1', which is not in FIELD_KEYS"):
        decrypt(stored)


def test_another_key_of_the_same_name_does_not_open(settings: Settings) -> None:
    stored = encrypt(NUMBER)
    settings.FIELD_KEYS = {"1": new_key()}
    with pytest.raises(DecryptionError, match="does not open"):
        decrypt(stored)


@pytest.mark.parametrize("place", [5, 20, -4])
def test_a_changed_value_does_not_open(place: int) -> None:
    stored = list(encrypt(NUMBER))
    stored[place] = "A" if stored[place] != "A" else "B"
    with pytest.raises(DecryptionError):
        decrypt("".join(stored))


def test_plain_text_in_the_column_is_refused() -> None:
    with pytest.raises(DecryptionError, match="not in the form"):
        decrypt(NUMBER)


def test_a_short_key_is_refused(settings: Settings) -> None:
    settings.FIELD_KEYS = {"1": "c2hvcnQ="}
    with pytest.raises(ImproperlyConfigured, match="32 random bytes"):
        encrypt(NUMBER)


def test_an_old_key_still_opens_after_a_new_one_took_over(settings: Settings) -> None:
    old = encrypt(NUMBER)
    settings.FIELD_KEYS = {"2": new_key(), **settings.FIELD_KEYS}
    assert decrypt(old) == NUMBER
    assert encrypt(NUMBER).startswith("k2:")


def test_equal_values_are_stored_differently_and_found_alike() -> None:
    first, second = encrypt(NUMBER), encrypt(NUMBER)
    assert first != second
    assert NUMBER not in first
    assert isinstance(first, Ciphertext)
    assert blind_index(NUMBER) == blind_index(NUMBER)
    assert blind_index(NUMBER) != blind_index(NUMBER[:-1] + "5")
    assert len(blind_index(NUMBER)) == 64


def test_the_index_depends_on_its_key(settings: Settings) -> None:
    before = blind_index(NUMBER)
    settings.INDEX_KEY = new_key()
    assert blind_index(NUMBER) != before


def test_fingerprints_do_not_hold_keys(settings: Settings) -> None:
    marks = key_fingerprints()
    assert set(marks) == {"field key 1", "index key"}
    assert not {settings.INDEX_KEY, *settings.FIELD_KEYS.values()} & set(marks.values())


def test_masks() -> None:
    assert mask_identity(NUMBER) == "430***********1234"
    assert mask_phone("13800001234") == "138****1234"
    assert mask_phone("12345") == "*****"
    assert mask_identity("") == ""
