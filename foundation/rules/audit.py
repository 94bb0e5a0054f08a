"""What an audit entry may say about a changed field."""

from typing import Any

from foundation.encryption import mask_identity, mask_phone

CHANGED = "•••"
SECRET_ENDINGS = ("home_address", "password", "_hash", "_index", "token", "_key", "secret")


def safe_change(name: str, before: Any, after: Any) -> tuple[Any, Any]:
    """The two values as they may be kept: identity numbers and phones masked, secrets replaced by a mark.

    A value that is empty stays empty, so that an entry still tells "was filled in" from "was changed".
    """
    plain_name = name.rsplit(".", 1)[-1].lower()
    if plain_name.endswith("identity_number"):
        return _masked(before, mask_identity), _masked(after, mask_identity)
    if plain_name.endswith(("phone", "mobile")):
        return _masked(before, mask_phone), _masked(after, mask_phone)
    if plain_name.endswith(SECRET_ENDINGS):
        return _marked(before), _marked(after)
    return before, after


def _masked(value: Any, mask: Any) -> Any:
    return mask(str(value)) if value else value


def _marked(value: Any) -> Any:
    return CHANGED if value else value
