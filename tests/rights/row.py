from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.cast import Cast

EVERYBODY = "secretary recorder neighbour contact staff auditor city_staff admin stranger nobody"


@dataclass(frozen=True)
class Row:
    """One URL × the cast. Those named in `ok` get `status`, everybody else 404, the anonymous are sent to sign in.

    `args` makes what the URL needs out of the cast. `data` makes a POST of it. `other` overrides the 404 for the rest.
    """

    name: str
    ok: str
    args: Callable[[Cast], list[Any]] = lambda cast: []
    status: int = 200
    data: Callable[[Cast], dict[str, Any]] | None = None
    query: str = ""
    other: int = 404
    anonymous: int = 302
    note: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{'POST' if self.data else 'GET'} {self.name} {self.note}".strip()
