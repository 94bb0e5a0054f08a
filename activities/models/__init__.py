from activities.models.activities import Activity
from activities.models.agenda import AgendaItem
from activities.models.appraisals import Appraisal, AppraisedMember
from activities.models.attachments import Attachment
from activities.models.attendances import Attendance, Guest
from activities.models.duties import DutyRule, Exemption, RuleText
from activities.models.findings import Check, Finding, FindingFile, FindingStep
from activities.models.forums import Forum
from activities.models.guidance import Guidance
from activities.models.inspections import InspectedUnit
from activities.models.kinds import ActivityKind
from activities.models.lectures import Lecture
from activities.models.life_meetings import Commitment, LifeMeeting
from activities.models.results import Result, ResultFile
from activities.models.reviews import ReviewStep
from activities.models.services import VolunteerService
from activities.models.talks import Talk
from activities.models.work_lists import Task, WorkItem, WorkList

__all__ = [
    "Activity",
    "ActivityKind",
    "AgendaItem",
    "Appraisal",
    "AppraisedMember",
    "Attachment",
    "Attendance",
    "Check",
    "Commitment",
    "DutyRule",
    "Exemption",
    "Finding",
    "FindingFile",
    "FindingStep",
    "Forum",
    "Guest",
    "Guidance",
    "InspectedUnit",
    "Lecture",
    "LifeMeeting",
    "Result",
    "ResultFile",
    "ReviewStep",
    "RuleText",
    "Talk",
    "Task",
    "VolunteerService",
    "WorkItem",
    "WorkList",
]
