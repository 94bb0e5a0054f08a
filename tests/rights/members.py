from tests.cast import Cast
from tests.rights.row import Row

MANAGERS = "staff city_staff admin"
NUMBER = "619901196206197086"
LATE = {
    "entry": "late", "name": "钱学森", "identity_number": NUMBER, "on": "2020-10-01", "category": "full",
    "joined_on": "1990-07-01", "full_on": "1991-07-01",
}  # fmt: skip


def _person(cast: Cast) -> list[int]:
    return [cast.people["first3"].pk]


ROWS = [
    Row("branches:member_new", MANAGERS, lambda cast: ["first"]),
    Row("branches:member_new", MANAGERS, lambda cast: ["committee"], note="above branches"),
    Row("branches:member_new", MANAGERS, lambda cast: ["first"], 200, lambda cast: LATE, note="preview"),
    Row(
        "branches:member_new",
        MANAGERS,
        lambda cast: ["first"],
        302,
        lambda cast: LATE | {"step": "confirm"},
        note="confirmed",
    ),
    Row("branches:member_change", MANAGERS, _person),
    Row(
        "branches:member_change",
        MANAGERS,
        _person,
        200,
        lambda cast: {"phone": "13900001111", "on": "2020-10-26", "version": 1},
        note="preview",
    ),
    Row(
        "branches:member_change",
        MANAGERS,
        _person,
        302,
        lambda cast: {"phone": "13900001111", "on": "2020-10-26", "version": 1, "step": "confirm"},
        note="confirmed",
    ),
]
