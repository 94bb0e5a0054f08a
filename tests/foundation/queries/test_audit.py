from django.contrib.auth.base_user import AbstractBaseUser

from branches.models import User
from foundation.actions.audit import record
from foundation.queries.audit import entries_for, entries_under


def test_entries_of_others_and_elsewhere_stay_out(writer: AbstractBaseUser) -> None:
    other = User.objects.create(username="other", name="乙")
    record(verb="second", target=other, by=None, organisation=2)
    record(verb="first", target=writer, by=None, organisation=1)
    record(verb="later", target=writer, by=None)
    assert [entry.verb for entry in entries_for(writer)] == ["later", "first"]
    assert [entry.verb for entry in entries_under([1, 3])] == ["first"]
