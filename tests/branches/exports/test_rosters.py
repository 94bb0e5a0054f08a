from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from branches.exports.members import MemberResource
from branches.exports.rosters import Cover, write_report, write_roster, write_template
from branches.models import Education, Membership, Nation, Person
from branches.queries.rosters import answers_for_template, members_for_export, previewed, rows_with_problems
from branches.rights import access_of
from branches.rules.roster_columns import COLUMNS, find_header
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import TODAY, Cast
from tests.rosters import line, number, plan, workbook

COVER = Cover("水利局机关党委", TODAY, "刘海燕", datetime(2020, 10, 26, 9, 5, tzinfo=UTC), "换届选举")


def export(cast: Cast, by: str = "staff") -> bytes:
    access = access_of(cast.users[by])
    members = members_for_export(cast.committee, access, TODAY)
    return write_roster(members, resource=MemberResource(access), cover=COVER)


def cells(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def people(content: bytes) -> dict[str, dict[str, object]]:
    rows = cells(content)
    header = find_header(rows)
    assert header is not None
    return {
        str(row[0]): dict(zip([column.key for column in COLUMNS], row, strict=True))
        for row in rows[header.last_row + 1 :]
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
        position_title="科长",
    )


def test_the_number_is_masked_and_the_phone_clear_only_for_those_who_may_see_it(cast: Cast, complete: Person) -> None:
    for by, phone, address in (("staff", "13800001234", "青岭市某路1号"), ("auditor", "138****1234", "")):
        content = export(cast, by)
        row = people(content)["刘洋"]
        assert (row["identity_number"], row["phone"], row["home_address"]) == (
            f"139***********{number()[-4:]}",
            phone,
            address,
        )
        assert number() not in "".join(str(cell) for line in cells(content) for cell in line)


def test_it_says_who_took_it_out_when_and_what_for(cast: Cast) -> None:
    lines = [row[0] for row in cells(export(cast))[:3]]
    assert lines[0] == "水利局机关党委党员花名册"
    assert lines[1] == "截至 2020年10月26日"
    assert str(lines[2]).startswith("刘海燕 于 2020年10月26日 09:05 导出，用途：换届选举")


def test_nobody_out_of_reach_is_in_it(cast: Cast) -> None:
    assert len(people(export(cast))) == len({member.person.name for member in members_for_export(
        cast.committee, access_of(cast.staff), TODAY)})  # fmt: skip
    assert "褚天明" not in people(export(cast))


def test_what_somebody_typed_is_never_a_formula(cast: Cast, complete: Person) -> None:
    for name in ("=1+1", "@SUM(A1)", "http://example.org", "0123"):
        complete.position_title = name
        complete.save()
        content = export(cast)
        assert people(content)["刘洋"]["position_title"] == name
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"hyperlink" not in sheet


@pytest.mark.parametrize("by", ["staff", "admin"])
def test_an_export_read_back_changes_nothing(cast: Cast, complete: Person, by: str) -> None:
    """Also for the administrator, who sees phones masked."""
    batch = plan(export(cast, by), cast.committee, cast.staff)
    counts = {name: batch.counts.get(name, 0) for name in ("create", "update", "move", "refused")}
    assert counts == {"create": 0, "update": 0, "move": 0, "refused": 0}
    assert batch.counts["unchanged"] == Membership.objects.exclude(branch=cast.far).count()


def test_an_export_is_chinese_for_readers_of_english(cast: Cast, complete: Person) -> None:
    with translation.override("en"):
        row = people(export(cast))["刘洋"]
    assert (row["sex"], row["category"], row["nation"], row["education"]) == ("男", "正式党员", "土家族", "研究生班")


def test_the_resource_has_the_columns_of_the_form() -> None:
    fields = MemberResource.fields
    assert {name: field.column_name for name, field in fields.items()} == {c.key: c.heading for c in COLUMNS}


def test_the_empty_form_is_a_roster_without_people(cast: Cast) -> None:
    content = write_template(**answers_for_template(cast.committee, TODAY))
    rows = cells(content)
    header = find_header(rows)
    assert header is not None
    assert len(header.columns) == len(COLUMNS)
    assert len(rows) == header.last_row + 1
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    offered = [cell for row in book.get_sheet_by_name("可选项").to_python() for cell in row]
    assert {"第一党支部", "男", "土家族", "预备党员"} <= set(offered)
    assert cast.far.name not in offered
    batch = plan(content, cast.committee, cast.staff)
    assert batch.state == "failed"  # nobody below the header


def test_the_report_names_row_column_and_reason(cast: Cast) -> None:
    rows = [line("郝新民", number()[:-1], cast.first.name), line("郝为民", number(sequence=3), cast.first.name)]
    batch = plan(workbook(rows), cast.committee, cast.staff)
    [_head, entry] = cells(write_report(previewed(rows_with_problems(batch))))
    assert entry[1:6] == ["2", "郝新民", "第一党支部", "不写入", "身份证号"]
    assert "17 位" in str(entry[6])


def test_a_past_roster_masks_the_phones_of_who_has_left(cast: Cast, complete: Person) -> None:
    complete.memberships.update(ends_on=date(2020, 6, 30))
    Membership.objects.create(person=complete, branch=cast.far, starts_on=date(2020, 7, 1))
    access = access_of(cast.staff)
    members = members_for_export(cast.committee, access, date(2020, 6, 30))
    row = people(write_roster(members, resource=MemberResource(access), cover=COVER))["刘洋"]
    assert (row["phone"], row["home_address"]) == ("138****1234", "")
