"""Who stands in the same secrecy circle as the holder of a post: nobody else may stand in for them."""

from uuid import UUID

from django.db.models import Q

from kernel.tenancy import require_current
from tenants.setup.actors import today
from tenants.setup.models import Employer, HelperRole, Post, School
from tenants.walls import Circle, circle_of, same_circle


def in_the_circle_of(post: Post) -> set[UUID]:
    """Accounts that hold the same role somewhere, today or later, in the same circle. The holder among them."""
    rows = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today()), role_id=post.role_id, account__is_active=True
    ).select_related("role__employer", "school", "employer")
    mine = circle_of_post(post)
    return {row.account_id for row in rows if same_circle(circle_of_post(row), mine)}


def circle_of_post(post: Post) -> Circle:
    """Of whoever holds it."""
    return circle_at(post.role, post.school, post.employer)


def circle_at(role: HelperRole, school: School, employer: Employer | None = None) -> Circle:
    """Of the role at the school, for who works for `employer` (the role's own unless said otherwise). By the rules of
    the country; where there are none, the profession at its kind of employer alone."""
    employer = employer or role.employer
    own = Employer.Kind.COUNTY if require_current().kind == "county" else Employer.Kind.MUNICIPALITY
    kind = employer.kind if employer else own
    if kind == Employer.Kind.NEIGHBOUR:  # lent by another municipality: the rules of municipalities hold
        kind = Employer.Kind.MUNICIPALITY
    country, profession = require_current().country, role.profession
    try:
        return circle_of(country, profession, school.form, kind)
    except LookupError:
        return Circle(country, "", kind, profession)
