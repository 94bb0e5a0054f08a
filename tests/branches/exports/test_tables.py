from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from import_export.resources import Resource
from python_calamine import CalamineWorkbook

from branches.actions.accounts import grant_role
from branches.actions.organisations import found, rename, revoke
from branches.exports.accounts import AccountResource
from branches.exports.cells import guarded
from branches.exports.members import MemberResource
from branches.exports.organisations import OrganisationResource
from branches.exports.tables import TABLES, Cover, write_table, write_template
from branches.models import Batch, Education, Membership, Nation, Organisation, Person, RoleAssignment
from branches.queries import exports as queries
from branches.rights import access_of
from branches.rules.layouts import columns_of
from branches.rules.roster_cells import text_of
from branches.rules.table_rows import as_typed
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import TODAY, Cast
from tests.rosters import codes, number, rows
from tests.tables import plan_table

COVER = Cover("水利局机关党委", TODAY, "刘海燕", datetime(2020, 10, 26, 9, 5, tzinfo=UTC), "换届选举")
SUBJECTS = ("members", "organisations", "accounts")


def export(cast: Cast, subject: str, *, at: str = "city", by: str = "admin", day: date = TODAY) -> bytes:
    organisation, access = Organisation.objects.get(pk=getattr(cast, at).pk), access_of(cast.users[by])
    resource: Resource = OrganisationResource()
    lines: Any = queries.organisations_for_export(organisation)
    if subject == "accounts":
        lines, resource = queries.account_lines(organisation, access), AccountResource()
    if subject == "members":
        lines = queries.members_for_export(organisation, access, day)
        resource = MemberResource(access, queries.branches_called_alike(organisation, day))
    target = io.BytesIO()
    write_table(target, table=TABLES[subject], lines=lines, resource=resource, cover=COVER)
    return target.getvalue()


def cells(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def records(content: bytes) -> list[dict[str, str]]:
    """Every line below the header, by heading."""
    _title, _day, _who, heading, *lines = cells(content)
    return [dict(zip(heading, line, strict=True)) for line in lines]


def read_back(cast: Cast, subject: str, content: bytes, *, at: str = "city", as_of: date = TODAY) -> Batch:
    by = cast.city_staff if subject == "members" else cast.admin
    return plan_table(subject, content, getattr(cast, at), by, as_of=as_of)


def counts(batch: Batch) -> dict[str, int]:
    return {
        name: batch.counts[name]
        for name in ("create", "update", "move", "refused", "unchanged", "warned")
        if batch.counts.get(name)
    }


@pytest.fixture
def complete(cast: Cast) -> Person:
    return numbered(
        cast.people["first3"],
        number(),
        name="刘洋",
        nation=Nation.objects.get(name="土家族"),
        education=Education.objects.get(name="研究生班"),
        joined_on_precision="month",
        phone="13800001234",
        home_address="青岭市某路1号",
        native_place="青岭",
        position_title="=HYPERLINK(1)",
    )


@pytest.mark.parametrize("by", ["city_staff", "admin"])
def test_members_read_back_change_nothing(cast: Cast, complete: Person, by: str) -> None:
    """Also for the administrator, who sees phones masked."""
    batch = read_back(cast, "members", export(cast, "members", by=by))
    assert counts(batch) == {"unchanged": Membership.objects.exclude(branch=cast.far).count()}


def test_members_of_branches_that_are_called_alike_read_back(cast: Cast, complete: Person) -> None:
    other = found(
        code="c2", kind="committee", name="另一党委", short_name="另一", parent=cast.city, on=date(2018, 1, 1), by=None
    )
    twin = found(
        code="first2", kind="branch", name="第一党支部", short_name="一支", parent=other, on=date(2018, 1, 1), by=None
    )
    Membership.objects.filter(person=cast.people["second0"]).update(branch=twin)
    content = export(cast, "members")
    assert {"第一党支部(first)", "第一党支部(first2)"} <= {record["所在党支部"] for record in records(content)}
    assert "refused" not in counts(read_back(cast, "members", content))


def test_organisations_read_back_change_nothing(cast: Cast) -> None:
    twin = found(
        code="zong2", kind="general_branch", name="第一党支部", short_name="第一党支部", parent=cast.city,
        on=date(2019, 5, 31), by=None, document_number="市直〔2019〕３号（试）", is_joint=True, is_temporary=True,
    )  # fmt: skip
    found(code="below", kind="branch", name="=1+1", short_name="@下", parent=twin, on=date(2019, 6, 30), by=None)
    rename(organisation=cast.second, name="机关第二党支部（筹）", short_name="二支", on=date(2020, 2, 1), by=None)
    gone = found(code="gone", kind="branch", name="旧", short_name="旧", parent=twin, on=date(2019, 6, 30), by=None)
    revoke(organisation=gone, on=date(2020, 1, 31), by=None, document_number="撤1号")
    content = export(cast, "organisations")
    batch = read_back(cast, "organisations", content)
    assert counts(batch) == {"unchanged": 9}
    by_code = {record["代码"]: record for record in records(content)}
    assert by_code["below"]["上级党组织"] == twin.code
    assert (by_code["gone"]["撤销日期"], by_code["gone"]["撤销文号"]) == ("2020-01-31", "撤1号")
    assert "far" not in by_code


def test_organisations_of_a_part_of_the_tree_read_back(cast: Cast) -> None:
    batch = read_back(cast, "organisations", export(cast, "organisations", at="committee"), at="committee")
    assert counts(batch) == {"unchanged": 4}


def test_accounts_read_back_change_nothing(cast: Cast) -> None:
    numbered(cast.people["first0"], number())
    grant_role(
        account=cast.secretary, role="recorder", organisation=cast.first, by=None,
        starts_on=date(2020, 10, 1), ends_on=date(2021, 3, 31),
    )  # fmt: skip
    RoleAssignment.objects.filter(user=cast.contact).update(is_void=True)
    content = export(cast, "accounts")
    batch = read_back(cast, "accounts", content)
    assert set(counts(batch)) == {"unchanged"}, [(row.number, codes(row)) for row in rows(batch).values()]
    mine = [record for record in records(content) if record["用户名"] == "secretary"]
    assert [(record["角色"], record["起始日期"], record["截止日期"]) for record in mine] == [
        ("书记", "2018-01-01", ""),
        ("记录员", "2020-10-01", "2021-03-31"),
    ]
    assert mine[0]["公民身份号码"] == f"139***********{number()[-4:]}"


def test_accounts_and_places_out_of_reach_are_not_in_it(cast: Cast) -> None:
    RoleAssignment.objects.create(user=cast.secretary, role="secretary", organisation=cast.far, starts_on=TODAY)
    found_names = {record["用户名"] for record in records(export(cast, "accounts"))}
    assert "stranger" not in found_names
    assert {record["党组织"] for record in records(export(cast, "accounts"))}.isdisjoint({cast.far.name, cast.far.code})


@pytest.mark.parametrize("subject", SUBJECTS)
def test_it_says_who_took_it_out_when_and_what_for(cast: Cast, subject: str) -> None:
    lines = [row[0] for row in cells(export(cast, subject))[:3]]
    assert lines[0] == f"水利局机关党委{TABLES[subject].title}"
    assert lines[1] == "截至 2020年10月26日"
    assert str(lines[2]).startswith("刘海燕 于 2020年10月26日 09:05 导出，用途：换届选举")


@pytest.mark.parametrize(
    "text", ["=1+1", "＝1+1", "+86", "-1", "@SUM(A1)", " =1", "\t=1", "'quoted", "http://a.b", "0123"]
)
def test_a_text_never_becomes_a_formula_even_by_way_of_a_csv_and_comes_back_the_same(text: str) -> None:
    stored = guarded(text)
    target = io.StringIO()
    csv.writer(target).writerow([stored])
    assert not target.getvalue().lstrip(' "\t').startswith(("=", "+", "-", "@", "＝"))
    assert as_typed(stored) == text.strip()
    assert text_of(guarded(text_of(text))) == text_of(text)


def test_no_cell_holds_a_formula_or_a_link(cast: Cast, complete: Person) -> None:
    for name in ("=1+1", "@SUM(A1)", "http://example.org", "0123"):
        complete.position_title = name
        complete.save()
        content = export(cast, "members")
        assert guarded(name) in {record["职务"] for record in records(content)}
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"hyperlink" not in sheet


@pytest.mark.parametrize(
    ("by", "phone", "address"), [("staff", "13800001234", "青岭市某路1号"), ("auditor", "138****1234", "")]
)
def test_numbers_are_masked_and_phones_clear_only_for_those_who_may_see_them(
    cast: Cast, complete: Person, by: str, phone: str, address: str
) -> None:
    content = export(cast, "members", at="committee", by=by)
    [record] = [record for record in records(content) if record["姓名"] == "刘洋"]
    assert (record["公民身份号码"], record["联系电话"], record["家庭住址"]) == (
        f"139***********{number()[-4:]}",
        phone,
        address,
    )
    assert number() not in str(cells(content))


def test_a_past_roster_masks_the_phones_of_who_has_left(cast: Cast, complete: Person) -> None:
    complete.memberships.update(ends_on=date(2020, 6, 30))
    Membership.objects.create(person=complete, branch=cast.far, starts_on=date(2020, 7, 1))
    content = export(cast, "members", at="committee", by="staff", day=date(2020, 6, 30))
    [record] = [record for record in records(content) if record["姓名"] == "刘洋"]
    assert (record["联系电话"], record["家庭住址"]) == ("138****1234", "")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_export_is_chinese_for_readers_of_english(cast: Cast, complete: Person, subject: str) -> None:
    chinese = cells(export(cast, subject))
    with translation.override("en"):
        assert cells(export(cast, subject)) == chinese


@pytest.mark.parametrize(
    ("subject", "resource"),
    [("members", MemberResource), ("organisations", OrganisationResource), ("accounts", AccountResource)],
)
def test_the_resource_has_the_columns_of_the_form(subject: str, resource: type[Resource]) -> None:
    assert {name: field.column_name for name, field in resource.fields.items()} == {
        column.key: column.heading for column in TABLES[subject].columns
    }
    assert set(TABLES[subject].columns) <= set(columns_of(subject))


@pytest.mark.parametrize(
    ("subject", "offered"),
    [
        ("members", {"第一党支部", "男", "土家族", "预备党员"}),
        ("organisations", {"水利局机关党委", "党支部", "是"}),
        ("accounts", {"第一党支部", "书记", "管理员"}),
    ],
)
def test_the_empty_form_is_a_table_without_a_line(cast: Cast, subject: str, offered: set[str]) -> None:
    answers = {
        "members": lambda: queries.answers_for_members(cast.committee, TODAY),
        "organisations": lambda: queries.answers_for_organisations(cast.committee),
        "accounts": lambda: queries.answers_for_accounts(cast.committee, access_of(cast.admin)),
    }[subject]()
    target = io.BytesIO()
    write_template(target, table=TABLES[subject], answers=answers)
    book = CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue()))
    chosen = {cell for row in book.get_sheet_by_name("可选项").to_python() for cell in row}
    assert offered <= chosen
    assert cast.far.name not in chosen
    tip, heading, *lines = cells(target.getvalue())
    assert "请勿录入涉密信息" in tip[0]
    assert heading[0].lstrip("*") == TABLES[subject].columns[0].heading
    assert lines == []
    batch = read_back(cast, subject, target.getvalue(), at="committee")
    assert (batch.state, "no_rows" in batch.problem) == ("failed", True)
