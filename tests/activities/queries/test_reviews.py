from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from activities.actions.activities import save_draft
from activities.actions.attachments import attach
from activities.actions.reviews import submit, withdraw
from activities.models import Activity
from activities.queries.reviews import may_reopen, may_review, reviewing_organisation, waiting_for
from activities.rules.activities import State
from branches.models import Role, RoleAssignment, User
from branches.rights import Access, access_of
from tests.activities.records import committee_draft, draft, full_content, written
from tests.cast import START, TODAY, Cast


def access(user: User) -> Access:
    return access_of(user)


def reviewers(cast: Cast, record: Activity) -> list[str]:
    return [name for name, user in cast.users.items() if waiting_for(access(user)).filter(pk=record.pk).exists()]


def grant(user: User, role: str, at: object) -> None:
    RoleAssignment.objects.create(user=user, role=role, organisation=at, starts_on=START)


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.ACCEPTED])
def test_only_what_was_handed_in_waits(cast: Cast, state: str) -> None:
    assert reviewers(cast, written(cast, state)) == []


def test_the_nearest_superior_with_staff_reviews(cast: Cast) -> None:
    record = written(cast, State.SUBMITTED)
    assert reviewers(cast, record) == ["staff"]
    assert reviewing_organisation(record) == cast.committee


def test_without_staff_it_goes_further_up(cast: Cast) -> None:
    RoleAssignment.objects.filter(user=cast.staff).update(ends_on=date(2020, 10, 1))
    record = written(cast, State.SUBMITTED)
    assert reviewers(cast, record) == ["city_staff"]
    assert reviewing_organisation(record) == cast.city


def test_a_closed_account_reviews_nothing(cast: Cast) -> None:
    cast.staff.is_active = False
    cast.staff.save()
    assert reviewers(cast, written(cast, State.SUBMITTED)) == ["city_staff"]


def _entered(cast: Cast, by: User) -> Activity:
    record = save_draft(organisation=cast.first, content=full_content(cast), by=by)
    return submit(activity=record, version=record.version, by=cast.secretary)


def _changed(cast: Cast, by: User) -> Activity:
    record = draft(cast)
    content = full_content(cast, minutes="全部由审核人撰写")
    record = save_draft(organisation=cast.first, content=content, by=by, activity=record, version=record.version)
    return submit(activity=record, version=record.version, by=cast.secretary)


def _handed_in_before(cast: Cast, by: User) -> Activity:
    record = draft(cast)
    record = submit(activity=record, version=record.version, by=by)
    record = withdraw(activity=record, version=record.version, by=cast.secretary)
    return submit(activity=record, version=record.version, by=cast.secretary)


def _attached(cast: Cast, by: User) -> Activity:
    record = draft(cast)
    upload = SimpleUploadedFile("签到表.pdf", b"%PDF-1.4\n%%EOF\n")
    attach(activity=record, upload=upload, category="signed_sheet", by=by)
    return submit(activity=record, version=record.version, by=cast.secretary)


@pytest.mark.parametrize("way", [_entered, _changed, _handed_in_before, _attached])
def test_nobody_judges_what_they_wrote_on_or_ever_handed_in(cast: Cast, way: Callable[[Cast, User], Activity]) -> None:
    record = way(cast, cast.staff)
    assert reviewers(cast, record) == ["city_staff"]
    assert reviewing_organisation(record) == cast.city
    assert not may_review(access(cast.staff), record)


@pytest.mark.parametrize("person", ["first0", "first1"])
def test_nobody_judges_what_they_chaired_or_recorded(cast: Cast, person: str) -> None:
    cast.staff.person = cast.people[person]
    cast.staff.save()
    record = written(cast, State.SUBMITTED)
    assert reviewers(cast, record) == ["city_staff"]
    assert not may_review(access(cast.staff), record)


def test_a_colleague_takes_the_place_of_who_is_concerned(cast: Cast) -> None:
    grant(cast.nobody, Role.STAFF, cast.committee)
    assert reviewers(cast, _entered(cast, cast.staff)) == ["nobody"]


def test_a_committee_s_own_record_goes_one_level_up(cast: Cast) -> None:
    record = committee_draft(cast)
    Activity.objects.filter(pk=record.pk).update(state=State.SUBMITTED, submitted_by=cast.staff)
    record.refresh_from_db()
    assert reviewers(cast, record) == ["city_staff"]
    assert reviewing_organisation(record) == cast.city


def test_at_the_top_its_own_secretary_reviews(cast: Cast) -> None:
    grant(cast.nobody, Role.SECRETARY, cast.city)
    record = committee_draft(cast, organisation=cast.city)
    Activity.objects.filter(pk=record.pk).update(state=State.SUBMITTED, submitted_by=cast.staff)
    record.refresh_from_db()
    assert reviewers(cast, record) == ["nobody"]
    assert reviewing_organisation(record) == cast.city


def test_a_branch_secretary_never_reviews_the_own_branch(cast: Cast) -> None:
    RoleAssignment.objects.filter(role=Role.STAFF).update(ends_on=date(2020, 10, 1))
    record = written(cast, State.SUBMITTED)
    assert reviewers(cast, record) == []
    assert reviewing_organisation(record) is None


def test_an_accepted_record_may_be_reopened_by_its_reviewer_only(cast: Cast) -> None:
    record = written(cast, State.ACCEPTED)
    assert may_reopen(access(cast.staff), record)
    assert not may_reopen(access(cast.city_staff), record)
    assert not may_reopen(access(cast.secretary), record)
    assert not may_review(access(cast.staff), record)


def test_reviewing_looks_at_today_s_roles(cast: Cast) -> None:
    RoleAssignment.objects.filter(user=cast.staff).update(starts_on=TODAY, ends_on=TODAY)
    assert reviewers(cast, written(cast, State.SUBMITTED)) == ["staff"]
