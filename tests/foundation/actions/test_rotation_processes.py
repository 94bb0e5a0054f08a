from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from branches.models import Person
from tests.cast import draw
from tests.rosters import line, number, plan, workbook
from tests.rotation import check, exchange
from tests.shared_database import address_for_others


@pytest.fixture
def database(transactional_db: None, tmp_path: Path) -> str:
    call_command("load_defaults", verbosity=0)
    cast = draw()
    for at, person in enumerate(Person.objects.all()):
        person.phone = f"136{at:08}"
        person.save()
    plan(workbook([line("留", number(sequence=1), "第一党支部")]), cast.committee, cast.staff)
    return address_for_others(tmp_path)


@pytest.mark.process
def test_the_key_is_exchanged_while_people_work(database: str, tmp_path: Path, settings: object) -> None:
    scratch = tmp_path / "told"
    scratch.mkdir()
    told = exchange(database, str(settings.MEDIA_ROOT), scratch, before=0.3, after=0.3)
    check(told)
    assert told.read["values"] > Person.objects.count()
