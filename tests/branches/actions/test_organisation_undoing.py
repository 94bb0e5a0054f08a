from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from branches.actions import organisation_undoing, organisation_writing
from branches.actions.organisations import found, rename
from branches.actions.undoing import begin_undo
from branches.models import (
    Batch,
    BatchEffect,
    Membership,
    Organisation,
    OrganisationName,
    Placement,
    RoleAssignment,
    User,
)
from branches.queries.undoing import undo_preview
from branches.rights import access_of
from foundation.models import AuditEntry
from tests.cast import TODAY, Cast
from tests.rosters import write
from tests.tables import organisation, plan_table
from tests.tree import invalid_nodes

TABLE = (
    organisation("甲党委", "党委", 代码="A"),
    organisation("甲一支部", parent="A", 代码="A-1"),
    organisation("甲二支部", parent="A", 代码="A-2"),
    organisation("乙支部", parent="committee", 代码="B"),
)


def written(cast: Cast, *table: list[str], as_of: date = TODAY) -> Batch:
    return write(plan_table("organisations", table, cast.city, cast.admin, as_of=as_of))


def undone(batch: Batch, by: User) -> Batch:
    begin_undo(batch=batch, also=(), by=by)
    batch.refresh_from_db()
    return batch


def standing() -> dict[str, tuple[int, int, int, int, int | None]]:
    return {o.code: (o.tree_id, o.lft, o.rght, o.level, o.parent_id) for o in Organisation.objects.all()}


def kept(batch: Batch) -> dict[str, str]:
    effects = batch.effects.filter(outcome="kept").select_related("organisation")
    return {effect.organisation.code: effect.reason for effect in effects if effect.organisation}


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_what_nobody_used_never_was(cast: Cast, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(organisation_undoing, "CHUNK", chunk)
    before = standing()
    batch = undone(written(cast, *TABLE), cast.admin)
    assert (batch.state, batch.counts["undone"]) == ("undone", 4)
    assert standing() == before
    assert invalid_nodes() == []
    assert not Placement.objects.valid().filter(organisation__code__startswith="A").exists()
    assert not OrganisationName.objects.valid().filter(name__startswith="甲").exists()
    assert AuditEntry.objects.filter(verb="organisation.withdraw", organisation_id=cast.city.pk).count() == 4


def test_codes_and_names_are_free_again(cast: Cast) -> None:
    undone(written(cast, *TABLE), cast.admin)
    batch = written(cast, *TABLE)
    assert batch.counts["written"] == 4
    assert Organisation.objects.get(code="A-1").parent == Organisation.objects.get(code="A")
    assert invalid_nodes() == []


def test_it_is_nowhere_to_be_seen(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    """Neither on pages nor in exports, searches, choices, nor for a role given there meanwhile by hand."""
    undone(written(cast, *TABLE), cast.admin)
    client = sign_in(cast.admin)
    pages = [
        reverse("branches:organisations"),
        reverse("branches:organisation", args=["city"]),
        reverse("branches:accounts", args=["city"]),
        reverse("branches:account_new", args=["city"]),
        reverse("branches:roster", args=["city"]),
        reverse("search") + "?q=甲",
    ]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        body = response.content.decode()
        assert "甲一支部" not in body, page
        assert "甲党委" not in body, page
    assert client.get(reverse("branches:organisation", args=["A"])).status_code == 404
    gone = Organisation._base_manager.filter(name="甲党委").get()
    assert gone.is_void
    assert client.get(f"/organisations/{gone.code}/").status_code == 404
    assert not access_of(cast.admin).may("manage_organisations", gone)  # type: ignore[arg-type]


def test_what_has_records_stays_with_what_stands_above_it(cast: Cast) -> None:
    batch = written(cast, *TABLE)
    branch = Organisation.objects.get(code="A-1")
    Membership.objects.filter(person=cast.people["first3"]).update(branch=branch)
    preview = undo_preview(batch, access_of(cast.admin))
    assert (preview.created, {reason for _effect, reason in preview.kept}) == (2, {"has_records"})
    assert kept(undone(batch, cast.admin)) == {"A": "has_records", "A-1": "has_records"}
    assert not Organisation.objects.filter(code__in=["A-2", "B"]).exists()
    assert invalid_nodes() == []


def test_a_role_a_child_of_others_or_a_change_keeps_it(cast: Cast) -> None:
    batch = written(cast, *TABLE, organisation("丙支部", 代码="C"))
    by_code = {o.code: o for o in Organisation.objects.all()}
    RoleAssignment.objects.create(user=cast.nobody, role="secretary", organisation=by_code["A-1"], starts_on=TODAY)
    found(code="x", kind="branch", name="x", short_name="x", parent=by_code["A"], on=TODAY, by=None)
    rename(organisation=by_code["B"], name="新名", short_name="新名", on=TODAY, by=None)
    kept_now = kept(undone(batch, cast.admin))
    assert kept_now == {"A": "has_records", "A-1": "has_records", "B": "changed"}


def test_deciding_does_not_make_records_homeless(cast: Cast) -> None:
    batch = written(cast, *TABLE)
    branch = Organisation.objects.get(code="A-1")
    Membership.objects.filter(person=cast.people["first3"]).update(branch=branch)
    also = list(batch.effects.values_list("pk", flat=True))
    begin_undo(batch=batch, also=also, by=cast.admin)
    assert kept(batch) == {"A": "has_records", "A-1": "has_records"}


def test_a_correction_is_given_back(cast: Cast) -> None:
    row = organisation("机关第一党支部", 代码="first", 成立日期="", 离退休干部党支部="是", 批准文号="9号")
    batch = undone(written(cast, row, as_of=date(2020, 3, 1)), cast.admin)
    first = Organisation.objects.get(code="first")
    assert (first.name, first.is_retired, first.founding_document) == ("第一党支部", False, "")
    assert list(first.names.valid().values_list("name", "starts_on", "ends_on")) == [
        ("第一党支部", date(2018, 1, 1), None)
    ]
    assert batch.counts["undone"] == 1


def test_a_correction_somebody_has_corrected_since_stays(cast: Cast) -> None:
    batch = written(cast, organisation("机关第一党支部", 代码="first", 成立日期=""), as_of=date(2020, 3, 1))
    rename(organisation=cast.first, name="又一名", short_name="又一名", on=TODAY, by=None)
    assert [reason for _effect, reason in undo_preview(batch, access_of(cast.admin)).kept] == ["changed"]
    with pytest.raises(ValidationError):
        undone(batch, cast.admin)
    assert Organisation.objects.get(code="first").name == "又一名"


def test_a_name_borne_by_another_one_by_now_is_not_given_back(cast: Cast) -> None:
    batch = written(cast, organisation("机关第一党支部", 代码="first", 成立日期=""), as_of=date(2020, 3, 1))
    assert undo_preview(batch, access_of(cast.admin)).changed == 1
    found(code="x", kind="branch", name="第一党支部", short_name="甲", parent=cast.committee, on=TODAY, by=None)
    assert [reason for _effect, reason in undo_preview(batch, access_of(cast.admin)).kept] == ["changed"]


def test_a_stopped_import_is_undone_as_far_as_it_went(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(organisation_writing, "CHUNK", 2)
    before = standing()
    batch = plan_table("organisations", TABLE, cast.city, cast.admin)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.APPLYING)
    organisation_writing.write_chunk(batch)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.STOPPED)
    batch.refresh_from_db()
    assert Organisation.objects.filter(code="A").exists()
    undone(batch, cast.admin)
    assert standing() == before


def test_the_organisations_are_locked_before_anybody_looks_whether_they_are_used(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what is entered in between would belong to an organisation that never was."""
    batch, steps = written(cast, *TABLE), list[object]()
    lock, look = organisation_undoing.lock_to_end, organisation_undoing.reasons_to_keep

    def locking(pks: Collection[int]) -> None:
        steps.append(set(pks))
        lock(pks)

    def looking(batch: Batch, effects: Collection[BatchEffect]) -> dict[int, str]:
        steps.append("looked")
        return look(batch, effects)

    monkeypatch.setattr(organisation_undoing, "lock_to_end", locking)
    monkeypatch.setattr(organisation_undoing, "reasons_to_keep", looking)
    founded = set(batch.effects.values_list("organisation", flat=True))
    undone(batch, cast.admin)
    assert steps == [founded, "looked"]
