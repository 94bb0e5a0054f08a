"""The demo's contact points and work lists: one TOML file, held to the same rules as the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, ActivityKind, Guidance, Task, WorkItem, WorkList
from activities.queries.guidance import digest_of
from activities.rules.activities import State
from activities.rules.guidance import TopicVerdict, may_announce, may_remark
from activities.rules.work_lists import TaskState, due_of, monday_of
from branches.models import Organisation, Role, RoleAssignment, User
from config.loading.files import Entry, FixtureError, read_toml
from config.loading.world import World

TABLES = ("meeting", "work_list")
MEETING_KEYS = (
    *("branch", "on", "announced", "leader", "verdict", "advice", "judged"),
    *("present", "remarks", "remarked"),
)
LIST_KEYS = ("title", "week", "sent", "by", "note", "branches", "item")
ITEM_KEYS = ("title", "content", "kind", "due", "on", "words", "done", "said", "declined")
SAID_AT = time(9, 30)


@dataclass(frozen=True)
class Made:
    words: int
    lists: int


def load_supervision(path: Path, world: World) -> Made:
    """Read the file; returns the numbers of meetings with a word and of work lists.

    Raises:
        FixtureError: an entry is wrong; the message names the file and the entry.
    """
    content = read_toml(path)
    for table in content:
        if table not in TABLES:
            allowed = ", ".join(TABLES)
            raise FixtureError(path, table, _("unknown table, allowed: %(tables)s.") % {"tables": allowed})
    meetings = content.get("meeting", [])
    for number, values in enumerate(meetings, start=1):
        _meeting(Entry(path, f"meeting {number} {values.get('branch', '')}".strip(), values, MEETING_KEYS), world)
    lists = content.get("work_list", [])
    for number, values in enumerate(lists, start=1):
        _work_list(Entry(path, f"work_list {number} {values.get('title', '')}".strip(), values, LIST_KEYS), world)
    return Made(Guidance.objects.count(), len(lists))


def _meeting(entry: Entry, world: World) -> None:
    branch, on = world.organisation(entry, "branch"), entry.day("on")
    activity = (
        Activity.objects.filter(organisation=branch, held_on=on).exclude(state=State.DISCARDED).order_by("pk").first()
    )
    if activity is None:
        raise entry.error(_("%(branch)s has no record of %(day)s.") % {"branch": branch, "day": on})
    announced = entry.optional_day("announced")
    if announced:
        if not may_announce(activity.state, on, world.as_of) or announced > world.as_of:
            raise entry.error(_("only a meeting still to come is announced, up to the last day of the demo."))
        activity.announced_on = announced
        activity.save(update_fields=["announced_on"])
    leader = world.user(entry, "leader")
    if not RoleAssignment.objects.filter(user=leader, role=Role.CONTACT_LEADER, organisation=branch).exists():
        raise entry.error(_("%(name)s does not guide %(branch)s.") % {"name": leader, "branch": branch})
    verdict = entry.choice("verdict", ["", *TopicVerdict.values], "")
    said = "present" in entry.values
    if said and not may_remark(activity.state, activity.announced_on, on, world.as_of):
        raise entry.error(_("remarks follow after the meeting."))
    if verdict or said:
        Guidance.objects.create(
            activity=activity,
            leader=leader,
            verdict=verdict,
            verdict_on_title=activity.title if verdict else "",
            verdict_on_agenda=digest_of(activity) if verdict else "",
            verdict_at=_moment(entry.day("judged")) if verdict else None,
            advice=entry.text("advice", ""),
            was_present=entry.flag("present") if said else None,
            remarks=entry.text("remarks", ""),
            remarked_at=_moment(entry.day("remarked")) if said else None,
        )


def _work_list(entry: Entry, world: World) -> None:
    by, week, sent = world.user(entry, "by"), entry.day("week"), entry.optional_day("sent")
    if week != monday_of(week):
        raise entry.error(_("%(day)s is no Monday.") % {"day": week})
    sender = by.roles.get(role=Role.STAFF).organisation
    below = Organisation.objects.under(sender).branches().existing_on(sent or week).order_by("tree_id", "lft")
    wanted = entry.list("branches")
    branches = [branch for branch in below if not wanted or branch.code in wanted]
    made = WorkList.objects.create(
        organisation=sender,
        title=entry.text("title"),
        week_of=week,
        note=entry.text("note", ""),
        sent_on=sent,
        sent_by=by if sent else None,
        entered_by=by,
        entered_on=sent or week,
    )
    made.recipients.set(branches)
    for position, values in enumerate(entry.list("item"), start=1):
        _item(Entry(entry.path, f"{entry.name} · {position}", values, ITEM_KEYS), made, position, branches)


def _item(entry: Entry, made: WorkList, position: int, branches: list[Organisation]) -> None:
    code = entry.text("kind", "")
    kind = ActivityKind.objects.filter(code=code).first()
    if code and kind is None:
        raise entry.error(_("there is no kind %(code)s.") % {"code": code})
    item = WorkItem.objects.create(
        work_list=made,
        position=position,
        title=entry.text("title"),
        content=entry.text("content", ""),
        kind=kind,
        due_on=entry.optional_day("due"),
    )
    if made.sent_on:
        words = _words(entry, {branch.code for branch in branches})
        Task.objects.bulk_create(
            [_held(item, branch) if kind else _task(entry, item, branch, words) for branch in branches]
        )


def _words(entry: Entry, codes: set[str]) -> dict[str, tuple[str, str]]:
    """Branch → (state, words) of those that answered."""
    done = {code: (TaskState.DONE.value, entry.text("words")) for code in entry.list("done")}
    said = {code: (TaskState.DONE.value, str(words)) for code, words in entry.values.get("said", {}).items()}
    declined = {code: (TaskState.DECLINED.value, str(why)) for code, why in entry.values.get("declined", {}).items()}
    found = done | said | declined
    for code in found:
        if code not in codes:
            raise entry.error(_("the list was not sent to %(code)s.") % {"code": code})
    return found


def _task(entry: Entry, item: WorkItem, branch: Organisation, words: dict[str, tuple[str, str]]) -> Task:
    if branch.code not in words:
        return Task(item=item, branch=branch)
    state, answer = words[branch.code]
    on = entry.day("on")
    return Task(
        item=item,
        branch=branch,
        state=state,
        answer=answer,
        answered_on=on,
        answered_by=_secretary(branch, on),
        version=2,
    )


def _held(item: WorkItem, branch: Organisation) -> Task:
    """The task is done by the first record of the kind from the Monday to the last day, if there is one."""
    until = due_of(item.due_on, item.work_list.week_of)
    record = (
        Activity.objects.counting()
        .filter(organisation=branch, kinds=item.kind, held_on__gte=item.work_list.week_of, held_on__lte=until)
        .order_by("held_on", "pk")
        .first()
    )
    if record is None:
        return Task(item=item, branch=branch)
    return Task(
        item=item,
        branch=branch,
        activity=record,
        answered_on=record.submitted_on or record.held_on,
        answered_by=_secretary(branch, record.held_on),
        version=2,
    )


def _secretary(branch: Organisation, on: date) -> User | None:
    role = RoleAssignment.objects.active_on(on).filter(organisation=branch, role=Role.SECRETARY).first()
    return role.user if role else None


def _moment(day: date) -> datetime:
    return datetime.combine(day, SAID_AT, tzinfo=timezone.get_default_timezone())
