"""Checks and findings as tests need them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from activities.actions.checkups import Checkup, record_check
from activities.actions.findings import Content, raise_finding, rectify
from activities.models import Check, Commitment, Finding, FindingFile
from activities.queries.findings import Origin
from activities.rules.findings import FindingSource
from foundation.actions.files import store
from tests.activities.records import written
from tests.activities.results import pdf
from tests.cast import TODAY, Cast

DUE = TODAY + timedelta(days=10)


def fed_back(cast: Cast, origin: Origin | None = None, **changes: Any) -> Finding:
    """A problem of the first branch, raised by the committee's staff."""
    values: dict[str, Any] = {"text": "9月支委会记录没有写表决结果", "due_on": DUE} | changes
    content = Content(**values)
    finding, _new = raise_finding(
        organisation=cast.first,
        raised_by=cast.committee.pk,
        origin=origin or Origin(source=FindingSource.OTHER),
        content=content,
        by=cast.staff,
    )
    return finding


def reported(cast: Cast, **changes: Any) -> Finding:
    """The same, reported by the recorder as rectified."""
    finding = fed_back(cast, **changes)
    return rectify(
        finding=finding,
        version=finding.version,
        measures="补写表决结果",
        proof="已补写并重新上报",
        by=cast.recorder,
        report=True,
    )


def overdue(cast: Cast) -> Finding:
    """One whose due day was yesterday."""
    finding = fed_back(cast)
    Finding.objects.filter(pk=finding.pk).update(due_on=TODAY - timedelta(days=1))
    finding.refresh_from_db()
    return finding


def checked(cast: Cast, on: date = TODAY, **more: Any) -> Check:
    return record_check(
        checked=cast.first,
        organisation=cast.committee.pk,
        checkup=Checkup(on=on, looked_at="查阅三会一课记录"),
        by=cast.staff,
        **more,
    )


def proof(cast: Cast, finding: Finding) -> FindingFile:
    return FindingFile.objects.create(finding=finding, file=store(upload=pdf("整改照片.pdf"), by=cast.recorder))


def commitment(cast: Cast) -> Commitment:
    """A line of the list of problems of the first branch's life meeting."""
    record = written(cast, "accepted")
    return Commitment.objects.create(
        activity=record, position=0, problem="理论学习不够经常", person=cast.people["first3"]
    )
