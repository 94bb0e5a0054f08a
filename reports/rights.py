"""Who writes which score. Reading goes by `branches.rights` alone."""

from __future__ import annotations

from branches.models import Organisation
from branches.rights import MATRIX, Access, Permission
from reports.rules.scores import Side


def may_score(access: Access, branch: Organisation, side: Side) -> bool:
    """Whether the user writes this side's scores on `branch`'s sheet.

    The self-score belongs to the branch's own secretary, not to one above it. The review score belongs to staff of a
    superior organisation, and never to somebody who also writes the self-score.
    """
    writes_own = any(
        Permission.SELF_SCORE in MATRIX[node.role] and node.organisation_id == branch.pk for node in access.nodes
    )
    if side == Side.SELF:
        return writes_own
    return not writes_own and branch.parent is not None and access.may(Permission.SCORE, branch.parent)


def side_of(access: Access, branch: Organisation) -> Side | None:
    """The side the user writes on `branch`'s sheet, if any."""
    return next((side for side in Side if may_score(access, branch, side)), None)
