"""What an audit entry may say about a changed field."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from foundation.encryption import mask_identity, mask_phone

CHANGED = "•••"
SECRET_ENDINGS = ("home_address", "password", "_hash", "_index", "token", "_key", "secret")


def safe_change(name: str, before: Any, after: Any) -> tuple[Any, Any]:
    """The two values as they may be kept: identity numbers and phones masked, secrets replaced by a mark.

    A value that is empty stays empty, so that an entry still tells "was filled in" from "was changed".
    """
    cover = _cover_of(name)
    return (cover(before), cover(after)) if cover else (before, after)


@lru_cache(maxsize=1024)
def _cover_of(name: str) -> Callable[[Any], Any] | None:
    """What hides the values of a field; None where nothing has to."""
    plain_name = name.rsplit(".", 1)[-1].lower()
    if plain_name.endswith("identity_number"):
        return lambda value: _masked(value, mask_identity)
    if plain_name.endswith(("phone", "mobile")):
        return lambda value: _masked(value, mask_phone)
    return _marked if plain_name.endswith(SECRET_ENDINGS) else None


def _masked(value: Any, mask: Any) -> Any:
    return mask(str(value)) if value else value


def _marked(value: Any) -> Any:
    return CHANGED if value else value
