from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from branches.models import Person
from foundation.encryption import blind_index

CHUNK = 1000


@transaction.atomic
def index_anew(*, tell: Callable[[int], None] = lambda _number: None) -> int:
    """Compute the hashes by which people are found from today's INDEX_KEY; all of them or none.

    Nobody may work meanwhile: that one number is one person is held by a unique hash, and hashes of two keys would let
    a second person in.

    Args:
        tell: is told now and then how many people have been seen.

    Returns: how many people had another hash.
    """
    changed, seen = 0, 0
    people = Person.objects.only("identity_number", "identity_hash", "phone", "phone_hash").order_by("pk")
    last = 0
    while chunk := list(people.select_for_update().filter(pk__gt=last)[:CHUNK]):
        outdated = [person for person in chunk if _index(person)]
        Person.objects.bulk_update(outdated, ["identity_hash", "phone_hash"])
        changed, seen, last = changed + len(outdated), seen + len(chunk), chunk[-1].pk
        tell(seen)
    return changed


def _index(person: Person) -> bool:
    """Whether a hash is another one now. Who has none is not to be found and stays so."""
    before = person.identity_hash, person.phone_hash
    if person.identity_hash and person.identity_number:
        person.identity_hash = blind_index(person.identity_number)
    if person.phone_hash and person.phone:
        person.phone_hash = blind_index(person.phone)
    return (person.identity_hash, person.phone_hash) != before
