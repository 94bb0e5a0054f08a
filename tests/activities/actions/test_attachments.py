from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from activities.actions.activities import RecordClosed
from activities.actions.attachments import attach, remove
from activities.actions.reviews import MovedMeanwhile, submit
from activities.models import Attachment
from activities.queries.attachments import attachments_of
from activities.rules.activities import State
from foundation.models import StoredFile
from foundation.queries.audit import entries_for
from tests.activities.records import draft, written
from tests.cast import Cast

PDF = b"%PDF-1.4\n%%EOF\n"


def pdf(name: str = "讲稿.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def test_a_program_is_refused_and_leaves_nothing(cast: Cast) -> None:
    record = draft(cast)
    with pytest.raises(ValidationError, match=r"木马\.exe"):
        attach(activity=record, upload=SimpleUploadedFile("木马.exe", b"MZ\x90"), category="paper", by=cast.recorder)
    assert not StoredFile.objects.exists()
    assert not Attachment.objects.exists()


def test_nothing_is_added_to_or_taken_from_what_was_handed_in(cast: Cast) -> None:
    record = draft(cast)
    paper = attach(activity=record, upload=pdf(), category="paper", by=cast.recorder)
    record.state = State.SUBMITTED
    record.save()
    with pytest.raises(RecordClosed):
        attach(activity=record, upload=pdf(), category="paper", by=cast.recorder)
    with pytest.raises(RecordClosed):
        remove(attachment=paper, by=cast.recorder)
    assert attachments_of(record).count() == 1


def test_taking_away_keeps_the_row_with_the_person_and_happens_once(cast: Cast) -> None:
    record = written(cast, State.RETURNED)
    paper = attach(activity=record, upload=pdf(), category="signed_sheet", by=cast.recorder)
    remove(attachment=paper, by=cast.secretary)
    remove(attachment=paper, by=cast.recorder)
    paper.refresh_from_db()
    assert paper.removed_by == cast.secretary
    assert paper.removed_at is not None
    assert not attachments_of(record).exists()
    assert [entry.verb for entry in entries_for(record)][:2] == ["attachment.remove", "attachment.add"]
    assert entries_for(record).filter(verb="attachment.remove").count() == 1


def test_a_record_whose_files_changed_is_not_handed_in_unseen(cast: Cast) -> None:
    record = draft(cast)
    paper = attach(activity=record, upload=pdf("签到表.pdf"), category="signed_sheet", by=cast.recorder)
    seen = record.version
    remove(attachment=paper, by=cast.recorder)
    with pytest.raises(MovedMeanwhile):
        submit(activity=record, version=seen, by=cast.secretary)


def test_who_attaches_what_they_see_stays_up_to_date(cast: Cast) -> None:
    record = draft(cast)
    attach(activity=record, upload=pdf(), category="paper", by=cast.recorder)
    assert submit(activity=record, version=record.version, by=cast.secretary).state == State.SUBMITTED
