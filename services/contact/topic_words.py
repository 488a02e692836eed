"""A topic in the municipality's own words, or in ours. Pure."""

from django.utils.translation import get_language

from tenants.setup.portal import Portal
from tenants.setup.topics import TOPICS, word_key


def topic_text(door: Portal, key: str) -> str:
    """In the reader's language."""
    return door.sentence(word_key(key), get_language() or "en") or str(TOPICS.get(key, ""))
