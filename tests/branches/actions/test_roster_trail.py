"""What the trail tells of a member whom a roster moves: at each branch what that branch knew."""

from __future__ import annotations

from branches.actions.undoing import begin_undo
from branches.models import Organisation
from branches.queries.trail import trail_at
from branches.rights import access_of
from foundation.models import AuditEntry
from tests.branches.imports.test_roster_plans import numbered
from tests.cast import Cast
from tests.rosters import line, number, plan, workbook, write


def test_what_somebody_was_before_is_told_where_that_was(cast: Cast) -> None:
    person = numbered(cast.people["second1"], number(), position_title="科长", phone="13800001234")
    row = line("王建国", number(), cast.first.name, 学历="大专", 联系电话="13900005678")
    batch = write(plan(workbook([row]), cast.committee, cast.staff))
    moved = {entry.verb: entry for entry in AuditEntry.objects.filter(verb__startswith="person.roster")}
    here, there = moved["person.roster_move"], moved["person.roster_leave"]
    assert (here.organisation_id, there.organisation_id) == (cast.first.pk, cast.second.pk)
    assert here.changes == {
        "branch": ["", "第一党支部"],
        "education": ["", "大学专科"],
        "phone": ["", "139****5678"],
        "starts_on": ["", "2020-10-26"],
    }
    assert there.changes == {
        "branch": ["第二党支部", ""],
        "education": ["大学本科", ""],
        "phone": ["138****1234", ""],
        "ends_on": ["", "2020-10-25"],
    }
    seen = trail_at(Organisation.objects.get(pk=cast.first.pk), access_of(cast.secretary))
    assert here in seen
    assert there not in seen
    begin_undo(batch=batch, also=(), by=cast.staff)
    undone = AuditEntry.objects.get(verb="person.roster_undo")
    assert undone.changes == {
        "branch": ["第一党支部", ""],
        "education": ["大学专科", ""],
        "phone": ["139****5678", ""],
    }
    back = AuditEntry.objects.get(verb="person.roster_return")
    assert (back.organisation_id, back.target_id) == (cast.second.pk, str(person.pk))
    assert back.changes == {
        "branch": ["", "第二党支部"],
        "education": ["", "大学本科"],
        "phone": ["", "138****1234"],
    }
