"""What a record says of inspection work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from activities.rules.gaps import Gap, must


@dataclass(frozen=True)
class UnitEntry:
    """One unit inspected. The same name is the same unit in every record."""

    name: str = ""
    note: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.name or self.note)


def gaps_of_inspection(units: tuple[UnitEntry, ...]) -> Iterator[Gap]:
    if all(unit.is_blank for unit in units):
        yield must("id_inspected-0-name", _("Write which units were inspected, one a row."))
    for number, unit in enumerate(units):
        if unit.note and not unit.name:
            yield must(f"id_inspected-{number}-name", _("Write the name of the unit."))
