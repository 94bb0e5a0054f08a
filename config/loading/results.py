"""The demo's results: one TOML file, held to the same rules as the form."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from activities.actions.results import Content, check
from activities.models import Result
from activities.rules.results import ASKED, REQUIRED, Level, ResultKind
from config.loading.files import Entry, FixtureError, read_toml
from config.loading.world import World

KEYS = ("organisation", "kind", "title", "on", "year", "source", "level", "person", "description", "ended", "by")


def load_results(path: Path, world: World) -> int:
    """Read the file; returns the number of results.

    Raises:
        FixtureError: an entry is wrong; the message names the file and the entry.
    """
    content = read_toml(path)
    for table in content:
        if table != "result":
            raise FixtureError(path, table, _("unknown table, allowed: %(tables)s.") % {"tables": "result"})
    results = [
        _result(Entry(path, f"result {number} {values.get('title', '')}".strip(), values, KEYS), world)
        for number, values in enumerate(content.get("result", []), start=1)
    ]
    _check_brands(path, results)
    return len(Result.objects.bulk_create(results))


def _result(entry: Entry, world: World) -> Result:
    organisation = world.organisation(entry, "organisation")
    kind = entry.choice("kind", ResultKind.values)
    # A key the form would not ask for is a slip of the hand, like one it would ask for and does not find.
    for key in ("source", "year", "level", "person"):
        if key in entry.values and key not in ASKED[kind]:
            raise entry.error(_("%(key)s is not asked of %(kind)s.") % {"key": key, "kind": kind})
        if key not in entry.values and key in REQUIRED.get(kind, ()):
            raise entry.error(_("%(key)s is missing.") % {"key": key})
    day, ended = entry.day("on"), entry.optional_day("ended")
    if ended and (kind != ResultKind.BRAND or not day <= ended <= world.as_of):
        raise entry.error(_("only a brand ends, from its first day to the last day of the demo."))
    person = entry.text("person", "")
    content = Content(
        title=entry.text("title"),
        achieved_on=day,
        year=entry.number("year", day.year),
        description=entry.text("description", ""),
        source=entry.text("source", ""),
        level=entry.choice("level", ["", *Level.values], ""),
        person=world.person(entry, organisation, person) if person else None,
    )
    try:
        check(organisation=organisation, kind=kind, content=content, today=world.as_of)
    except ValidationError as error:
        raise entry.error(" ".join(error.messages)) from error
    return Result(
        organisation=organisation,
        kind=kind,
        ended_on=ended,
        entered_on=day,
        entered_by=world.user(entry, "by"),
        **vars(content),
    )


def _check_brands(path: Path, results: list[Result]) -> None:
    """At most one current brand a branch; the second is named rather than left to the database."""
    seen: set[int] = set()
    for number, result in enumerate(results, start=1):
        if not result.may_end:
            continue
        if result.organisation_id in seen:
            problem = _("%(branch)s has a current brand already.") % {"branch": result.organisation.short_name}
            raise FixtureError(path, f"result {number} {result.title}", problem)
        seen.add(result.organisation_id)
