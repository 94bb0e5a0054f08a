from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from branches.actions.organisations import found
from branches.models import Organisation, User
from tests.shared_database import address_for_others, take_back
from tests.tree import act_at_once, inconsistencies, lost

PROCESSES = 8
ACTS = 6


@pytest.fixture
def database(transactional_db: None, tmp_path: Path) -> str:
    User.objects.create_user(username="by", password="x", name="by")
    kind = Organisation.Kind.COMMITTEE
    found(code="top", kind=kind, name="党委", short_name="党委", parent=None, on=date(2020, 1, 1), by=None)
    return address_for_others(tmp_path)


@pytest.mark.process
def test_many_processes_leave_a_sound_tree_and_lose_nothing(database: str) -> None:
    """Without the lock this leaves overlapping intervals and deadlocks in every run."""
    told, failures = act_at_once(database, processes=PROCESSES, acts=ACTS)
    assert not failures, "\n".join(failures)
    assert len(told) == PROCESSES * ACTS
    take_back(database)
    assert Organisation.objects.filter(code__startswith="p").count() == sum(act == "found" for act, *_rest in told)
    assert lost(told) == []
    assert inconsistencies() == []
