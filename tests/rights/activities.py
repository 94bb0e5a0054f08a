from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from activities.actions.attachments import attach
from activities.models import Activity, Attachment
from activities.rules.activities import State
from tests.activities.records import committee_draft, written
from tests.cast import Cast
from tests.rights.row import Row

READERS = "secretary recorder contact staff auditor city_staff admin"
WRITERS = "secretary recorder"
REVIEWERS = "staff city_staff"
FORM = {"held_on": "2020-10-26", "agenda-TOTAL_FORMS": 0, "lectures-TOTAL_FORMS": 0, "guests-TOTAL_FORMS": 0} | {
    f"{rows}-INITIAL_FORMS": 0 for rows in ("agenda", "lectures", "guests")
}


def _record(state: str) -> Any:
    return lambda cast: [written(cast, state).pk]


def _version(cast: Cast) -> dict[str, Any]:
    return {"version": Activity.objects.latest("pk").version}


def _form(cast: Cast) -> dict[str, Any]:
    last = Activity.objects.order_by("pk").last()
    return FORM | {"version": last.version if last else "", "intent": "draft"}


def _attachment(cast: Cast) -> list[Any]:
    upload = SimpleUploadedFile("讲稿.pdf", b"%PDF-1.4\n%%EOF\n")
    return [attach(activity=written(cast), upload=upload, category=Attachment.Category.PAPER, by=cast.recorder).pk]


ROWS = [
    Row("activities:list", READERS, lambda cast: ["first"]),
    Row("activities:list", "staff auditor city_staff admin", lambda cast: ["committee"]),
    Row("activities:new", WRITERS, lambda cast: ["first"]),
    Row("activities:new", "neighbour", lambda cast: ["second"]),
    Row("activities:new", "staff", lambda cast: ["committee"]),
    Row("activities:new", WRITERS, lambda cast: ["first"], 302, lambda cast: FORM),
    Row("activities:expected", WRITERS, lambda cast: ["first"], 200, lambda cast: FORM),
    Row("activities:expected", WRITERS, lambda cast: ["first"], 405, other=405),
    Row("activities:check", WRITERS, lambda cast: ["first"], 200, lambda cast: FORM),
    Row("activities:activity", WRITERS, _record(State.DRAFT), note="draft"),
    Row("activities:activity", READERS, _record(State.SUBMITTED), note="submitted"),
    Row("activities:activity", READERS, _record(State.RETURNED), note="returned"),
    Row("activities:activity", "staff", lambda cast: [committee_draft(cast).pk], note="committee's draft"),
    Row("activities:print", WRITERS, _record(State.DRAFT), note="draft"),
    Row("activities:print", READERS, _record(State.ACCEPTED), note="accepted"),
    Row("activities:edit", WRITERS, _record(State.DRAFT)),
    Row("activities:edit", WRITERS, _record(State.RETURNED), note="returned"),
    Row("activities:edit", WRITERS, _record(State.SUBMITTED), 302, note="submitted: to its page"),
    Row("activities:edit", WRITERS, _record(State.DRAFT), 302, _form),
    Row("activities:discard", WRITERS, _record(State.DRAFT), 302, lambda cast: {}),
    Row("activities:attach", WRITERS, _record(State.DRAFT), 302, lambda cast: {}),
    Row("activities:attachment", WRITERS, _attachment, note="of a draft"),
    Row("activities:attachment_remove", WRITERS, _attachment, 302, lambda cast: {}),
    Row("activities:submit", "secretary", _record(State.DRAFT), 302, _version),
    Row("activities:withdraw", "secretary", _record(State.SUBMITTED), 302, _version),
    Row("activities:review", REVIEWERS),
    Row("activities:accept_many", REVIEWERS, status=302, data=lambda cast: {"record": "1:1"}),
    Row("activities:accept", "staff", _record(State.SUBMITTED), 302, _version),
    Row("activities:accept", "", lambda cast: [committee_draft(cast).pk], 302, _version, note="a draft"),
    Row("activities:return", "staff", _record(State.SUBMITTED)),
    Row("activities:return", "staff", _record(State.ACCEPTED), note="accepted"),
    Row("activities:return", "staff", _record(State.SUBMITTED), 200, _version, note="without a reason"),
]
