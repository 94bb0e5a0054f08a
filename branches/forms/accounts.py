from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import Organisation, Role, User
from branches.queries.accounts import Candidate, accounts_in_charge, holders, organisations_to_grant
from branches.rights import Access
from foundation.clock import now

NO_MEMBER = "none"
# More than fits a list one can look through; beyond it the code is typed.
LISTED = 300
PASSWORD_ERRORS: dict[str, Any] = {
    "password_mismatch": _("The two new passwords differ. Please type them again."),
    "password_incorrect": _("The old password is wrong. Please type it again."),
}


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("User name and password do not match. Check upper and lower case and try again."),
        "inactive": _("User name and password do not match. Check upper and lower case and try again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        expires_at = user.one_time_password_expires_at
        if user.must_change_password and expires_at is not None and expires_at <= now():
            raise ValidationError(_("This one-time password has expired. Ask your administrator for a new one."))


class NewPasswordMixin:
    """The new password may not be the one just used, or a one-time password would stay."""

    user: User
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        length = next(rule.min_length for rule in get_default_password_validators() if hasattr(rule, "min_length"))
        self.fields["new_password1"].help_text = _(
            "At least %(length)s characters, not digits only, nothing close to your user name or name, and no password "
            "many people use."
        ) % {"length": length}
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].help_text = ""

    def clean_new_password2(self) -> str:
        password = str(self.cleaned_data.get("new_password2", ""))  # type: ignore[attr-defined]
        if password and self.user.check_password(password):
            raise ValidationError(_("This is the password you have now. Choose another."))
        return password


class FirstPasswordForm(NewPasswordMixin, SetPasswordForm):
    error_messages = PASSWORD_ERRORS


class NewPasswordForm(NewPasswordMixin, PasswordChangeForm):
    error_messages = PASSWORD_ERRORS


class OrganisationField(forms.ModelChoiceField):
    """The tree as a list: indented, because branches of different committees often have the same short name."""

    def label_from_instance(self, organisation: Any) -> str:
        return "　" * organisation.level + str(organisation)


class RoleForm(forms.Form):
    """A role at an organisation within the administrator's reach."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose a role")), *Role.choices])
    organisation = OrganisationField(
        label=_("At the organisation"), queryset=Organisation.objects.none(), to_field_name="code", empty_label=None
    )
    replacing = forms.BooleanField(label=_("Hand over: end this role of those who have it there now"), required=False)

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        organisations = organisations_to_grant(access)
        field = self.fields["organisation"]
        if organisations[: LISTED + 1].count() > LISTED:
            field.widget = forms.TextInput()
            field.help_text = _("Type its code, as the tree of organisations shows it.")
        field.queryset = organisations  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = _("There is no such organisation in your reach.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("replacing") and values.get("organisation") and values.get("role"):
            present = {holder.user_id for holder in holders(values["organisation"], values["role"], self.access.day)}
            in_charge = accounts_in_charge(self.access).filter(pk__in=present).exclude(pk=self.access.user.pk)
            if in_charge.count() < len(present):
                self.add_error(
                    "replacing",
                    _("Somebody who has the role there is managed by a higher administrator. Ask that administrator."),
                )
        return values


class AccountForm(RoleForm):
    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=60,
        # Members of that name are offered as soon as it is typed; without scripts, when the form is sent.
        widget=forms.TextInput(
            {
                "hx-get": "?",
                "hx-trigger": "change",
                "hx-target": "#member",
                "hx-select": "#member",
                "hx-swap": "outerHTML",
            }
        ),
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        required=False,
        validators=[
            RegexValidator(r"^[A-Za-z0-9._-]+\Z", _("Use letters, digits, dots, hyphens and underscores only."))
        ],
        help_text=_("Left empty, the pinyin initials of the name are taken."),
    )
    member = forms.ChoiceField(label=_("Member of the same name"), required=False, widget=forms.RadioSelect)

    field_order = ["name", "member", "username", "role", "organisation", "replacing"]

    def __init__(self, *args: Any, candidates: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {str(candidate.person.pk): candidate.person for candidate in candidates}
        if not candidates:
            del self.fields["member"]
            return
        self.fields["member"].required = True
        self.fields["member"].error_messages["required"] = _(
            "There are members of this name. Choose whose account it is."
        )
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            *[(str(candidate.person.pk), candidate.label) for candidate in candidates],
            (NO_MEMBER, _("None of them")),
        ]

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        if username and User.objects.filter(username=username).exists():
            raise ValidationError(_("The user name “%(name)s” is taken. Choose another.") % {"name": username})
        return username

    @property
    def values(self) -> dict[str, Any]:
        """What `branches.actions.accounts.open_account` asks for."""
        values = dict(self.cleaned_data)
        return values | {"person": self.candidates.get(values.pop("member", NO_MEMBER))}
