"""What a record says of a volunteer service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from activities.rules.gaps import Gap, hint


@dataclass(frozen=True)
class ServiceEntry:
    """What the service brought about: hours each, people, problems, yuan. None: not filled in."""

    served: str = ""
    hours: Decimal | None = None
    beneficiaries: int | None = None
    problems_solved: int | None = None
    money_saved_yuan: int | None = None

    @property
    def is_blank(self) -> bool:
        return self == ServiceEntry()


def gaps_of_service(entry: ServiceEntry) -> Iterator[Gap]:
    if not entry.served:
        yield hint("id_service-served", _("It is not said whom the service was for."))
    if entry.hours is None:
        yield hint("id_service-hours", _("The hours of service are not filled in."))
