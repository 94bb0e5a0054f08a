"""Wherever text or a file can be sent, the page says that nothing classified may be entered."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client

from branches.models import User
from tests.cast import Cast
from tests.rights.row import Row
from tests.test_english import PAGES, fetch, page_of

SignIn = Callable[[User], Client]
NOTICE = "_partials/secrecy.html"
SHOWN = 'class="secrecy"'
# Forms without the notice, and why. Whoever adds one says why, too.
WITHOUT = {
    "_partials/topbar.html": "a search: what is looked for is not kept",
    "branches/accounts/_session.html": "signing in again, on a page that has the notice where it needs one",
    "branches/accounts/password.html": "passwords only",
    "branches/accounts/account.html": "a choice of role and organisation",
    "activities/exemption_end.html": "a day only",
    "activities/duty_rule_end.html": "a year only",
    "activities/result_end.html": "a day only",
}
FORM = re.compile(r'<form\b[^>]*method="post"(?:(?!</form>).)*', re.DOTALL | re.IGNORECASE)
FREE = re.compile(r"""\{\{ \w*form\w*(\.|\s*\}\})|as_field_group|<textarea|<input(?![^>]*type="(?!text|file|search))""")
# On the page itself, once the form is drawn: no field for a number, a day, a choice, or words no one else reads.
TYPED = re.compile(r'<textarea|<input[^>]*type="(?:text|file)"')
SESSION = re.compile(r'<form[^>]*action="/(?:session|search|login|language)/".*?</form>', re.DOTALL)


def _asking() -> set[str]:
    """The templates with a form that is sent and has, or may have, a field for words or a file."""
    root = settings.BASE_DIR / "templates"
    return {
        str(path.relative_to(root))
        for path in root.rglob("*.html")
        if path.parts[-2] != "admin" and any(FREE.search(form) for form in FORM.findall(path.read_text()))
    }


def test_every_template_that_asks_for_words_or_files_has_the_notice() -> None:
    root = settings.BASE_DIR / "templates"
    without = {name for name in _asking() if NOTICE not in (root / name).read_text()}
    assert without - set(WITHOUT) == set()


def test_the_search_finds_forms_of_every_make() -> None:
    assert {
        "activities/form.html",
        "activities/duty_rule.html",
        "branches/person.html",
        "branches/batch_upload.html",
        "branches/accounts/login.html",
    } <= _asking()


@pytest.mark.parametrize("row", [row for row in PAGES if not row.data], ids=str)
def test_no_page_asks_for_words_or_files_without_it(row: Row, cast: Cast, client: Client, sign_in: SignIn) -> None:
    args = row.args(cast)  # the same record for both
    row = replace(row, args=lambda cast: args)
    for reader in (0, -1) if row.ok else (0,):
        page = page_of(fetch(row, cast, client, sign_in, "zh-hans", reader))
        forms = FORM.findall(SESSION.sub("", page))
        assert SHOWN in page or not any(TYPED.search(form) for form in forms)
