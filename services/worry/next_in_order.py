"""Who decides about a worry next, by the roster: somebody of its role and circle."""

from kernel.people.models import Account
from services.contact.handover_queries import kept_out
from services.contact.taking_over import TIME_TO_FINISH, gets_a_post
from services.worry.models import Worry
from tenants.presence.queries import accounts, roster_now
from tenants.setup.actors import today


def next_in_order(worry: Worry) -> Account | None:
    """Not the one who has its case, nor the deputy before, nor who has stepped aside or was told no by the student: the
    substitute of the one who has the case; else whoever of the door is there; else the first substitute of anybody at
    the door, who gets a post there for long enough. None: nobody is there.
    """
    everybody, day = roster_now(), today()
    door = (worry.request.role_id, worry.request.school_id)
    tried = {worry.request.taken_by_id, worry.deputy_id, *kept_out(worry.request_id)}
    posts = everybody.holders(*door, day)
    pool = [who for who in everybody.present(*door, day) if who not in tried]
    own = [everybody.deputy(post, day) for post in posts if post.account_id == worry.request.taken_by_id]
    here = accounts([*[who for who in own if who in pool], *pool])
    if here:
        return here[0]
    away = [who for post in posts if (who := everybody.deputy(post, day)) and who not in tried]
    substitutes = accounts([*[who for who in own if who and who not in tried], *away])
    until = day + TIME_TO_FINISH
    return next((who for who in substitutes if gets_a_post(who, worry.request, until)), None)
