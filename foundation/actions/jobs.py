"""Background jobs: an app registers a handler by kind, enqueues a job, and the page polls the row.

A handler must be safe to run again from its start: a worker that is killed leaves its job behind, and `requeue_dead`
gives it to the next one.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django_tasks import task

from foundation.clock import now
from foundation.models.jobs import Job, JobState

Handler = Callable[[Job], None]

HEARTBEAT_SECONDS = 15
DEAD_AFTER = timedelta(seconds=60)
MAX_ATTEMPTS = 3

logger = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}


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
    """
    job.done = done
    job.total = job.total if total is None else total
    job.message = job.message if message is None else message[:300]
    beating = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt=job.attempt)
    if not beating.update(done=job.done, total=job.total, message=job.message, heartbeat_at=now()):
        raise JobCancelled


def cancel(*, job: Job) -> bool:
    """Cancel a job; a running one stops at its next sign of progress. False if it had finished already."""
    finished = {"state": JobState.CANCELLED, "finished_at": now()}
    return bool(Job.objects.unfinished().filter(pk=job.pk).update(**finished))


def requeue_dead() -> int:
    """Give the jobs of killed workers to the next worker; after three attempts they fail. Returns how many were found.

    The task backend leaves the task of a killed worker running for ever; the heartbeat tells. A job that has waited
    long is queued again, too: its task may have died before the job began, and a task too many does nothing.
    """
    silent = Job.objects.unfinished().filter(Q(heartbeat_at__lt=now() - DEAD_AFTER) | Q(heartbeat_at__isnull=True))
    found = 0
    for job in silent:
        with transaction.atomic():
            same_run = silent.filter(pk=job.pk, state=job.state, attempt=job.attempt)
            if job.state == JobState.RUNNING and job.attempt >= MAX_ATTEMPTS:
                error = _("The work was interrupted several times and has been given up. Please start it again.")
                found += same_run.update(state=JobState.FAILED, error=error, finished_at=now())
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
    if job.lane and Job.objects.unfinished().filter(lane=job.lane, created_at__lt=job.created_at).exists():
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
        following = Job.objects.filter(lane=job.lane, state=JobState.QUEUED).order_by("created_at").first()
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
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _finish(
            job, JobState.FAILED, error=_("The work failed unexpectedly. The administrator finds the cause in the log.")
        )
    else:
        _finish(job, JobState.DONE)
    finally:
        stop.set()
        heart.join()


def _finish(job: Job, state: JobState, error: str = "") -> None:
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt=job.attempt).update(
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
            except DatabaseError:
                logger.warning("job %s: no heartbeat, the database is busy", job_pk)
    finally:
        connection.close()
