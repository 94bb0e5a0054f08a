from branches.actions.merges import merge
from tests.cast import Cast, enlist
from tests.rights.row import Row

MANAGERS = "staff city_staff admin"


def _merged(cast: Cast) -> int:
    twin = enlist("刘洋", cast.first)
    return merge(kept=cast.people["first3"], merged=twin, reason="同一人", by=cast.staff).pk


ROWS = [
    Row("branches:data_quality", MANAGERS, lambda cast: ["first"]),
    Row("branches:data_quality", MANAGERS, lambda cast: ["committee"], query="?show=double", note="doubles"),
    Row("branches:data_quality", "", lambda cast: ["far"], note="of another tree"),
    Row("branches:person_merge", MANAGERS, lambda cast: [cast.people["first3"].pk]),
    Row("branches:person_merge", "", lambda cast: [cast.people["far0"].pk], note="of another tree"),
    Row(
        "branches:person_merge",
        MANAGERS,
        lambda cast: [cast.people["first3"].pk],
        422,
        lambda cast: {"other": cast.people["far0"].pk, "reason": "同一人"},
        note="with somebody out of reach",
    ),
    Row("branches:merge_undo", MANAGERS, lambda cast: [_merged(cast)], 302, lambda cast: {}),
]
