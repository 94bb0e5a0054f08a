"""Findings as the lists and the page of one show them, and who may do what with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.http import Http404

from activities.models import Activity, Check, Commitment, DutyRule, Finding, FindingFile, FindingStep
from activities.models.findings import FindingQuerySet, is_of_status
from activities.queries.duty_rules import rules_for
from activities.rules.findings import (
    STATUSES,
    SYMBOLS,
    UNRECTIFIED,
    WITH_THE_BRANCH,
    FindingAct,
    FindingSource,
    FindingState,
    act_of,
    days_over,
    status_of,
)
from activities.rules.periods import Period
from branches.models import Organisation, Person, Role, RoleAssignment
from branches.queries.roster import members_on
from branches.queries.successions import with_merged
from branches.rights import MATRIX, Access, AccessRequest, Permission

SUPERVISORS = [role for role, permissions in MATRIX.items() if Permission.SUPERVISE in permissions]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a finding comes from; `duty` is a rule's code, the year and the number of the period."""

    source: str
    check: Check | None = None
    activity: Activity | None = None
    duty: tuple[str, int, int] | None = None
    commitment: Commitment | None = None


@dataclass(frozen=True)
class Step:
    row: FindingStep
    act: FindingAct

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.act]


@dataclass(frozen=True)
class Row:
    """A finding as people see it on a day: its status, and how many days it is past due with the branch."""

    finding: Finding
    status: str
    over: int
    sent_back: FindingStep | None = None  # fetched only where the branch reads what it has to do


def rows_on(findings: Iterable[Finding], today: date) -> list[Row]:
    return [
        Row(finding, status_of(finding.state, finding.due_on, today), days_over(finding.state, finding.due_on, today))
        for finding in findings
    ]


def findings_below(organisation: Organisation, access: Access) -> FindingQuerySet:
    """Findings at `organisation` and everything below it in the reader's reach."""
    below = Organisation.objects.under(organisation).order_by().values("pk")
    return Finding.objects.within(access, Permission.VIEW).filter(organisation__in=below)


def counts_by_status(findings: FindingQuerySet, today: date) -> dict[str, int]:
    """How many there are of each status; every status is named. 1 query."""
    counts = {f"of_{status}": Count("pk", filter=is_of_status(status, today)) for status in STATUSES}
    found = findings.order_by().aggregate(**counts)
    return {str(status): found[f"of_{status}"] for status in STATUSES}


def listed(findings: FindingQuerySet) -> FindingQuerySet:
    """Rows of a list: the open ones by their due day, then those closed, the latest first."""
    closed_last = Case(When(state=FindingState.CLOSED, then=Value(1)), default=Value(0), output_field=IntegerField())
    return findings.select_related("organisation", "owner").order_by(closed_last, "-closed_on", "due_on", "pk")


def finding_or_404(request: AccessRequest, pk: int, permission: Permission = Permission.VIEW) -> Finding:
    """The finding with `pk`, if the user may read it and holds `permission` where the problem lies.

    Raises:
        Http404: there is none, or it is out of reach; the answer does not tell which.
    """
    finding = (
        Finding.objects.within(request.access, Permission.VIEW)
        .select_related(
            "organisation__parent", "owner", "raised_by", "raised_by_organisation", "closed_by", "check_made"
        )
        .filter(pk=pk)
        .first()
    )
    if finding is None or not request.access.may(permission, finding.organisation):
        raise Http404
    request.organisation = finding.organisation
    return finding


def steps_of(finding: Finding) -> list[Step]:
    """The way of a finding so far, each step with what it was. 1 query."""
    return _told(finding.steps.select_related("by").order_by("pk"))


def last_send_backs(findings: Iterable[Finding]) -> dict[int, FindingStep]:
    """The latest sending back of each finding that has one, by the finding's id. At most 1 query."""
    wanted = [finding.pk for finding in findings if finding.reported_by_id is not None]
    if not wanted:
        return {}
    of_finding: dict[int, list[FindingStep]] = {}
    for row in FindingStep.objects.filter(finding__in=wanted).select_related("by").order_by("pk"):
        of_finding.setdefault(row.finding_id, []).append(row)
    steps = [step for rows in of_finding.values() for step in _told(rows)]
    return {step.row.finding_id: step.row for step in steps if step.act == FindingAct.SENT_BACK}


def _told(rows: Iterable[FindingStep]) -> list[Step]:
    """The steps of one finding in their order, each with what it was."""
    found: list[Step] = []
    before = None
    for row in rows:
        found.append(Step(row, act_of(before, row.state, commented=bool(row.comment))))
        before = row.state
    return found


def files_of(finding: Finding) -> QuerySet[FindingFile]:
    """The proof shown now; what was taken away stays on file, but is not shown."""
    return finding.files.filter(removed_at__isnull=True).select_related("file")


def finding_file_or_404(request: AccessRequest, pk: int, permission: Permission = Permission.VIEW) -> FindingFile:
    """A proof of a finding the user may read (and where `permission` is held).

    Raises:
        Http404: there is none, it was taken away, or its finding is out of reach.
    """
    readable = Finding.objects.within(request.access, Permission.VIEW).order_by().values("pk")
    found = (
        FindingFile.objects.filter(pk=pk, removed_at__isnull=True, finding__in=readable)
        .select_related("file", "finding__organisation")
        .first()
    )
    if found is None or not request.access.may(permission, found.finding.organisation):
        raise Http404
    return found


def waiting_for_branch(organisation: Organisation) -> QuerySet[Finding]:
    """What an organisation, or one merged into it, still has to rectify, the longest due first."""
    own = Organisation.objects.filter(with_merged(organisation)).order_by().values("pk")
    return (
        Finding.objects.filter(organisation__in=own, state__in=WITH_THE_BRANCH)
        .select_related("owner")
        .order_by("due_on", "pk")
    )


def verifiable_by(access: Access) -> FindingQuerySet:
    """Findings reported as rectified that this user may verify.

    Verified is by supervisors of an organisation above; where nobody supervises above, a committee's own supervisors
    and secretary do it among themselves. Never by who reported it or owns it, under whichever account, nor by who has
    a role in the branch that rectifies.
    """
    return _judged_by(access).filter(state=FindingState.VERIFY)


def _judged_by(access: Access) -> FindingQuerySet:
    """Those the user may verify once they are reported, and could while they were."""
    mine = Q(pk__in=[])
    for node in access.nodes:
        supervises = node.role in SUPERVISORS
        if supervises:
            mine |= Q(
                organisation__tree_id=node.tree_id, organisation__lft__gt=node.lft, organisation__rght__lt=node.rght
            )
        if supervises or node.role == Role.SECRETARY:
            own = Q(organisation_id=node.organisation_id) & ~Q(organisation__kind=Organisation.Kind.BRANCH)
            mine |= own & Q(~Exists(_supervisors_above(access)))
    found = Finding.objects.filter(mine).exclude(reported_by=access.user.pk)
    own_branch = Q(organisation__in=_rectified_by(access), organisation__kind=Organisation.Kind.BRANCH)
    found = found.exclude(own_branch)
    person = access.user.person_id if access.user.is_authenticated else None
    return found.exclude(owner=person).exclude(reported_by__person=person) if person else found


def may_verify(access: Access, finding: Finding) -> bool:
    """Whether the user may verify and close this finding now, or send it back."""
    return finding.state == FindingState.VERIFY and judges(access, finding)


def judges(access: Access, finding: Finding) -> bool:
    """Whether verifying this finding is the user's business, however it stands now."""
    return _judged_by(access).filter(pk=finding.pk).exists()


def may_lead(access: Access, finding: Finding) -> bool:
    """Whether the user may change the due day of a finding or withdraw it: a supervisor who does not rectify it."""
    return finding.is_with_branch and leads(access, finding)


def leads(access: Access, finding: Finding) -> bool:
    """Whether the due day of this finding is the user's business, however it stands now."""
    is_owner = finding.owner_id is not None and finding.owner_id == access.user.person_id
    rectifies = is_owner or finding.organisation_id in _rectified_by(access)
    return not rectifies and access.may(Permission.SUPERVISE, finding.organisation)


def _rectified_by(access: Access) -> list[int]:
    """The organisations whose own findings the user rectifies, by a role given there or at their successor."""
    nodes = [*access.nodes, *access.inherited]
    return [node.organisation_id for node in nodes if Permission.RECTIFY in MATRIX[node.role]]


def supervisor_of(access: Access, organisation: Organisation, *, above: bool = False) -> int | None:
    """For which organisation the user supervises `organisation`: the nearest; with `above` not itself."""
    nodes = [
        node
        for node in access.nodes
        if node.role in SUPERVISORS
        and node.covers(organisation)
        and not (above and node.organisation_id == organisation.pk)
    ]
    return max(nodes, key=lambda node: node.lft).organisation_id if nodes else None


def open_one(organisation: Organisation, origin: Origin) -> Finding | None:
    """The open finding that a record, a duty or a commitment has already become. At most 2 queries."""
    rows = Finding.objects.open().filter(organisation=organisation, source=origin.source)
    if origin.duty is not None:
        code, year, number = origin.duty
        return rows.filter(duty_code=code, duty_year=year, duty_number=number).first()
    if origin.commitment is not None:
        return _of_commitment(rows.filter(activity=origin.activity).order_by("pk"), origin.commitment)
    if origin.source == FindingSource.RETURNED and origin.activity is not None:
        return rows.filter(activity=origin.activity).first()
    return None


def _of_commitment(rows: QuerySet[Finding], commitment: Commitment) -> Finding | None:
    """The finding a commitment has become: by what it says, since a record written anew numbers its lines anew.

    Where one problem begins like another, or two people share one, the finding belongs to the longest that fits it,
    then to the one whose owner it has.
    """
    lines = list(Commitment.objects.filter(activity=commitment.activity_id).order_by("position"))
    for finding in rows:
        fitting = [line for line in lines if line.problem and finding.text.startswith(line.problem)]
        best = max(fitting, key=lambda line: (len(line.problem), line.person_id == finding.owner_id), default=None)
        if best is not None and best.pk == commitment.pk:
            return finding
    return None


def owners_on(organisation: Organisation, day: date) -> list[Person]:
    """Who may own a finding: the members of the branch on `day`; of other bodies nobody."""
    return [member.person for member in members_on([organisation], day)] if organisation.is_branch else []


def duty_of(finding: Finding) -> tuple[DutyRule, Period] | None:
    """The duty and the period behind a finding, as far as the rule still stands."""
    if finding.duty_year is None or finding.duty_number is None:
        return None
    rules = rules_for([finding.organisation], finding.duty_year)[finding.organisation_id]
    rule = next((rule for rule in rules if rule.code == finding.duty_code), None)
    return (rule, Period(finding.duty_year, rule.rhythm, finding.duty_number)) if rule else None


def readable(activities: Iterable[int | None], access: Access) -> set[int]:
    """Which records the reader may open: one taken back is its writers' again. 1 query."""
    return set(
        Activity.objects.within(access).filter(pk__in=[pk for pk in activities if pk]).values_list("pk", flat=True)
    )


def desk_counts(organisation: Organisation, access: Access) -> dict[str, int]:
    """For the desk: how many findings below wait for this reader, for anybody, and how many are past due. 2 queries."""
    counts = counts_by_status(findings_below(organisation, access), access.day)
    below = Organisation.objects.under(organisation).order_by().values("pk")
    mine = verifiable_by(access).filter(organisation__in=below).count()
    return {"mine": mine, "verify": counts[FindingState.VERIFY], "unrectified": counts[UNRECTIFIED]}


def _supervisors_above(access: Access) -> QuerySet[RoleAssignment]:
    """Supervisors above the outer finding's organisation."""
    return RoleAssignment.objects.active_on(access.day).filter(
        role__in=SUPERVISORS,
        user__is_active=True,
        organisation__tree_id=OuterRef("organisation__tree_id"),
        organisation__lft__lt=OuterRef("organisation__lft"),
        organisation__rght__gt=OuterRef("organisation__rght"),
    )
