"""The demo's checks and findings: one TOML file, every finding led through its steps on the days they were taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from activities.models import Activity, Check, Finding, FindingStep
from activities.rules.activities import COUNTING, State
from activities.rules.findings import FREE_SOURCES, WITH_THE_BRANCH, FindingSource, FindingState, may_become
from branches.models import Organisation, User
from config.loading.files import Entry, FixtureError, read_toml
from config.loading.world import World

TABLES = ("check", "finding")
CHECK_KEYS = ("branch", "on", "by", "looked_at", "read", "remarks", "finding")
PROBLEM_KEYS = ("text", "owner", "due", "steps")
FINDING_KEYS = (*PROBLEM_KEYS, "branch", "on", "by", "source", "record", "duty")
STEP_KEYS = ("act", "on", "by", "text")
# What a step makes of a finding; withdrawing is closing what nobody has reported.
ACTS = {
    "plan": FindingState.RECTIFYING,
    "report": FindingState.VERIFY,
    "send_back": FindingState.RECTIFYING,
    "close": FindingState.CLOSED,
    "withdraw": FindingState.CLOSED,
}


@dataclass(frozen=True)
class Made:
    checks: int
    findings: int


def load_findings(path: Path, world: World) -> Made:
    """Read the file; returns the numbers of checks and findings.

    Raises:
        FixtureError: an entry is wrong; the message names the file and the entry.
    """
    content = read_toml(path)
    for table in content:
        if table not in TABLES:
            allowed = ", ".join(TABLES)
            raise FixtureError(path, table, _("unknown table, allowed: %(tables)s.") % {"tables": allowed})
    findings = 0
    checks = content.get("check", [])
    for number, values in enumerate(checks, start=1):
        findings += _check(Entry(path, f"check {number} {values.get('branch', '')}".strip(), values, CHECK_KEYS), world)
    for number, values in enumerate(content.get("finding", []), start=1):
        entry = Entry(path, f"finding {number} {values.get('branch', '')}".strip(), values, FINDING_KEYS)
        branch = world.organisation(entry, "branch")
        _finding(entry, world, branch, _day(entry, "on", world), world.user(entry, "by"), _origin(entry, branch))
        findings += 1
    return Made(len(checks), findings)


def _check(entry: Entry, world: World) -> int:
    branch, on, by = world.organisation(entry, "branch"), _day(entry, "on", world), world.user(entry, "by")
    above = branch.parent
    if above is None:
        raise entry.error(_("nobody above can check %(organisation)s.") % {"organisation": branch})
    check = Check.objects.create(
        organisation=above,
        checked=branch,
        on=on,
        looked_at=entry.text("looked_at"),
        remarks=entry.text("remarks", ""),
        by=by,
        entered_on=on,
    )
    for day in entry.list("read"):
        check.activities.add(*_records(entry, branch, day, COUNTING | {State.RETURNED}))
    problems = entry.list("finding")
    for number, values in enumerate(problems, start=1):
        own = Entry(entry.path, f"{entry.name} · {number}", values, PROBLEM_KEYS)
        _finding(own, world, branch, on, by, {"source": FindingSource.CHECK, "check_made": check})
    return len(problems)


def _origin(entry: Entry, branch: Organisation) -> dict[str, Any]:
    if "record" in entry.values:
        record = _records(entry, branch, entry.day("record"), {State.RETURNED})[0]
        return {"source": FindingSource.RETURNED, "activity": record}
    if "duty" in entry.values:
        words = entry.text("duty").split()
        if len(words) != 3 or not all(word.isdecimal() for word in words[1:]):
            raise entry.error(_("duty must read like “members_meeting 2020 3”."))
        code, year, number = words
        return {
            "source": FindingSource.DUTY,
            "duty_code": code,
            "duty_year": int(year),
            "duty_number": int(number),
        }
    return {"source": entry.choice("source", [source.value for source in FREE_SOURCES])}


def _finding(entry: Entry, world: World, branch: Organisation, on: date, by: User, origin: dict[str, Any]) -> None:
    owner = entry.text("owner", "")
    finding = Finding(
        organisation=branch,
        raised_by_organisation=branch.parent or branch,
        raised_by=by,
        raised_on=on,
        text=entry.text("text"),
        owner=world.person(entry, branch, owner) if owner else None,
        due_on=entry.day("due"),
        **origin,
    )
    steps = [FindingStep(state=finding.state, by=by, on=on)]
    for number, values in enumerate(entry.list("steps"), start=1):
        step = _step(Entry(entry.path, f"{entry.name} · {number}", values, STEP_KEYS), world, finding)
        if step.on < steps[-1].on:
            raise entry.error(_("the steps are not in the order of their days."))
        steps.append(step)
    finding.version = len(steps)
    finding.save()
    for step in steps:
        step.finding = finding
    FindingStep.objects.bulk_create(steps)


def _step(entry: Entry, world: World, finding: Finding) -> FindingStep:
    """Take one step; the finding is as it was afterwards."""
    act = entry.choice("act", ACTS)
    on, by, text = _day(entry, "on", world), world.user(entry, "by"), entry.text("text")
    wanted = ACTS[act]
    may = finding.state in WITH_THE_BRANCH if act == "withdraw" else may_become(finding.state, wanted)
    if not may or (act == "send_back" and finding.state != FindingState.VERIFY):
        raise entry.error(_("%(act)s does not follow on what went before.") % {"act": act})
    if act == "close" and by.pk == finding.reported_by_id:
        raise entry.error(_("who reported it cannot close it."))
    finding.state = wanted
    if act == "plan":
        finding.measures = text
    elif act == "report":
        finding.proof, finding.reported_by = text, by
    elif wanted == FindingState.CLOSED:
        finding.closed_on, finding.closed_by = on, by
    if act == "withdraw":
        finding.reported_by = None
    return FindingStep(state=wanted, by=by, on=on, comment="" if act == "plan" else text)


def _records(entry: Entry, branch: Organisation, day: date, states: set[State] | frozenset[State]) -> list[Activity]:
    found = list(Activity.objects.filter(organisation=branch, held_on=day, state__in=states))
    if not found:
        raise entry.error(_("%(branch)s has no such record of %(day)s.") % {"branch": branch, "day": day})
    return found


def _day(entry: Entry, key: str, world: World) -> date:
    day = entry.day(key)
    if day > world.as_of:
        raise entry.error(_("%(key)s is after the last day of the demo.") % {"key": key})
    return day
