from datetime import date

from activities.models import DutyRule, Exemption
from tests.activities.rules_set import own_rule
from tests.cast import START, Cast
from tests.rights.row import Row

FIRST = "secretary recorder contact staff auditor city_staff admin"
COMMITTEE = "staff auditor city_staff admin"
MANAGERS = "staff city_staff admin"


def _exemption(cast: Cast) -> int:
    found, _ = Exemption.objects.get_or_create(
        organisation=cast.first,
        rule_code="themed_party_day",
        reason="疫情防控",
        granted_by=cast.committee,
        starts_on=START,
    )
    return found.pk


def _own_rule(cast: Cast) -> list[object]:
    own_rule(cast.committee, "party_lecture", first_year=2020)
    return ["committee", 2020, "party_lecture"]


def _taken_back(cast: Cast) -> list[object]:
    return ["committee", own_rule(cast.committee, "party_lecture", first_year=2020, code="mistaken").pk]


def _rule_values(cast: Cast) -> dict[str, object]:
    rule = DutyRule.objects.get(code="party_lecture", organisation=None)
    return {
        "version": rule.version, "times": 2, "rhythm": "quarter", "kinds": [kind.code for kind in rule.kinds.all()],
        "applies_to": "all", "warning_days": 10, "grace_days": 31, "entry_days": 3, "note": "",
    }  # fmt: skip


ROWS = [
    Row("activities:branch", FIRST, lambda cast: ["first"]),
    Row("activities:branch", COMMITTEE, lambda cast: ["committee"], 302, note="goes to the desk"),
    Row("activities:desk", COMMITTEE, lambda cast: ["committee"]),
    Row("activities:desk", "city_staff admin", lambda cast: ["city"]),
    Row("activities:desk", FIRST, lambda cast: ["first"], 302, note="goes to my branch"),
    Row("activities:duties", FIRST, lambda cast: ["first", 2020]),
    Row("activities:duties", COMMITTEE, lambda cast: ["committee", 2020]),
    Row("activities:duty", FIRST, lambda cast: ["first", "party_lecture", 2020, 3]),
    Row("activities:duty", COMMITTEE, lambda cast: ["committee", "party_lecture", 2020, 3]),
    Row("activities:duty", "", lambda cast: ["first", "party_lecture", 2020, 5], note="no such quarter"),
    Row("activities:duty", "", lambda cast: ["first", "unheard_of", 2020, 1], note="no such duty"),
    Row("activities:duty_rules", FIRST, lambda cast: ["first", 2020]),
    Row("activities:duty_rules", COMMITTEE, lambda cast: ["committee", 2020]),
    Row("activities:duty_rule", MANAGERS, lambda cast: ["committee", 2020, "party_lecture"]),
    Row("activities:duty_rule", MANAGERS, lambda cast: ["committee", 2020, "party_lecture"], 302, _rule_values),
    Row("activities:duty_rule_end", MANAGERS, _own_rule),
    Row(
        "activities:duty_rule_end",
        MANAGERS,
        _own_rule,
        302,
        lambda cast: {"version": DutyRule.objects.get(organisation=cast.committee).version, "last_year": 2020},
    ),
    Row("activities:duty_rule_take_back", MANAGERS, _taken_back, 302, lambda cast: {}),
    Row("activities:duty_rule_take_back", MANAGERS, _taken_back, 405, other=405),
    Row("activities:exemptions", FIRST, lambda cast: ["first"]),
    Row("activities:exemptions", COMMITTEE, lambda cast: ["committee"]),
    Row("activities:exemption_new", MANAGERS, lambda cast: ["committee"]),
    Row(
        "activities:exemption_new",
        MANAGERS,
        lambda cast: ["committee"],
        302,
        lambda cast: {
            "branch": cast.first.pk,
            "rule_code": "party_lecture",
            "starts_on": date(2020, 1, 1),
            "ends_on": date(2020, 3, 31),
            "reason": "疫情防控",
        },
    ),
    Row("activities:exemption_end", MANAGERS, lambda cast: ["first", _exemption(cast)]),
    Row(
        "activities:exemption_end",
        MANAGERS,
        lambda cast: ["first", _exemption(cast)],
        302,
        lambda cast: {"ends_on": date(2020, 12, 31)},
    ),
    Row("activities:exemption_end", "", lambda cast: ["second", _exemption(cast)], note="of another branch"),
    Row("activities:exemption_take_back", MANAGERS, lambda cast: ["first", _exemption(cast)], 302, lambda cast: {}),
    Row("activities:exemption_take_back", MANAGERS, lambda cast: ["first", _exemption(cast)], 405, other=405),
]
