"""What happens without anybody waiting for it: the log is chained."""

from kernel import jobs
from kernel.audit import linking


@jobs.every_minute
def link_what_is_new() -> None:
    """In every municipality whose log has grown."""
    linking.link_everywhere()


@jobs.every_hour_inside
def link_what_came_late() -> None:
    """In each municipality: rows whose transaction took so long that higher ids were linked before."""
    linking.link_new()
