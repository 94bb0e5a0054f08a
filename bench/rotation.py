"""The field key is exchanged while processes edit, import and export; then the old key is taken away."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.scratch import START, prepare, vendor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=20_000)
    chosen = parser.parse_args()
    prepare()
    from django.conf import settings
    from django.db import connection

    from bench.rosters import person
    from branches.models import Membership, Person
    from tests.cast import draw
    from tests.rotation import check, exchange

    retired = draw().retired
    people = Person.objects.bulk_create(
        [
            Person(name=cells[0], identity_number=cells[3], phone=cells[11], home_address="青岭市")
            for cells in (person(number, 1) for number in range(chosen.members))
        ],
        batch_size=500,
    )
    Membership.objects.bulk_create(
        [Membership(person=one, branch=retired, starts_on=START) for one in people], batch_size=500
    )
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        told = exchange(str(connection.settings_dict["NAME"]), str(settings.MEDIA_ROOT), Path(scratch))
    check(told)
    print(
        f"{told.rotation['rows']} values and files encrypted anew in {told.rotation['seconds']:.1f} s, {vendor()}, "
        f"beside {len(told.edits)} edits, {len(told.imports)} imports and {len(told.exports)} exports; by the new key "
        f"alone all {told.read['values']} values and {told.read['files']} files open, no edit is lost"
    )


if __name__ == "__main__":
    main()
