from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from pytest_django import DjangoAssertNumQueries

from foundation import trail
from foundation.actions.audit import Entry, difference, record, record_many
from foundation.models import AuditEntry


def test_an_entry_tells_who_when_whence_and_what(writer: AbstractBaseUser) -> None:
    trail.address.set("10.0.0.7")
    trail.request_id.set("abc")
    record(
        verb="user.rename",
        target=writer,
        by=writer,
        organisation=42,
        changes={"name": ("甲", "乙"), "on": (None, date(2020, 10, 26)), "points": (1, Decimal("2.5"))},
        reason="笔误",
    )
    trail.address.set("")
    trail.request_id.set("")
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.actor_name, entry.address, entry.request_id) == (
        writer.pk,
        "王记录",
        "10.0.0.7",
        "abc",
    )
    assert (entry.target_type, entry.target_id, entry.target_name) == ("branches.user", str(writer.pk), "王记录")
    assert (entry.organisation_id, entry.reason) == (42, "笔误")
    assert entry.changes == {"name": ["甲", "乙"], "on": [None, "2020-10-26"], "points": [1, "2.5"]}


def test_sensitive_values_never_arrive(writer: AbstractBaseUser) -> None:
    changes = {"identity_number": (None, "430101196501011234"), "phone": ("13800001234", None), "password": ("a", "b")}
    record(verb="person.change", target=writer, by=None, changes=changes)
    entry = AuditEntry.objects.get()
    assert entry.changes == {
        "identity_number": [None, "430***********1234"],
        "phone": ["138****1234", None],
        "password": ["•••", "•••"],
    }
    assert entry.actor is None


def test_objects_in_changes_are_kept_by_name(writer: AbstractBaseUser) -> None:
    record(verb="x", target=writer, by=writer, changes={"secretary": (None, writer), "all": ([], [writer])})
    assert AuditEntry.objects.get().changes == {"secretary": [None, "王记录"], "all": [[], ["王记录"]]}


def test_many_entries_cost_as_much_as_one(
    writer: AbstractBaseUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    entries = [Entry(verb="x", target=writer, changes={"n": (0, number)}) for number in range(50)]
    with django_assert_num_queries(3):  # savepoint, insert, release
        assert record_many(entries, by=writer) == 50
    assert AuditEntry.objects.filter(actor=writer).count() == 50


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"b": (2, 3)}),
        ({"a": 1}, {"b": 2}, {"a": (1, None), "b": (None, 2)}),
    ],
)
def test_difference(before: dict[str, int], after: dict[str, int], expected: dict[str, object]) -> None:
    assert difference(before, after) == expected


def test_what_a_reader_must_hold_is_kept(writer: AbstractBaseUser) -> None:
    record(verb="x", target=writer, by=writer)
    record(verb="y", target=writer, by=writer, needs="draft")
    record_many([Entry(verb="z", target=writer, needs="draft")], by=writer)
    assert [entry.needs for entry in AuditEntry.objects.order_by("pk")] == ["", "draft", "draft"]
