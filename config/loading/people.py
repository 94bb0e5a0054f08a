"""The demo's people as they stood at first: one line of people.csv each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from branches.models import (
    Appointment,
    Education,
    GroupMembership,
    Membership,
    Nation,
    OfficeMembership,
    Organisation,
    Person,
    Post,
)
from branches.rules.identity_numbers import birth_date, problem_of, sex
from branches.rules.people import Category, Sex
from config.loading.files import Entry, read_csv
from config.loading.world import World
from foundation.encryption import blind_index

COLUMNS = (
    *("branch", "name", "sex", "nation", "birth_date", "education", "joined_on", "full_on"),
    *("office", "position", "posts", "group", "since", "how", "phone", "identity_number"),
)
SEXES = {"男": Sex.MALE, "女": Sex.FEMALE}
STARTS = {"": Membership.Start.ENTERED, "转入": Membership.Start.TRANSFERRED, "发展": Membership.Start.ADMITTED}
POSTS = {
    "书记": Post.SECRETARY,
    "副书记": Post.DEPUTY_SECRETARY,
    "组织委员": Post.ORGANISATION,
    "宣传委员": Post.PUBLICITY,
    "纪检委员": Post.DISCIPLINE,
    "青年委员": Post.YOUTH,
    "委员": Post.COMMITTEE_MEMBER,
    "组长": Post.GROUP_LEADER,
}


def load_people(path: Path, world: World) -> None:
    nations = {nation.name: nation for nation in Nation.objects.all()}
    educations = {education.name: education for education in Education.objects.all()}
    entries = []
    for number, values in read_csv(path, COLUMNS):
        entry = Entry(path, _("line %(number)d") % {"number": number} + f" {values['name']}", values, COLUMNS)
        branch = world.organisation(entry, "branch")
        key = (branch.code, entry.text("name"))
        if key in world.people:
            raise entry.error(_("%(branch)s already has a member of this name.") % {"branch": branch})
        world.people[key] = _person(entry, nations, educations)
        entries.append((entry, branch))
    Person.objects.bulk_create(world.people.values())
    _place(entries, world)


def _person(entry: Entry, nations: dict[str, Nation], educations: dict[str, Education]) -> Person:
    number, phone = entry.text("identity_number"), entry.text("phone")
    full_on = entry.optional_day("full_on")
    person = Person(
        name=entry.text("name"),
        sex=SEXES[entry.choice("sex", SEXES)],
        nation=nations[entry.choice("nation", nations)],
        birth_date=entry.day("birth_date"),
        education=educations[entry.choice("education", educations)],
        joined_on=entry.day("joined_on"),
        full_on=full_on,
        category=Category.FULL if full_on else Category.PROBATIONARY,
        position_title=entry.text("position", ""),
        identity_number=number,
        identity_hash=blind_index(number),
        phone=phone,
        phone_hash=blind_index(phone) if phone else "",
    )
    if problem_of(number) or birth_date(number) != person.birth_date or sex(number) != person.sex:
        raise entry.error(_("the identity number does not fit the date of birth, the sex or its check character."))
    return person


def _place(entries: list[tuple[Entry, Organisation]], world: World) -> None:
    """Membership, office, group and posts from the day in `since`, else from the branch's first day."""
    offices, groups, posts = [], [], []
    for entry, branch in entries:
        person = world.people[branch.code, entry.text("name")]
        since = _since(entry, branch, person)
        start = STARTS[entry.choice("how", STARTS)]
        world.memberships[branch.code, person.name] = Membership(
            person=person, branch=branch, starts_on=since, start_kind=start
        )
        if office := entry.text("office"):
            offices.append(OfficeMembership(person=person, office=world.office(entry, office), starts_on=since))
        group = world.group(entry, branch, entry.text("group")) if entry.text("group") else None
        if group:
            groups.append(GroupMembership(person=person, group=group, starts_on=since))
        for word in entry.text("posts").split():
            if word not in POSTS:
                allowed = " ".join(POSTS)
                raise entry.error(
                    _("unknown post “%(post)s”, allowed: %(allowed)s.") % {"post": word, "allowed": allowed}
                )
            led = group if POSTS[word] == Post.GROUP_LEADER else None
            posts.append(Appointment(person=person, organisation=branch, post=POSTS[word], group=led, starts_on=since))
    Membership.objects.bulk_create(world.memberships.values())
    OfficeMembership.objects.bulk_create(offices)
    GroupMembership.objects.bulk_create(groups)
    Appointment.objects.bulk_create(posts)


def _since(entry: Entry, branch: Organisation, person: Person) -> date:
    since = entry.optional_day("since") or branch.founded_on
    if person.joined_on and since < person.joined_on:
        raise entry.error(_("belongs to the branch from %(since)s, but joined the Party later.") % {"since": since})
    return since
