from activities.models import Task, WorkList
from tests.activities.supervision import sent, written
from tests.cast import Cast
from tests.rights.row import Row

FIRST = "secretary recorder contact staff auditor city_staff admin"
ABOVE = "staff city_staff"
COMMITTEE = "staff auditor city_staff admin"
WRITERS = "secretary recorder"


def _list(cast: Cast) -> int:
    found = WorkList.objects.first()
    return (found or written(cast)).pk


def _task(cast: Cast, position: int = 1) -> int:
    if not Task.objects.exists():
        sent(cast)
    return Task.objects.get(branch=cast.first, item__position=position).pk


def form(cast: Cast, **changes: object) -> dict[str, object]:
    """A work list as the form sends it: one item in three rows."""
    usual: dict[str, object] = {
        "title": "10月第五周党建工作清单",
        "week_of": "2020-10-28",
        "note": "",
        "recipients": [cast.first.pk, cast.second.pk],
        "items-TOTAL_FORMS": 3,
        "items-INITIAL_FORMS": 0,
        "items-0-title": "报送学习计划",
        "items-0-due_on": "2020-10-30",
        "intent": "draft",
    }
    return usual | changes


ANSWER = {"version": 1, "state": "done", "answer": "已于10月27日报送"}

ROWS = [
    Row("activities:work_lists", COMMITTEE, lambda cast: ["committee"]),
    Row("activities:work_lists", FIRST, lambda cast: ["first"], 302, note="of a branch"),
    Row("activities:work_list_new", ABOVE, lambda cast: ["committee"]),
    Row("activities:work_list_new", ABOVE, lambda cast: ["committee"], 302, form),
    Row("activities:work_list_new", "", lambda cast: ["first"], note="of a branch"),
    Row("activities:work_list", ABOVE, lambda cast: [_list(cast)], note="a draft"),
    Row("activities:work_list", COMMITTEE, lambda cast: [sent(cast).pk], note="sent"),
    Row("activities:work_list_edit", ABOVE, lambda cast: [_list(cast)]),
    Row("activities:work_list_edit", ABOVE, lambda cast: [_list(cast)], 302, lambda cast: form(cast, version=1)),
    Row("activities:work_list_send", ABOVE, lambda cast: [_list(cast)], 302, lambda cast: {"version": 1}),
    Row("activities:work_list_withdraw", ABOVE, lambda cast: [_list(cast)]),
    Row(
        "activities:work_list_withdraw",
        ABOVE,
        lambda cast: [_list(cast)],
        302,
        lambda cast: {"version": 1, "reason": "内容重复"},
    ),
    Row("activities:tasks", FIRST, lambda cast: ["first"]),
    Row("activities:task", FIRST, lambda cast: [_task(cast)]),
    Row("activities:task", WRITERS, lambda cast: [_task(cast)], 302, lambda cast: ANSWER),
    Row("activities:task_plan", WRITERS, lambda cast: [_task(cast, 2)], 302, lambda cast: {}),
    Row("activities:task_plan", WRITERS, lambda cast: [_task(cast, 2)], 405, other=405),
]
