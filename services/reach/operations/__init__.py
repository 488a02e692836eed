"""What a student adds to a conversation, and takes away again: the only code that writes for them."""

from services.reach.operations.noticing import ask_notice, stop_notice, tidy_notices

__all__ = ["ask_notice", "stop_notice", "tidy_notices"]
