"""What has come of the accounts of an import since: whether anybody has signed in."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from branches.models import BatchEffect
from branches.rules.undoing import Reason


def account_reasons(effects: QuerySet[BatchEffect]) -> dict[int, str]:
    """What speaks against undoing effects of a table of accounts, by the effect: it was used since.

    An account opened is in use once its one-time password was replaced or somebody signed in; a role added, once the
    account signed in after the file was uploaded.
    """
    opened = Q(is_new=True) & (Q(user__last_login__isnull=False) | Q(user__must_change_password=False))
    added = Q(is_new=False, user__last_login__gte=F("batch__uploaded_at"))
    used = effects.filter(opened | added)
    return dict.fromkeys(used.values_list("pk", flat=True), Reason.IN_USE)
