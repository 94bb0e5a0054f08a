"""How far the background work of an import has come, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from branches.models import Batch
from branches.queries.batches import count_work, number_to_write
from foundation.models.jobs import Job, JobState
from foundation.queries.jobs import waits_for


@dataclass(frozen=True)
class Progress:
    """`ahead` is how many imports run first; `seconds` how long it still takes at the pace so far, None before it is
    known; `tenth` (0–10) is what is spoken to those who do not see the bar."""

    done: int
    total: int
    percent: int | None
    ahead: int = 0
    seconds: int | None = None

    @property
    def tenth(self) -> int:
        return (self.percent or 0) // 10

    @property
    def minutes(self) -> int | None:
        """Rounded up; None below a minute."""
        return None if self.seconds is None or self.seconds < 60 else -(-self.seconds // 60)


def progress_of(batch: Batch, now: datetime) -> Progress | None:
    """Where the work stands; None when there is none under way.

    Args:
        now: the real time.
    """
    return progress_of_job(batch.job, now)


def progress_of_job(job: Job | None, now: datetime) -> Progress | None:
    """The same of any background work."""
    if job is None or job.is_finished:
        return None
    return Progress(job.done, job.total, job.percent, _ahead(job), _seconds_left(job, now))


def _ahead(job: Job) -> int:
    return waits_for(job).count() if job.state == JobState.QUEUED else 0


def _seconds_left(job: Job, now: datetime) -> int | None:
    done = job.done - job.started_from
    if job.started_at is None or done <= 0 or not job.total:
        return None
    passed = (now - job.started_at).total_seconds()
    return max(1, round(passed * max(0, job.total - job.done) / done))


@dataclass(frozen=True)
class Outcome:
    """What came of the rows to be written, in rows; `left` are those of an import that was stopped."""

    written: int
    changed: int
    left: int
    undone: int = 0
    kept: int = 0


def outcome_of(batch: Batch) -> Outcome:
    """What was written and undone; of an import whose rows are deleted what its counts remember."""
    names = ("written", "changed", "undone", "kept")
    work = {name: batch.counts.get(name, 0) for name in names} if batch.purged_at else count_work(batch)
    left = max(0, number_to_write(batch) - work["written"] - work["changed"])
    return Outcome(work["written"], work["changed"], left, work["undone"], work["kept"])
