"""manage.py demo: the demo's municipalities, with cast and two weeks of requests, where absent."""

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import eid, furnishing, living
from config.demo.places import PLACES
from config.demo.stories import STORIES
from kernel import clock, jobs
from kernel.outbox.links import address
from kernel.tenancy import inside, municipalities, template

#: The demo's municipalities were founded this long ago, so that everything in them has a past.
FOUNDED = timedelta(days=60)


class Command(BaseCommand):
    help = "Found and furnish the demo's municipalities, where they are absent. Only with DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("A demo is made only with DEMO=1: its people are invented, its doors open.")
        began = time.monotonic()
        template.ensure()
        with clock.pretend(clock.now() - FOUNDED):
            furnishing.staff_the_operator()
        there = {ref.slug for ref in municipalities() if ref.state == "live"}
        for place in PLACES:
            if place.slug not in there:
                with clock.pretend(clock.now() - FOUNDED):
                    furnishing.found(place)
        self._offer_eids()
        lived = 0
        for ref in municipalities():
            knocks = living.play(ref, STORIES[ref.slug]) if ref.slug in STORIES else 0
            if knocks:
                self.stdout.write(f"{address('/', ref)} {ref.name}: {knocks} requests")
            lived += knocks
        if lived:
            jobs.drain(10_000)
        self.stdout.write(f"The demo is ready. {time.monotonic() - began:.1f} s")

    def _offer_eids(self) -> None:
        with_one = {place.slug for place in PLACES if place.has_eid}
        for ref in municipalities():
            if ref.slug in with_one and ref.state == "live":
                with inside(ref):
                    eid.offer()
