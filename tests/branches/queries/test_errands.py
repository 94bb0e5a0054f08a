from __future__ import annotations

from datetime import date, timedelta

import pytest

from branches.actions.organisations import found
from branches.models import Batch, Organisation, Role, RoleAssignment, Term, User
from branches.queries.errands import administration, named
from branches.rights import Access
from foundation.clock import now
from foundation.models.files import StoredFile
from foundation.models.jobs import Job
from tests.cast import START, TODAY, Cast

pytestmark = pytest.mark.django_db


def lines(cast: Cast, user: str = "admin") -> dict[str, tuple[str, str]]:
    listed = administration(cast.city, Access(cast.users[user], TODAY), now())
    return {errand.title: (errand.status, errand.detail) for errand in listed}


def batch(
    cast: Cast, state: str, name: str, at: Organisation | None = None, by: str = "admin", subject: str = "members"
) -> Batch:
    file = StoredFile.objects.create(name=name, path=f"x/{name}", size=1, sha256="0" * 64, content_type="x")
    return Batch.objects.create(
        organisation=at or cast.committee, file=file, file_sha256="0" * 64, as_of=TODAY, state=state,
        uploaded_by=cast.users[by], file_name=name, subject=subject,
    )  # fmt: skip


def test_nobody_without_the_permission_has_errands(cast: Cast) -> None:
    batch(cast, "planned", "a.xlsx")
    assert lines(cast, "stranger") == {}
    assert lines(cast, "auditor") == {}


def test_what_is_in_order_is_not_listed(cast: Cast) -> None:
    RoleAssignment.objects.create(user=cast.nobody, role=Role.SECRETARY, organisation=cast.retired, starts_on=START)
    RoleAssignment.objects.create(user=cast.nobody, role=Role.CONTACT_LEADER, organisation=cast.city, starts_on=START)
    Term.objects.update(expires_on=TODAY + timedelta(days=91))
    assert lines(cast) == {}


def test_branches_without_a_secretarys_account_or_a_contact_leader(cast: Cast) -> None:
    Term.objects.all().delete()
    assert lines(cast) == {
        "1 个党支部还没有书记账号": ("open", "离退休干部党支部"),
        "2 个党支部还没有联系点领导": ("open", "第二党支部、离退休干部党支部"),
    }
    User.objects.filter(username="secretary").update(is_active=False)
    assert lines(cast)["2 个党支部还没有书记账号"] == ("open", "第一党支部、离退休干部党支部")


def test_terms_that_end_soon_or_have_ended(cast: Cast) -> None:
    title = "3 个党组织 90 天内届满或已届满"
    assert lines(cast)[title][0] == "soon"
    Term.objects.filter(organisation=cast.second).update(expires_on=date(2020, 10, 25))
    assert lines(cast)[title] == ("overdue", "第二党支部、第一党支部、离退休干部党支部")
    Term.objects.filter(organisation=cast.second).update(ends_on=date(2020, 10, 25))
    assert title not in lines(cast)


def test_one_time_passwords_not_used_yet_and_expired(cast: Cast) -> None:
    for name, days in (("secretary", 1), ("recorder", 1), ("neighbour", -1), ("stranger", 1)):
        User.objects.filter(username=name).update(
            must_change_password=True, one_time_password_expires_at=now() + timedelta(days=days)
        )
    shown = lines(cast)
    assert shown["2 个账号开通后尚未登录"] == ("open", "李秀英、王建国")
    assert shown["1 个账号尚未登录，一次性密码已过期"] == ("overdue", "周敏")


def test_imports_that_wait_or_failed(cast: Cast) -> None:
    batch(cast, "planned", "待确认.xlsx")
    batch(cast, "applied", "写完.xlsx")
    batch(cast, "planned", "别处.xlsx", cast.far_committee)
    old = batch(cast, "failed", "旧.xlsx")
    Batch.objects.filter(pk=old.pk).update(uploaded_at=now() - timedelta(days=31))
    batch(cast, "failed", "打不开.xlsx")
    batch(cast, "planned", "别人的.xlsx", by="staff")
    imports = [title for title in lines(cast) if "导入" in title]
    assert imports == ["导入文件“打不开.xlsx”没有成功", "导入文件“待确认.xlsx”已核对完，待您确认写入"]


def test_of_many_a_few_are_named() -> None:
    assert named(["甲", "乙", "丙"]) == "甲、乙、丙"
    assert named(["甲", "乙", "丙", "丁", "戊"]) == "甲、乙、丙，另有 2 个（名）"


@pytest.mark.parametrize("more", [0, 30])
def test_as_many_queries_for_many_as_for_few(cast: Cast, more: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(more):
        found(
            code=f"b{number}", kind="branch", name=f"第{number}支部", short_name=f"第{number}支部",
            parent=cast.committee, on=START, by=None,
        )  # fmt: skip
    access = Access(cast.admin, TODAY)
    assert access.nodes
    with django_assert_num_queries(5):
        administration(cast.city, access, now())


@pytest.mark.parametrize(
    ("state", "job", "shown"),
    [
        ("mapping", "done", ("导入文件“名册.xlsx”待确认列对应", "waiting")),
        ("stopped", "cancelled", ("导入文件“名册.xlsx”中途停止", "waiting")),
        ("applying", "failed", ("导入文件“名册.xlsx”处理中断", "failed")),
        ("undoing", "failed", ("导入文件“名册.xlsx”处理中断", "failed")),
        ("planning", "failed", ("导入文件“名册.xlsx”处理中断", "failed")),
        ("applying", "running", None),
        ("undone", "done", None),
        ("abandoned", "cancelled", None),
    ],
)
@pytest.mark.parametrize("subject", ["members", "organisations", "accounts"])
def test_imports_that_need_somebody_again(
    cast: Cast, subject: str, state: str, job: str, shown: tuple[str, str] | None
) -> None:
    made = batch(cast, state, "名册.xlsx", subject=subject)
    made.job = Job.objects.create(kind="batch.plan", state=job)
    made.save()
    imports = [(title, status) for title, (status, _detail) in lines(cast).items() if "导入" in title]
    assert imports == ([shown] if shown else [])


def test_what_was_purged_needs_nobody(cast: Cast) -> None:
    made = batch(cast, "stopped", "名册.xlsx")
    Batch.objects.filter(pk=made.pk).update(purged_at=now())
    assert not any("导入" in title for title in lines(cast))
