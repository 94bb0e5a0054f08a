"""Whether the nested sets of the tree are what MPTT promises."""

from __future__ import annotations

from collections import defaultdict

from branches.models import Organisation


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
