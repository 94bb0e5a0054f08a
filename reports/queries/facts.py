"""The facts of many branches in one year, in a flat number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import lazy

from activities.models import Activity, ActivityKind, AgendaItem, Attendance, Lecture
from activities.queries.duties import Cell, cells
from activities.rules.activities import COUNTING, Block, Presence, State
from activities.rules.duties import OWED, DutyStatus
from activities.rules.lateness import is_late
from branches.models import Membership, MemberStatus, Organisation
from branches.rules.people import is_expected
from reports.rules.facts import Asked, DutyPeriod, Facts, Record

ENTRY_DAYS = 3  # where no duty rule says how soon a record is to be entered


def is_over(year: int, today: date) -> bool:
    return today > date(year, 12, 31)


def last_day_of(branch: Organisation, year: int, today: date) -> date:
    """The last day of `year` that can be looked at: today while it runs, the branch's own last day if it ended."""
    days = [date(year, 12, 31), today]
    if branch.ended_on is not None:
        days.append(branch.ended_on)
    return min(days)


def of_year(year: int, prefix: str = "") -> Q:
    """Activities of `year`: by the year they belong to where they carry one, else by the day held."""
    held = {f"{prefix}held_on__gte": date(year, 1, 1), f"{prefix}held_on__lte": date(year, 12, 31)}
    return Q(**{f"{prefix}belongs_to_year": year}) | Q(**{f"{prefix}belongs_to_year__isnull": True}, **held)


def facts_of(branches: Iterable[Organisation], year: int, today: date) -> dict[int, Facts]:
    """The facts of `branches` in `year` as of `today`, by branch id. 14 queries however many branches.

    Records in review count while the year runs; once it is over only accepted ones do.
    """
    branches = list(branches)
    ids = [branch.pk for branch in branches]
    over = is_over(year, today)
    counting = [State.ACCEPTED] if over else list(COUNTING)
    owed = cells(branches, year, today)
    rows = _taking_part(ids, year)
    kinds = _kinds_of(ids, year)
    attended = _attended(ids, year, counting)
    lecturers = _lecturers(ids, year, counting)
    members = _members({branch.pk: last_day_of(branch, year, today) for branch in branches}, year)
    found: dict[int, Facts] = {}
    for branch in branches:
        entry_days = _entry_days(owed[branch.pk])
        attendance = attended[branch.pk]
        own = rows[branch.pk]
        records = [
            _record(
                row,
                kinds[row["activity_id"]],
                attendance.get(row["activity_id"]),
                lecturers[row["activity_id"]],
                entry_days,
            )
            for row in own
            if row["activity__state"] in counting
        ]
        people = members[branch.pk]
        spoke = {pk for record in records for pk in lecturers[record.activity_id] if pk in people}
        found[branch.pk] = Facts(
            is_over=over,
            records=tuple(records),
            attended=tuple(attendance.values()),
            duties=_duties(owed[branch.pk]),
            members=people,
            lecturers=frozenset(spoke),
            waiting=sum(row["activity__state"] == State.SUBMITTED for row in own) if over else 0,
        )
    return found


def _taking_part(ids: list[int], year: int) -> dict[int, list[dict]]:
    found: dict[int, list[dict]] = defaultdict(list)
    first_item = AgendaItem.objects.filter(activity=OuterRef("activity_id"), is_first_item=True)
    rows = (
        Activity.taking_part.through.objects.filter(
            of_year(year, "activity__"), organisation__in=ids, activity__state__in=COUNTING
        )
        .annotate(has_first_item=Exists(first_item))
        .order_by("activity__held_on", "activity_id")
        .values(
            "organisation_id", "activity_id", "activity__organisation_id", "activity__title", "activity__held_on",
            "activity__entered_on", "activity__state", "has_first_item",
        )
    )  # fmt: skip
    for row in rows:
        found[row["organisation_id"]].append(row)
    return found


def _kinds_of(ids: list[int], year: int) -> dict[int, list[ActivityKind]]:
    kinds = ActivityKind.objects.in_bulk()
    rows = (
        Activity.kinds.through.objects.filter(of_year(year, "activity__"), activity__taking_part__in=ids)
        .order_by("activity_id", "activitykind__position", "activitykind__code")
        .values_list("activity_id", "activitykind_id")
        .distinct()
    )
    found: dict[int, list[ActivityKind]] = defaultdict(list)
    for activity_id, kind_id in rows:
        found[activity_id].append(kinds[kind_id])
    return found


def _attended(ids: list[int], year: int, counting: Sequence[str]) -> dict[int, dict[int, Record]]:
    """{branch: {activity: how many of the branch's people were expected and came}}, whoever held the activity."""
    present = Count("pk", filter=Q(presence=Presence.PRESENT))
    unrecorded = Count("pk", filter=Q(presence=Presence.UNRECORDED))
    rows = (
        Attendance.objects.filter(
            of_year(year, "activity__"), branch__in=ids, is_expected=True, activity__state__in=counting
        )
        .values(
            "branch_id", "activity_id", "activity__title", "activity__held_on", "activity__state",
            "activity__organisation_id",
        )
        .annotate(present=present, unrecorded=unrecorded, rows=Count("pk"))
        .order_by("activity__held_on", "activity_id")
    )  # fmt: skip
    found: dict[int, dict[int, Record]] = defaultdict(dict)
    for row in rows:
        found[row["branch_id"]][row["activity_id"]] = Record(
            activity_id=row["activity_id"],
            title=row["activity__title"],
            held_on=row["activity__held_on"],
            state=row["activity__state"],
            is_own=row["activity__organisation_id"] == row["branch_id"],
            present=row["present"],
            expected=row["rows"] - row["unrecorded"],
            unrecorded=row["unrecorded"],
        )
    return found


def _lecturers(ids: list[int], year: int, counting: Sequence[str]) -> dict[int, dict[int, str]]:
    """{activity: {person: name}} of those who lectured where one of the branches took part."""
    rows = (
        Lecture.lecturers.through.objects.filter(
            of_year(year, "lecture__activity__"),
            lecture__activity__taking_part__in=ids,
            lecture__activity__state__in=counting,
        )
        .order_by("lecture__activity_id", "lecture__position", "person_id")
        .values_list("lecture__activity_id", "person_id", "person__name")
        .distinct()
    )
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for activity_id, person_id, name in rows:
        found[activity_id][person_id] = name
    return found


def _members(days: Mapping[int, date], year: int) -> dict[int, dict[int, str]]:
    """{branch: {person: name}} of the members expected at meetings on the branch's day of `days`."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = [
        row
        for row in Membership.objects.active_between(first, last)
        .filter(branch__in=days, person__is_void=False, person__merged_into__isnull=True)
        .order_by("person__joined_on", "person_id")
        .values_list("branch_id", "person_id", "person__name", "starts_on", "ends_on")
        if row[3] <= days[row[0]] and (row[4] is None or row[4] >= days[row[0]])
    ]
    # Somebody may be of two of them: of a branch until it was merged, and of its successor.
    branches_of: dict[int, set[int]] = defaultdict(set)
    for branch_id, person_id, *_rest in rows:
        branches_of[person_id].add(branch_id)
    statuses: dict[tuple[int, int], set[str]] = defaultdict(set)
    for person_id, kind, starts_on, ends_on in (
        MemberStatus.objects.active_between(first, last)
        .filter(person__memberships__branch__in=days)
        .values_list("person_id", "kind", "starts_on", "ends_on")
        .distinct()
    ):
        for branch_id in branches_of[person_id]:
            if starts_on <= days[branch_id] and (ends_on is None or ends_on >= days[branch_id]):
                statuses[branch_id, person_id].add(kind)
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for branch_id, person_id, name, _from, _until in rows:
        if is_expected(frozenset(statuses[branch_id, person_id])):
            found[branch_id][person_id] = name
    return found


def _entry_days(owed: list[Cell]) -> dict[int, int]:
    """{kind: working days to enter a record}, the most generous where several duties name the kind."""
    found: dict[int, int] = {}
    for rule in {cell.rule.pk: cell.rule for cell in owed}.values():
        for kind in rule.kinds.all():
            found[kind.pk] = max(rule.entry_days, found.get(kind.pk, 0))
    return found


def _record(
    row: dict,
    kinds: list[ActivityKind],
    attendance: Record | None,
    lecturers: dict[int, str],
    entry_days: dict[int, int],
) -> Record:
    days = max((entry_days[kind.pk] for kind in kinds if kind.pk in entry_days), default=ENTRY_DAYS)
    held_on, entered_on = row["activity__held_on"], row["activity__entered_on"]
    return Record(
        activity_id=row["activity_id"],
        title=row["activity__title"],
        held_on=held_on,
        state=row["activity__state"],
        kinds=tuple(kind.short_label for kind in kinds),
        is_own=row["activity__organisation_id"] == row["organisation_id"],
        is_meeting=any(Block.AGENDA in kind.blocks for kind in kinds),
        has_first_item=row["has_first_item"],
        entered_on=entered_on,
        is_late=is_late(held_on=held_on, entered_on=entered_on, entry_days=days),
        present=attendance.present if attendance else 0,
        expected=attendance.expected if attendance else 0,
        unrecorded=attendance.unrecorded if attendance else 0,
        lecturers=tuple(lecturers.values()),
    )


def _duties(owed: list[Cell]) -> dict[str, tuple[DutyPeriod, ...]]:
    found: dict[str, list[DutyPeriod]] = defaultdict(list)
    for cell in owed:
        found[cell.rule.code].append(_period(cell))
    return {code: tuple(periods) for code, periods in found.items()}


def _period(cell: Cell) -> DutyPeriod:
    asked = Asked.OWED if cell.status in OWED else Asked.EXEMPT
    if cell.status == DutyStatus.NOT_APPLICABLE:
        asked = Asked.NOT_APPLICABLE
    missing = cell.short
    if cell.groups:
        # Each group owes its own meetings, so each missing one counts.
        held = [sum(record.group_id == group.pk for record in cell.counted) for group in cell.groups]
        missing = sum(max(cell.needed - number, 0) for number in held)
    return DutyPeriod(
        period=cell.period,
        asked=asked,
        has_ended=cell.has_ended,
        status=str(cell.status.value),
        missing=missing,
        waits=0 if cell.status == DutyStatus.MET else len(cell.waiting),
        reason=lazy(lambda: cell.reason, str)(),  # read on the page in one language, kept for papers in another
        missing_groups=tuple(group.name for group in cell.missing_groups),
        records=tuple(record.activity_id for record in cell.counted),
    )
