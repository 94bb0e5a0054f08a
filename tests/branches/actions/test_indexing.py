from __future__ import annotations

import pytest
from pytest_django import Settings

from branches.actions.indexing import index_anew
from branches.models import Person
from config.environment import new_key
from foundation.encryption import DecryptionError, blind_index
from tests.rosters import number

pytestmark = pytest.mark.django_db


def person(name: str, sequence: int = 0, phone: str = "") -> Person:
    identity = number(sequence=sequence) if sequence else ""
    return Person.objects.create(
        name=name,
        identity_number=identity,
        identity_hash=blind_index(identity) if identity else None,
        phone=phone,
        phone_hash=blind_index(phone) if phone else "",
    )


def test_what_cannot_be_opened_leaves_every_hash_as_it_was(settings: Settings) -> None:
    first, second = person("甲", 1), person("乙", 2)
    settings.FIELD_KEYS = {"2": new_key(), **settings.FIELD_KEYS}
    person("丙", 3)
    settings.FIELD_KEYS = {"2": settings.FIELD_KEYS["2"]}
    settings.INDEX_KEY = new_key()
    with pytest.raises(DecryptionError):
        index_anew()
    kept = set(Person.objects.values_list("identity_hash", flat=True))
    assert {first.identity_hash, second.identity_hash} < kept


def test_people_are_found_by_the_new_key(settings: Settings) -> None:
    person("甲", 1, "13800001234")
    person("乙")
    settings.INDEX_KEY = new_key()
    assert index_anew() == 1
    assert index_anew() == 0
    assert Person.objects.get(identity_hash=blind_index(number(sequence=1))).name == "甲"
    assert Person.objects.get(phone_hash=blind_index("13800001234")).name == "甲"
    assert Person.objects.get(name="乙").identity_hash is None


def test_who_is_not_to_be_found_by_a_number_stays_so(settings: Settings) -> None:
    hidden = person("甲", 1)
    Person.objects.filter(pk=hidden.pk).update(identity_hash=None)
    settings.INDEX_KEY = new_key()
    index_anew()
    assert Person.objects.get(pk=hidden.pk).identity_hash is None
