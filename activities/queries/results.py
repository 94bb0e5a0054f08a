"""Results as the list and the page of one show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from activities.models import Result, ResultFile
from activities.models.results import ResultQuerySet
from activities.rules.results import ResultKind
from branches.models import Organisation, Person
from branches.queries.roster import members_on
from branches.rights import Access, AccessRequest, Permission


@dataclass(frozen=True)
class Standing:
    """What an organisation has to show now: the brand in use, if any, and every honour that counts."""

    brand: Result | None
    honours: tuple[Result, ...]


def standing_of(organisation: Organisation) -> Standing:
    """The brand and honours of one organisation, the latest first. 1 query."""
    kinds = (ResultKind.BRAND, ResultKind.HONOUR)
    rows = list(Result.objects.standing().filter(organisation=organisation, kind__in=kinds).select_related("person"))
    brand = next((row for row in rows if row.kind == ResultKind.BRAND and row.ended_on is None), None)
    return Standing(brand, tuple(row for row in rows if row.kind == ResultKind.HONOUR))


def honours_on(person: Person, access: Access) -> ResultQuerySet:
    """The honours conferred on a member that count and are in the reader's reach, the latest first."""
    return Result.objects.within(access).standing().filter(person=person, kind=ResultKind.HONOUR)


def results_below(organisation: Organisation, access: Access) -> ResultQuerySet:
    """Results of `organisation` and everything below it in the reader's reach, the latest first."""
    return Result.objects.within(access).filter(organisation__in=Organisation.objects.under(organisation))


def listed(results: ResultQuerySet) -> ResultQuerySet:
    """Rows of a list: with organisation, person and the number of files, `papers`."""
    files = ResultFile.objects.filter(result=OuterRef("pk"), removed_at__isnull=True).order_by().values("result")
    papers = Subquery(files.annotate(number=Count("pk")).values("number"))
    return results.select_related("organisation", "person").annotate(papers=Coalesce(papers, 0))


def counts_by_kind(results: ResultQuerySet) -> dict[ResultKind, int]:
    """How many results there are of each kind, each once; every kind is named. 1 query."""
    rows = results.order_by().values("kind").annotate(number=Count("pk", distinct=True))
    found = {row["kind"]: row["number"] for row in rows}
    return {kind: found.get(kind.value, 0) for kind in ResultKind}


def result_or_404(request: AccessRequest, pk: int, permission: Permission = Permission.VIEW) -> Result:
    """The result with `pk`, if the user may read it and holds `permission` where it belongs.

    Raises:
        Http404: there is none, or it is out of reach; the answer does not tell which.
    """
    result = (
        Result.objects.within(request.access)
        .select_related("organisation__parent", "person", "entered_by", "withdrawn_by")
        .filter(pk=pk)
        .first()
    )
    if result is None or not request.access.may(permission, result.organisation):
        raise Http404
    request.organisation = result.organisation
    return result


def files_of(result: Result) -> QuerySet[ResultFile]:
    """The evidence shown now; what was taken away stays on file, but is not shown."""
    return result.files.filter(removed_at__isnull=True).select_related("file")


def result_file_or_404(request: AccessRequest, pk: int, permission: Permission = Permission.VIEW) -> ResultFile:
    """A file of a result the user may read (and where `permission` is held).

    Raises:
        Http404: there is none, it was taken away, or its result is out of reach.
    """
    found = (
        ResultFile.objects.filter(
            pk=pk, removed_at__isnull=True, result__in=Result.objects.within(request.access).values("pk")
        )
        .select_related("file", "result__organisation")
        .first()
    )
    if found is None or not request.access.may(permission, found.result.organisation):
        raise Http404
    return found


def members_to_honour(organisation: Organisation, day: date) -> list[Person]:
    """Whom an honour at `organisation` may be for: the members of the branch on `day`; of other bodies nobody."""
    return [member.person for member in members_on([organisation], day)] if organisation.is_branch else []


def current_brand(organisation: Organisation) -> Result | None:
    return Result.objects.current().filter(organisation=organisation, kind=ResultKind.BRAND).first()
