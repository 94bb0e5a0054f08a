from branches.models.appointments import COMMITTEE_POSTS, Appointment, Post
from branches.models.batches import RosterBatch, RosterRow
from branches.models.code_tables import Education, Nation
from branches.models.dated import Dated, DatedQuerySet, active_on
from branches.models.groups import PartyGroup
from branches.models.memberships import GroupMembership, Membership, MemberStatus, OfficeMembership
from branches.models.offices import Office, OfficeAssignment
from branches.models.organisations import Organisation, OrganisationName, Placement
from branches.models.people import Person
from branches.models.terms import Term
from branches.models.users import RoleAssignment, User
from branches.rules.accounts import Role

__all__ = [
    "COMMITTEE_POSTS",
    "Appointment",
    "Dated",
    "DatedQuerySet",
    "Education",
    "GroupMembership",
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
    "Placement",
    "Post",
    "Role",
    "RoleAssignment",
    "RosterBatch",
    "RosterRow",
    "Term",
    "User",
    "active_on",
]
