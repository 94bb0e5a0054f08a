"""Words for what the audit entries say: verbs and the names of fields that are not a model's own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

GROUPS = {
    "session": _("Signing in"),
    "account": _("Accounts"),
    "role": _("Roles"),
    "organisation": pgettext_lazy("list", "Organisations"),
    "term": _("Terms"),
    "group": _("Party groups"),
    "appointment": _("Posts"),
    "person": _("Members"),
    "roster": _("Rosters"),
    "activity": _("Activities"),
    "attachment": _("Attachments"),
    "duty_rule": _("Duty rules"),
    "exemption": _("Exemptions"),
    "sheet": _("Yearly sheets"),
    "code": _("Code tables"),
    "demo": _("Demonstration"),
    "defaults": _("Defaults"),
}

VERBS = {
    "session.sign_in": _("signed in"),
    "session.sign_out": _("signed out"),
    "account.open": _("opened an account"),
    "account.issue_password": _("issued a one-time password"),
    "account.change_password": _("changed the password"),
    "account.deactivate": _("closed the account"),
    "account.reactivate": _("opened the account again"),
    "role.grant": _("gave a role"),
    "role.end": _("ended a role"),
    "organisation.found": _("founded an organisation"),
    "organisation.rename": _("renamed an organisation"),
    "organisation.move": _("moved an organisation"),
    "organisation.revoke": _("revoked an organisation"),
    "term.begin": _("began a term"),
    "group.form": _("formed a party group"),
    "group.change": _("changed the party group"),
    "appointment.begin": _("appointed to a post"),
    "appointment.end": _("relieved of a post"),
    "person.identity_revealed": _("saw an identity number"),
    "person.leave_office": _("left an office"),
    "person.roster_create": _("entered a member by roster"),
    "person.roster_update": _("updated a member by roster"),
    "person.roster_move": _("moved a member in by roster"),
    "roster.upload": _("uploaded a roster"),
    "roster.confirm": _("confirmed a roster"),
    "roster.apply": _("wrote a roster"),
    "roster.resume": _("went on with a roster"),
    "roster.abandon": _("gave up a roster"),
    "roster.export": _("exported a roster"),
    "activity.create": _("wrote a record"),
    "activity.change": _("changed a record"),
    "activity.discard": _("discarded a draft"),
    "activity.submit": _("submitted a record"),
    "activity.withdraw": _("withdrew a record"),
    "activity.accept": _("accepted a record"),
    "activity.return": _("returned a record"),
    "attachment.add": _("added an attachment"),
    "attachment.remove": _("removed an attachment"),
    "duty_rule.set": _("set a duty rule"),
    "duty_rule.end": _("ended a duty rule"),
    "duty_rule.take_back": _("took back a duty rule"),
    "exemption.grant": _("granted an exemption"),
    "exemption.end": _("ended an exemption"),
    "exemption.take_back": _("took back an exemption"),
    "sheet.self_score": _("wrote a self-score"),
    "sheet.review_score": _("wrote a review score"),
    "sheet.export": _("exported a yearly assessment"),
    "code.create": _("added to a code table"),
    "code.change": _("changed a code table"),
    "demo.load": _("wrote the demonstration data"),
    "defaults.load": _("wrote the defaults"),
}

FIELDS = {
    "activity": _("Activities"),
    "as_of": _("as of"),
    "attachment": _("attachment"),
    "attendance": _("attendance"),
    "branch": _("branch"),
    "changed": _("changed meanwhile"),
    "create": pgettext_lazy("status", "New"),
    "ends_on": _("until"),
    "file": _("file"),
    "group": _("party group"),
    "is_not_applicable": _("not applicable"),
    "move": pgettext_lazy("status", "Moves in"),
    "name": _("name"),
    "office": _("Offices"),
    "on": _("effective from"),
    "organisation": _("organisation"),
    "parent": _("organisation above"),
    "person": _("member"),
    "post": _("post"),
    "reason": _("reason"),
    "refused": pgettext_lazy("status", "Refused"),
    "review_reason": _("reason of the review score"),
    "review_score": _("review score"),
    "role": _("role"),
    "self_reason": _("reason of the self-score"),
    "self_score": _("self-score"),
    "starts_on": _("from"),
    "state": _("state"),
    "unchanged": pgettext_lazy("status", "Unchanged"),
    "update": pgettext_lazy("status", "Update"),
    "user": _("Accounts"),
    "username": _("user name"),
    "written": _("rows written"),
    "year": _("year it belongs to"),
}


def act_label(verb: str) -> str:
    """What was done, in words; an act without words of its own is called after what it belongs to."""
    label = VERBS.get(verb) or GROUPS.get(verb.partition(".")[0])
    return str(label or _("another act"))


def field_label(name: str) -> str:
    return str(FIELDS.get(name, ""))
