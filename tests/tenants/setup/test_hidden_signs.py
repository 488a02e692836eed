"""No name that others read holds signs that nobody sees, or that turn the writing around."""

import pytest

from kernel.actor import MACHINE
from kernel.errors import Invalid
from kernel.people import operations as people
from kernel.people.models import Account
from kernel.plain import has_hidden_signs
from tenants.setup import operations as setup
from tenants.setup.models import School

HIDDEN = [
    "\u202eevil",
    "A\u200b\u200bB",
    "Ny\u2066Person",
    "A\x07B",
    "A\x00B",
    "\ufeffAnna",
    "A\u00adnna\u200e",
]
#: A line's end is a space like any other where a name's spaces are counted as one; elsewhere it is refused.
LINE_ENDS = ["An\u2028na", "An\u2029na", "An\x85na"]


def acts(world, admin, name: str):
    """Everything here that takes a name or a sentence, with the field it is typed in."""
    school, role, nurse = world.school, world.nurse_role, world.people["nurse"]
    return (
        ("name", lambda: setup.invite_person(email="ny@alfa.example", name=name, by=admin)),
        ("name", lambda: people.invite(email="ny@alfa.example", name=name, by=MACHINE)),
        ("name", lambda: people.rename(account_id=nurse, name=name, by=MACHINE)),
        ("name", lambda: setup.add_school(name=name + " skole", form="compulsory", by=admin)),
        ("name", lambda: setup.rename_school(school_id=school, name=name + " skole", by=admin)),
        ("name", lambda: setup.add_employer(name=name + " kommune", kind="municipality", by=admin)),
        ("names.nb", lambda: setup.change_role(role_id=role, names={"nb": name + "x"}, by=admin)),
        ("text", lambda: setup.change_wording(key="greeting", language="nb", text=name + " hei", by=admin)),
    )


@pytest.mark.parametrize("name", HIDDEN)
def test_a_name_with_hidden_signs_is_refused_and_the_field_is_named(world, admin, db, name):
    for field, act in acts(world, admin, name):
        with pytest.raises(Invalid) as refused:
            act()
        assert [error.field for error in refused.value.errors] == [field]
        assert "hidden signs" in str(refused.value.errors[0].message)


@pytest.mark.parametrize("name", LINE_ENDS)
def test_no_line_end_in_a_name_is_kept(world, admin, db, name):
    refused, named, expected = 0, [], []
    assert len(name.split()) == 2
    for field, act in acts(world, admin, name):
        try:
            act()
        except Invalid as wrong:
            named += [error.field for error in wrong.errors]
            expected.append(field)
            refused += 1
    assert (refused >= 2, named) == (True, expected)
    names = [*Account.objects.values_list("name", flat=True), *School.objects.values_list("name", flat=True)]
    assert not any(sign in one for one in names for sign in "\u2028\u2029\x85")


@pytest.mark.parametrize(
    "name", ["Åse Bjørk-Sæther", "نیلوفر می\u200cخواهد", "क्\u200dष", "Sjöberg 👩\u200d⚕️"]
)
def test_letters_joined_as_their_script_asks_are_a_name(admin, db, name):
    assert not has_hidden_signs(name)
    assert setup.invite_person(email="ny@alfa.example", name=name, by=admin)
