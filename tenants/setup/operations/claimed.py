"""Posts that a provider's claims give: recomputed at every sign-in, beside those that people give."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from kernel.actor import MACHINE, Actor
from kernel.people.identity.queries import provider
from kernel.people.models import Account
from tenants.setup import notices
from tenants.setup.actors import held_on, today
from tenants.setup.models import HelperRole, Post, School
from tenants.setup.operations.change import Change, change

type Place = tuple[UUID, UUID]


def give_claimed(account_id: UUID, provider_id: UUID, claims: Mapping[str, Sequence[str]]) -> None:
    """What kernel.people calls at a sign-in."""
    claim_posts(account_id=account_id, provider_id=provider_id, claims=claims, by=MACHINE)


def claim_posts(
    *, account_id: UUID, provider_id: UUID, claims: Mapping[str, Sequence[str]], by: Actor
) -> None:
    """Give the posts that this provider's claims name now, and end today those that it no longer names.

    A post that a person gave is neither doubled nor ended. Roles and schools that are closed give nothing. Whoever
    is an administrator, and so could have written the claims down, gets no post by them: another administrator
    gives it. A new post is told to the door and its leads, as one that a person gives.
    """
    wanted = _places(provider_id, claims)
    if Account.objects.filter(pk=account_id, is_administrator=True).exists():
        wanted &= {(post.role_id, post.school_id) for post in _claimed(account_id, provider_id)}
    if not _differs(account_id, provider_id, wanted):
        return
    with change(by, "claim_posts") as this:
        for post in _claimed(account_id, provider_id):
            if (post.role_id, post.school_id) not in wanted:
                _end(this, post)
        for role_id, school_id in sorted(wanted - _held(account_id)):
            _give(this, account_id, provider_id, role_id, school_id)


def _places(provider_id: UUID, claims: Mapping[str, Sequence[str]]) -> set[Place]:
    named = {
        (UUID(one["role"]), UUID(one["school"]))
        for one in provider(provider_id).claim_posts
        if one["value"] in claims.get(one["claim"], ())
    }
    roles = set(HelperRole.objects.filter(closed_on=None).values_list("pk", flat=True))
    schools = set(School.objects.filter(closed_on=None).values_list("pk", flat=True))
    return {(role, school) for role, school in named if role in roles and school in schools}


def _claimed(account_id: UUID, provider_id: UUID) -> list[Post]:
    return list(Post.objects.filter(held_on(today()), account_id=account_id, claimed_from=provider_id))


def _held(account_id: UUID) -> set[Place]:
    """Places held today, or without an end from a later day on (one such post is all the table takes)."""
    stands = held_on(today()) | Q(ends_on__isnull=True)
    return set(Post.objects.filter(stands, account_id=account_id).values_list("role_id", "school_id"))


def _differs(account_id: UUID, provider_id: UUID, wanted: set[Place]) -> bool:
    """Asked without the set-up's lock, as nearly every sign-in changes nothing."""
    there = {(post.role_id, post.school_id) for post in _claimed(account_id, provider_id)}
    return bool(there - wanted) or bool(wanted - _held(account_id))


def _end(this: Change, post: Post) -> None:
    """At once: yesterday was the last whole day; one that began today never was."""
    yesterday = today() - timedelta(days=1)
    if post.starts_on > yesterday:
        post.delete()
    else:
        post.ends_on = yesterday
        post.save()
    this.record("post", post.pk, ends=yesterday.isoformat())


def _give(this: Change, account_id: UUID, provider_id: UUID, role_id: UUID, school_id: UUID) -> None:
    row = Post.objects.create(
        account_id=account_id,
        role_id=role_id,
        school_id=school_id,
        starts_on=today(),
        claimed_from=provider_id,
    )
    this.record("post", row.pk, account=str(account_id), role=str(role_id), school=str(school_id))
    notices.somebody_new(row, given_by=None)
