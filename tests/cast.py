"""The one tree and cast of people every test uses.

city        市直机关工委            work committee   <- admin (administrator), city_staff (staff)
└─ organ    青岭市水利局            organ
   └─ committee  水利局机关党委     committee        <- staff (staff), auditor (read-only)
      ├─ first    第一党支部        7 members, a committee of 3, 2 groups   <- secretary, recorder, contact (leader)
      ├─ second   第二党支部        3 members, no committee                 <- neighbour (secretary)
      └─ retired  离退休干部党支部  2 members, retired                      <- (nobody)
far_organ   远山市农业局            organ, another tree
└─ far_committee  农业局机关党委    committee
   └─ far   农业局第一党支部        2 members                               <- stranger (secretary)

nobody has an account and no role. The business date of the suite is 2020-10-26; everything stands since 2018-01-01.
Second's 王建国 bears the same name as first's secretary.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from branches.actions.organisations import found
from branches.models import (
    Appointment,
    GroupMembership,
    Membership,
    Office,
    OfficeAssignment,
    OfficeMembership,
    Organisation,
    PartyGroup,
    Person,
    Post,
    Role,
    RoleAssignment,
    Term,
    User,
)

TODAY = date(2020, 10, 26)
START = date(2018, 1, 1)
PASSWORD = "correct-horse-88"

FIRST = ["王建国", "李秀英", "张伟", "刘洋", "陈静", "赵磊", "孙丽"]  # secretary, organisation, discipline …
SECOND = ["周敏", "王建国", "吴强"]
RETIRED = ["郑国栋", "冯桂兰"]
FAR = ["褚天明", "卫红"]


@dataclass
class Cast:
    city: Organisation
    organ: Organisation
    committee: Organisation
    first: Organisation
    second: Organisation
    retired: Organisation
    far_organ: Organisation
    far_committee: Organisation
    far: Organisation
    group_one: PartyGroup
    group_two: PartyGroup
    people: dict[str, Person]
    users: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["users"][name]
        except KeyError:
            raise AttributeError(name) from None


def draw() -> Cast:
    """Create the tree and cast in the current database."""

    def node(code: str, kind: str, name: str, parent: Organisation | None, **traits: bool) -> Organisation:
        return found(code=code, kind=kind, name=name, short_name=name, parent=parent, on=START, by=None, **traits)

    kinds = Organisation.Kind
    city = node("city", kinds.WORK_COMMITTEE, "市直机关工委", None)
    organ = node("organ", kinds.ORGAN, "青岭市水利局", city)
    committee = node("committee", kinds.COMMITTEE, "水利局机关党委", organ)
    first = node("first", kinds.BRANCH, "第一党支部", committee)
    second = node("second", kinds.BRANCH, "第二党支部", committee)
    retired = node("retired", kinds.BRANCH, "离退休干部党支部", committee, is_retired=True)
    far_organ = node("far_organ", kinds.ORGAN, "远山市农业局", None)
    far_committee = node("far_committee", kinds.COMMITTEE, "农业局机关党委", far_organ)
    far = node("far", kinds.BRANCH, "农业局第一党支部", far_committee)
    nodes = {o.code: o for o in Organisation.objects.all()}

    people: dict[str, Person] = {}
    for branch, names in ((first, FIRST), (second, SECOND), (retired, RETIRED), (far, FAR)):
        for number, name in enumerate(names):
            people[f"{branch.code}{number}"] = enlist(name, branch, joined_on=date(2001 + number, 7, 1))
    group_one, group_two = (
        PartyGroup.objects.create(branch=first, name=name, position=number, starts_on=START)
        for number, name in enumerate(("第一党小组", "第二党小组"))
    )
    for number in range(7):
        GroupMembership.objects.create(
            person=people[f"first{number}"], group=group_one if number < 4 else group_two, starts_on=START
        )
    for number, post in enumerate((Post.SECRETARY, Post.ORGANISATION, Post.DISCIPLINE)):
        Appointment.objects.create(person=people[f"first{number}"], organisation=first, post=post, starts_on=START)
    for branch, person in ((second, "second0"), (retired, "retired0"), (far, "far0")):
        Appointment.objects.create(person=people[person], organisation=branch, post=Post.SECRETARY, starts_on=START)
    for branch in (first, second, retired, far):
        Term.objects.create(
            organisation=branch, starts_on=START, expires_on=date(2021, 1, 1), has_committee=branch.pk == first.pk
        )
    office = Office.objects.create(organ=organ, name="办公室")
    OfficeAssignment.objects.create(office=office, branch=first, starts_on=START)
    OfficeMembership.objects.create(person=people["first0"], office=office, starts_on=START)

    cast = Cast(group_one=group_one, group_two=group_two, people=people, **{code: nodes[code] for code in nodes})
    for name, person, role, at in (
        ("secretary", "first0", Role.SECRETARY, "first"),
        ("recorder", "first1", Role.RECORDER, "first"),
        ("neighbour", "second0", Role.SECRETARY, "second"),
        ("contact", None, Role.CONTACT_LEADER, "first"),
        ("staff", None, Role.STAFF, "committee"),
        ("auditor", None, Role.AUDITOR, "committee"),
        ("city_staff", None, Role.STAFF, "city"),
        ("admin", None, Role.ADMINISTRATOR, "city"),
        ("stranger", "far0", Role.SECRETARY, "far"),
        ("nobody", None, None, None),
    ):
        user = User.objects.create_user(
            username=name,
            password=PASSWORD,
            name=people[person].name if person else name,
            person=people[person] if person else None,
            must_change_password=False,
        )
        if role and at:
            RoleAssignment.objects.create(user=user, role=role, organisation=nodes[at], starts_on=START)
        cast.users[name] = user
    return cast


def enlist(name: str, branch: Organisation, *, joined_on: date = date(2010, 7, 1), on: date = START) -> Person:
    """A full member of `branch` since `on`."""
    person = Person.objects.create(name=name, joined_on=joined_on, full_on=joined_on.replace(year=joined_on.year + 1))
    Membership.objects.create(person=person, branch=branch, starts_on=on)
    return person
