"""A roster brought in from the command line, against the samples and against files that cannot be used."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from branches.actions import roster_writing
from branches.actions.batches import upload
from branches.actions.organisations import found
from branches.jobs import batches as batch_jobs
from branches.models import Batch, BatchRow, Membership, Organisation, Person
from foundation.actions.jobs import MAX_ATTEMPTS, requeue_dead
from foundation.models import AuditEntry, StoredFile
from foundation.models.jobs import Job
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import Cast
from tests.rosters import FILES, line, number, uploaded, workbook

AS_OF = "2026-06-30"
SAMPLES = ["two_row_header.xlsx", "mixed_dates.xlsx", "export_gb18030.csv"]
FIELDS = ("name", "gender", "ethnic", "id", "birth", "join", "join_precision", "full", "full_precision", "category")


@pytest.fixture
def committee(defaults: None) -> Organisation:
    top = found(
        code="FGJ",
        kind=Organisation.Kind.COMMITTEE,
        name="中共青岭县发展和改革局机关委员会",
        short_name="发改局机关党委",
        parent=None,
        on=date(2000, 1, 1),
        by=None,
    )
    for at, names in enumerate(json.loads((FILES / "branches.json").read_text(encoding="utf-8"))):
        found(
            code=f"FGJ-{at}",
            kind=Organisation.Kind.BRANCH,
            name=names["full"],
            short_name=names["short"],
            parent=top,
            on=date(2000, 1, 1),
            by=None,
        )
    return top


def reported(path: Path, tmp_path: Path, *arguments: str) -> dict[str, Any]:
    target = tmp_path / "report.json"
    call_command("import_roster", str(path), "--report", str(target), *arguments, verbosity=0)
    return json.loads(target.read_text(encoding="utf-8"))


def written(tmp_path: Path, rows: list[list[str]]) -> Path:
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(workbook(rows))
    return path


def counted() -> list[int]:
    return [model.objects.count() for model in (Batch, BatchRow, Job, StoredFile, Person, Membership, AuditEntry)]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("flag", [[], ["--apply"]])
def test_a_sample_gives_its_members_and_its_problems(
    committee: Organisation, name: str, flag: list[str], tmp_path: Path
) -> None:
    expected = json.loads((FILES / f"{name}.expected.json").read_text(encoding="utf-8"))
    members = {row["row"]: row for row in json.loads((FILES / f"{name}.members.json").read_text(encoding="utf-8"))}
    report = reported(FILES / name, tmp_path, "--as-of", AS_OF, "--reveal", "核对样本", *flag)
    accepted = {row["row"]: row["values"] for row in report["accepted"]}
    rejected = {row["row"] for row in expected["must_reject"]}
    ignored = {row["row"] for row in expected["must_ignore"]}
    remarks = {(row["row"], row["column"]) for row in report["reported"]}
    assert report["file_error"] is None
    assert members.keys() <= accepted.keys()
    assert not rejected & accepted.keys()
    assert not ignored & (accepted.keys() | {row["row"] for row in report["reported"]})
    for row in (*expected["must_reject"], *expected["must_report_either"], *expected["should_warn"]):
        assert (row["row"], row["column"]) in remarks
    for at, member in members.items():
        assert {key: accepted[at][key] for key in (*FIELDS, "branch", "phone")} == {
            key: member[key] for key in (*FIELDS, "branch", "phone")
        }


def test_without_apply_nothing_is_kept(committee: Organisation, tmp_path: Path) -> None:
    before = counted()
    report = reported(FILES / SAMPLES[0], tmp_path, "--as-of", AS_OF)
    assert report["accepted"]
    assert counted() == before


def test_without_apply_who_was_looked_up_is_on_record_all_the_same(cast: Cast, tmp_path: Path) -> None:
    """Somebody who belongs nowhere: the answer is that of everybody out of reach."""
    person = numbered(cast.people["first3"], number(), name="刘洋")
    person.memberships.update(is_void=True)
    before = counted()[:-1]
    path = written(tmp_path, [line("刘洋", number(), cast.first.name)])
    report = reported(path, tmp_path, "--under", "committee")
    assert [remark["code"] for remark in report["reported"]] == ["elsewhere"]
    entry = AuditEntry.objects.get(verb="person.looked_up")
    assert (entry.organisation_id, entry.actor, entry.target_name) == (cast.committee.pk, None, "花名册.xlsx")
    assert entry.changes == {"row": ["", "Sheet1 2"]}
    assert counted()[:-1] == before


def test_an_organisation_entered_by_mistake_takes_no_roster(cast: Cast, tmp_path: Path) -> None:
    Organisation.objects.filter(pk=cast.second.pk).update(is_void=True)
    path = written(tmp_path, [line("新一", number(), cast.second.name)])
    with pytest.raises(CommandError, match="second"):
        reported(path, tmp_path, "--under", "second")


def test_numbers_are_masked_unless_a_reason_goes_on_record(committee: Organisation, tmp_path: Path) -> None:
    report = reported(FILES / SAMPLES[0], tmp_path, "--as-of", AS_OF)
    assert report["accepted"][0]["values"]["id"] == "619***********7086"
    assert report["accepted"][0]["values"]["phone"] == "199****7782"
    reported(FILES / SAMPLES[0], tmp_path, "--as-of", AS_OF, "--reveal", "核对样本")
    entry = AuditEntry.objects.get(verb="roster.reveal")
    assert (entry.reason, entry.organisation_id) == ("核对样本", committee.pk)
    with pytest.raises(CommandError):
        reported(FILES / SAMPLES[0], tmp_path, "--reveal", " 看 ")


def test_a_second_time_nobody_is_entered_twice(committee: Organisation, tmp_path: Path) -> None:
    reported(FILES / SAMPLES[0], tmp_path, "--as-of", AS_OF, "--apply")
    people = Person.objects.count()
    report = reported(FILES / SAMPLES[0], tmp_path, "--as-of", AS_OF, "--apply")
    assert {row["action"] for row in report["accepted"]} == {"unchanged"}
    assert Person.objects.count() == people == len(report["accepted"])
    batch = Batch.objects.first()
    assert batch is not None
    assert (batch.state, batch.uploaded_by, batch.uploader_name) == (Batch.State.APPLIED, None, "命令行")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("没有.xlsx", None),
        ("空.xlsx", b""),
        ("坏.xlsx", b"PK\x03\x04 and then nothing"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("没有表头.csv", "一,二\n三,四\n".encode()),
        ("没有人.csv", "姓名,公民身份号码,所在党支部,性别\n".encode()),
    ],
)
def test_an_unusable_file_is_told_in_the_report(
    committee: Organisation, tmp_path: Path, name: str, content: bytes | None
) -> None:
    path, target = tmp_path / name, tmp_path / "report.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("import_roster", str(path), "--report", str(target), "--apply")
    report = json.loads(target.read_text(encoding="utf-8"))
    assert report["file_error"]
    assert (report["accepted"], report["reported"]) == ([], [])
    assert not Person.objects.exists()


def test_where_it_belongs_is_found_or_asked(cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path, [line("新一", number(sequence=3), "第一党支部"), line("新二", number(), "没有的支部")])
    report = reported(path, tmp_path)
    assert [row["values"]["branch"] for row in report["accepted"]] == ["第一党支部"]
    assert [(row["row"], row["code"], row["refused"]) for row in report["reported"]] == [(3, "branch_unknown", True)]
    unclear = written(tmp_path, [line("新一", number(), "没有的支部")])
    with pytest.raises(CommandError, match=r"city.*far_organ"):
        reported(unclear, tmp_path)
    with pytest.raises(CommandError, match="NOWHERE"):
        reported(path, tmp_path, "--under", "NOWHERE")


@pytest.mark.parametrize("arguments", [["--as-of", "2020-13-01"], ["--report", "/nowhere/report.json"]])
def test_what_cannot_be_done_is_said_before_anything_is_written(committee: Organisation, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("import_roster", str(FILES / SAMPLES[0]), "--apply", *arguments)
    assert not Batch.objects.exists()


def test_a_report_a_full_disk_does_not_take_is_said(
    committee: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CommandError, match="No space left"):
        reported(FILES / SAMPLES[0], tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_killed_import_is_finished_by_a_worker(committee: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*args: Any) -> int:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("branches.jobs.batches._chunk", die)
        content = (FILES / SAMPLES[0]).read_bytes()
        upload(
            organisation=committee, file=uploaded(content), as_of=date.fromisoformat(AS_OF), by=None, is_confirmed=True
        )
    batch = Batch.objects.get()
    assert (batch.state, Person.objects.count()) == (Batch.State.APPLYING, 0)
    Job.objects.update(heartbeat_at=None)
    requeue_dead()
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED
    assert Person.objects.count() == 31


def test_an_import_killed_often_that_gets_further_each_time_is_not_given_up(
    committee: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    chunk, attempts = batch_jobs._chunk, []

    def die_after_one(batch: Batch, work: Callable[[Batch], int]) -> int:
        attempt = Job.objects.get().attempt
        if attempt in attempts:
            raise Killed
        attempts.append(attempt)
        return chunk(batch, work)

    monkeypatch.setattr("branches.jobs.batches._chunk", die_after_one)
    monkeypatch.setattr(roster_writing.pace, "size", 3)
    upload(
        organisation=committee,
        file=uploaded((FILES / SAMPLES[0]).read_bytes()),
        as_of=date.fromisoformat(AS_OF),
        by=None,
        is_confirmed=True,
    )
    for _death in range(40):
        Job.objects.unfinished().update(heartbeat_at=None)
        requeue_dead()
    job = Job.objects.get()
    assert (job.state, job.error) == ("done", "")
    assert len(attempts) > MAX_ATTEMPTS + 2
    assert Person.objects.count() == 31


def test_a_worker_that_never_saw_the_command_knows_its_work() -> None:
    code = "import django; django.setup(); from foundation.actions import jobs; assert 'batch.import' in jobs._handlers"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
