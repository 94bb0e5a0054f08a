"""What a colleague of another reach reads of an import: its rows, and nothing about members elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from branches.actions.batch_decisions import decide
from branches.models import Batch, Membership, MemberStatus, Person, RoleAssignment, User
from foundation.encryption import mask_identity
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import START, TODAY, Cast
from tests.rosters import codes, line, number, plan, rows, workbook, write

SignIn = Callable[[User], Client]
COVERED = mask_identity(number())


@pytest.fixture
def mover(cast: Cast) -> Person:
    """Somebody of another tree, whom the committee's staff reaches and the city's does not."""
    RoleAssignment.objects.create(user=cast.staff, role="staff", organisation=cast.far_organ, starts_on=START)
    return numbered(cast.people["far1"], number(), name="卫红")


def planned(cast: Cast) -> Batch:
    rest = line("郝新民", number(sequence=3), cast.first.name)
    return plan(workbook([line("卫红", number(), cast.first.name), rest]), cast.committee, cast.staff)


def pages(client: Client, batch: Batch) -> str:
    url = reverse("branches:batch", args=[batch.pk])
    found = [client.get(url + query) for query in ("", "?show=skip", "?show=move", "?show=changed", "?show=refused")]
    report = openpyxl.load_workbook(BytesIO(client.get(reverse("branches:batch_report", args=[batch.pk])).content))
    told = [str(cell) for row in report.active.values for cell in row]
    return "".join([*(page.content.decode() for page in found), *told])


def test_a_move_that_is_skipped_tells_no_more_than_one_that_is_not(cast: Cast, mover: Person, sign_in: SignIn) -> None:
    batch = planned(cast)
    decide(batch=batch, position=0, decision="skip", by=cast.staff)
    batch.refresh_from_db()
    write(batch)
    text = pages(sign_in(cast.city_staff), batch)
    assert "卫红" in text
    assert "农业局" not in text
    assert COVERED not in text


def test_the_number_of_somebody_who_did_not_come_is_not_shown(cast: Cast, mover: Person, sign_in: SignIn) -> None:
    batch = planned(cast)
    Person.objects.filter(pk=mover.pk).update(version=9)
    write(batch)
    assert rows(batch)[2].outcome == "changed"
    assert COVERED not in pages(sign_in(cast.city_staff), batch)
    assert COVERED in pages(sign_in(cast.staff), batch)


@pytest.mark.parametrize(
    ("code", "words"),
    [("suspended", "停止党籍"), ("membership_ended", "终止"), ("newer_membership", "才到现在的党支部")],
)
def test_why_somebody_elsewhere_cannot_come_is_the_uploader_s(
    cast: Cast, mover: Person, sign_in: SignIn, code: str, words: str
) -> None:
    if code == "suspended":
        MemberStatus.objects.create(person=mover, kind=MemberStatus.Kind.SUSPENDED, starts_on=START)
    elif code == "membership_ended":
        mover.memberships.update(ends_on=TODAY - timedelta(days=9), end_kind=Membership.End.EXPELLED)
    else:
        mover.memberships.update(starts_on=TODAY)
    batch = planned(cast)
    assert codes(rows(batch)[2]) == [code]
    write(batch)
    assert words in pages(sign_in(cast.staff), batch)
    text = pages(sign_in(cast.city_staff), batch)
    assert words not in text
    assert "原因只向上传人说明" in text
