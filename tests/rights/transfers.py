from branches.actions.letters import Letter, enter_receipt, send_out
from branches.actions.transfers import ask
from branches.models import Transfer
from tests.cast import TODAY, Cast
from tests.rights.row import Row

FIRST = "secretary recorder contact staff auditor city_staff admin"
MOVERS = "secretary staff city_staff admin"
INTO_SECOND = "neighbour staff city_staff admin"
LETTER = {
    "elsewhere": "外市某单位党委",
    "number": "介〔2020〕8号",
    "written_on": "2020-10-20",
    "valid_days": "90",
    "on": "2020-10-26",
}


def _asked(cast: Cast) -> Transfer:
    return ask(
        person=cast.people["first5"],
        from_branch=cast.first,
        to_branch=cast.second,
        elsewhere="第二党支部",
        on=TODAY,
        by=cast.secretary,
    )


def _sent(cast: Cast) -> Transfer:
    letter = Letter(number="介〔2020〕7号", written_on=TODAY, valid_days=90, elsewhere="外市某单位党委")
    return send_out(person=cast.people["first5"], branch=cast.first, letter=letter, on=TODAY, by=cast.staff)


def _returned(cast: Cast) -> Transfer:
    return enter_receipt(transfer=_sent(cast), on=TODAY, by=cast.staff)


def _newcomer(cast: Cast) -> dict[str, str]:
    return LETTER | {"name": "高飞", "sex": "male", "category": "full", "joined_on": "2010-07-01"}


ROWS = [
    Row("branches:transfers", FIRST, lambda cast: ["first"]),
    Row("branches:transfer_in", MOVERS, lambda cast: ["first"]),
    Row("branches:transfer_in", MOVERS, lambda cast: ["first"], 200, _newcomer, note="preview"),
    Row(
        "branches:transfer_in",
        MOVERS,
        lambda cast: ["first"],
        302,
        lambda cast: _newcomer(cast) | {"step": "confirm"},
        note="confirmed",
    ),
    Row("branches:transfer_in", "", lambda cast: ["committee"], note="of a committee"),
    Row("branches:transfer_ask", MOVERS, lambda cast: [cast.people["first3"].pk]),
    Row(
        "branches:transfer_ask",
        MOVERS,
        lambda cast: [cast.people["first3"].pk],
        302,
        lambda cast: {"code": "second", "on": "2020-11-01", "step": "confirm"},
    ),
    Row("branches:transfer_out", MOVERS, lambda cast: [cast.people["first3"].pk]),
    Row(
        "branches:transfer_out",
        MOVERS,
        lambda cast: [cast.people["first3"].pk],
        302,
        lambda cast: LETTER | {"step": "confirm"},
    ),
    Row("branches:transfer_accept", INTO_SECOND, lambda cast: [_asked(cast).pk]),
    Row(
        "branches:transfer_accept",
        INTO_SECOND,
        lambda cast: [_asked(cast).pk],
        302,
        lambda cast: {"on": "2020-10-26", "step": "confirm"},
    ),
    Row("branches:transfer_refuse", INTO_SECOND, lambda cast: [_asked(cast).pk]),
    Row(
        "branches:transfer_refuse",
        INTO_SECOND,
        lambda cast: [_asked(cast).pk],
        302,
        lambda cast: {"reason": "材料不全"},
    ),
    Row("branches:transfer_revoke", MOVERS, lambda cast: [_asked(cast).pk]),
    Row("branches:transfer_revoke", MOVERS, lambda cast: [_asked(cast).pk], 302, lambda cast: {"reason": ""}),
    Row("branches:transfer_receipt", MOVERS, lambda cast: [_sent(cast).pk]),
    Row("branches:transfer_receipt", MOVERS, lambda cast: [_sent(cast).pk], 302, lambda cast: {"on": "2020-10-26"}),
    Row("branches:transfer_receipt_remove", MOVERS, lambda cast: [_returned(cast).pk], 302, lambda cast: {"undo": "1"}),
    Row("branches:transfer_take_back", MOVERS, lambda cast: [_sent(cast).pk], 302, lambda cast: {"undo": "1"}),
]
