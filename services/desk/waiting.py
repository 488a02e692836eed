"""What waits for somebody, for their list of doors (kernel.people.identity.doors): a number and a time."""

from kernel.actor import Actor
from kernel.people.identity.doors import Waiting
from services.desk.queries import counts, earliest_due


def waiting_for(actor: Actor) -> Waiting:
    """What nobody has at the actor's doors, and what is theirs: how many, and the earliest due. Opens nothing."""
    found = counts(actor)
    return Waiting(count=found.waiting + found.mine, due=earliest_due(actor))
