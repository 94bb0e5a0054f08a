"""Whether the nested sets of the tree are what MPTT promises, and whether what many processes did to it is kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from branches.models import Organisation, OrganisationName, Placement

WORKER = Path(__file__).parent / "branches/actions/tree_worker.py"


def invalid_nodes() -> list[str]:
    """A sentence for every node whose interval, level or root number is wrong; empty for a valid forest."""
    problems: list[str] = []
    nodes = {node.pk: node for node in Organisation.objects.all()}
    numbers: dict[int, list[int]] = defaultdict(list)
    roots: dict[int, int] = defaultdict(int)
    for node in nodes.values():
        numbers[node.tree_id] += [node.lft, node.rght]
        if node.parent_id is None:
            roots[node.tree_id] += 1
            if node.level != 0:
                problems.append(f"{node.code}: a root at level {node.level}")
            continue
        parent = nodes[node.parent_id]
        if node.tree_id != parent.tree_id or node.level != parent.level + 1:
            problems.append(f"{node.code}: tree or level differs from its parent's")
        if not parent.lft < node.lft < node.rght < parent.rght:
            problems.append(f"{node.code}: interval outside its parent's")
    for tree_id, taken in numbers.items():
        if sorted(taken) != list(range(1, len(taken) + 1)):
            problems.append(f"tree {tree_id}: numbers are {sorted(taken)}")
        if roots[tree_id] != 1:
            problems.append(f"tree {tree_id}: {roots[tree_id]} roots")
    return problems


def act_at_once(database: str, *, processes: int, acts: int, first: int = 0) -> tuple[list[list[str]], list[str]]:
    """Let that many processes change the tree at random at once.

    Args:
        database: its name, or the path of a SQLite file.
        first: the number of the first process; the others follow.

    Returns: what was reported as done or refused, and what went wrong in any other way.
    """
    root = Path(__file__).parents[1]
    running = [
        subprocess.Popen(
            [sys.executable, str(WORKER), database, str(first + number), str(acts)],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    told, failures = [], []
    for process in running:
        output, errors = process.communicate(timeout=300)
        told += [json.loads(line) for line in output.splitlines()]
        if process.returncode:
            failures.append(errors)
    return told, failures


def lost(told: list[list[str]]) -> list[list[str]]:
    """Of the acts reported as done those that left no trace, and the refusals without a word."""
    codes = {one.code: one for one in Organisation.objects.all()}
    names = set(OrganisationName.objects.values_list("organisation__code", "name"))
    places = set(Placement.objects.values_list("organisation__code", "parent__code"))
    missing = []
    for act, code, what in told:
        if act in ("found", "rename"):
            is_there = (code, what) in names
        elif act == "move":
            is_there = (code, what) in places
        elif act == "refused":
            is_there = bool(what.strip())
        else:
            is_there = codes[code].ended_on is not None and codes[code].ending_document == what
        if not is_there:
            missing.append([act, code, what])
    return missing


def inconsistencies() -> list[str]:
    """Where today's tree is not the one its dated records and its own parents say."""
    problems = invalid_nodes()
    before = _shape()
    Organisation.objects.rebuild()
    if _shape() != before:
        problems.append("rebuilt, the tree is another one")
    for one in Organisation.objects.select_related("parent"):
        if one.ended_on is not None:
            continue
        placement = Placement.objects.filter(organisation=one, ends_on__isnull=True, is_void=False).first()
        name = OrganisationName.objects.filter(organisation=one, ends_on__isnull=True, is_void=False).first()
        if placement is None or placement.parent_id != one.parent_id:
            problems.append(f"{one.code}: its current placement is another one")
        if name is None or name.name != one.name:
            problems.append(f"{one.code}: its current name is another one")
        if one.parent is not None and one.parent.ended_on is not None:
            problems.append(f"{one.code}: it stands under what was revoked")
    return problems


def _shape() -> dict[str, tuple[int, int, int, str]]:
    """Every node's interval and level, and the code of its root: rebuilding numbers the roots anew."""
    nodes = list(Organisation.objects.order_by("lft"))
    roots = {node.tree_id: node.code for node in nodes if node.parent_id is None}
    return {node.code: (node.lft, node.rght, node.level, roots.get(node.tree_id, "")) for node in nodes}
