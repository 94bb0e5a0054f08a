import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from foundation.encryption import decrypt, encrypt
from foundation.models import EncryptedTextField


@pytest.fixture
def model(db: None) -> type[models.Model]:
    with isolate_apps("foundation"):

        class Secret(models.Model):
            value = EncryptedTextField(null=True)

            class Meta:
                app_label = "foundation"

    with connection.cursor() as cursor:
        auto = "SERIAL" if connection.vendor == "postgresql" else "INTEGER"
        cursor.execute(f"CREATE TEMPORARY TABLE foundation_secret (id {auto} PRIMARY KEY, value TEXT NULL)")
    return Secret


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM foundation_secret")
        return cursor.fetchone()[0]


def test_it_cannot_be_searched(model: type[models.Model]) -> None:
    with pytest.raises(TypeError, match="cannot be searched"):
        model.objects.filter(value="x").exists()


def test_the_column_holds_no_plain_text(model: type[models.Model]) -> None:
    row = model.objects.create(value="430101196501011234")
    assert stored().startswith("k1:")
    assert decrypt(stored()) == "430101196501011234"
    row.refresh_from_db()
    assert row.value == "430101196501011234"


@pytest.mark.parametrize("empty", [None, ""])
def test_empty_stays_empty(model: type[models.Model], empty: str | None) -> None:
    row = model.objects.create(value=empty)
    row.refresh_from_db()
    assert row.value == empty
    assert not stored()


def test_a_restored_value_is_not_encrypted_twice(model: type[models.Model]) -> None:
    sealed = encrypt("x")
    model.objects.create(value=sealed)
    assert stored() == sealed
