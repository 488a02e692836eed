"""Leading from a page into the journey with answers that are known already."""

from services.contact.journey import Answers, first_wrong
from tenants.setup.portal import Portal


def knock_with(door: Portal, answers: Answers) -> list[tuple[str, str]]:
    """The hidden fields of a form to /knock/ that has these answers and goes to the first question without one."""
    following = first_wrong(door, answers.said())
    name = following.name if following else ""
    return [("step", name), ("go", name), *answers.hidden(without=())]
