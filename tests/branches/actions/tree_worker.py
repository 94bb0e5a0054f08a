"""A process that founds, moves, renames, merges and revokes organisations at random; run by test_tree_processes.py."""

from __future__ import annotations

import os
import random
import sys
from datetime import date

import django
from django.conf import settings


def main(database: str, seed: int, acts: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"
    django.setup()
    settings.DATABASES["default"]["NAME"] = database

    from django.core.exceptions import ValidationError

    from branches.actions.organisations import found, move, rename, revoke
    from branches.actions.reorganisations import merge
    from branches.models import Organisation, User

    chance = random.Random(seed)
    day = date(2020, 1, 1)
    user = User.objects.get()
    for number in range(acts):
        committees = list(Organisation.objects.filter(kind=Organisation.Kind.COMMITTEE))
        branches = list(Organisation.objects.filter(kind=Organisation.Kind.BRANCH))
        act = chance.choice(["found", "found", "move", "rename", "merge", "revoke"])
        try:
            if act == "found" or not branches:
                parent = chance.choice([None, *committees])
                kind = Organisation.Kind.BRANCH if parent and chance.random() < 0.7 else Organisation.Kind.COMMITTEE
                name = f"党{seed}-{number}"
                found(code=f"p{seed}-{number}", kind=kind, name=name, short_name=name, parent=parent, on=day, by=None)
            elif act == "move":
                move(organisation=chance.choice(branches), parent=chance.choice(committees), on=day, by=None)
            elif act == "merge":
                one, into = chance.choice(branches), chance.choice(branches)
                merge(branches=[one], into=into, on=date(2020, 1, 2), by=user, document_number="批")
            elif act == "revoke":
                revoke(organisation=chance.choice(committees + branches), on=day, by=user, document_number="批")
            else:
                name = f"改{seed}-{number}"
                rename(organisation=chance.choice(branches), name=name, short_name=name, on=day, by=None)
        except ValidationError:
            continue  # a refusal is an answer; a deadlock or a broken tree is not


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
