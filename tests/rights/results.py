from activities.models import Result, ResultFile
from foundation.actions.files import store
from tests.activities.results import DAY, pdf
from tests.cast import Cast
from tests.rights.row import Row

FIRST = "secretary recorder contact staff auditor city_staff admin"
COMMITTEE = "staff auditor city_staff admin"
WRITERS = "secretary recorder"


def _brand(cast: Cast) -> int:
    found, _ = Result.objects.get_or_create(
        organisation=cast.first,
        kind="brand",
        defaults={
            "title": "红色讲台",
            "achieved_on": DAY,
            "year": 2020,
            "entered_on": DAY,
            "entered_by": cast.recorder,
        },
    )
    return found.pk


def _file(cast: Cast) -> int:
    file = ResultFile.objects.filter(result=_brand(cast)).first()
    if file is None:
        file = ResultFile.objects.create(result_id=_brand(cast), file=store(upload=pdf(), by=cast.recorder))
    return file.pk


MEDIA = {"title": "党员轮流上讲台", "achieved_on": "2020-06-12", "source": "机关党建专刊", "description": ""}

ROWS = [
    Row("activities:results", FIRST, lambda cast: ["first"]),
    Row("activities:results", COMMITTEE, lambda cast: ["committee"]),
    Row("activities:result_new", WRITERS, lambda cast: ["first"]),
    Row("activities:result_new", WRITERS, lambda cast: ["first"], query="?kind=honour", note="honour"),
    Row("activities:result_new", "staff", lambda cast: ["committee"], query="?kind=publication"),
    Row("activities:result_new", WRITERS, lambda cast: ["first"], 302, lambda cast: MEDIA, query="?kind=media"),
    Row("activities:result_new", "staff", lambda cast: ["committee"], 302, lambda cast: MEDIA, query="?kind=media"),
    Row("activities:result", FIRST, lambda cast: [_brand(cast)]),
    Row("activities:result_edit", WRITERS, lambda cast: [_brand(cast)]),
    Row("activities:result_edit", WRITERS, lambda cast: [_brand(cast)], 302, lambda cast: MEDIA | {"version": 1}),
    Row("activities:result_end", WRITERS, lambda cast: [_brand(cast)]),
    Row(
        "activities:result_end",
        WRITERS,
        lambda cast: [_brand(cast)],
        302,
        lambda cast: {"version": 1, "ended_on": "2020-10-01"},
    ),
    Row("activities:result_withdraw", WRITERS, lambda cast: [_brand(cast)]),
    Row(
        "activities:result_withdraw",
        WRITERS,
        lambda cast: [_brand(cast)],
        302,
        lambda cast: {"version": 1, "reason": "录错"},
    ),
    Row("activities:result_file", FIRST, lambda cast: [_file(cast)]),
    Row("activities:result_file_remove", WRITERS, lambda cast: [_file(cast)], 302, lambda cast: {}),
    Row("activities:result_file_remove", WRITERS, lambda cast: [_file(cast)], 405, other=405),
]
