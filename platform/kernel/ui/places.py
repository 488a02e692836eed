"""Which addresses are whose: of students, or of those who work here."""

#: Pages of those who work here: the worker never answers for them. What a browser says by itself is plain enough,
#: and nobody at a desk is shown a student's page (tests/kernel/ui/test_offline.py walks the addresses).
STAFF = (
    "/account/", "/api/", "/away/", "/demo/", "/desk/", "/insights/", "/log-review/", "/my-picture/", "/openings/",
    "/rehearsal/", "/setup/", "/sign-in/", "/sign-out/", "/ui/", "/worry/",
)  # fmt: skip


def is_at_work(path: str) -> bool:
    """True for an address of those who work here."""
    return path.startswith(STAFF)
