import re

import pytest
import tablib
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from activities.models import ActivityKind, RuleText
from branches.models import Education, Nation, RoleAssignment, User
from config.admin import CodeResource, modelresource_factory
from foundation.models import AuditEntry
from tests.activities.records import draft
from tests.cast import START, Cast

INDEX = reverse("admin:index")
LIST = reverse("admin:branches_education_changelist")
ADD = reverse("admin:branches_education_add")

FORM = {"code": "doctor", "name": "博士研究生", "name_en": "Doctorate", "position": "1", "is_active": "on"}


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_visitor_is_sent_to_sign_in(client: Client, cast: Cast) -> None:
    for url in (INDEX, LIST, reverse("admin:login")):
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("branches:login"))


@pytest.mark.parametrize("name", ["secretary", "staff", "auditor", "contact", "stranger"])
def test_who_may_not_keep_code_tables_finds_nothing(client: Client, cast: Cast, name: str) -> None:
    client = signed_in(client, getattr(cast, name))
    for url in (INDEX, LIST, ADD, reverse("admin:jsi18n")):
        assert client.get(url).status_code == 404
    assert client.post(ADD, FORM).status_code == 404
    assert not Education.objects.filter(code="doctor").exists()


def test_it_holds_code_tables_and_nothing_else(client: Client, cast: Cast) -> None:
    response = signed_in(client, cast.admin).get(INDEX)
    listed = {model["object_name"] for app in response.context["app_list"] for model in app["models"]}
    assert listed == {"Nation", "Education", "ActivityKind", "RuleText"}
    for unlisted in ("/admin/branches/user/", "/admin/auth/group/", "/admin/axes/accessattempt/"):
        assert client.get(unlisted).status_code == 404


def test_nothing_can_be_deleted(client: Client, cast: Cast) -> None:
    kind = ActivityKind.objects.all()[0]
    client = signed_in(client, cast.admin)
    url = reverse("admin:activities_activitykind_delete", args=[kind.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert ActivityKind.objects.filter(pk=kind.pk).exists()


def test_a_change_leaves_its_audit_entry(client: Client, cast: Cast) -> None:
    row = Education.objects.create(code="doctor", name="博士", name_en="Doctorate")
    client = signed_in(client, cast.admin)
    response = client.post(reverse("admin:branches_education_change", args=[row.pk]), FORM | {"code": "other"})
    assert response.status_code == 302
    row.refresh_from_db()
    assert (row.code, row.name) == ("doctor", "博士研究生")
    entry = AuditEntry.objects.filter(verb="code.change").get()
    assert entry.actor == cast.admin
    assert entry.changes == {"name": ["博士", "博士研究生"], "position": [0, 1]}


def test_a_new_code_leaves_its_audit_entry(client: Client, cast: Cast) -> None:
    assert signed_in(client, cast.admin).post(ADD, FORM).status_code == 302
    assert AuditEntry.objects.filter(verb="code.create", target_name="博士研究生").count() == 1


def workbook(*rows: tuple[object, ...]) -> tablib.Dataset:
    return tablib.Dataset(*rows, headers=["代码", "中文名称", "英文名称", "排序", "启用"])


def test_a_dry_run_writes_nothing(cast: Cast) -> None:
    resource = modelresource_factory(Education, resource_class=CodeResource)()
    before = AuditEntry.objects.count()
    resource.import_data(workbook(("doctor", "博士", "Doctorate", 1, 1)), dry_run=True, user=cast.admin)
    assert not Education.objects.filter(code="doctor").exists()
    assert AuditEntry.objects.count() == before


def test_an_import_finds_rows_by_their_code(cast: Cast) -> None:
    Education.objects.create(code="doctor", name="博士", name_en="Doctorate")
    resource = modelresource_factory(Education, resource_class=CodeResource)()
    result = resource.import_data(
        workbook(("doctor", "博士研究生", "Doctorate", 1, 1), ("new", "新", "New", 2, 1)), user=cast.admin
    )
    assert not result.has_errors()
    assert Education.objects.get(code="doctor").name == "博士研究生"
    assert AuditEntry.objects.filter(verb__startswith="code.", actor=cast.admin).count() == 2


def test_rule_texts_are_kept_here_and_audited(client: Client, cast: Cast) -> None:
    text = RuleText.objects.all()[0]
    form = {
        "title": text.title,
        "article": "第九十九条",
        "edition": "",
        "text": text.text,
        "text_en": "",
        "effective_on": "",
    }
    url = reverse("admin:activities_ruletext_change", args=[text.pk])
    assert signed_in(client, cast.admin).post(url, form).status_code == 302
    entry = AuditEntry.objects.get(verb="code.change", target_type="activities.ruletext")
    assert entry.changes["article"] == [text.article, "第九十九条"]
    assert not LogEntry.objects.exists()


def test_the_parts_of_a_form_are_chosen_not_typed(client: Client, cast: Cast) -> None:
    kind = ActivityKind.objects.get(code="members_meeting")
    fields = ("name", "name_en", "short_name", "short_name_en", "body", "position")
    form = {name: getattr(kind, name) for name in fields} | {"is_active": "on", "blocks": ["agenda", "lecture"]}
    url = reverse("admin:activities_activitykind_change", args=[kind.pk])
    assert signed_in(client, cast.admin).post(url, form).status_code == 302
    kind.refresh_from_db()
    assert kind.blocks == ["agenda", "lecture"]


def test_history_is_in_the_trail_only(client: Client, cast: Cast) -> None:
    url = reverse("admin:branches_nation_history", args=[Nation.objects.all()[0].pk])
    assert signed_in(client, cast.admin).get(url).status_code == 404


INLINE = re.compile(rb"<script>|<style|\son\w+=|\sstyle=|javascript:")


def test_the_pages_work_under_the_content_security_policy(client: Client, cast: Cast) -> None:
    client = signed_in(client, cast.admin)
    nation = Nation.objects.all()[0].pk
    for url in (
        INDEX,
        LIST,
        ADD,
        reverse("admin:branches_nation_change", args=[nation]),
        reverse("admin:branches_education_import"),
        reverse("admin:branches_education_export"),
    ):
        response = client.get(url)
        assert response.status_code == 200
        assert not INLINE.search(response.content), url


def test_the_preview_of_an_import_shows_what_changes_without_inline_style(client: Client, cast: Cast) -> None:
    lines = "代码,中文名称,英文名称,排序,启用\n21,大学本科学历,Bachelor's degree,1,1\nnew,<b>新</b>,New,2,1\n"
    upload = SimpleUploadedFile("codes.csv", lines.encode(), content_type="text/csv")
    url = reverse("admin:branches_education_import")
    response = signed_in(client, cast.admin).post(url, {"import_file": upload, "format": "1"})
    page = response.content
    assert response.status_code == 200
    assert "<del>大学本科</del> <ins>大学本科学历</ins>".encode() in page
    assert "<ins>&lt;b&gt;新&lt;/b&gt;</ins>".encode() in page
    assert not INLINE.search(page)
    assert not Education.objects.filter(code="new").exists()


def test_an_administrator_below_the_top_keeps_no_code_tables(client: Client, cast: Cast) -> None:
    RoleAssignment.objects.create(
        user=cast.nobody, role="administrator", organisation=cast.far_committee, starts_on=START
    )
    client = signed_in(client, cast.nobody)
    assert client.get(INDEX).status_code == 404
    assert client.post(ADD, FORM).status_code == 404
    assert INDEX not in client.get("/organisations/").content.decode()
    RoleAssignment.objects.filter(user=cast.nobody).update(organisation=cast.far_organ)
    assert client.get(INDEX).status_code == 200
    assert INDEX in client.get("/organisations/").content.decode()


def test_a_superuser_without_a_role_keeps_them(client: Client, cast: Cast) -> None:
    root = User.objects.create_superuser("root", "x", name="系统管理员")
    assert signed_in(client, root).post(ADD, FORM).status_code == 302
    assert AuditEntry.objects.get(verb="code.create").organisation_id == cast.city.pk


def test_a_change_is_shown_in_the_trail_at_the_top(client: Client, cast: Cast) -> None:
    client = signed_in(client, cast.admin)
    client.post(ADD, FORM)
    assert AuditEntry.objects.get(verb="code.create").organisation_id == cast.city.pk
    assert "博士研究生" in client.get(reverse("branches:trail", args=["city"])).content.decode()


@pytest.mark.parametrize("table", ["branches_education", "activities_activitykind"])
def test_an_import_whose_file_is_gone_begins_again(client: Client, cast: Cast, table: str) -> None:
    data = {"import_file_name": "gone", "original_file_name": "codes.csv", "format": "1", "resource": ""}
    response = signed_in(client, cast.admin).post(reverse(f"admin:{table}_process_import"), data, follow=True)
    assert response.redirect_chain == [(reverse(f"admin:{table}_import"), 302)]
    assert "重新选择" in response.content.decode()


KIND = {
    "code": "visit",
    "name": "走访慰问",
    "name_en": "Visits",
    "short_name": "走访",
    "short_name_en": "Visits",
    "body": "participants",
    "blocks": ["service", "talks"],
    "is_annual": "on",
    "position": "20",
    "is_active": "on",
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("blocks", ["agenda", "surprise"]),
        ("body", "everybody"),
        ("body", ""),
        ("code", "party_lecture"),
        ("name_en", ""),
    ],
)
def test_a_kind_with_what_there_is_not_is_refused(client: Client, cast: Cast, field: str, value: object) -> None:
    page = signed_in(client, cast.admin).post(reverse("admin:activities_activitykind_add"), KIND | {field: value})
    assert page.status_code == 200
    assert list(page.context["adminform"].form.errors) == [field]
    assert not ActivityKind.objects.filter(code="visit").exists()


def test_a_new_kind_stands_in_the_form_at_once(client: Client, cast: Cast) -> None:
    assert signed_in(client, cast.admin).post(reverse("admin:activities_activitykind_add"), KIND).status_code == 302
    page = signed_in(client, cast.secretary).get("/organisations/first/activities/new/?kind=visit")
    assert page.context["blocks"] == {"service", "talks"}
    assert page.context["is_annual"]
    assert "走访慰问" in page.content.decode()


def test_a_kind_in_use_may_change_whom_it_expects_and_stored_attendance_stays(client: Client, cast: Cast) -> None:
    record = draft(cast)
    kind = ActivityKind.objects.get(code="members_meeting")
    url = reverse("admin:activities_activitykind_change", args=[kind.pk])
    assert signed_in(client, cast.admin).post(url, KIND | {"name": "全体党员大会"}).status_code == 302
    assert record.attendances.filter(is_expected=True).count() == 7
    kind.refresh_from_db()
    assert (kind.code, kind.name, kind.body) == ("members_meeting", "全体党员大会", "participants")
