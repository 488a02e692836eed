"""The questions others ask about the set-up. Reading for administrators' pages: queries.admin."""

from tenants.setup.queries.answers import (
    blocks_gaps,
    canned_replies,
    current_calendar,
    guarantee_for,
    guarantees,
    holders_of,
    leads_of,
    longest_pause,
    meeting_guarantees,
    meeting_reminder,
    meetings_within,
    reminder_shares,
)
from tenants.setup.queries.snapshot import forget, portal, recent_portal

__all__ = [
    "blocks_gaps",
    "canned_replies",
    "current_calendar",
    "forget",
    "guarantee_for",
    "guarantees",
    "holders_of",
    "leads_of",
    "longest_pause",
    "meeting_guarantees",
    "meeting_reminder",
    "meetings_within",
    "portal",
    "recent_portal",
    "reminder_shares",
]
