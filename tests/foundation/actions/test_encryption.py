import pytest
from pytest_django import Settings

from branches.models import Person
from config.environment import new_key
from foundation.actions.encryption import encrypt_anew
from foundation.encryption import DecryptionError

pytestmark = pytest.mark.django_db


def test_a_value_that_cannot_be_opened_stops_it(settings: Settings) -> None:
    Person.objects.create(name="李秀英", phone="13800001234")
    settings.FIELD_KEYS = {"2": new_key()}
    with pytest.raises(DecryptionError):
        encrypt_anew()


def test_afterwards_the_old_key_can_go(settings: Settings) -> None:
    Person.objects.create(name="李秀英", phone="13800001234")
    Person.objects.create(name="王建国")
    settings.FIELD_KEYS = {"2": new_key(), **settings.FIELD_KEYS}
    Person.objects.create(name="张伟", phone="13900001234")
    assert encrypt_anew() == 1
    assert encrypt_anew() == 0
    del settings.FIELD_KEYS["1"]
    assert sorted(Person.objects.values_list("phone", flat=True)) == ["", "13800001234", "13900001234"]
