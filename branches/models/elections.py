from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from branches.models.appointments import Post
from branches.models.organisations import Organisation
from branches.models.people import Person
from branches.models.terms import Term


class Election(models.Model):
    """An election of a leading group (换届选举), by-elections included: who could vote, who came, who was elected.

    Source: 《中国共产党基层组织选举工作条例》2020.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="elections")
    # The term it began; none for a by-election.
    term = models.OneToOneField(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="election")
    held_on = models.DateField(_("held on"))
    voters_expected = models.PositiveSmallIntegerField(_("voters expected"))
    voters_present = models.PositiveSmallIntegerField(_("voters present"))
    ballots_issued = models.PositiveSmallIntegerField(_("ballots issued"))
    ballots_returned = models.PositiveSmallIntegerField(_("ballots returned"))
    reply_number = models.CharField(_("reply number"), max_length=80, blank=True)
    reply_on = models.DateField(_("date of the reply"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_on = models.DateField(_("entered on"))

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ("-held_on", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(voters_present__lte=F("voters_expected")), name="election_present_at_most_expected"
            ),
            models.UniqueConstraint(fields=["organisation", "held_on"], name="election_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.held_on}"


class Candidate(models.Model):
    """One candidate for one post: votes and whether elected."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="candidates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="candidacies")
    post = models.CharField(_("post"), max_length=20, choices=Post.choices)
    votes_for = models.PositiveSmallIntegerField(_("votes for"))
    is_elected = models.BooleanField(_("elected"), default=True)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ("election", "pk")
        constraints = [models.UniqueConstraint(fields=["election", "person", "post"], name="candidate_once_a_post")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_post_display()}"
