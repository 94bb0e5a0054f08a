"""Monthly checks: which were made, which branches nobody has checked this month, what may be read at one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404

from activities.models import Activity, Check, Finding
from activities.queries.desk import branches_below
from activities.rules.activities import COUNTING
from activities.rules.periods import Period
from branches.models import Organisation
from branches.rights import Access, AccessRequest, Permission


@dataclass(frozen=True)
class Month:
    """How a month stands: of so many branches so many were checked; `missing` are the others, in tree order."""

    branches: int
    missing: list[Organisation]

    @property
    def checked(self) -> int:
        return self.branches - len(self.missing)


def checks_below(organisation: Organisation, access: Access) -> QuerySet[Check]:
    """Checks made at `organisation` and everything below it in the reader's reach, the latest first."""
    below = Organisation.objects.under(organisation).order_by().values("pk")
    return Check.objects.within(access, Permission.VIEW).filter(checked__in=below).order_by("-on", "-pk")


def listed(checks: QuerySet[Check]) -> QuerySet[Check]:
    """Rows of a list: with who checked whom, how many records were `read` and findings `raised`, `is_open`."""
    findings = Finding.objects.filter(check_made=OuterRef("pk"))
    return checks.select_related("checked", "organisation", "by").annotate(
        read=Count("activities", distinct=True),
        raised=Count("findings", distinct=True),
        is_open=Exists(findings.open()),
    )


def month_of(organisation: Organisation, period: Period, today: date) -> Month:
    """The branches that stood in `period` and whether each was checked in it (一月一调度一督查). 2 queries."""
    branches = branches_below(organisation, today, period)
    checked = set(
        Check.objects.filter(checked__in=branches, on__gte=period.first, on__lte=period.last)
        .order_by()
        .values_list("checked", flat=True)
    )
    return Month(len(branches), [branch for branch in branches if branch.pk not in checked])


def checkup_or_404(request: AccessRequest, pk: int) -> Check:
    """The check with `pk`, if the user may read about the organisation checked.

    Raises:
        Http404: there is none, or it is out of reach; the answer does not tell which.
    """
    check = (
        Check.objects.within(request.access, Permission.VIEW)
        .select_related("checked__parent", "organisation", "by")
        .filter(pk=pk)
        .first()
    )
    if check is None:
        raise Http404
    request.organisation = check.checked
    return check


def records_of(check: Check, access: Access) -> QuerySet[Activity]:
    """The records read at a check, as far as the reader may open them today."""
    return Activity.objects.within(access).filter(checks=check).prefetch_related("kinds").order_by("held_on", "pk")


def records_to_read(organisation: Organisation, access: Access, first: date, last: date) -> QuerySet[Activity]:
    """What `organisation` held from `first` to `last` and has handed in."""
    return (
        Activity.objects.within(access)
        .filter(organisation=organisation, state__in=COUNTING)
        .held_between(first, last)
        .prefetch_related("kinds")
        .order_by("-held_on", "-pk")
    )
