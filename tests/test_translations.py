"""Every source string has a Chinese translation, and the compiled catalogue is the one of its source."""

from __future__ import annotations

import gettext
import re

import polib
import pytest

from tests import messages

# Papers are always Chinese, whoever prints them.
PAPERS = re.compile(r"paper|print")
# Markup, entities, and the names of query parameters in a partial that is only an address.
MARKUP = re.compile(r"<!--.*?-->|<(script|style).*?</\1>|<[^>]*>?|^[^<]*>|&\w+;|[?&]?\b\w+=", re.DOTALL)
SAME_IN_BOTH = {"支", "·", "/"}


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(messages.CATALOGUE))


@pytest.fixture(scope="module")
def found() -> dict[messages.Message, str]:
    return messages.in_project()


def test_the_search_finds_what_is_there(found: dict[messages.Message, str]) -> None:
    """Without this, a search that finds nothing would let every string pass."""
    assert messages.Message("Roster of members") in found
    assert messages.Message("%(number)s member", "%(number)s members") in found
    assert messages.Message("Secretary") in found
    assert messages.Message("M Y", context="date format") in found
    assert len(found) > 400


def test_every_string_is_translated(catalogue: polib.POFile, found: dict[messages.Message, str]) -> None:
    missing = []
    for message, place in found.items():
        entry = catalogue.find(message.msgid, msgctxt=message.context or None)
        text = (entry.msgstr_plural.get(0) if message.plural else entry.msgstr) if entry else ""
        if not text or "fuzzy" in entry.flags:
            missing.append(f"{place}: {message}")
    assert missing == []


def test_nothing_is_left_over(catalogue: polib.POFile, found: dict[messages.Message, str]) -> None:
    used = {(message.msgid, message.context) for message in found}
    assert [entry.msgid for entry in catalogue if (entry.msgid, entry.msgctxt or "") not in used] == []


def test_placeholders_survive_translation(catalogue: polib.POFile) -> None:
    pattern = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
    for entry in catalogue:
        wanted = set(pattern.findall(entry.msgid_plural or entry.msgid))
        got = set(pattern.findall(entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr))
        assert got == wanted, entry.msgid


def test_the_compiled_catalogue_is_fresh(catalogue: polib.POFile) -> None:
    with messages.CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in catalogue:
        if entry.msgid_plural:
            assert compiled.ngettext(entry.msgid, entry.msgid_plural, 1) == entry.msgstr_plural[0]
        else:
            text = compiled.pgettext(entry.msgctxt, entry.msgid) if entry.msgctxt else compiled.gettext(entry.msgid)
            assert text == entry.msgstr, f"{entry.msgid}: run `make messages`"


def test_no_template_says_anything_that_cannot_be_translated() -> None:
    """Words of a template stand inside a translation tag; only papers are Chinese by themselves."""
    spoken = []
    for name, template in messages.templates():
        if PAPERS.search(name):
            continue
        # A tag's markup is often cut in two by a template tag, so the whole text is joined before markup is taken out.
        text = MARKUP.sub(" ", "\x00".join(messages.texts(template.nodelist)).replace("\x00", ""))
        words = re.findall(r"[A-Za-z]{3,}|[\u4e00-\u9fff]+", text)
        spoken += [f"{name}: {word}" for word in words if word not in SAME_IN_BOTH]
    assert spoken == []
