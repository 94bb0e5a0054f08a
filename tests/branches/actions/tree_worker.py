"""A process that founds, moves, renames, merges and revokes organisations at random; run by test_tree_processes.py and
bench/processes.py.

Writes a line of JSON for every act that was reported as done, and one for every refusal.
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import date

import django
from django.conf import settings

DAY, NEXT_DAY = date(2020, 1, 1), date(2020, 1, 2)


def main(database: str, seed: int, acts: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"
    django.setup()
    settings.DATABASES["default"]["NAME"] = database

    from django.core.exceptions import ValidationError

    from branches.models import Organisation, User

    chance = random.Random(seed)
    user = User.objects.get()
    for at in range(acts):
        committees = list(Organisation.objects.filter(kind=Organisation.Kind.COMMITTEE))
        branches = list(Organisation.objects.filter(kind=Organisation.Kind.BRANCH))
        act = chance.choice(["found", "found", "move", "rename", "merge", "revoke"]) if branches else "found"
        try:
            done = _act(act, f"{seed}-{at}", chance, user, committees, branches)
        except ValidationError as error:
            # A refusal with words is an answer; a deadlock or a broken tree is not.
            done = ["refused", act, " ".join(error.messages)]
        sys.stdout.write(json.dumps(done) + "\n")


def _act(act: str, mark: str, chance: random.Random, user: object, committees: list, branches: list) -> list[str]:
    """[act, code, what is now on record]."""
    from branches.actions.organisations import found, move, rename, revoke
    from branches.actions.reorganisations import merge
    from branches.models import Organisation

    if act == "found":
        parent = chance.choice([None, *committees])
        kind = Organisation.Kind.BRANCH if parent and chance.random() < 0.7 else Organisation.Kind.COMMITTEE
        name = f"党{mark}"
        found(code=f"p{mark}", kind=kind, name=name, short_name=name, parent=parent, on=DAY, by=None)
        return ["found", f"p{mark}", name]
    one = chance.choice(committees + branches if act == "revoke" else branches)
    if act == "move":
        parent = chance.choice(committees)
        move(organisation=one, parent=parent, on=DAY, by=None)
        return ["move", one.code, parent.code]
    if act == "merge":
        merge(branches=[one], into=chance.choice(branches), on=NEXT_DAY, by=user, document_number=f"批{mark}")
        return ["merge", one.code, f"批{mark}"]
    if act == "revoke":
        revoke(organisation=one, on=DAY, by=user, document_number=f"批{mark}")
        return ["revoke", one.code, f"批{mark}"]
    rename(organisation=one, name=f"改{mark}", short_name=f"改{mark}", on=DAY, by=None)
    return ["rename", one.code, f"改{mark}"]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
