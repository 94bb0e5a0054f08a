"""A process that edits members, imports, exports, exchanges the field key, or reads everything; run by
test_rotation_processes.py and bench/rotation.py.

Writes what it did as JSON, a line each.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from datetime import date
from pathlib import Path

import django
from django.conf import settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=["edit", "import", "export", "rotate", "read"])
    parser.add_argument("--database", required=True)
    parser.add_argument("--media", required=True)
    parser.add_argument("--keys", required=True, help="FIELD_KEYS as JSON")
    parser.add_argument("--until", type=Path, help="a file: work goes on until it is there")
    chosen = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"
    django.setup()
    settings.DATABASES["default"]["NAME"] = chosen.database
    settings.MEDIA_ROOT, settings.FIELD_KEYS = chosen.media, json.loads(chosen.keys)
    acts = {"edit": edit, "import": bring_in, "export": export}
    if chosen.act == "rotate":
        rotate()
    elif chosen.act == "read":
        read()
    else:
        number = 0
        while not chosen.until.exists():
            acts[chosen.act](number)
            number += 1


def tell(**values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def edit(number: int) -> None:
    """Give the next member another phone, as somebody on the member's page does."""
    from branches.actions.members import change_details
    from branches.models import Membership, User

    memberships = Membership.objects.filter(ends_on=None, branch__code="first").order_by("pk")
    one = memberships.select_related("person", "branch")[number % 7]
    phone = f"139{number:08}"
    change_details(
        person=one.person,
        branch=one.branch,
        version=one.person.version,
        details={"phone": phone},
        on=date(2020, 10, 26),
        by=User.objects.get(username="staff"),
    )
    tell(person=one.person_id, phone=phone)


def bring_in(number: int) -> None:
    from branches.models import Batch, Organisation, User
    from tests import rosters

    phones = [f"138{number:08}", f"137{number:08}"]
    identity = rosters.number(sequence=3 + 2 * number % 996)
    lines = [
        rosters.line(f"新{number}", identity, "第二党支部", 联系电话=phones[0]),
        rosters.line("周敏", rosters.number("19700101"), "第二党支部", 联系电话=phones[1]),
    ]
    user = User.objects.get(username="staff")
    batch = rosters.plan(rosters.workbook(lines), Organisation.objects.get(code="committee"), user)
    assert batch.state == Batch.State.PLANNED, (batch.state, batch.problem)
    rosters.write(batch)
    assert batch.state == Batch.State.APPLIED
    assert batch.counts["written"] == len(lines), batch.counts
    tell(phones=phones)


def export(_number: int) -> None:
    from branches.models import Organisation, User
    from branches.queries.exports import members_for_export
    from branches.rights import access_of

    committee = Organisation.objects.get(code="committee")
    members = list(members_for_export(committee, access_of(User.objects.get(username="staff")), date(2020, 10, 26)))
    tell(members=len(members), phones=sum(bool(member.person.phone) for member in members))
    time.sleep(0.05)


def rotate() -> None:
    from foundation.actions.encryption import encrypt_anew

    begun = time.monotonic()
    tell(rows=encrypt_anew(), seconds=time.monotonic() - begun)


def read() -> None:
    """Open every value and file there is; what cannot be opened ends this with an error."""
    from django.apps import apps

    from branches.models import Person
    from foundation.models import EncryptedTextField, StoredFile
    from foundation.queries.files import open_content

    values = 0
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                values += sum(bool(text) for text in model._base_manager.values_list(field.attname, flat=True))
    files = 0
    for stored in StoredFile.objects.filter(is_encrypted=True):
        with open_content(stored) as file:
            files += bool(file.read())
    phones = {str(person.pk): person.phone for person in Person.objects.all()}
    tell(values=values, files=files, phones=phones)


if __name__ == "__main__":
    main()
