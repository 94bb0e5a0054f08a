from __future__ import annotations

from datetime import timedelta

import pytest

from activities.actions.findings import rectify
from activities.models import Commitment, Finding
from activities.queries.findings import (
    Origin,
    counts_by_status,
    findings_below,
    may_lead,
    may_verify,
    open_one,
    supervisor_of,
    verifiable_by,
)
from activities.rules.findings import FindingSource
from branches.models import Role, RoleAssignment
from branches.rights import access_of
from tests.activities.findings import commitment, fed_back, overdue, reported
from tests.cast import START, TODAY, Cast


@pytest.mark.parametrize(
    ("who", "may"),
    [("recorder", False), ("secretary", False), ("contact", False), ("admin", False), ("staff", True),
     ("city_staff", True), ("stranger", False)],
)  # fmt: skip
def test_who_verifies(cast: Cast, who: str, may: bool) -> None:
    finding = reported(cast)
    access = access_of(cast.users[who])
    assert may_verify(access, finding) == may
    assert verifiable_by(access).filter(pk=finding.pk).exists() == may


@pytest.mark.parametrize("as_what", ["reporter", "owner"])
def test_nobody_verifies_their_own_rectification(cast: Cast, as_what: str) -> None:
    finding = reported(cast, owner=cast.people["first3"])
    if as_what == "reporter":
        Finding.objects.filter(pk=finding.pk).update(reported_by=cast.staff)
    else:
        cast.staff.person = cast.people["first3"]
        cast.staff.save()
    assert not may_verify(access_of(cast.staff), finding)
    assert may_verify(access_of(cast.city_staff), finding)


def test_an_owner_who_is_staff_neither_extends_nor_withdraws(cast: Cast) -> None:
    finding = fed_back(cast, owner=cast.people["first3"])
    assert may_lead(access_of(cast.staff), finding)
    cast.staff.person = cast.people["first3"]
    cast.staff.save()
    assert not may_lead(access_of(cast.staff), finding)


def test_at_the_top_its_own_people_verify_but_not_who_reported(cast: Cast) -> None:
    finding = reported(cast)
    Finding.objects.filter(pk=finding.pk).update(organisation=cast.committee)
    finding.refresh_from_db()
    assert not may_verify(access_of(cast.staff), finding)
    assert may_verify(access_of(cast.city_staff), finding)
    RoleAssignment.objects.filter(user=cast.city_staff).delete()
    RoleAssignment.objects.create(
        user=cast.secretary, role=Role.SECRETARY, organisation=cast.committee, starts_on=START
    )
    assert may_verify(access_of(cast.staff), finding)
    assert may_verify(access_of(cast.secretary), finding)
    Finding.objects.filter(pk=finding.pk).update(reported_by=cast.secretary)
    assert not may_verify(access_of(cast.secretary), finding)


def test_the_nearest_supervisor_raises_and_a_check_comes_from_above(cast: Cast) -> None:
    assert supervisor_of(access_of(cast.staff), cast.first) == cast.committee.pk
    assert supervisor_of(access_of(cast.staff), cast.committee) == cast.committee.pk
    assert supervisor_of(access_of(cast.staff), cast.committee, above=True) is None
    assert supervisor_of(access_of(cast.city_staff), cast.first) == cast.city.pk
    assert supervisor_of(access_of(cast.secretary), cast.first) is None


def test_every_finding_is_counted_in_one_status_and_found_by_it(cast: Cast) -> None:
    overdue(cast)
    fed_back(cast, text="另一项")
    rectify(finding=fed_back(cast, text="第三项"), version=1, measures="补", proof="", by=cast.recorder)
    late = reported(cast, text="第四项")
    Finding.objects.filter(pk=late.pk).update(due_on=TODAY - timedelta(days=3))
    found = findings_below(cast.committee, access_of(cast.auditor))
    counts = counts_by_status(found, TODAY)
    assert counts == {"unrectified": 1, "feedback": 1, "rectifying": 1, "verify": 1, "closed": 0}
    assert {status: found.of_status(status, TODAY).count() for status in counts} == counts
    assert not findings_below(cast.first, access_of(cast.neighbour)).exists()


def test_a_second_account_of_who_reported_it_does_not_verify(cast: Cast) -> None:
    finding = reported(cast)
    assert may_verify(access_of(cast.staff), finding)
    cast.staff.person = cast.recorder.person
    cast.staff.save()
    assert not may_verify(access_of(cast.staff), finding)


def test_a_supervisor_who_rectifies_in_the_branch_neither_extends_nor_withdraws(cast: Cast) -> None:
    finding = fed_back(cast)
    RoleAssignment.objects.create(user=cast.staff, role=Role.SECRETARY, organisation=cast.first, starts_on=START)
    assert not may_lead(access_of(cast.staff), finding)
    assert may_lead(access_of(cast.city_staff), finding)


def test_nobody_verifies_for_the_branch_they_work_in(cast: Cast) -> None:
    finding = reported(cast)
    RoleAssignment.objects.create(user=cast.staff, role=Role.SECRETARY, organisation=cast.first, starts_on=START)
    assert not may_verify(access_of(cast.staff), finding)
    assert may_verify(access_of(cast.city_staff), finding)


def test_a_recorder_of_the_committee_still_leads_and_verifies_below(cast: Cast) -> None:
    RoleAssignment.objects.create(user=cast.staff, role=Role.RECORDER, organisation=cast.committee, starts_on=START)
    assert may_lead(access_of(cast.staff), fed_back(cast))
    assert may_verify(access_of(cast.staff), reported(cast, text="另一项"))


def test_commitments_alike_are_findings_of_their_own(cast: Cast) -> None:
    line = commitment(cast)
    longer = Commitment.objects.create(activity=line.activity, position=1, problem=f"{line.problem}、深入")
    other = Commitment.objects.create(
        activity=line.activity, position=2, problem=line.problem, person=cast.people["first4"]
    )

    def of(one: Commitment) -> Origin:
        return Origin(source=FindingSource.LIFE_MEETING, activity=one.activity, commitment=one)

    made = {one: fed_back(cast, of(one), text=one.problem, owner=one.person) for one in (longer, other)}
    assert open_one(cast.first, of(line)) is None
    assert {one: open_one(cast.first, of(one)) for one in made} == made
