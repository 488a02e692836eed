"""What waits for somebody, for their list of doors (kernel.people.identity.doors): a number and a time."""

from kernel.actor import Actor
from kernel.people.identity.doors import Waiting
from services.desk.queries import counts, earliest_due


def waiting_for(actor: Actor) -> Waiting:
    """What nobody has at the actor's doors, what is theirs and what is offered to them: how many, and the earliest
    due. Opens nothing.
    """
    found = counts(actor)
    return Waiting(count=found.waiting + found.mine + found.handed, due=earliest_due(actor))
