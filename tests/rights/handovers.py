from tests.cast import Cast
from tests.rights.members import MANAGERS
from tests.rights.row import Row


def _given(cast: Cast) -> dict[str, object]:
    return {"successor": cast.people["first3"].pk, "on": "2020-10-26", "document_number": "批〔2020〕5号"}


ROWS = [
    Row("activities:handover", MANAGERS, lambda cast: ["first"]),
    Row("activities:handover", MANAGERS, lambda cast: ["first"], 200, _given, note="preview"),
    Row(
        "activities:handover",
        MANAGERS,
        lambda cast: ["first"],
        302,
        lambda cast: _given(cast) | {"step": "confirm"},
        note="confirmed",
    ),
]
