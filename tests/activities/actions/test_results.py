from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from activities.actions.results import ChangedMeanwhile, change, end, enter, remove_file, withdraw
from activities.models import Result, ResultFile
from activities.queries.results import files_of
from foundation.models import AuditEntry, StoredFile
from foundation.queries.audit import entries_for
from tests.activities.results import DAY, content, evidence, honour, pdf, written
from tests.cast import TODAY, Cast, enlist


def test_a_second_brand_is_refused_by_name_until_the_first_ends(cast: Cast) -> None:
    first = enter(organisation=cast.first, kind="brand", content=content(), by=cast.recorder)
    with pytest.raises(ValidationError, match="红色讲台"):
        enter(organisation=cast.first, kind="brand", content=content(title="枢纽先锋"), by=cast.recorder)
    enter(organisation=cast.second, kind="brand", content=content(), by=cast.neighbour)
    end(result=first, version=1, ended_on=TODAY, by=cast.secretary)
    second = enter(organisation=cast.first, kind="brand", content=content(title="枢纽先锋"), by=cast.recorder)
    withdraw(result=second, version=1, reason="录错", by=cast.secretary)
    enter(organisation=cast.first, kind="brand", content=content(title="暖心窗口"), by=cast.recorder)
    assert Result.objects.current().filter(organisation=cast.first).count() == 1


def test_the_database_itself_holds_one_current_brand(cast: Cast) -> None:
    written(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        written(cast, title="枢纽先锋")


@pytest.mark.parametrize(
    ("at", "kind", "changes", "name"),
    [
        ("committee", "brand", {}, "kind"),
        ("first", "media", {"achieved_on": date(2020, 10, 27)}, "achieved_on"),
        ("first", "media", {"achieved_on": date(2017, 12, 31), "year": 2017}, "achieved_on"),
        ("first", "honour", {"year": 2021}, "year"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    cast: Cast, at: str, kind: str, changes: dict[str, object], name: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        enter(organisation=getattr(cast, at), kind=kind, content=content(**changes), by=cast.staff)
    assert list(refusal.value.message_dict) == [name]
    assert not Result.objects.exists()


def test_only_members_of_that_day_are_honoured(cast: Cast) -> None:
    later = enlist("后来人", cast.first, on=date(2020, 8, 1))
    for person in (later, cast.people["second0"]):
        with pytest.raises(ValidationError, match=person.name):
            enter(organisation=cast.first, kind="honour", content=content(person=person), by=cast.recorder)
    with pytest.raises(ValidationError, match=later.name):
        enter(organisation=cast.committee, kind="honour", content=content(person=later), by=cast.staff)
    after = content(person=later, achieved_on=date(2020, 8, 1))
    assert enter(organisation=cast.first, kind="honour", content=after, by=cast.recorder).person == later


def test_one_bad_file_and_nothing_is_written(cast: Cast) -> None:
    bad = SimpleUploadedFile("木马.exe", b"MZ\x90")
    with pytest.raises(ValidationError, match=r"木马\.exe"):
        enter(organisation=cast.first, kind="media", content=content(), by=cast.recorder, uploads=[pdf(), bad])
    assert not Result.objects.exists()
    assert not StoredFile.objects.exists()
    assert not AuditEntry.objects.filter(verb__startswith="result.").exists()


def test_sent_twice_is_entered_once(cast: Cast) -> None:
    key = uuid4()
    found = [
        enter(organisation=cast.first, kind="case", content=content(), by=cast.recorder, entry_key=key, uploads=[pdf()])
        for _ in range(2)
    ]
    assert found[0] == found[1]
    assert ResultFile.objects.count() == 1


def test_who_saves_second_is_told(cast: Cast) -> None:
    result = written(cast)
    change(result=result, version=1, content=content(title="红色课堂"), by=cast.recorder)
    for act in (
        lambda: change(result=result, version=1, content=content(title="别的"), by=cast.secretary),
        lambda: end(result=result, version=1, ended_on=TODAY, by=cast.secretary),
        lambda: withdraw(result=result, version=1, reason="录错", by=cast.secretary),
    ):
        with pytest.raises(ChangedMeanwhile):
            act()
    result.refresh_from_db()
    assert (result.title, result.version) == ("红色课堂", 2)


def test_saving_what_stands_leaves_no_trace(cast: Cast) -> None:
    result = written(cast)
    assert change(result=result, version=1, content=content(), by=cast.recorder).version == 1
    assert not entries_for(result).exists()


def test_what_was_withdrawn_stays_and_cannot_be_touched(cast: Cast) -> None:
    result = honour(cast)
    file = evidence(cast, result)
    gone = withdraw(result=result, version=1, reason="重复录入", by=cast.secretary)
    for act in (
        lambda: change(result=gone, version=2, content=content(), by=cast.recorder),
        lambda: withdraw(result=gone, version=2, reason="再撤", by=cast.recorder),
        lambda: remove_file(file=file, by=cast.recorder),
    ):
        with pytest.raises(ValidationError, match="撤销"):
            act()
    assert files_of(gone).count() == 1
    assert not Result.objects.standing().exists()
    assert (gone.withdrawn_by, gone.withdrawn_because) == (cast.secretary, "重复录入")


@pytest.mark.parametrize("day", [date(2020, 6, 28), date(2020, 10, 27)])
def test_a_brand_ends_between_its_first_day_and_today(cast: Cast, day: date) -> None:
    result = written(cast)
    with pytest.raises(ValidationError) as refusal:
        end(result=result, version=1, ended_on=day, by=cast.secretary)
    assert list(refusal.value.message_dict) == ["ended_on"]
    ended = end(result=result, version=1, ended_on=DAY, by=cast.secretary)
    with pytest.raises(ValidationError):
        end(result=ended, version=2, ended_on=DAY, by=cast.secretary)
    with pytest.raises(ValidationError) as refusal:
        change(result=ended, version=2, content=content(achieved_on=TODAY), by=cast.secretary)
    assert list(refusal.value.message_dict) == ["achieved_on"]


def test_only_a_brand_ends(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        end(result=honour(cast), version=1, ended_on=TODAY, by=cast.secretary)


def test_evidence_taken_away_stays_on_file_and_goes_once(cast: Cast) -> None:
    result = written(cast)
    file = evidence(cast, result)
    remove_file(file=file, by=cast.secretary)
    remove_file(file=file, by=cast.recorder)
    file.refresh_from_db()
    assert file.removed_by == cast.secretary
    assert not files_of(result).exists()
    assert entries_for(result).filter(verb="result.remove_file").count() == 1
    with pytest.raises(ChangedMeanwhile):
        change(result=result, version=1, content=content(title="别的"), by=cast.recorder)


def test_files_alone_are_a_change(cast: Cast) -> None:
    result = written(cast)
    change(result=result, version=1, content=content(), by=cast.recorder, uploads=[pdf("照片.pdf")])
    entry = entries_for(result).get()
    assert (entry.verb, entry.changes) == ("result.change", {"evidence": [None, ["照片.pdf"]]})
