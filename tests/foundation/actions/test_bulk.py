"""Many rows in few statements: what is stored is what `bulk_create` stores."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from branches.models import Batch, BatchRow, Nation, Person
from foundation.actions import bulk
from foundation.actions.bulk import insert_many
from foundation.encryption import blind_index
from foundation.models import AuditEntry
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db


def person(at: int, **fields: Any) -> Person:
    return Person(name=f"郝{at}", birth_date=date(1980, 1, 1 + at), phone=f"1380000000{at}", **fields)


def plain(model: type[Any]) -> list[dict[str, Any]]:
    return [{key: value for key, value in row.items() if key != "id"} for row in model.objects.order_by("pk").values()]


def test_nothing_is_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert_many([])


def test_a_broken_rule_of_the_database_is_told() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([person(0, identity_hash="x"), person(1, identity_hash="x")])
    assert not Person.objects.exists()


def test_rows_are_those_of_bulk_create(cast: Cast) -> None:
    nation = Nation.objects.first()
    batch = Batch.objects.create(organisation=cast.committee, file_sha256="x", as_of=TODAY)
    made: list[tuple[Any, Any]] = [
        (Person, lambda: [person(at, nation=nation, identity_number="7") for at in range(3)]),
        (BatchRow, lambda: [BatchRow(batch=batch, position=at, number=at, payload="{}") for at in range(3)]),
        (
            AuditEntry,
            lambda: [AuditEntry(at=batch.uploaded_at, verb="x", changes={"a": ["%s", at]}) for at in range(3)],
        ),
    ]
    for model, make in made:
        with transaction.atomic():
            model.objects.bulk_create(make())
            expected = plain(model)
            transaction.set_rollback(True)
        insert_many(make())
        assert plain(model) == expected


def test_new_objects_know_their_numbers_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_PARAMETERS", 60)  # two people a statement
    people = [person(at) for at in range(7)]
    insert_many(people)
    assert [Person.objects.get(name=one.name).pk for one in people] == [one.pk for one in people]
    assert not any(one._state.adding for one in people)


def test_secrets_are_encrypted() -> None:
    insert_many([person(1)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM branches_person")
        [(stored,)] = cursor.fetchall()
    assert stored.startswith("k1:")
    assert Person.objects.get().phone == "13800000001"


def test_only_the_fields_named_are_updated() -> None:
    """Also where the row that exists bears a number no other may bear."""
    insert_many([person(at, identity_hash=blind_index(str(at))) for at in range(3)])
    people = list(Person.objects.order_by("pk"))
    for one in people:
        one.name, one.phone, one.version = "改" + one.name, "13911112222", 2
    insert_many(people, updating=("name", "version"))
    assert plain(Person) == [
        {**row, "version": 2}
        for row in plain(Person)
        if row["name"].startswith("改郝") and row["phone"].startswith("1380000")
    ]
    assert Person.objects.count() == 3
