from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.actions.activities import discard
from activities.actions.attachments import attach
from activities.rules.activities import State
from branches.models import User
from foundation.actions.audit import record
from foundation.models import AuditEntry
from tests.activities.records import committee_draft, draft, written
from tests.cast import Cast

SignIn = Callable[[User], Client]


def shown(client: Client, code: str = "first", **query: str) -> str:
    return client.get(reverse("branches:trail", args=[code]), query).content.decode()


def test_what_is_done_elsewhere_is_not_shown(cast: Cast, sign_in: SignIn) -> None:
    record(verb="role.end", target=cast.neighbour, by=cast.admin, organisation=cast.second, reason="别处的事")
    record(verb="role.end", target=cast.stranger, by=None, organisation=cast.far, reason="远方的事")
    client = sign_in(cast.secretary)
    assert "别处的事" not in shown(client)
    client = sign_in(cast.staff)
    page = shown(client, "committee")
    assert "别处的事" in page
    assert "远方的事" not in page


def test_a_draft_stays_private_in_the_trail(cast: Cast, sign_in: SignIn) -> None:
    kept, gone = draft(cast, title="秘密草稿题目", minutes="草稿正文内容"), draft(cast, title="放弃的草稿")
    attach(
        activity=kept, upload=SimpleUploadedFile("底稿.pdf", b"%PDF-1.4\n%%EOF\n"), category="paper", by=cast.recorder
    )
    discard(activity=gone, by=cast.recorder)
    for user in (cast.staff, cast.city_staff, cast.auditor, cast.admin):
        page = shown(sign_in(user))
        assert not [words for words in ("秘密草稿题目", "草稿正文内容", "底稿.pdf", "放弃的草稿") if words in page]
        assert "秘密草稿题目" not in shown(sign_in(user), act="activity", person="李秀英")
    page = shown(sign_in(cast.secretary))
    assert all(words in page for words in ("秘密草稿题目", "草稿正文内容", "底稿.pdf", "放弃的草稿"))


def test_the_committee_s_staff_reads_its_own_drafts_and_no_branch_s(cast: Cast, sign_in: SignIn) -> None:
    committee_draft(cast)
    draft(cast, title="支部的草稿")
    page = shown(sign_in(cast.staff), "committee")
    assert "机关党委会议" in page
    assert "支部的草稿" not in page


def test_what_was_handed_in_is_shown_from_then_on(cast: Cast, sign_in: SignIn) -> None:
    written(cast, State.RETURNED, title="退回的大会")
    assert "退回的大会" in shown(sign_in(cast.staff))


def test_a_verb_and_a_field_without_words_do_not_show_their_codes(cast: Cast, sign_in: SignIn) -> None:
    record(
        verb="sheet.some_new_verb", target=cast.first, by=cast.admin, organisation=cast.first,
        changes={"strange_field": [None, "内容"]},
    )  # fmt: skip
    record(verb="unheard.of", target=cast.first, by=cast.admin, organisation=cast.first)
    page = shown(sign_in(cast.secretary))
    assert "年度考核表" in page
    assert "其他操作" in page
    assert "其他内容" in page
    assert "some_new_verb" not in page
    assert "strange" not in page


def test_values_are_said_in_words(cast: Cast, sign_in: SignIn) -> None:
    record(
        verb="appointment.begin", target=cast.people["first0"].appointments.get(), by=None, organisation=cast.first,
        changes={"post": ["", "deputy_secretary"], "starts_on": ["", "2020-10-01"], "is_void": [False, True]},
    )  # fmt: skip
    page = shown(sign_in(cast.secretary))
    assert "副书记" in page
    assert "2020年10月1日" in page
    assert "deputy_secretary" not in page


def test_filters(cast: Cast, sign_in: SignIn) -> None:
    for day, reason in ((1, "月初"), (20, "下旬")):
        entry = record(verb="role.grant", target=cast.first, by=cast.admin, organisation=cast.first, reason=reason)
        # Entries are final; only a test puts one back in time.
        AuditEntry.objects.filter(pk=entry.pk)._raw_delete("default")
        entry.pk = None
        entry._state.adding = True
        entry.at = timezone.make_aware(datetime(2020, 9, day, 23, 30))  # noqa: DTZ001
        entry.save()
    client = sign_in(cast.secretary)
    page = shown(client, first="2020-09-02", last="2020-09-20")
    assert "下旬" in page
    assert "月初" not in page
    assert "月初" in shown(client, person="admin", act="role")
    assert "没有符合条件的记录" in shown(client, person="无此人")
    assert "没有符合条件的记录" in shown(client, act="session")


def test_a_date_that_is_none_filters_nothing_and_says_so(cast: Cast, sign_in: SignIn) -> None:
    page = shown(sign_in(cast.secretary), first="20-99-99", act="no such act")
    assert 'class="errors"' in page


def test_few_and_many_entries_cost_the_same(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.staff)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(client, "committee")
        return len(captured)

    few = queries()
    for _number in range(120):
        record(verb="role.grant", target=cast.first, by=cast.admin, organisation=cast.second)
    assert queries() == few == 12


def test_days_at_the_ends_of_the_calendar_filter_nothing_and_say_why(cast: Cast, sign_in: SignIn) -> None:
    record(verb="role.end", target=cast.neighbour, by=cast.admin, organisation=cast.first, reason="旧事")
    client = sign_in(cast.secretary)
    for query in ({"first": "0001-01-01"}, {"last": "9999-12-31"}):
        page = shown(client, **query)
        assert "旧事" in page
        assert "1900" in page
