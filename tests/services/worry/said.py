"""What helpers say in these tests."""

from typing import Any

from services.worry.rules import Said

WORDS = "Kanarifugl: blåmerker på begge armer"
BECAUSE = "Kanarisang: du skal ikke ha det sånn hjemme"
WHO = "Kanaribarnevernet v/ Moen"


def said(recipient: str = "child_welfare", **more: Any) -> Said:
    """A step that says everything it must."""
    usual: dict[str, Any] = {"who": WHO, "words": WORDS}
    if recipient != "nobody":
        usual |= {"student_first": True, "told": "told", "because": BECAUSE}
    return Said(recipient=recipient, **(usual | more))


def held_back(ground: str = "no-harm", **more: Any) -> Said:
    why = {"student_first": False, "why_not_first": "Kanariegg: redd for følger", "told": "held_back"}
    return said(because="", ground=ground, **(why | more))
