"""Who writes which side of a sheet, by the permissions of `branches.rights`."""

from __future__ import annotations

from branches.models import Organisation
from branches.rights import Access, Permission
from reports.rules.scores import Side


def may_score(access: Access, branch: Organisation, side: Side) -> bool:
    """Whether the user writes this side's scores on `branch`'s sheet.

    The self-score belongs to the branch's own secretary, not to one above it. The review score belongs to staff of a
    superior organisation, and never to somebody who also writes the self-score.
    """
    writes_own = access.may(Permission.SELF_SCORE, branch)
    if side == Side.SELF:
        return writes_own
    return not writes_own and branch.parent is not None and access.may(Permission.SCORE, branch.parent)


def side_of(access: Access, branch: Organisation) -> Side | None:
    """The side the user writes on `branch`'s sheet, if any."""
    return next((side for side in Side if may_score(access, branch, side)), None)
