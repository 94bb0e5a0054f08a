from branches.models import Appointment, Post
from tests.cast import Cast
from tests.rights.row import EVERYBODY, Row

FIRST = "secretary recorder contact staff auditor city_staff admin"
MANAGERS = "staff city_staff admin"
ON = {"on": "2020-10-26", "document_number": "批〔2020〕1号"}


def _post(cast: Cast) -> int:
    return Appointment.objects.get(organisation=cast.first, post=Post.DISCIPLINE).pk


def _numbered(cast: Cast) -> int:
    person = cast.people["first3"]
    person.identity_number = "619901196206197086"
    person.save(update_fields=["identity_number"])
    return person.pk


ROWS = [
    Row("branches:organisations", EVERYBODY),
    Row("branches:organisations", EVERYBODY, query="?on=2019-01-01", note="of a day"),
    Row("branches:organisation", FIRST, lambda cast: ["first"]),
    Row("branches:organisation", FIRST, lambda cast: ["first"], query="?on=2019-01-01", note="of a day"),
    Row("branches:organisation", FIRST, lambda cast: ["first"], query="?on=2017-01-01", note="before it was founded"),
    Row("branches:organisation_found", "admin", lambda cast: ["committee"]),
    Row(
        "branches:organisation_found",
        "admin",
        lambda cast: ["committee"],
        200,
        lambda cast: ON | {"kind": "branch", "name": "新支部", "short_name": "新支部", "code": "new"},
    ),
    Row("branches:organisation_rename", "admin", lambda cast: ["first"]),
    Row("branches:organisation_move", "admin", lambda cast: ["first"]),
    Row("branches:organisation_revoke", "admin", lambda cast: ["first"]),
    Row("branches:organisation_merge", "admin", lambda cast: ["first"]),
    Row(
        "branches:organisation_merge",
        "admin",
        lambda cast: ["first"],
        200,
        lambda cast: ON | {"into": cast.second.pk, "document_number": "批〔2020〕9号"},
    ),
    Row("branches:organisation_split", "admin", lambda cast: ["first"]),
    Row(
        "branches:organisation_split",
        "admin",
        lambda cast: ["first"],
        422,
        lambda cast: ON | {"document_number": "批〔2020〕9号"},
    ),
    Row("branches:organisation_term", MANAGERS, lambda cast: ["first"]),
    Row("branches:organisation_group", MANAGERS, lambda cast: ["first"]),
    Row("branches:appoint", MANAGERS, lambda cast: ["first"]),
    Row(
        "branches:appoint",
        MANAGERS,
        lambda cast: ["first"],
        302,
        lambda cast: ON | {"person": cast.people["first4"].pk, "post": Post.YOUTH},
    ),
    Row("branches:relieve", MANAGERS, lambda cast: ["first", _post(cast)]),
    Row("branches:relieve", MANAGERS, lambda cast: ["first", _post(cast)], 302, lambda cast: ON),
    Row("branches:roster", FIRST, lambda cast: ["first"]),
    Row("branches:roster", FIRST, lambda cast: ["first"], query="?on=2019-01-01", note="of a day"),
    Row("branches:person", FIRST, lambda cast: [cast.people["first3"].pk]),
    Row("branches:person_group", MANAGERS, lambda cast: [cast.people["first3"].pk]),
    Row(
        "branches:person_group",
        MANAGERS,
        lambda cast: [cast.people["first3"].pk],
        302,
        lambda cast: {"group": cast.group_two.pk, "on": "2020-10-26"},
    ),
    Row(
        "branches:person_identity",
        MANAGERS,
        lambda cast: [_numbered(cast)],
        200,
        lambda cast: {"reason": "核对党员信息"},
    ),
]
