"""20,000 members in twelve columns: planning and writing, against a floor and against django-import-export."""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any

from bench.scratch import START, empty, median_of, plant, prepare, timed, vendor

BRANCHES = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-resource", action="store_true", help="leave out the slow ModelResource")
    parser.add_argument("--profile", action="store_true", help="print where planning and writing spend their time")
    chosen = parser.parse_args()
    prepare()
    from bench.rosters import roster

    top = plant(BRANCHES)
    content = roster(range(chosen.members), BRANCHES)
    floor = median_of(chosen.rounds, lambda: _floor(content))
    rounds = [_ours(content, top) for _round in range(chosen.rounds)]
    planning, writing = (sorted(times)[len(times) // 2] for times in zip(*rounds, strict=True))
    print(f"{chosen.members} members in 12 columns, {vendor()}, medians of {chosen.rounds}")
    print(f"  floor (read, bulk_create)  {floor:7.2f} s")
    print(f"  planning                   {planning:7.2f} s   {planning / floor:5.2f} x the floor (goal: 3 at most)")
    print(f"  writing                    {writing:7.2f} s   {writing / floor:5.2f} x the floor (goal: 3 at most)")
    if not chosen.no_resource:
        from bench.resource import preview_and_import

        resource = preview_and_import(content)
        times = resource / (planning + writing)
        print(f"  ModelResource              {resource:7.2f} s   we are {times:.1f} x as fast (goal: 6 at least)")
    if chosen.profile:
        for name, profile in zip(("planning", "writing"), _profiles(content, top), strict=True):
            print(f"\n{name}")
            pstats.Stats(profile).sort_stats("tottime").print_stats(30)
            pstats.Stats(profile).sort_stats("cumulative").print_stats(50)


def _profiles(content: bytes, top: Any) -> list[cProfile.Profile]:
    profiles = [cProfile.Profile(), cProfile.Profile()]
    _ours(content, top, profiles)
    return profiles


def _floor(content: bytes) -> float:
    """Reading the cells and creating the same people and memberships, neither checked nor encrypted."""
    from django.db import transaction
    from python_calamine import CalamineWorkbook

    from branches.models import Education, Membership, Nation, Organisation, Person
    from foundation.encryption import Ciphertext

    with timed() as seconds, transaction.atomic():
        lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        branches = dict(Organisation.objects.values_list("name", "pk"))
        nations = dict(Nation.objects.values_list("name", "pk"))
        educations = dict(Education.objects.values_list("name", "pk"))
        people = [
            Person(
                name=line[0],
                sex="male" if line[1] == "男" else "female",
                nation_id=nations[line[2]],
                identity_number=Ciphertext(line[3]),
                identity_hash=line[3],
                birth_date=date(int(line[4][:4]), int(line[4][5:]), 1),
                education_id=educations[line[5]],
                native_place=line[6],
                joined_on=date.fromisoformat(line[7].replace(".", "-")),
                full_on=date.fromisoformat(line[8].replace(".", "-")),
                category="full",
                phone=Ciphertext(line[11]),
                phone_hash=line[11],
            )
            for line in lines[1:]
        ]
        Person.objects.bulk_create(people)
        Membership.objects.bulk_create(
            [
                Membership(person=person, branch_id=branches[line[10]], starts_on=START)
                for person, line in zip(people, lines[1:], strict=True)
            ]
        )
    empty()
    return seconds()


def _ours(content: bytes, top: Any, profiles: Sequence[Any] = (nullcontext(), nullcontext())) -> tuple[float, float]:
    """(from the upload to the plan, from the confirmation to the last row); the whole way, jobs and trail included."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from branches.actions.batches import confirm, upload
    from branches.models import Batch, Membership
    from foundation.actions.jobs import run

    file = SimpleUploadedFile("花名册.xlsx", content)
    with timed() as planning, profiles[0]:
        batch = upload(organisation=top, file=file, as_of=date(2020, 10, 1), by=None)
        run.func(str(batch.job_id))
    batch.refresh_from_db()
    assert batch.state == Batch.State.PLANNED, (batch.state, batch.problem)
    with timed() as writing, profiles[1]:
        batch = confirm(batch=batch, plan_version=batch.plan_version, by=None)
        run.func(str(batch.job_id))
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.state
    assert Membership.objects.count() == batch.counts["create"] == batch.counts["rows"], batch.counts
    empty()
    return planning(), writing()


if __name__ == "__main__":
    main()
