"""A random year of moves, mergers, splits, revocations and activities, counted again day by day from the rows."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest
from django.core.exceptions import ValidationError

from activities.models import Activity, Attendance, DutyRule
from activities.queries.desk import matrix
from activities.queries.duties import cells
from activities.queries.figures import activities_below, attendance_by_node, figures, monthly_counts
from activities.rules.activities import COUNTING
from activities.rules.periods import Period
from branches.actions import transfers
from branches.actions.organisations import found, move, revoke
from branches.actions.reorganisations import merge, split
from branches.models import Membership, Organisation, Placement
from branches.queries.tree import tree_on
from branches.rights import Permission, access_of
from reports.queries.branches import branches_in
from reports.queries.figures import figures_of
from reports.queries.summaries import records_of, summary_of
from reports.rules.summaries import Key
from tests.activities.held import held
from tests.activities.rules_set import own_rule
from tests.cast import START, TODAY, Cast, enlist
from tests.reports.conftest import lectured
from tests.tree import invalid_nodes

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)
EDGES = [date(2020, 1, 1), date(2020, 1, 31), date(2020, 2, 29), date(2020, 6, 30), date(2020, 7, 1), TODAY]
KINDS = ["members_meeting", "party_lecture", "themed_party_day", "forum"]


def _all() -> list[Organisation]:
    return list(Organisation.objects.order_by("tree_id", "lft"))


class World:
    """Acts at random; what is refused is refused."""

    def __init__(self, seed: int, cast: Cast) -> None:
        self.random = Random(seed)
        self.cast = cast
        self.number = 0
        for _ in range(8):
            self.found(START)
        for branch in Organisation.objects.branches():
            for _ in range(self.random.randint(0, 4)):
                enlist("某", branch, joined_on=date(2000, 1, 1))

    def day(self) -> date:
        if self.random.random() < 0.4:
            return self.random.choice(EDGES)
        return date(2019, 10, 1) + DAY * self.random.randrange((TODAY - date(2019, 10, 1)).days + 1)

    def one(self, *kinds: str) -> Organisation:
        return self.random.choice([one for one in _all() if not kinds or one.kind in kinds])

    def branch(self) -> Organisation:
        return self.one(Organisation.Kind.BRANCH)

    def found(self, on: date, kind: str = "", parent: Organisation | None = None) -> Organisation:
        kinds = Organisation.Kind
        self.number += 1
        kind = kind or self.random.choice([kinds.COMMITTEE, kinds.GENERAL_BRANCH, kinds.BRANCH, kinds.BRANCH])
        parent = parent or self.one(kinds.COMMITTEE, kinds.ORGAN, kinds.WORK_COMMITTEE)
        name = f"某{self.number}"
        return found(code=f"x{self.number}", kind=kind, name=name, short_name=name, parent=parent, on=on, by=None)

    def act(self) -> None:
        acts = [self.move, self.move, self.move, self.merge, self.split, self.revoke, self.transfer, self.founding]
        with suppress(ValidationError):
            self.random.choice(acts)()

    def founding(self) -> None:
        self.found(self.day())

    def move(self) -> None:
        move(organisation=self.one(), parent=self.random.choice([None, self.one(), self.one()]), on=self.day(), by=None)

    def merge(self) -> None:
        on = self.day()
        into = self.branch() if self.random.random() < 0.6 else self.found(on, Organisation.Kind.BRANCH)
        merged = [self.branch() for _ in range(self.random.randint(1, 2))]
        merge(branches=merged, into=into, on=on, by=self.cast.admin, document_number="批")

    def split(self) -> None:
        on, branch = self.day(), self.branch()
        people = [row.person for row in Membership.objects.active_on(on).filter(branch=branch)[:2]]
        into = self.found(on, Organisation.Kind.BRANCH)
        split(branch=branch, into=into, people=people, on=on, by=self.cast.admin)

    def revoke(self) -> None:
        revoke(organisation=self.one(), on=self.day(), by=None, document_number="批")

    def transfer(self) -> None:
        row = self.random.choice(list(Membership.objects.active_on(TODAY)))
        to = self.branch()
        asked = transfers.ask(
            person=row.person,
            from_branch=row.branch,
            to_branch=to,
            elsewhere=to.name,
            on=self.day(),
            by=self.cast.admin,
        )
        transfers.accept(transfer=asked, by=self.cast.admin)

    def hold(self) -> None:
        on = self.day()
        standing = [one for one in _all() if one.existed_on(on)]
        holder = self.random.choice([one for one in standing if one.is_branch] + standing)
        joined = tuple(self.random.sample([one for one in standing if one.is_branch and one != holder], 2))
        activity = held(
            holder,
            self.random.choice(KINDS),
            on,
            state=self.random.choice(["accepted", "accepted", "submitted", "returned", "draft"]),
            with_branches=joined if self.random.random() < 0.3 else (),
        )
        if not holder.is_branch:
            activity.taking_part.set(joined)
        rows = list(Membership.objects.active_on(on).filter(branch__in=[holder, *activity.taking_part.all()]))
        for row in rows:
            presence = self.random.choice(["present", "present", "leave", "absent", "unrecorded"])
            Attendance.objects.get_or_create(
                activity=activity,
                person=row.person,
                defaults={"branch": row.branch, "presence": presence, "is_expected": self.random.random() < 0.9},
            )
        if rows and self.random.random() < 0.3:
            lectured(activity, *(row.person for row in self.random.sample(rows, 1)))


class Slow:
    """Who stood under whom on a day: from the placements, one day and one organisation at a time."""

    def __init__(self) -> None:
        self.places: dict[int, list[Placement]] = {}
        for row in Placement.objects.valid().order_by("starts_on", "pk"):
            self.places.setdefault(row.organisation_id, []).append(row)
        self.chains: dict[tuple[int, date], set[int]] = {}

    def chain(self, pk: int, day: date) -> list[int]:
        """The organisation and what stood above; before its first day and after its last those days speak."""
        found: list[int] = []
        at: int | None = pk
        while at is not None:
            assert at not in found, "a ring"
            found.append(at)
            places = self.places[at]
            on = max(day, places[0].starts_on)
            at = [row for row in places if row.starts_on <= on][-1].parent_id
        return found

    def under(self, pk: int, top: Organisation, day: date) -> bool:
        key = (pk, day)
        if key not in self.chains:
            self.chains[key] = set(self.chain(pk, day))
        return top.pk in self.chains[key]

    def activities(self, top: Organisation, first: date, last: date, states: Iterable[str]) -> set[int]:
        rows = Activity.objects.filter(state__in=list(states), held_on__gte=first, held_on__lte=last)
        return {
            one.pk
            for one in rows.prefetch_related("taking_part")
            if any(
                self.under(pk, top, one.held_on)
                for pk in (one.organisation_id, *(other.pk for other in one.taking_part.all()))
            )
        }

    def presences(self, top: Organisation, first: date, last: date, **only: object) -> list[str]:
        rows = Attendance.objects.filter(
            activity__held_on__gte=first, activity__held_on__lte=last, **only
        ).select_related("activity")
        return [row.presence for row in rows if self.under(row.branch_id, top, row.activity.held_on)]

    def members(self, top: Organisation, day: date) -> int:
        rows = Membership.objects.active_on(day)
        return len({row.person_id for row in rows if self.under(row.branch_id, top, day)})

    def rule(self, branch: Organisation, code: str, day: date) -> int:
        rules = {rule.organisation_id: rule.pk for rule in DutyRule.objects.filter(code=code, is_void=False)}
        return next(rules[pk] for pk in [*self.chain(branch.pk, day), None] if pk in rules)


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_counting_day_by_day(seed: int, cast: Cast) -> None:
    world = World(seed, cast)
    for _ in range(25):
        world.act()
    for _ in range(60):
        world.hold()
    for number, node in enumerate(world.random.sample(_all(), 3), start=2):
        own_rule(node, "party_lecture", times=number)
    assert invalid_nodes() == []
    slow, nodes = Slow(), _all()
    _placements_are_whole(nodes)
    branches = [one for one in nodes if one.is_branch]
    of_branch = cells(branches, 2020, TODAY)
    for branch in branches:
        for cell in of_branch[branch.pk]:
            if cell.rule.code == "party_lecture":
                assert cell.rule.pk == slow.rule(branch, "party_lecture", cell.period.last)
    for top in nodes:
        _figures_agree(slow, top, world.random)
        _desk_agrees(slow, top, of_branch)
        _year_agrees(slow, top, cast)


def _placements_are_whole(nodes: list[Organisation]) -> None:
    """Every organisation stood in one place at a time, from its first day to its last, and above it something stood."""
    by_pk = {node.pk: node for node in nodes}
    for node in nodes:
        day = node.founded_on
        rows = list(node.placements.valid().order_by("starts_on"))
        for row in rows:
            assert row.starts_on == day, f"{node.code}: a gap or an overlap on {day}"
            above = by_pk.get(row.parent_id or 0)
            assert above is None or above.founded_on <= row.starts_on
            assert above is None or above.ended_on is None or (row.ends_on and row.ends_on <= above.ended_on)
            day = row.ends_on + DAY if row.ends_on else date.max
        assert rows[-1].ends_on == node.ended_on
        assert rows[-1].parent_id == node.parent_id


def _figures_agree(slow: Slow, top: Organisation, random: Random) -> None:
    first, last = sorted(date(2019, 12, 1) + DAY * random.randrange(330) for _ in range(2))
    for since, until in ((first, last), (FIRST, TODAY)):
        found = figures(top, since, until)
        expected = slow.activities(top, since, until, COUNTING)
        assert set(activities_below(top, since, until).values_list("pk", flat=True)) == expected
        assert found.activities == len(expected)
        presences = slow.presences(top, since, until, activity__state__in=COUNTING, is_expected=True)
        assert (found.attendance.expected, found.attendance.present) == (len(presences), presences.count("present"))
        assert found.members == slow.members(top, until)
        rows = attendance_by_node(top, _all(), since, until)
        of_top = {node.pk: tally for node, tally in rows}[top.pk]
        assert of_top == found.attendance
    months = monthly_counts(top, 2020)
    assert sum(months.values()) == len(slow.activities(top, FIRST, LAST, COUNTING))


def _desk_agrees(slow: Slow, top: Organisation, of_branch: dict) -> None:
    belonging = [
        cell
        for own in of_branch.values()
        for cell in own
        if slow.under(cell.branch.pk, top, cell.period.last) and cell.is_owed and cell.has_ended
    ]
    year = matrix(top, TODAY).year
    assert year is not None
    assert (year.ended, year.done) == (len(belonging), sum(cell.is_done for cell in belonging))
    assert len(tree_on(TODAY).below(top.pk)) >= matrix(top, TODAY).branches
    quarter = Period(2020, "quarter", 2)
    shown = matrix(top, TODAY, shown=quarter)
    owed = sum(column.total.owed for column in shown.columns)
    assert owed == sum(
        cell.is_owed
        for own in of_branch.values()
        for cell in own
        if cell.period.overlaps(quarter) and slow.under(cell.branch.pk, top, cell.period.last)
        and _stood_in(slow, cell.branch, top, quarter)
    )  # fmt: skip


def _stood_in(slow: Slow, branch: Organisation, top: Organisation, period: Period) -> bool:
    day, found = period.first, False
    while day <= period.last:
        found = found or (branch.existed_on(day) and slow.under(branch.pk, top, day))
        day += DAY
    return found


def _year_agrees(slow: Slow, top: Organisation, cast: Cast) -> None:
    access = access_of(cast.admin)
    expected = {
        one.pk
        for one in _all()
        if one.is_branch
        and one.founded_on <= TODAY
        and (one.ended_on is None or one.ended_on >= FIRST)
        and one.pk != top.pk
        and slow.under(one.pk, top, min(TODAY, one.ended_on or TODAY))
        and access.may(Permission.VIEW, one)
    }
    assert {one.pk for one in branches_in(top, 2020, TODAY, access)} == expected
    whole = slow.activities(top, FIRST, LAST, COUNTING)
    assert figures_of(top, branches_in(top, 2020, TODAY, access), 2020, TODAY).activities.distinct == len(whole)
    summary = summary_of(top, 2020, TODAY)
    forums = set(Activity.objects.of_kind("forum").values_list("pk", flat=True))
    assert summary.figures[Key.FORUM_SESSIONS] == len(whole & forums)
    present = slow.presences(top, FIRST, LAST, activity__in=whole & forums)
    assert summary.figures[Key.FORUM_ATTENDANCES] == present.count("present")
    for key in Key:
        assert records_of(key, top, 2020, TODAY).total == summary.figures[key]
