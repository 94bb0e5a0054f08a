from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from activities.actions.findings import (
    ChangedMeanwhile,
    close,
    extend,
    raise_finding,
    rectify,
    remove_file,
    send_back,
    withdraw,
)
from activities.models import Finding, FindingFile, FindingStep
from activities.queries.findings import Origin
from foundation.models import AuditEntry
from tests.activities.findings import DUE, commitment, fed_back, proof, reported
from tests.activities.records import written
from tests.activities.results import pdf
from tests.cast import TODAY, Cast


def test_a_day_that_has_passed_and_a_stranger_are_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        fed_back(cast, due_on=TODAY - timedelta(days=1), owner=cast.people["second0"])
    assert set(caught.value.message_dict) == {"due_on", "owner"}
    assert not Finding.objects.exists()


@pytest.mark.parametrize("of", ["record", "duty", "commitment"])
def test_what_has_become_a_finding_is_found_again_until_it_is_closed(cast: Cast, of: str) -> None:
    line = commitment(cast)
    origin = {
        "record": lambda: Origin(source="returned", activity=written(cast, "returned")),
        "duty": lambda: Origin(source="duty", duty=("committee_meeting", 2020, 8)),
        "commitment": lambda: Origin(source="life_meeting", activity=line.activity, commitment=line),
    }[of]()
    first = fed_back(cast, origin, text="理论学习不够经常，要抓紧")
    assert fed_back(cast, origin, text="理论学习不够经常，要抓紧") == first
    withdraw(finding=first, version=1, reason="误登", by=cast.staff)
    assert fed_back(cast, origin, text="理论学习不够经常，要抓紧") != first


def test_a_blank_form_sent_twice_is_one_finding(cast: Cast) -> None:
    from uuid import uuid4

    from activities.actions.findings import Content

    key = uuid4()
    sent = [
        raise_finding(
            organisation=cast.first,
            raised_by=cast.committee.pk,
            origin=Origin(source="other"),
            content=Content(text="笔记不全", due_on=DUE),
            by=cast.staff,
            entry_key=key,
        )
        for _time in range(2)
    ]
    assert sent[0][0] == sent[1][0]
    assert [new for _finding, new in sent] == [True, False]


def test_nothing_is_reported_without_measures_and_what_was_done(cast: Cast) -> None:
    finding = fed_back(cast)
    with pytest.raises(ValidationError) as caught:
        rectify(finding=finding, version=1, measures="", proof="", by=cast.recorder, report=True)
    assert set(caught.value.message_dict) == {"measures", "proof"}


def test_a_refused_file_leaves_everything_as_it_was(cast: Cast) -> None:
    finding = fed_back(cast)
    uploads = [pdf(), SimpleUploadedFile("木马.exe", b"MZ\x90")]
    with pytest.raises(ValidationError, match="木马.exe"):
        rectify(finding=finding, version=1, measures="补", proof="", by=cast.recorder, uploads=uploads)
    finding.refresh_from_db()
    assert (finding.version, finding.measures, FindingFile.objects.count()) == (1, "", 0)


def test_saving_what_stands_is_no_step(cast: Cast) -> None:
    finding = rectify(finding=fed_back(cast), version=1, measures="补写", proof="", by=cast.recorder)
    again = rectify(finding=finding, version=2, measures="补写", proof="", by=cast.recorder)
    assert (again.version, FindingStep.objects.count()) == (2, 2)


@pytest.mark.parametrize("act", [rectify, send_back, close, extend, withdraw])
def test_who_comes_second_is_told(cast: Cast, act: Callable[..., Finding]) -> None:
    finding = reported(cast) if act in (send_back, close) else fed_back(cast)
    more: Any = {
        rectify: {"measures": "x", "proof": ""},
        send_back: {"reason": "x"},
        close: {"comment": ""},
        extend: {"due_on": TODAY, "reason": "x"},
        withdraw: {"reason": "x"},
    }[act]
    with pytest.raises(ChangedMeanwhile):
        act(finding=finding, version=finding.version - 1, by=cast.staff, **more)


def test_what_is_reported_cannot_be_written_extended_or_withdrawn(cast: Cast) -> None:
    finding = reported(cast)
    file = proof(cast, finding)
    with pytest.raises(ValidationError):
        rectify(finding=finding, version=2, measures="x", proof="", by=cast.recorder)
    with pytest.raises(ValidationError):
        extend(finding=finding, version=2, due_on=TODAY, reason="x", by=cast.staff)
    with pytest.raises(ValidationError):
        withdraw(finding=finding, version=2, reason="x", by=cast.staff)
    with pytest.raises(ValidationError):
        remove_file(file=file, by=cast.recorder)


def test_what_is_with_the_branch_is_neither_closed_nor_sent_back(cast: Cast) -> None:
    finding = rectify(finding=fed_back(cast), version=1, measures="补写", proof="", by=cast.recorder)
    acts: list[tuple[Callable[..., Finding], dict[str, str]]] = [(close, {"comment": ""}), (send_back, {"reason": "x"})]
    for act, more in acts:
        with pytest.raises(ValidationError):
            act(finding=finding, version=2, by=cast.staff, **more)


def test_the_due_day_is_changed_with_its_reason(cast: Cast) -> None:
    finding = fed_back(cast)
    for bad in (TODAY - timedelta(days=1), DUE):
        with pytest.raises(ValidationError):
            extend(finding=finding, version=1, due_on=bad, reason="出差", by=cast.staff)
    later = DUE + timedelta(days=5)
    assert extend(finding=finding, version=1, due_on=later, reason="出差", by=cast.staff).due_on == later
    step = FindingStep.objects.last()
    assert step is not None
    assert step.comment == f"{DUE.isoformat()} → {later.isoformat()}\n出差"


def test_the_whole_way_is_kept(cast: Cast) -> None:
    finding = reported(cast)
    finding = send_back(finding=finding, version=2, reason="没有票数", by=cast.staff)
    finding = rectify(finding=finding, version=3, measures="补写", proof="已补票数", by=cast.secretary, report=True)
    finding = close(finding=finding, version=4, comment="属实", by=cast.staff)
    assert (finding.closed_on, finding.closed_by, finding.is_withdrawn) == (TODAY, cast.staff, False)
    states = list(FindingStep.objects.values_list("state", flat=True))
    assert states == ["feedback", "verify", "rectifying", "verify", "closed"]
    verbs = list(AuditEntry.objects.filter(verb__startswith="finding.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["finding.raise", "finding.report", "finding.send_back", "finding.report", "finding.close"]


def test_withdrawn_is_told_from_closed_even_after_a_report(cast: Cast) -> None:
    finding = send_back(finding=reported(cast), version=2, reason="不属实", by=cast.staff)
    assert withdraw(finding=finding, version=3, reason="登错支部", by=cast.staff).is_withdrawn


def test_a_proof_taken_away_twice_is_one_step(cast: Cast) -> None:
    file = proof(cast, fed_back(cast))
    for _time in range(2):
        remove_file(file=file, by=cast.recorder)
    assert AuditEntry.objects.filter(verb="finding.remove_file").count() == 1
