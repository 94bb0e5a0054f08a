from activities.models.activities import Activity
from activities.models.agenda import AgendaItem
from activities.models.attachments import Attachment
from activities.models.attendances import Attendance, Guest
from activities.models.duties import DutyRule, Exemption, RuleText
from activities.models.kinds import ActivityKind
from activities.models.lectures import Lecture
from activities.models.results import Result, ResultFile
from activities.models.reviews import ReviewStep

__all__ = [
    "Activity",
    "ActivityKind",
    "AgendaItem",
    "Attachment",
    "Attendance",
    "DutyRule",
    "Exemption",
    "Guest",
    "Lecture",
    "Result",
    "ResultFile",
    "ReviewStep",
    "RuleText",
]
