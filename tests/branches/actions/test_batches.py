from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from branches.actions import batches, roster_writing, undoing
from branches.actions.undoing import begin_undo
from branches.jobs import batches as handlers
from branches.models import Batch, Membership, Person
from branches.queries.batches import file_problem
from foundation.actions import jobs
from foundation.models import AuditEntry
from foundation.models.jobs import Job, JobState
from foundation.queries.files import open_content
from tests.cast import TODAY, Cast
from tests.rosters import line, number, plan, rows, uploaded, workbook, write

State = Batch.State
NAMES = (("民", 1), ("国", 3), ("庆", 5))


def good(cast: Cast) -> bytes:
    return workbook([line("郝新民", number(), cast.first.name)])


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "花名册.xlsx", "empty"),
        (b"not a workbook", "花名册.xlsx", "text"),
        (b"%PDF-1.4", "花名册.csv", "content"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "花名册.xls", "damaged"),
        (b"PK\x03\x04 damaged", "花名册.xlsx", "damaged"),
        (workbook([]), "花名册.csv", "extension"),
    ],
)
def test_files_of_another_kind_are_not_kept(cast: Cast, content: bytes, name: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        batches.upload(organisation=cast.committee, file=uploaded(content, name), as_of=TODAY, by=cast.staff)
    assert caught.value.code == code
    assert not Batch.objects.exists()


def test_a_file_without_a_roster_fails_with_a_reason(cast: Cast) -> None:
    batch = plan(workbook([["甲"]], headings=["名单"]), cast.committee, cast.staff)
    assert batch.state == State.FAILED
    problem = file_problem(batch)
    assert problem is not None
    assert problem.code == "no_header"
    assert batch.job is not None
    assert batch.job.state == JobState.DONE


def test_a_file_that_changed_on_the_disk_is_not_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "enqueue", later)
    batch = plan(good(cast), cast.committee, cast.staff)
    batch.file.location.write_bytes(good(cast) + b" ")
    run(batch)
    problem = file_problem(batch)
    assert (batch.state, problem and problem.code) == (State.FAILED, "changed_file")


def test_a_file_that_is_gone_from_the_disk_is_said_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "enqueue", later)
    batch = plan(good(cast), cast.committee, cast.staff)
    batch.file.location.unlink()
    run(batch)
    assert batch.state == State.FAILED


def test_imports_of_one_tree_wait_for_each_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "enqueue", later)
    first = plan(good(cast), cast.committee, cast.staff)
    second = plan(good(cast), cast.first, cast.admin)
    elsewhere = plan(workbook([line("褚天明", number(), cast.far.name)]), cast.far_committee, cast.admin)
    run(second)
    run(elsewhere)
    assert (second.state, elsewhere.state) == (State.PLANNING, State.PLANNED)
    run(first)
    second.refresh_from_db()
    assert (first.state, second.state) == (State.PLANNED, State.PLANNED), "the next is called"


def test_only_a_plan_can_be_confirmed_and_only_once(cast: Cast) -> None:
    failed = plan(workbook([["甲"]], headings=["名单"]), cast.committee, cast.staff)
    done = write(plan(good(cast), cast.committee, cast.staff))
    given_up = batches.abandon(batch=plan(good(cast), cast.committee, cast.staff), by=cast.staff)
    for batch in (failed, done, given_up):
        with pytest.raises(ValidationError):
            batches.confirm(batch=batch, plan_version=batch.plan_version, by=cast.staff)
    assert Person.objects.filter(name="郝新民").count() == 1


def test_what_is_written_cannot_be_given_up(cast: Cast) -> None:
    batch = write(plan(good(cast), cast.committee, cast.staff))
    with pytest.raises(ValidationError):
        batches.abandon(batch=batch, by=cast.staff)


def test_giving_up_writes_nothing_and_leaves_its_entry(cast: Cast) -> None:
    batch = batches.abandon(batch=plan(good(cast), cast.committee, cast.staff), by=cast.staff)
    assert batch.state == State.ABANDONED
    assert not Person.objects.filter(name="郝新民").exists()
    assert AuditEntry.objects.filter(verb="batch.abandon", organisation_id=cast.committee.pk).exists()


def test_a_plan_that_was_cancelled_does_not_come_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "enqueue", later)
    batch = plan(good(cast), cast.committee, cast.staff)
    batches.abandon(batch=batch, by=cast.staff)
    run(batch)
    assert batch.state == State.ABANDONED
    assert not rows(batch)


def test_there_is_nothing_to_resume_while_the_work_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "enqueue", later)
    batch = plan(good(cast), cast.committee, cast.staff)
    with pytest.raises(ValidationError):
        batches.resume(batch=batch, by=cast.staff)


def test_interrupted_work_is_resumed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "enqueue", later)
        batch = plan(good(cast), cast.committee, cast.staff)
    Job.objects.filter(pk=batch.job_id).update(state=JobState.FAILED)
    assert batches.resume(batch=batch, by=cast.staff).state == State.PLANNED


def test_the_way_of_a_roster_is_on_record(cast: Cast) -> None:
    batch = write(plan(good(cast), cast.committee, cast.staff))
    entries = AuditEntry.objects.filter(target_id=str(batch.pk))
    assert {entry.verb for entry in entries} == {"batch.upload", "batch.confirm", "batch.apply"}
    assert {entry.actor_id for entry in entries} == {cast.staff.pk}
    assert batch.applied_by == cast.staff
    assert Membership.objects.filter(person__name="郝新民", branch=cast.first, starts_on=TODAY).exists()


def later(**values: Any) -> Job:
    """Instead of `jobs.enqueue`: the job waits for `run`."""
    wanted = {name: values.get(name, "") for name in ("kind", "target", "key", "lane")}
    return Job.objects.create(**wanted, organisation_id=values["organisation_id"], created_by=values["by"])


def stopped_after(number: int, batch: Batch, cast: Cast, monkeypatch: pytest.MonkeyPatch, module: Any) -> Batch:
    """Rows are written, or effects undone, one by one; somebody stops it after so many."""
    if hasattr(module, "pace"):
        monkeypatch.setattr(module.pace, "size", 1)
        monkeypatch.setattr(module.pace, "note", lambda *measured: None)
    else:
        monkeypatch.setattr(module, "CHUNK", 1)
    seen = []

    def look(job: Job, **shown: Any) -> None:
        seen.append(shown["done"])
        if len(seen) > number:
            batches.stop(batch=batch, by=cast.staff)
        jobs.progress(job, **shown)

    with monkeypatch.context() as patched:
        patched.setattr("branches.jobs.batches.progress", look)
        if batch.state == State.PLANNED:
            write(batch)
        else:
            begin_undo(batch=batch, also=[], by=cast.staff)
    batch.refresh_from_db()
    return batch


def three(cast: Cast) -> Batch:
    return plan(
        workbook([line(f"郝新{name}", number(sequence=at), cast.first.name) for name, at in NAMES]),
        cast.committee,
        cast.staff,
    )


def written() -> int:
    return Person.objects.valid().filter(name__startswith="郝新").count()


def test_a_plan_is_given_up_by_stopping_it(cast: Cast) -> None:
    assert batches.stop(batch=three(cast), by=cast.staff).state == State.ABANDONED


def test_what_is_through_cannot_be_stopped(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        batches.stop(batch=write(three(cast)), by=cast.staff)


def test_stopped_half_way_it_is_resumed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = stopped_after(1, three(cast), cast, monkeypatch, roster_writing)
    assert (batch.state, batch.counts["written"], written()) == (State.STOPPED, 1, 1)
    assert batch.closed_at
    batch = batches.resume(batch=batch, by=cast.city_staff)
    batch.refresh_from_db()
    assert (batch.state, batch.counts["written"], written()) == (State.APPLIED, 3, 3)
    verbs = AuditEntry.objects.filter(target_id=str(batch.pk)).values_list("verb", flat=True)
    assert sorted(verbs) == ["batch.apply", "batch.confirm", "batch.resume", "batch.stop", "batch.upload"]


def test_stopped_half_way_it_is_undone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = stopped_after(2, three(cast), cast, monkeypatch, roster_writing)
    assert written() == 2
    begin_undo(batch=batch, also=[], by=cast.staff)
    batch.refresh_from_db()
    assert (batch.state, batch.counts["undone"], written()) == (State.UNDONE, 2, 0)


def test_undoing_is_stopped_and_resumed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = stopped_after(1, write(three(cast)), cast, monkeypatch, undoing)
    assert (batch.state, batch.counts["undone"], written()) == (State.STOPPED, 1, 2)
    batches.resume(batch=batch, by=cast.staff)
    batch.refresh_from_db()
    assert (batch.state, batch.counts["undone"], written()) == (State.UNDONE, 3, 0)


def test_a_run_whose_job_was_taken_over_writes_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = three(cast)
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "enqueue", later)
        batches.confirm(batch=batch, plan_version=batch.plan_version, by=cast.staff)
    batch.refresh_from_db()
    assert batch.job is not None
    stale = Job.objects.get(pk=batch.job_id)  # as a worker holds it that was taken for dead
    Job.objects.filter(pk=stale.pk).update(state=JobState.RUNNING, attempt=2)
    for stale.attempt in (1, 3):
        with pytest.raises(jobs.JobCancelled), jobs.holding(stale):
            raise AssertionError
    with pytest.raises(jobs.JobCancelled):
        handlers.apply(stale)
    assert written() == 0


def test_a_plan_made_anew_leaves_nothing_of_the_former(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "DROPPED_AT_ONCE", 2)
    batch = three(cast)
    Batch.objects.filter(pk=batch.pk).update(state=State.PLANNING)
    Job.objects.filter(pk=batch.job_id).update(state=JobState.FAILED)
    batches.resume(batch=batch, by=cast.staff)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count(), batch.counts["create"]) == (State.PLANNED, 3, 3)


def run(batch: Batch) -> None:
    jobs.run.func(str(batch.job_id))
    batch.refresh_from_db()


def test_the_file_is_kept_encrypted(cast: Cast) -> None:
    content = good(cast)  # made once: a workbook holds the second it was made in
    batch = plan(content, cast.committee, cast.staff)
    assert batch.state == State.PLANNED
    assert batch.file.location.read_bytes()[:2] != content[:2]
    with open_content(batch.file) as file:
        assert file.read() == content


def test_going_on_is_on_record_with_who_did(cast: Cast) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state=State.APPLYING, applied_by=cast.staff, job=None)
    batches.resume(batch=batch, by=cast.city_staff)
    entry = AuditEntry.objects.get(verb="batch.resume")
    assert (entry.actor, entry.organisation_id) == (cast.city_staff, cast.committee.pk)


def test_whoever_enters_the_same_again_and_again_does_not_make_it_fail(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [IntegrityError, IntegrityError]
    write_chunk = handlers.WRITERS["members"]

    def collides(batch: Batch) -> int:
        if told:
            raise told.pop()
        return write_chunk(batch)

    batch = plan(workbook([line("郝新民", number(), cast.first.name)]), cast.committee, cast.staff)
    monkeypatch.setitem(handlers.WRITERS, "members", collides)
    assert write(batch).state == State.APPLIED
