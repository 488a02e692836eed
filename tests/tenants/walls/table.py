"""T11's truth table, written by hand: who may do what to what, and why.

Each reader has a line for every thing and act. The letter is the right that lets them, "." is no; every cell that is
not written is an error, not a no. `tests/tenants/walls/test_policy.py` holds it against the policy and against every
mutant of the policy; `test_real.py` against the pages, the API, the messages and the figures.

The thing is a request at the nurse's door at Solhaug. It is free, Nora's own, a colleague's, or at rest (over,
nobody's, and nothing in it waits), as the column says.
"""

from typing import Final

ACTS: Final = ("list", "detail", "search", "count", "export", "notification", "statistics", "audit")
KINDS: Final = (
    "conversation", "row", "handover", "note", "note_of_another_circle", "attempt", "read_log", "audit",
    "notification", "statistics", "extraction", "worry", "worry_row", "worry_told",
)  # fmt: skip

RIGHTS: Final = {
    "O": "own",
    "P": "friend",
    "H": "holder",
    "F": "free",
    "U": "unheld",
    "D": "door",
    "G": "grant",
    "T": "two_persons",
    "X": "extraction",
    "R": "offered",
    "Y": "deputy",
    "W": "raiser",
    "L": "lead",
    "A": "administrator",
}

# Acts in the order of ACTS: list detail search count export notification statistics audit
_NOTHING = dict.fromkeys(KINDS, "........")


def _only(**lines: str) -> dict[str, str]:
    """A reader's lines; a kind that is not named is eight times no."""
    return _NOTHING | lines


#: Whoever answers at the door, of what nobody has.
_AT_A_FREE_DOOR = _only(
    conversation=".F......",
    row="DDDD....",
    note=".F......",
    attempt=".F......",
    notification=".....U..",
    worry_row="UU.U.U..",
)
#: Whoever answers at the door, of what is over, nobody's, and waits for nobody: as of a colleague's, and its clocks.
_AT_REST = _only(row="DDDD....", notification=".....U..", worry_row="UU.U.U..")
#: The one who has it.
_HOLDS_IT = _only(
    conversation=".HH.H...",
    row="DDDD....",
    handover=".H......",
    note=".HH.H...",
    attempt=".H..H...",
    notification=".....H..",
    worry=".H..H...",
    worry_row="HH.H.H..",
    worry_told=".H......",
)
#: A colleague at the same door: the row and the clock.
_COLLEAGUE = _only(row="DDDD....")
#: Who decides about the worry of a case instead of the one who did not in time: of a colleague's, and of a free one.
_DEPUTY = _only(row="DDDD....", worry=".Y..Y...", worry_row="YY.Y.Y..", worry_told=".Y......")
_DEPUTY_OF_A_FREE_ONE = _AT_A_FREE_DOOR | {"worry": ".Y..Y...", "worry_told": ".Y......"}
_DEPUTY_AT_REST = _AT_REST | {"worry": ".Y..Y...", "worry_told": ".Y......"}
#: Who raised a worry and has told nobody yet: that it is there and its clock, wherever its case went. Not a word.
_RAISED_IT = _only(worry_row="WW.W....")
_RAISED_IT_HERE = _only(row="DDDD....", worry_row="WW.W....")
#: Let in by the one who has it, at the same door and at another.
_LET_IN_HERE = _only(conversation=".G......", row="DDDD....", note=".G......", attempt=".G......")
_LET_IN_AT_REST = _LET_IN_HERE | {"notification": ".....U..", "worry_row": "UU.U.U.."}
_LET_IN_AWAY = _only(conversation=".G......", row="GGGG....", note=".G......", attempt=".G......")
#: Opened by two persons in danger; and to be taken out.
_OPENED = _only(
    conversation=".T......",
    row="TTTT....",
    handover=".T......",
    note=".T......",
    note_of_another_circle=".T......",
    attempt=".T......",
)
_TAKEN_OUT = _only(
    conversation=".T..X...",
    row="TTTT....",
    handover=".T..X...",
    note=".T..X...",
    note_of_another_circle=".T..X...",
    attempt=".T..X...",
    read_log=".X..X...",
    extraction=".X..X...",
    worry="....X...",
)
#: Offered to, and not answered yet: enough to decide, no word of the student.
_ASKED = _only(row="RRRR....", handover=".R......", notification=".....R..")
_ASKED_HERE = _only(row="DDDD....", handover=".R......", notification=".....R..")
_STUDENT = _only(
    conversation=".O..O...",
    row="OOOO....",
    attempt=".O..O...",
    read_log=".O..O...",
    worry_told=".O......",
)
_FRIEND = _only(conversation=".P......")
_LEAD = _only(notification=".....L..", statistics="......L.", worry_row=".....L..")
_ADMINISTRATOR = _only(notification=".....A..", statistics="......A.", worry_row=".....A..")

#: reader → (free, held by this reader, held by a colleague, at rest) → kind → eight letters
type Lines = dict[str, str]
TABLE: Final[dict[str, tuple[Lines, Lines, Lines, Lines]]] = {
    "nobody": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "machine": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "outsider": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "operator": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "student": (_STUDENT, _STUDENT, _STUDENT, _STUDENT),
    "another_student": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    # Asked in by the student: what is written, and no more; no list, no name, no log, nothing to take out.
    "friend": (_FRIEND, _FRIEND, _FRIEND, _FRIEND),
    "friend_of_another_student": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "student_who_has_not_knocked": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "nurse": (_AT_A_FREE_DOOR, _HOLDS_IT, _COLLEAGUE, _AT_REST),
    "nurse_elsewhere": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "counsellor": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "lead": (_LEAD, _LEAD, _LEAD, _LEAD),
    "lead_of_this_school": (_LEAD, _LEAD, _LEAD, _LEAD),
    "lead_of_another_school": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "administrator": (_ADMINISTRATOR, _ADMINISTRATOR, _ADMINISTRATOR, _ADMINISTRATOR),
    "nurse_with_grant": (_AT_A_FREE_DOOR, _HOLDS_IT, _LET_IN_HERE, _LET_IN_AT_REST),
    "deputy": (_DEPUTY_OF_A_FREE_ONE, _HOLDS_IT, _DEPUTY, _DEPUTY_AT_REST),
    # To be the deputy is worth nothing away from the door, nor in another case.
    "deputy_elsewhere": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "deputy_of_another_case": (_AT_A_FREE_DOOR, _HOLDS_IT, _COLLEAGUE, _AT_REST),
    "raiser": (_AT_A_FREE_DOOR, _HOLDS_IT, _RAISED_IT_HERE, _AT_REST),
    "raiser_elsewhere": (_RAISED_IT, _RAISED_IT, _RAISED_IT, _RAISED_IT),
    # Their duty outside is theirs; here it opens nothing to whoever has left, nor in another case.
    "raiser_who_left": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "raiser_of_another_case": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "counsellor_with_grant": (_LET_IN_AWAY, _LET_IN_AWAY, _LET_IN_AWAY, _LET_IN_AWAY),
    "counsellor_with_grant_to_another_case": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "counsellor_with_opening": (_OPENED, _OPENED, _OPENED, _OPENED),
    "counsellor_with_extraction": (_TAKEN_OUT, _TAKEN_OUT, _TAKEN_OUT, _TAKEN_OUT),
    "counsellor_offered": (_ASKED, _ASKED, _ASKED, _ASKED),
    "nurse_offered": (
        _only(
            conversation=".F......",
            row="DDDD....",
            handover=".R......",
            note=".F......",
            attempt=".F......",
            notification=".....U..",
            worry_row="UU.U.U..",
        ),
        _HOLDS_IT,
        _ASKED_HERE,
        _only(row="DDDD....", handover=".R......", notification=".....U..", worry_row="UU.U.U.."),
    ),
    # Having accepted, its door is the receiver's own. Having declined, it is nobody of theirs.
    "receiver_who_accepted": (_AT_A_FREE_DOOR, _HOLDS_IT, _COLLEAGUE, _AT_REST),
    "counsellor_who_declined": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    # Whoever stepped aside: it is not there, whatever else they are and were given.
    "nurse_recused": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "recused_with_everything": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    # Whom the student asked at the door to keep out; and who works at the school of a student who wanted somebody
    # outside it, whatever door of theirs it came to.
    "nurse_kept_out": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "nurse_at_the_students_school": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    # Whom the student said no to: its door is none of theirs. What they owe or were let into for another reason stays.
    "nurse_refused": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "raiser_refused": (_RAISED_IT, _RAISED_IT, _RAISED_IT, _RAISED_IT),
    # An offer is worth nothing without a post.
    "left_with_offer": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    # A grant or an opening is worth nothing to whoever holds no post any more, whatever else they are.
    "left_with_grant_and_opening": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "administrator_with_grant_and_opening": (_ADMINISTRATOR, _ADMINISTRATOR, _ADMINISTRATOR, _ADMINISTRATOR),
    # What belongs to persons is worth nothing in anybody else's hands.
    "machine_with_everything": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "nobody_with_everything": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    "student_of_another_case_with_everything": (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
}

#: Who answers at its door.
AT_THE_DOOR: Final = (
    "nurse", "nurse_with_grant", "nurse_offered", "receiver_who_accepted", "deputy", "deputy_of_another_case", "raiser",
)  # fmt: skip
#: Who may take, answer, close, in the four columns. A colleague who tries meets who has it (a conflict).
MAY_ACT: Final = {who: (who in AT_THE_DOOR,) * 4 for who in TABLE}
#: Who may let a colleague in, and hand it over: the one who has it.
MAY_GIVE: Final = {who: (False, who in AT_THE_DOOR, False, False) for who in TABLE}
#: Who may keep notes beside the conversation: the one who has it.
MAY_NOTE: Final = MAY_GIVE
#: Who may say yes or no to an offer.
MAY_ANSWER: Final = {who: (who in ("counsellor_offered", "nurse_offered"),) * 4 for who in TABLE}
#: Who may ask for an opening.
MAY_ASK: Final = frozenset({
    "nurse", "nurse_elsewhere", "counsellor", "lead", "lead_of_this_school", "lead_of_another_school",
    "administrator", "nurse_with_grant", "deputy", "deputy_elsewhere", "deputy_of_another_case",
    "raiser", "raiser_elsewhere", "raiser_of_another_case",
    "counsellor_with_grant", "counsellor_with_grant_to_another_case",
    "counsellor_with_opening", "counsellor_with_extraction", "administrator_with_grant_and_opening",
    "counsellor_offered", "nurse_offered", "receiver_who_accepted", "counsellor_who_declined", "nurse_recused",
    "recused_with_everything", "nurse_kept_out", "nurse_at_the_students_school", "nurse_refused", "raiser_refused",
})  # fmt: skip
#: Who may be the second person for a case at Solhaug, having neither asked nor being the one to read.
MAY_CONFIRM: Final = frozenset({
    "lead", "lead_of_this_school", "administrator", "administrator_with_grant_and_opening",
    "recused_with_everything",
})  # fmt: skip

#: (giver's country, profession, employer) → (colleague's) → on which basis: need, agreement, reason
_NURSE, _PSYCHOLOGIST = ("school_nurse", "municipality"), ("psychologist", "municipality")
LETTING_IN: Final = (
    ("NO", _NURSE, ("school_nurse", "county"), "need agreement reason"),
    ("NO", _NURSE, ("psychologist", "county"), "need agreement reason"),
    ("NO", _NURSE, ("counsellor", "municipality"), "agreement reason"),
    ("NO", ("counsellor", "county"), ("educational_psychology", "county"), "need agreement reason"),
    ("NO", ("counsellor", "county"), ("counsellor", "municipality"), "agreement reason"),
    ("NO", ("counsellor", "county"), _NURSE, "agreement reason"),
    ("NO", ("other", "county"), ("counsellor", "county"), "agreement"),
    ("SE", _NURSE, _NURSE, "need agreement reason"),
    ("SE", _NURSE, _PSYCHOLOGIST, "agreement"),
    ("SE", _PSYCHOLOGIST, _NURSE, "agreement reason"),
    ("SE", _PSYCHOLOGIST, ("counsellor", "municipality"), "need agreement reason"),
    ("SE", ("counsellor", "municipality"), ("guidance", "municipality"), "agreement reason"),
    ("SE", ("counsellor", "private"), ("guidance", "private"), "agreement"),
    ("SE", ("psychologist", "private"), _PSYCHOLOGIST, "agreement"),
    ("DK", _NURSE, ("ssp", "municipality"), "agreement reason"),
    ("DK", ("ssp", "municipality"), ("ssp", "municipality"), "need agreement reason"),
    ("DK", ("guidance", "municipality"), _NURSE, "agreement reason"),
    ("FI", _NURSE, ("counsellor", "county"), "agreement reason"),
    ("FI", ("psychologist", "county"), ("counsellor", "county"), "need agreement reason"),
    ("FI", ("guidance", "municipality"), ("counsellor", "municipality"), "agreement"),
    ("IS", _NURSE, ("counsellor", "municipality"), "agreement"),
)

#: (giver's country, profession, employer) → (receiver's) → what may follow without the student's agreement. With it:
#: anything, to anybody.
WITHOUT_AGREEMENT: Final = (
    ("NO", _NURSE, ("school_nurse", "county"), "nothing summary onward"),
    ("NO", _NURSE, ("counsellor", "county"), "nothing summary onward"),
    ("NO", ("other", "county"), ("counsellor", "county"), ""),
    ("SE", _NURSE, _PSYCHOLOGIST, ""),
    ("SE", _PSYCHOLOGIST, _NURSE, "nothing summary onward"),
    ("SE", ("counsellor", "private"), ("guidance", "private"), ""),
    ("DK", ("guidance", "municipality"), _NURSE, "nothing summary onward"),
    ("FI", ("guidance", "municipality"), ("counsellor", "municipality"), ""),
)

#: (country, profession, form of school, employer) → the duties that are shown: key, "?" where we are not sure.
DUTIES: Final = (
    ("NO", "school_nurse", "upper_secondary", "municipality",
     "no-principal-health? no-child-health no-warn-health no-help no-avert"),
    ("NO", "psychologist", "compulsory", "private",
     "no-principal-health? no-child-health no-warn-health no-help no-avert"),
    ("NO", "counsellor", "upper_secondary", "county", "no-principal no-child no-help no-avert"),
    ("NO", "counsellor", "compulsory", "private", "no-principal-private? no-child-private? no-help no-avert"),
    ("NO", "educational_psychology", "adult", "county", "no-child no-help no-avert"),
    ("SE", "school_nurse", "compulsory", "municipality", "se-principal se-child se-help? se-avert"),
    ("SE", "counsellor", "upper_secondary", "private", "se-principal se-child se-help? se-avert"),
    ("SE", "other", "adult", "municipality", "se-principal se-child se-help? se-avert"),
    ("DK", "ssp", "vocational", "municipality", "dk-child dk-child-everybody dk-help dk-avert"),
    ("DK", "guidance", "upper_secondary", "private", "dk-child-private? dk-child-everybody dk-help dk-avert"),
    ("FI", "school_nurse", "compulsory", "county", "fi-child fi-police-child fi-help fi-avert"),
    ("FI", "counsellor", "vocational", "municipality", "fi-child fi-police-child fi-help fi-avert"),
    ("IS", "school_nurse", "compulsory", "municipality", ""),
)  # fmt: skip

#: A student says no to the one who has taken it over, and it is the old holder's again. (what the student opened of the
#: time between, by which right or door one reads) → what is read: before, between (the student's words to the new
#: adult), answered (the new adult's), unread (by the new adult), back (since). "refused" is the new adult, asked again.
_BEFORE, _ALL = "before back", "before between answered unread back"
AFTER_A_NO: Final = {
    ("nothing", "holder"): _BEFORE,
    ("nothing", "free"): _BEFORE,
    ("nothing", "grant"): _BEFORE,
    ("nothing", "receiver"): _BEFORE,
    ("nothing", "refused"): _BEFORE,
    ("nothing", "record"): _BEFORE,
    ("nothing", "search"): _BEFORE,
    ("nothing", "two_persons"): _ALL,
    ("nothing", "own"): _ALL,
    ("unread", "holder"): "before unread back",
    ("unread", "free"): "before unread back",
    ("unread", "receiver"): "before unread back",
    ("unread", "record"): "before unread back",
    ("unread", "search"): "before unread back",
    ("unread", "own"): _ALL,
    ("all", "holder"): _ALL,
    ("all", "grant"): _ALL,
    ("all", "record"): _ALL,
    ("all", "search"): _ALL,
}
