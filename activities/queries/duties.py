"""What branches owe and what they held: one `Cell` for every branch, duty and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q

from activities.models import Activity, ActivityKind, DutyRule, Exemption
from activities.queries.duty_cells import Cell, Record, Summary, year_summary
from activities.queries.duty_rules import RulesOver, rules_for, rules_over
from activities.rules.activities import COUNTING, State
from activities.rules.duties import DutyStatus, Obstacle, Standing, closes_on, judge, obstacle
from activities.rules.lateness import is_late
from activities.rules.periods import Period, Rhythm, period_of, periods_of
from branches.models import Dated, Organisation, PartyGroup, Term

__all__ = [
    "Cell",
    "Record",
    "Summary",
    "cells",
    "cells_now",
    "current_periods",
    "rules_for",
    "year_summary",
]


def current_periods(today: date) -> Callable[[DutyRule], list[Period]]:
    """For `cells(…, periods=…)`: the one period of each duty that runs on `today`."""
    return lambda rule: [period_of(today, rule.rhythm)]


def cells(
    branches: Iterable[Organisation],
    year: int,
    today: date,
    *,
    periods: Callable[[DutyRule], Sequence[Period]] | None = None,
    code: str = "",
) -> dict[int, list[Cell]]:
    """The cells of `branches` in `year` as of `today`, by branch id, in the order of duties and periods.

    `periods` picks, for a rule, the periods wanted (of `year`); without it all of them. `code` narrows to one duty. The
    rules are those of what stood above the branch on the period's last day. 7 queries however many branches.
    """
    branches = list(branches)
    ids = [branch.pk for branch in branches]
    over = rules_over(branches, year)
    all_rules = {
        rule.pk: rule for own in over.values() for spell in own for rule in spell.rules if code in ("", rule.code)
    }.values()
    wanted = {rule.pk: list(periods(rule) if periods else periods_of(year, rule.rhythm)) for rule in all_rules}
    first = min((period.first for group in wanted.values() for period in group), default=date(year, 1, 1))
    last = max((period.last for group in wanted.values() for period in group), default=date(year, 12, 31))
    kinds = {rule.pk: list(rule.kinds.all()) for rule in all_rules}
    kind_ids = {pk: [kind.pk for kind in of_rule] for pk, of_rule in kinds.items()}
    rows = _rows(ids, {kind for of_rule in kinds.values() for kind in of_rule}, first, last)
    terms = _by(
        Term.objects.active_between(first, last).filter(organisation__in=ids, has_committee=True), "organisation_id"
    )
    groups = _by(
        PartyGroup.objects.active_between(first, last).filter(branch__in=ids).order_by("position", "pk"), "branch_id"
    )
    freed = _by(
        Exemption.objects.active_between(first, last).filter(organisation__in=ids).select_related("granted_by"),
        "organisation_id",
    )
    found: dict[int, list[Cell]] = {}
    for branch in branches:
        pk = branch.pk
        facts = _Branch(branch, today, terms[pk], groups[pk], freed[pk], rows.get(pk, {}), kind_ids)
        found[pk] = [facts.cell(rule, period) for rule, period in _asked(over[pk], wanted)]
    return found


def _asked(spells: list[RulesOver], wanted: dict[int, list[Period]]) -> list[tuple[DutyRule, Period]]:
    """The periods of each rule whose last day lies in the stretch the rule held, in the order of duties and periods."""
    asked = [
        (rule, period)
        for spell in spells
        for rule in spell.rules
        for period in wanted.get(rule.pk, ())
        if spell.first <= period.last <= spell.last
    ]
    if len(spells) > 1:
        asked.sort(key=lambda pair: (pair[0].position, pair[0].code, pair[1].last))
    return asked


def cells_now(branches: Iterable[Organisation], today: date, *, whole_year: bool = True) -> dict[int, list[Cell]]:
    """The cells of the running year, and before them what can still be made good of the year before.

    In January the December meeting is not lost yet. Without `whole_year` only periods that run or whose grace lasts.
    7 queries, and 7 more while the grace of last December lasts.
    """
    branches = list(branches)
    own = cells(branches, today.year, today, periods=None if whole_year else lambda rule: _open_periods(rule, today))
    grace = max((cell.rule.grace_days for found in own.values() for cell in found), default=0)
    if today > date(today.year - 1, 12, 31) + timedelta(days=grace):
        return own
    before = cells(branches, today.year - 1, today, periods=lambda rule: periods_of(today.year - 1, rule.rhythm)[-1:])
    return {pk: [cell for cell in before[pk] if cell.status == DutyStatus.OVERDUE] + own[pk] for pk in own}


def _open_periods(rule: DutyRule, today: date) -> list[Period]:
    """The periods of the year that have begun and can still be made good, the running one included."""
    return [
        period
        for period in periods_of(today.year, rule.rhythm)
        if period.first <= today <= max(period.last, closes_on(period, rule.grace_days))
    ]


class _Row(NamedTuple):
    activity_id: int
    held_on: date
    state: str
    title: str
    group_id: int | None
    entered_on: date
    belongs_to_year: int | None


_Rows = dict[tuple[int, int], list[_Row]]  # by kind and month held; month 0: annual kinds that belong to the year
_THE_YEAR = 0
FEW = 500  # branches that a query names one by one


def _rows(ids: list[int], kinds: Iterable[ActivityKind], first: date, last: date) -> dict[int, _Rows]:
    """What every branch held in the time (all in one year), and of annual kinds what belongs to that year."""
    is_annual = {kind.pk: kind.is_annual for kind in kinds}
    year = first.year
    # Ordered and narrowed to kinds here: in SQL either would make SQLite begin with every record of a kind.
    taking_part = (
        Activity.taking_part.through.objects.filter(
            Q(activity__held_on__gte=first, activity__held_on__lte=last) | Q(activity__belongs_to_year=year)
        )
        .exclude(activity__state=State.DISCARDED)
        .values_list(
            "organisation_id", "activity__kinds", "activity_id", "activity__held_on", "activity__state",
            "activity__title", "activity__group_id", "activity__entered_on", "activity__belongs_to_year",
        )
    )  # fmt: skip
    wanted = set(ids)
    if len(wanted) <= FEW:  # of more SQLite would look up every one of them for every record
        taking_part = taking_part.filter(organisation__in=ids)
    found: dict[int, _Rows] = defaultdict(lambda: defaultdict(list))
    for organisation_id, kind_id, *values in taking_part:
        if kind_id not in is_annual or organisation_id not in wanted:
            continue
        row = _Row._make((*values[:-1], values[-1] if is_annual[kind_id] else None))
        if row.belongs_to_year == year:
            found[organisation_id][kind_id, _THE_YEAR].append(row)
        if first <= row.held_on <= last:
            found[organisation_id][kind_id, row.held_on.month].append(row)
    return found


def _by(rows: Iterable[Dated], attribute: str) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[getattr(row, attribute)].append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Branch:
    """The facts about one branch from which its cells are judged."""

    branch: Organisation
    today: date
    terms: list[Term]
    groups: list[PartyGroup]
    exemptions: list[Exemption]
    rows: _Rows
    kinds: dict[int, list[int]]

    def cell(self, rule: DutyRule, period: Period) -> Cell:
        records = self._held(rule, period)
        counted = tuple(record for record in records if record.state in COUNTING)
        accepted = tuple(record for record in counted if record.state == State.ACCEPTED)
        each_group = rule.applies_to == DutyRule.AppliesTo.WITH_GROUPS
        groups = self._standing_throughout(self.groups, period) if each_group else ()
        held = _times(counted, groups) if each_group else len(counted)
        held_accepted = _times(accepted, groups) if each_group else len(accepted)
        hindered_by = self._obstacle(rule, period, has_groups=bool(groups))
        exemption = self._exemption(rule, period)
        status = judge(
            times=rule.times,
            accepted=held_accepted,
            waiting=held - held_accepted,
            period=period,
            today=self.today,
            grace_days=rule.grace_days,
            warning_days=rule.warning_days,
            fixed_day=rule.fixed_day,
            hindered_by=hindered_by,
            is_exempt=exemption is not None,
        )
        return Cell(
            branch=self.branch,
            rule=rule,
            period=period,
            today=self.today,
            status=status,
            held=held,
            counted=counted,
            returned=tuple(record for record in records if record.state == State.RETURNED),
            drafts=tuple(record for record in records if record.state == State.DRAFT),
            groups=groups,
            missing_groups=tuple(group for group in groups if _times(counted, (group,)) < rule.times),
            hindered_by=hindered_by,
            exemption=exemption,
        )

    def _obstacle(self, rule: DutyRule, period: Period, *, has_groups: bool) -> Obstacle | None:
        asks_committee = rule.applies_to == DutyRule.AppliesTo.WITH_COMMITTEE
        return obstacle(
            standing=Standing(
                founded_on=self.branch.founded_on,
                ended_on=self.branch.ended_on,
                is_retired=self.branch.is_retired,
                is_temporary=self.branch.is_temporary,
                has_committee=not asks_committee or self._has_committee(period),
                has_groups=has_groups,
            ),
            period=period,
            times=rule.times,
            applies_to=rule.applies_to,
            exempts_retired=rule.exempts_retired,
            exempts_temporary=rule.exempts_temporary,
        )

    def _held(self, rule: DutyRule, period: Period) -> list[Record]:
        """What was held in the period, each activity once; annual kinds count in the year they belong to."""
        is_year = rule.rhythm == Rhythm.YEAR
        months = range(period.first.month, period.first.month + period.months)
        found: dict[int, Record] = {}
        for kind_id in self.kinds[rule.pk]:
            for month in (_THE_YEAR, *months) if is_year else months:
                for row in self.rows.get((kind_id, month), ()):
                    is_elsewhere = is_year and row.belongs_to_year not in (None, period.year)
                    if row.activity_id in found or is_elsewhere:
                        continue
                    late = is_late(held_on=row.held_on, entered_on=row.entered_on, entry_days=rule.entry_days)
                    found[row.activity_id] = Record(*row[:4], late, row.group_id)
        return sorted(found.values(), key=lambda record: (record.held_on, record.activity_id))

    def _end(self, period: Period) -> date:
        """The last day of the period that can be judged: today while it runs."""
        return max(period.first, min(period.last, self.today))

    def _standing_throughout(self, rows: list[PartyGroup], period: Period) -> tuple[PartyGroup, ...]:
        end = self._end(period)
        return tuple(row for row in rows if row.holds_on(period.first) and row.holds_on(end))

    def _has_committee(self, period: Period) -> bool:
        """Whether a committee stood on the first and on the last day; a change of terms in between does not matter."""
        end = self._end(period)
        return all(any(term.holds_on(day) for term in self.terms) for day in (period.first, end))

    def _exemption(self, rule: DutyRule, period: Period) -> Exemption | None:
        """The exemption that touches the period, if there is one."""
        for row in self.exemptions:
            touches = row.starts_on <= period.last and (row.ends_on is None or row.ends_on >= period.first)
            if row.rule_code == rule.code and touches:
                return row
        return None


def _times(records: tuple[Record, ...], groups: tuple[PartyGroup, ...]) -> int:
    """How often every group met: the count of the group that met least."""
    return min((sum(record.group_id == group.pk for record in records) for group in groups), default=0)
