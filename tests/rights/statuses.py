from branches.actions.statuses import begin, end_for_good, register_guest
from branches.models import Membership
from branches.rules.people import StatusKind
from tests.cast import TODAY, Cast
from tests.rights.row import Row

FIRST = "secretary recorder contact staff auditor city_staff admin"
MANAGERS = "staff city_staff admin"


def _away(cast: Cast) -> int:
    return begin(
        person=cast.people["first5"],
        organisation=cast.first,
        kind=StatusKind.FLOW_OUT,
        on=TODAY,
        reason="外出务工",
        by=cast.staff,
    ).pk


def _guest(cast: Cast) -> int:
    return register_guest(
        branch=cast.first, name="高飞", sex="male", identity_number="", on=TODAY, reason="外市某支部", by=cast.staff
    ).pk


def _ended(cast: Cast) -> int:
    return end_for_good(
        person=cast.people["first5"], branch=cast.first, kind=Membership.End.DECEASED, on=TODAY, by=cast.staff
    ).pk


ROWS = [
    Row("branches:statuses", FIRST, lambda cast: ["first"]),
    Row("branches:flow_in", MANAGERS, lambda cast: ["first"]),
    Row("branches:flow_in", "", lambda cast: ["committee"], note="of a committee"),
    Row(
        "branches:flow_in",
        MANAGERS,
        lambda cast: ["first"],
        302,
        lambda cast: {"name": "高飞", "sex": "male", "reason": "外市某支部", "on": "2020-10-26", "step": "confirm"},
    ),
    Row("branches:status_begin", MANAGERS, lambda cast: [cast.people["first3"].pk, "flow_out"]),
    Row("branches:status_begin", "", lambda cast: [cast.people["first3"].pk, "asleep"], note="of no kind"),
    Row(
        "branches:status_begin",
        MANAGERS,
        lambda cast: [cast.people["first3"].pk, "suspended"],
        302,
        lambda cast: {"on": "2020-10-26", "reason": "失联", "document_number": "批〔2020〕1号", "step": "confirm"},
    ),
    Row("branches:status_end", MANAGERS, lambda cast: [_away(cast)]),
    Row("branches:status_end", MANAGERS, lambda cast: [_guest(cast)], note="of a guest"),
    Row(
        "branches:status_end",
        MANAGERS,
        lambda cast: [_away(cast)],
        302,
        lambda cast: {"on": "2020-10-26", "step": "confirm"},
    ),
    Row("branches:status_take_back", MANAGERS, lambda cast: [_away(cast)], 302, lambda cast: {"undo": "1"}),
    Row("branches:membership_end", MANAGERS, lambda cast: [cast.people["first3"].pk, "left"]),
    Row("branches:membership_end", "", lambda cast: [cast.people["first3"].pk, "transferred"], note="by transfer"),
    Row(
        "branches:membership_end",
        MANAGERS,
        lambda cast: [cast.people["first3"].pk, "removed"],
        302,
        lambda cast: {"on": "2020-10-26", "document_number": "批〔2020〕2号", "step": "confirm"},
    ),
    Row("branches:membership_reopen", MANAGERS, lambda cast: [_ended(cast)], 302, lambda cast: {"undo": "1"}),
]
