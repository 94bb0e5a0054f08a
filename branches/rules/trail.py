"""Words for what the audit entries say: verbs and the names of fields that are not a model's own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

GROUPS = {
    "session": _("Signing in"),
    "account": _("Accounts"),
    "role": _("Roles"),
    "organisation": _("Organisations"),
    "term": _("Terms"),
    "group": _("Party groups"),
    "appointment": _("Posts"),
    "person": _("Members"),
    "membership": _("Memberships"),
    "roster": _("Roster import"),
    "activity": _("Activities"),
    "attachment": _("Attachments"),
    "duty_rule": _("Duty rules"),
    "exemption": _("Exemptions"),
    "sheet": _("Yearly sheets"),
    "scheme": _("Schemes"),
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
    "appointment.begin": _("appointed to a post"),
    "appointment.end": _("relieved of a post"),
    "person.change": _("changed a member"),
    "person.identity_revealed": _("saw an identity number"),
}

FIELDS = {
    "username": _("user name"),
    "person": _("member"),
    "role": _("role"),
    "organisation": _("organisation"),
    "parent": _("organisation above"),
    "on": _("effective from"),
    "starts_on": _("from"),
    "ends_on": _("until"),
    "post": _("post"),
    "name": _("name"),
    "state": _("state"),
    "reason": _("reason"),
}


def act_label(verb: str) -> str:
    """What was done, in words; an act without words of its own is called after what it belongs to."""
    label = VERBS.get(verb) or GROUPS.get(verb.partition(".")[0])
    return str(label or _("another act"))


def field_label(name: str) -> str:
    return str(FIELDS.get(name, ""))
