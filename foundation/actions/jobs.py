"""Background jobs: an app registers a handler by kind, enqueues a job, and the page polls the row.

A handler must be safe to run again from its start: a worker that is killed leaves its job behind, and `requeue_dead`
gives it to the next one. A worker taken for dead may still be at it, and so may one whose job was cancelled: a handler
that writes in several transactions writes each in `holding`.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import Error, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django_tasks import task

from foundation.clock import now
from foundation.models.jobs import Job, JobQuerySet, JobState
from foundation.queries.jobs import waits_for
from foundation.rules.storage import is_disk_full

Handler = Callable[[Job], None]

HEARTBEAT_SECONDS = settings.JOB_DEAD_SECONDS / 4
DEAD_AFTER = timedelta(seconds=settings.JOB_DEAD_SECONDS)
MAX_ATTEMPTS = 5  # without getting further
SQLITE_LOOKS_EVERY = 0.1  # seconds after which a writer that waits looks again whether the database is free
LONGEST_WAIT = 0.3  # seconds in which a job may write again and again before somebody else has a turn

logger = logging.getLogger(__name__)
_others_wrote_at = 0.0
_released_at = 0.0
_handlers: dict[str, Handler] = {}
_daily: list[Callable[[], object]] = []


class JobCancelled(Exception):
    """Raised inside a handler by `progress` once somebody has cancelled the job."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Decorator: register the function in an app's `jobs` module as the handler of one kind of job."""

    def register(handler: Handler) -> Handler:
        if kind in _handlers:
            raise RuntimeError(f"Two handlers for the job kind {kind!r}.")
        _handlers[kind] = handler
        return handler

    return register


def daily(work: Callable[[], object]) -> Callable[[], object]:
    """Decorator: every worker calls the function, in an app's `jobs` module, when it starts and then once a day."""
    _daily.append(work)
    return work


def do_daily_work() -> None:
    for work in _daily:
        try:
            work()
        except Exception:  # the next one is done all the same
            logger.exception("daily work %s failed", work.__name__)


@transaction.atomic
def enqueue(
    *,
    kind: str,
    by: AbstractBaseUser | None,
    target: str = "",
    organisation_id: int | None = None,
    parameters: dict[str, Any] | None = None,
    key: str = "",
    lane: str = "",
) -> Job:
    """Queue a job; with a `key`, an unfinished job of that key is returned instead of a second one.

    Jobs of one `lane` run one after the other, in the order in which they were queued.
    `parameters` are JSON and hold no personal data. The job starts after the surrounding transaction commits.
    """
    if kind not in _handlers:
        raise LookupError(f"No handler is registered for the job kind {kind!r}.")
    values = {
        "kind": kind,
        "target": target,
        "lane": lane,
        "organisation_id": organisation_id,
        "parameters": parameters or {},
        "created_by_id": by.pk if by else None,
        "heartbeat_at": now(),
    }
    if not key:
        job, created = Job.objects.create(**values), True
    else:
        job, created = Job.objects.unfinished().get_or_create(key=key, defaults=values)
    if created:
        run.enqueue(str(job.pk))
        job.refresh_from_db()
    return job


def progress(job: Job, *, done: int, total: int | None = None, message: str | None = None) -> None:
    """Show how far a running job has come; raises JobCancelled when it was cancelled meanwhile.

    Visible to others once the surrounding transaction, if any, commits: call it between the chunks, not inside them.

    Args:
        total: given where a run, or another part of its work, begins: the time left is reckoned from here.
    """
    job.done = done
    if total is not None:
        job.total, job.started_from, job.started_at = total, done, now()
    job.message = job.message if message is None else message[:300]
    if done > job.reached:
        job.reached, job.reached_in = done, job.attempt
    names = ("done", "total", "started_from", "started_at", "message", "reached", "reached_in")
    shown = {name: getattr(job, name) for name in names}
    if not _this_run(job).update(**shown, heartbeat_at=now()):
        raise JobCancelled


def count_anew(job: Job) -> None:
    """Other work of the same job follows, which has not come anywhere yet.

    Call where the first part is finished, inside its transaction: once, however often the job is taken up again.
    """
    job.done, job.total, job.reached, job.reached_in = 0, 0, 0, job.attempt
    _this_run(job).update(done=0, total=0, reached=0, reached_in=job.attempt)


@contextmanager
def holding(job: Job) -> Iterator[None]:
    """A transaction in which nobody cancels the job or takes it over; after it, whoever waits to write gets a turn.

    Raises:
        JobCancelled: that has happened already; nothing may be written any more.
    """
    global _others_wrote_at, _released_at
    if time.monotonic() - _released_at >= SQLITE_LOOKS_EVERY:  # whoever waited has had a turn while we were thinking
        _others_wrote_at = time.monotonic()
    try:
        with transaction.atomic():
            if not _this_run(job).update(heartbeat_at=now()):
                raise JobCancelled
            yield
    finally:
        _released_at = time.monotonic()
    let_others_write()


def let_others_write() -> None:
    """After a transaction and before the next: on SQLite, whoever waits only looks now and then whether it is free.

    After small transactions now and then is enough: nobody waits much longer than LONGEST_WAIT and one more of them.
    """
    global _others_wrote_at
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    if time.monotonic() - _others_wrote_at >= LONGEST_WAIT:
        time.sleep(1.1 * SQLITE_LOOKS_EVERY)
        _others_wrote_at = time.monotonic()


@transaction.atomic
def cancel(*, job: Job) -> bool:
    """Cancel a job; a running one writes nothing any more and stops at its next step. False if it had finished."""
    finished = {"state": JobState.CANCELLED, "finished_at": now()}
    if not Job.objects.unfinished().filter(pk=job.pk).update(**finished):
        return False
    _call_next(job)
    return True


def requeue_dead() -> int:
    """Give the jobs of killed workers to the next worker; after five attempts that got no further than those before
    they fail. Returns how many were found.

    The task backend leaves the task of a killed worker running for ever; the heartbeat tells. A job that has waited
    long is queued again, too: its task may have died before the job began, and a task too many does nothing.
    """
    silent = Job.objects.unfinished().filter(Q(heartbeat_at__lt=now() - DEAD_AFTER) | Q(heartbeat_at__isnull=True))
    found = 0
    for job in silent:
        with transaction.atomic():
            same_run = silent.filter(pk=job.pk, state=job.state, attempt=job.attempt)
            if job.state == JobState.RUNNING and job.attempt - job.reached_in >= MAX_ATTEMPTS:
                error = _("The work was interrupted several times and has been given up. Please start it again.")
                if same_run.update(state=JobState.FAILED, error=error, finished_at=now()):
                    _call_next(job)
                    found += 1
            elif same_run.update(state=JobState.QUEUED, heartbeat_at=now()):
                run.enqueue(str(job.pk))
                found += job.state == JobState.RUNNING
    return found


@task()
def run(job_id: str) -> None:
    """Run one job to its end. Never raises: what went wrong is kept on the job, and the whole of it in the log."""
    job = Job.objects.get(pk=UUID(job_id))
    if _claim(job):
        job.refresh_from_db()
        _run(job)
        _call_next(job)


def _claim(job: Job) -> bool:
    """Take a queued job; not while another of its lane runs or stands before it: it is called when its turn comes."""
    if waits_for(job).exists():
        return False
    try:
        with transaction.atomic():
            return bool(
                Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
                    state=JobState.RUNNING, attempt=F("attempt") + 1, started_at=now(), heartbeat_at=now(), error=""
                )
            )
    except IntegrityError:  # another of its lane was taken this moment
        return False


def _call_next(job: Job) -> None:
    """The next job of the lane may start; should this be missed, `requeue_dead` calls it."""
    if job.lane:
        following = Job.objects.filter(lane=job.lane, state=JobState.QUEUED).order_by("created_at", "pk").first()
        if following is not None:
            run.enqueue(str(following.pk))


def _run(job: Job) -> None:
    stop = threading.Event()
    heart = threading.Thread(target=_beat, args=(job.pk, job.attempt, stop), daemon=True)
    heart.start()
    try:
        _handlers[job.kind](job)
    except JobCancelled:
        logger.info("job %s (%s) was cancelled", job.pk, job.kind)
    except ValidationError as error:
        _finish(job, JobState.FAILED, error=" ".join(error.messages))
    except (OperationalError, InterfaceError):
        # Restarted, full or locked: nothing is wrong with the work, and `requeue_dead` gives it to whoever comes next.
        logger.exception("job %s (%s) has lost the database and waits to be taken up again", job.pk, job.kind)
    except Exception as error:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _finish(job, JobState.FAILED, error=_words(error))
    else:
        _finish(job, JobState.DONE)
    finally:
        stop.set()
        heart.join()


def _words(error: Exception) -> str:
    if is_disk_full(error):
        return _(
            "The disk of the server is full, and the work has stopped. Tell the administrator, and start it again once "
            "there is room."
        )
    return _("The work failed unexpectedly. The administrator finds the cause in the log.")


def _this_run(job: Job) -> JobQuerySet:
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt=job.attempt)


def _finish(job: Job, state: JobState, error: str = "") -> None:
    _this_run(job).update(
        state=state,
        error=error,
        finished_at=now(),
        result=job.result,
        message=job.message,
        done=job.done,
        total=job.total,
    )


def _beat(job_pk: UUID, attempt: int, stop: threading.Event) -> None:
    """Sign of life while a handler is busy with one long step."""
    try:
        while not stop.wait(HEARTBEAT_SECONDS):
            try:
                Job.objects.filter(pk=job_pk, state=JobState.RUNNING, attempt=attempt).update(heartbeat_at=now())
            except Error:
                logger.warning("job %s: no heartbeat, the database is busy or away", job_pk)
                connection.close()  # one that was lost is of no use any more
    finally:
        connection.close()
