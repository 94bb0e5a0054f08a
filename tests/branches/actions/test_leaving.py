"""What a member held in the branch ends with the membership there."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.actions.leaving import leave
from branches.models import (
    Appointment,
    Batch,
    GroupMembership,
    Membership,
    OfficeAssignment,
    OfficeMembership,
    Post,
    Role,
)
from branches.queries.batches import roles_left_behind
from branches.rights import access_of
from foundation.models import AuditEntry
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import START, TODAY, Cast
from tests.rosters import line, number, plan, workbook, write

YESTERDAY = TODAY - timedelta(days=1)


def moved(cast: Cast, key: str = "first0", to: str = "second") -> Batch:
    person = numbered(cast.people[key], number())
    return write(plan(workbook([line(person.name, number(), getattr(cast, to).name)]), cast.committee, cast.staff))


def test_group_office_and_posts_end_the_day_before(cast: Cast) -> None:
    person = cast.people["first0"]
    moved(cast)
    for model in (GroupMembership, OfficeMembership, Appointment):
        row = model.objects.get(person=person)
        assert (row.ends_on, row.is_void) == (YESTERDAY, False)


def test_what_began_on_the_day_never_counted(cast: Cast) -> None:
    person = cast.people["first0"]
    for model in (GroupMembership, OfficeMembership, Appointment):
        model.objects.filter(person=person).update(starts_on=TODAY)
    leave(moves=[(person.memberships.get(), cast.second)], on=TODAY)
    for model in (GroupMembership, OfficeMembership, Appointment):
        row = model.objects.get(person=person)
        assert (row.ends_on, row.is_void) == (None, True)


def test_what_is_not_the_former_branch_s_stays(cast: Cast) -> None:
    person = cast.people["first0"]
    above = Appointment.objects.create(
        person=person, organisation=cast.committee, post=Post.COMMITTEE_MEMBER, starts_on=START
    )
    ended = Appointment.objects.create(
        person=person, organisation=cast.first, post=Post.YOUTH, starts_on=START, ends_on=date(2019, 1, 1)
    )
    OfficeAssignment.objects.update(branch=cast.second)
    moved(cast)
    for row in (above, ended):
        before = row.ends_on
        row.refresh_from_db()
        assert (row.ends_on, row.is_void) == (before, False)
    assert OfficeMembership.objects.get(person=person).ends_on is None
    assert GroupMembership.objects.get(person=cast.people["first1"]).ends_on is None


def test_every_end_is_on_record_at_the_branch_that_was_left(cast: Cast) -> None:
    moved(cast)
    entries = AuditEntry.objects.filter(organisation_id=cast.first.pk, actor=cast.staff)
    changes = {entry.verb: entry.changes for entry in entries}
    assert changes["group.change"]["group"] == ["第一党小组", ""]
    assert changes["person.leave_office"]["office"] == ["办公室", ""]
    assert changes["appointment.end"]["post"] == [Post.SECRETARY, ""]


def test_the_result_names_accounts_that_still_have_a_role_there(cast: Cast, client: Client) -> None:
    batch = moved(cast)
    client.force_login(cast.staff, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("branches:batch", args=[batch.pk])).content.decode()
    assert "原支部" in page
    assert str(Role.SECRETARY.label) in page
    assert cast.secretary.roles.get().ends_on is None


def test_roles_out_of_reach_or_of_others_are_not_named(cast: Cast) -> None:
    batch = moved(cast, "second1", "first")
    assert roles_left_behind(batch, access_of(cast.staff)) == []
    batch = Batch.objects.get(pk=batch.pk)
    cast.recorder.person = cast.people["second1"]
    cast.recorder.save()
    assert roles_left_behind(batch, access_of(cast.staff)) == []  # the role is at the branch of today
    cast.recorder.roles.update(organisation=cast.second)
    assert [role.user for role in roles_left_behind(batch, access_of(cast.staff))] == [cast.recorder]
    assert roles_left_behind(batch, access_of(cast.stranger)) == []


def test_the_same_queries_for_one_and_many(cast: Cast) -> None:
    def queries(keys: list[str]) -> int:
        people = [cast.people[key].pk for key in keys]
        former = list(Membership.objects.filter(person__in=people).select_related("person"))
        with CaptureQueriesContext(connection) as captured:
            leave(moves=[(row, cast.second) for row in former], on=TODAY)
        return len(captured)

    OfficeMembership.objects.create(
        person=cast.people["first1"], office_id=OfficeMembership.objects.get().office_id, starts_on=START
    )
    assert queries(["first0"]) == queries(["first1", "first2"])
