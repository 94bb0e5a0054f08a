from branches.models.appointments import COMMITTEE_POSTS, Appointment, Post
from branches.models.batches import Batch, BatchEffect, BatchRow, HeaderMapping
from branches.models.code_tables import Education, Nation
from branches.models.dated import Dated, DatedQuerySet, active_on
from branches.models.elections import Candidate, Election
from branches.models.groups import PartyGroup
from branches.models.memberships import GroupMembership, Membership, MemberStatus, OfficeMembership
from branches.models.merges import PersonMerge
from branches.models.offices import Office, OfficeAssignment
from branches.models.organisations import Organisation, OrganisationName, Placement
from branches.models.people import Person
from branches.models.probations import ProbationDecision
from branches.models.successions import Succession
from branches.models.terms import Term
from branches.models.transfers import Transfer
from branches.models.users import RoleAssignment, User
from branches.rules.accounts import Role

__all__ = [
    "COMMITTEE_POSTS",
    "Appointment",
    "Batch",
    "BatchEffect",
    "BatchRow",
    "Candidate",
    "Dated",
    "DatedQuerySet",
    "Education",
    "Election",
    "GroupMembership",
    "HeaderMapping",
    "MemberStatus",
    "Membership",
    "Nation",
    "Office",
    "OfficeAssignment",
    "OfficeMembership",
    "Organisation",
    "OrganisationName",
    "PartyGroup",
    "Person",
    "PersonMerge",
    "Placement",
    "Post",
    "ProbationDecision",
    "Role",
    "RoleAssignment",
    "Succession",
    "Term",
    "Transfer",
    "User",
    "active_on",
]
