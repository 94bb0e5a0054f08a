from __future__ import annotations

from datetime import timedelta

import pytest

from branches.queries.batch_progress import outcome_of, progress_of
from foundation.clock import now
from foundation.models.jobs import Job
from tests.branches.views.test_batches import good
from tests.cast import Cast
from tests.rosters import plan, write


@pytest.mark.parametrize(
    ("started_from", "done", "total", "seconds", "minutes", "tenth"),
    [
        (0, 0, 0, None, None, 0),
        (0, 0, 100, None, None, 0),
        (0, 25, 100, 30, None, 2),
        (0, 5, 100, 190, 4, 0),
        (0, 100, 100, 1, None, 10),
        (80, 80, 100, None, None, 8),  # taken up again, nothing done yet
        (80, 85, 100, 30, None, 8),
    ],
)
def test_how_long_it_takes_at_the_pace_so_far(
    cast: Cast, started_from: int, done: int, total: int, seconds: int | None, minutes: int | None, tenth: int
) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    moment = now()
    Job.objects.filter(pk=batch.job_id).update(
        state="running",
        done=done,
        total=total,
        started_from=started_from,
        started_at=moment - timedelta(seconds=10),
    )
    batch.refresh_from_db()
    progress = progress_of(batch, moment)
    assert progress is not None
    assert (progress.seconds, progress.minutes, progress.tenth) == (seconds, minutes, tenth)


def test_work_that_is_over_has_no_progress(cast: Cast) -> None:
    assert progress_of(plan(good(cast), cast.committee, cast.staff), now()) is None


def test_what_came_of_it_is_told_without_its_rows(cast: Cast) -> None:
    batch = write(plan(good(cast, 3), cast.committee, cast.staff))
    told = outcome_of(batch)
    assert (told.written, told.changed, told.left) == (3, 0, 0)
    batch.purged_at = now()
    batch.rows.update(outcome="")
    assert outcome_of(batch) == told
