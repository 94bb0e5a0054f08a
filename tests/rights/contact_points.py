from activities.models import Activity
from branches.models import RoleAssignment
from tests.activities.supervision import planned
from tests.cast import Cast
from tests.rights.row import Row

FIRST = "secretary recorder contact staff auditor city_staff admin"
ABOVE = "staff city_staff"
COMMITTEE = "staff auditor city_staff admin"
WRITERS = "secretary recorder"


def _plan(cast: Cast) -> int:
    found = Activity.objects.filter(announced_on__isnull=False).first()
    return (found or planned(cast)).pk


def _draft(cast: Cast) -> int:
    found = Activity.objects.filter(organisation=cast.first, announced_on__isnull=True).first()
    return (found or planned(cast, told=False)).pk


def _held(cast: Cast) -> int:
    return planned(cast, on=cast.first.founded_on.replace(year=2020, month=10, day=26)).pk


def _assignment(cast: Cast) -> int:
    return RoleAssignment.objects.get(user=cast.contact).pk


def _verdict(cast: Cast) -> dict[str, object]:
    return {"version": 0, "title": "研究第四季度工作安排", "verdict": "approved"}


REMARK = {"version": 0, "was_present": "yes", "remarks": "讨论充分"}

ROWS = [
    Row("activities:contact_points", COMMITTEE, lambda cast: ["committee"]),
    Row("activities:contact_point_new", ABOVE, lambda cast: ["committee"]),
    Row(
        "activities:contact_point_new",
        ABOVE,
        lambda cast: ["committee"],
        302,
        lambda cast: {
            "account": cast.contact.pk,
            "organisation": cast.second.pk,
            "starts_on": "2020-10-26",
        },
    ),
    Row("activities:contact_points", "", lambda cast: ["first"], note="of a branch"),
    Row("activities:contact_point_end", ABOVE, lambda cast: ["committee", _assignment(cast)]),
    Row("activities:contact_point_end", "", lambda cast: ["far_committee", _assignment(cast)], note="elsewhere"),
    Row(
        "activities:contact_point_end",
        ABOVE,
        lambda cast: ["committee", _assignment(cast)],
        302,
        lambda cast: {},
    ),
    Row("activities:contact_points_mine", "contact"),
    Row("activities:plan", FIRST, lambda cast: [_plan(cast)]),
    Row("activities:plan", "", lambda cast: [_draft(cast)], note="never announced"),
    Row("activities:announce", WRITERS, lambda cast: [_draft(cast)], 302, lambda cast: {}),
    Row("activities:announce_withdraw", WRITERS, lambda cast: [_plan(cast)], 302, lambda cast: {}),
    Row("activities:guidance_judge", "contact", lambda cast: [_plan(cast)], 302, _verdict),
    Row("activities:guidance_judge", "", lambda cast: [_draft(cast)], 302, _verdict, note="never announced"),
    Row("activities:guidance_remark", "contact", lambda cast: [_held(cast)]),
    Row("activities:guidance_remark", "contact", lambda cast: [_held(cast)], 302, lambda cast: REMARK),
]
