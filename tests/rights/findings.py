from datetime import timedelta

from activities.models import Check, Commitment, Finding, FindingFile
from tests.activities.findings import checked, commitment, fed_back, proof, reported
from tests.activities.records import written
from tests.cast import TODAY, Cast
from tests.rights.row import Row

FIRST = "secretary recorder contact staff auditor city_staff admin"
COMMITTEE = "staff auditor city_staff admin"
SUPERVISORS = "staff city_staff"
BRANCH = "secretary recorder"
LATER = (TODAY + timedelta(days=10)).isoformat()
PROBLEM = {"text": "记录不完整", "owner": "", "due_on": LATER, "source": "other"}
CHECK = {
    "on": TODAY.isoformat(), "looked_at": "查阅记录", "remarks": "", "problems-TOTAL_FORMS": "0",
    "problems-INITIAL_FORMS": "0",
}  # fmt: skip


def _check(cast: Cast) -> int:
    found = Check.objects.first()
    return (found or checked(cast)).pk


def _finding(cast: Cast) -> int:
    found = Finding.objects.filter(state="feedback").first()
    return (found or fed_back(cast)).pk


def _reported(cast: Cast) -> int:
    found = Finding.objects.filter(state="verify").first()
    return (found or reported(cast)).pk


def _file(cast: Cast) -> int:
    found = FindingFile.objects.first()
    return (found or proof(cast, Finding.objects.get(pk=_finding(cast)))).pk


def _returned(cast: Cast) -> int:
    from activities.models import Activity

    found = Activity.objects.filter(state="returned").first()
    return (found or written(cast, "returned")).pk


def _commitment(cast: Cast) -> int:
    found = Commitment.objects.first()
    return (found or commitment(cast)).pk


MISSED = ["first", "committee_meeting", 2020, 1]

ROWS = [
    Row("activities:checks", FIRST, lambda cast: ["first"]),
    Row("activities:checks", COMMITTEE, lambda cast: ["committee"]),
    Row("activities:checkup", FIRST, lambda cast: [_check(cast)]),
    Row("activities:checkup_new", SUPERVISORS, lambda cast: ["first"]),
    Row("activities:checkup_new", SUPERVISORS, lambda cast: ["committee"]),
    Row("activities:checkup_new", SUPERVISORS, lambda cast: ["first"], 302, lambda cast: CHECK),
    Row("activities:findings", FIRST, lambda cast: ["first"]),
    Row("activities:findings", COMMITTEE, lambda cast: ["committee"]),
    Row("activities:findings_print", FIRST, lambda cast: ["first"]),
    Row("activities:finding_new", SUPERVISORS, lambda cast: ["committee"]),
    Row("activities:finding_new", SUPERVISORS, lambda cast: ["first"]),
    Row("activities:finding_new", SUPERVISORS, lambda cast: ["first"], 302, lambda cast: PROBLEM),
    Row("activities:finding_from_check", SUPERVISORS, lambda cast: [_check(cast)]),
    Row("activities:finding_from_check", SUPERVISORS, lambda cast: [_check(cast)], 302, lambda cast: PROBLEM),
    Row("activities:finding_from_record", SUPERVISORS, lambda cast: [_returned(cast)]),
    Row("activities:finding_from_record", SUPERVISORS, lambda cast: [_returned(cast)], 302, lambda cast: PROBLEM),
    Row("activities:finding_from_commitment", SUPERVISORS, lambda cast: [_commitment(cast)]),
    Row("activities:finding_from_commitment", SUPERVISORS, lambda cast: [_commitment(cast)], 302, lambda cast: PROBLEM),
    Row("activities:finding_from_duty", SUPERVISORS, lambda cast: MISSED),
    Row("activities:finding_from_duty", SUPERVISORS, lambda cast: MISSED, 302, lambda cast: PROBLEM),
    Row("activities:finding", FIRST, lambda cast: [_finding(cast)]),
    Row("activities:finding_rectify", BRANCH, lambda cast: [_finding(cast)]),
    Row(
        "activities:finding_rectify",
        BRANCH,
        lambda cast: [_finding(cast)],
        302,
        lambda cast: {"version": 1, "measures": "补记", "proof": "已补记", "report": "1"},
    ),
    Row("activities:finding_close", SUPERVISORS, lambda cast: [_reported(cast)]),
    Row("activities:finding_close", SUPERVISORS, lambda cast: [_reported(cast)], 302, lambda cast: {"version": 2}),
    Row("activities:finding_send_back", SUPERVISORS, lambda cast: [_reported(cast)]),
    Row(
        "activities:finding_send_back",
        SUPERVISORS,
        lambda cast: [_reported(cast)],
        302,
        lambda cast: {"version": 2, "reason": "还缺票数"},
    ),
    Row("activities:finding_extend", SUPERVISORS, lambda cast: [_finding(cast)]),
    Row(
        "activities:finding_extend",
        SUPERVISORS,
        lambda cast: [_finding(cast)],
        302,
        lambda cast: {"version": 1, "due_on": "2020-12-01", "reason": "集中出差"},
    ),
    Row("activities:finding_withdraw", SUPERVISORS, lambda cast: [_finding(cast)]),
    Row(
        "activities:finding_withdraw",
        SUPERVISORS,
        lambda cast: [_finding(cast)],
        302,
        lambda cast: {"version": 1, "reason": "登错支部"},
    ),
    Row("activities:finding_file", FIRST, lambda cast: [_file(cast)]),
    Row("activities:finding_file_remove", BRANCH, lambda cast: [_file(cast)], 302, lambda cast: {}),
    Row("activities:finding_file_remove", BRANCH, lambda cast: [_file(cast)], 405, other=405),
]
