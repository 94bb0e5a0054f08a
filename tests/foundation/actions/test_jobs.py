from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from foundation.actions import jobs
from foundation.actions.jobs import cancel, count_anew, enqueue, handles, holding, progress, requeue_dead, run
from foundation.clock import now
from foundation.management.commands import worker
from foundation.models import Job
from foundation.models.jobs import JobState
from foundation.queries.jobs import waits_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(jobs, "_handlers", dict(jobs._handlers))

    @handles("test.count")
    def count(job: Job) -> None:
        for done in range(1, 4):
            progress(job, done=done, total=3, message="第一步")
        job.result = {"counted": 3}

    @handles("test.refuse")
    def refuse(job: Job) -> None:
        raise ValidationError("第 3 行没有姓名。")

    @handles("test.break")
    def break_down(job: Job) -> None:
        raise RuntimeError("430101196501011234")

    @handles("test.cancelled")
    def cancelled(job: Job) -> None:
        progress(job, done=1, total=2)
        cancel(job=job)
        progress(job, done=2)
        raise AssertionError

    yield


@pytest.fixture
def queue(settings: Settings) -> None:
    """Jobs wait for a worker, as in production."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def finished(kind: str) -> Job:
    return enqueue(kind=kind, by=None)


def test_an_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(LookupError, match="test.unknown"):
        enqueue(kind="test.unknown", by=None)


def test_one_kind_has_one_handler() -> None:
    with pytest.raises(RuntimeError, match="Two handlers"):
        handles("test.count")(lambda job: None)


def test_a_refusal_is_told_in_its_own_words() -> None:
    job = finished("test.refuse")
    assert (job.state, job.error) == (JobState.FAILED, "第 3 行没有姓名。")


def test_a_breakdown_keeps_data_out_of_the_row() -> None:
    job = finished("test.break")
    assert job.state == JobState.FAILED
    assert job.error
    assert "4301" not in job.error


def test_a_cancelled_job_stops_at_its_next_step() -> None:
    job = finished("test.cancelled")
    assert (job.state, job.done) == (JobState.CANCELLED, 1)
    assert job.finished_at is not None
    assert not cancel(job=job)


def test_a_job_runs_to_its_end(writer: AbstractBaseUser) -> None:
    job = enqueue(kind="test.count", by=writer, target="roster", organisation_id=7, parameters={"file": "x"})
    assert (job.state, job.done, job.total, job.percent, job.message) == (JobState.DONE, 3, 3, 100, "第一步")
    assert job.result == {"counted": 3}
    assert (job.created_by_id, job.target, job.organisation_id, job.attempt) == (writer.pk, "roster", 7, 1)


def test_a_job_runs_once(queue: None) -> None:
    job = enqueue(kind="test.count", by=None)
    run.call(str(job.pk))
    run.call(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.DONE, 1)


def test_a_key_keeps_a_second_click_from_starting_a_second_job(queue: None) -> None:
    first = enqueue(kind="test.count", by=None, key="roster:1")
    assert enqueue(kind="test.count", by=None, key="roster:1") == first
    assert DBTaskResult.objects.count() == 1
    run.call(str(first.pk))
    assert enqueue(kind="test.count", by=None, key="roster:1") != first


def silent_job(
    *, attempt: int = 1, state: JobState = JobState.RUNNING, seconds: int = 61, lane: str = "", reached_in: int = 0
) -> Job:
    heartbeat = now() - timedelta(seconds=seconds)
    return Job.objects.create(
        kind="test.count", state=state, attempt=attempt, heartbeat_at=heartbeat, lane=lane, reached_in=reached_in
    )


def in_lane(*states: JobState) -> list[Job]:
    """Jobs of one lane, of the very same moment."""
    moment = now()
    jobs = [
        Job.objects.create(kind="test.count", lane="one", state=state, created_at=moment, heartbeat_at=moment)
        for state in states
    ]
    return sorted(jobs, key=lambda job: job.pk)


def called() -> list[str]:
    return [str(task.args_kwargs["args"][0]) for task in DBTaskResult.objects.ready().order_by("enqueued_at")]


def test_a_job_of_a_lane_does_not_start_before_those_queued_earlier(queue: None) -> None:
    first, second, third = in_lane(*[JobState.QUEUED] * 3)
    for job in (third, second):
        run.call(str(job.pk))
        job.refresh_from_db()
        assert (job.state, job.attempt) == (JobState.QUEUED, 0)
    assert [waits_for(job).count() for job in (first, second, third)] == [0, 1, 2]
    run.call(str(first.pk))
    assert called() == [str(second.pk)], "the next is called, once"
    run.call(str(second.pk))
    run.call(str(third.pk))
    assert not Job.objects.unfinished().exists()


def test_two_jobs_of_a_lane_never_run_at_once() -> None:
    in_lane(JobState.RUNNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        in_lane(JobState.RUNNING)


def test_a_cancelled_job_lets_the_next_of_its_lane_start(queue: None) -> None:
    first, second = in_lane(JobState.QUEUED, JobState.QUEUED)
    assert cancel(job=first)
    assert called() == [str(second.pk)]
    run.call(str(second.pk))
    second.refresh_from_db()
    assert second.state == JobState.DONE


@pytest.mark.parametrize("attempt", [1, jobs.MAX_ATTEMPTS])
def test_a_dead_job_does_not_block_its_lane(queue: None, attempt: int) -> None:
    dead = silent_job(lane="one", attempt=attempt)
    waiting = Job.objects.create(kind="test.count", lane="one", heartbeat_at=now())
    run.call(str(waiting.pk))
    requeue_dead()
    for _turn in range(4):
        for pk in called():
            DBTaskResult.objects.all().delete()
            run.call(pk)
    assert {job.state for job in Job.objects.exclude(pk=dead.pk)} == {JobState.DONE}
    dead.refresh_from_db()
    assert dead.state == (JobState.DONE if attempt == 1 else JobState.FAILED)


def test_what_gets_further_each_time_is_not_given_up(queue: None) -> None:
    job = silent_job(attempt=9, reached_in=5)
    requeue_dead()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_it_is_known_in_which_attempt_a_job_got_furthest(queue: None) -> None:
    job = Job.objects.create(kind="test.count", state=JobState.RUNNING, attempt=4, reached=5, reached_in=3)
    progress(job, done=5)
    job.refresh_from_db()
    assert (job.reached, job.reached_in) == (5, 3)
    progress(job, done=6)
    job.refresh_from_db()
    assert (job.reached, job.reached_in) == (6, 4)


def test_it_is_kept_where_a_run_started(queue: None) -> None:
    long_ago = now() - timedelta(days=1)
    job = Job.objects.create(kind="test.count", state=JobState.RUNNING, attempt=2, done=80, started_at=long_ago)
    progress(job, done=80, total=100)
    progress(job, done=90)
    job.refresh_from_db()
    assert (job.started_from, job.done, job.total) == (80, 90, 100)
    assert job.started_at is not None
    assert job.started_at > long_ago


def test_the_next_part_of_the_work_is_counted_anew(queue: None) -> None:
    job = Job.objects.create(kind="test.count", state=JobState.RUNNING, attempt=4, reached=900, reached_in=1)
    count_anew(job)
    progress(job, done=8, total=900)
    job.refresh_from_db()
    assert (job.reached, job.reached_in) == (8, 4)


def test_nothing_is_written_for_a_job_that_is_cancelled(queue: None) -> None:
    job = Job.objects.create(kind="test.count", state=JobState.RUNNING, attempt=1)
    with holding(job):
        pass
    cancel(job=job)
    with pytest.raises(jobs.JobCancelled), holding(job):
        raise AssertionError


def test_daily_work_that_fails_keeps_nothing_else_from_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    done = []

    def fails() -> None:
        raise RuntimeError

    monkeypatch.setattr(jobs, "_daily", [fails, lambda: done.append("next")])
    jobs.do_daily_work()
    assert done == ["next"]


def test_a_job_that_lost_the_database_is_taken_up_again(queue: None) -> None:
    attempts = []

    @handles("test.lost")
    def lost(job: Job) -> None:
        attempts.append(job.attempt)
        if job.attempt == 1:
            raise OperationalError("server closed the connection unexpectedly")

    job = enqueue(kind="test.lost", by=None)
    run.call(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.RUNNING, "")
    Job.objects.update(heartbeat_at=now() - timedelta(hours=1))
    assert requeue_dead() == 1
    run.call(str(job.pk))
    job.refresh_from_db()
    assert (job.state, attempts) == (JobState.DONE, [1, 2])


def test_what_a_worker_repeats_survives_a_lost_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    class Enough(Exception):
        pass

    said = [InterfaceError("connection already closed"), Enough()]

    def work() -> None:
        raise said.pop(0)

    monkeypatch.setattr(connection, "close", lambda: None)
    with pytest.raises(Enough):
        worker.Command().repeat(work, 0)


def test_a_living_job_is_left_alone(queue: None) -> None:
    silent_job(seconds=30)
    assert requeue_dead() == 0
    assert not DBTaskResult.objects.exists()


def test_the_job_of_a_dead_worker_runs_again(queue: None) -> None:
    job = silent_job()
    assert requeue_dead() == 1
    assert requeue_dead() == 0
    run.call(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.DONE, 2)


def test_a_job_whose_task_died_before_it_began_is_queued_again(queue: None) -> None:
    silent_job(state=JobState.QUEUED, attempt=0)
    requeue_dead()
    assert DBTaskResult.objects.ready().count() == 1


def test_a_job_that_kills_its_workers_is_given_up(queue: None) -> None:
    job = silent_job(attempt=jobs.MAX_ATTEMPTS)
    requeue_dead()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error
    assert not DBTaskResult.objects.exists()


def test_a_run_taken_for_dead_does_not_finish_the_next_one(queue: None) -> None:
    stale = silent_job()
    Job.objects.filter(pk=stale.pk).update(attempt=2)
    with pytest.raises(jobs.JobCancelled):
        progress(stale, done=1)
    jobs._finish(stale, JobState.DONE)
    stale.refresh_from_db()
    assert stale.state == JobState.RUNNING
