"""Find my school leads to the school's own page, and search engines find no door that is not open."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from kernel.actor import MACHINE
from kernel.tenancy import inside
from tenants.onboarding import operations, papers
from tenants.onboarding.links import portal_address
from tenants.setup import operations as setup
from tenants.setup.queries import portal
from tests.tenants.onboarding.support import OPERATOR


@pytest.fixture
def rehearsing(applicant, slug):
    applicant.verify()
    applicant.ref = applicant.found(slug)
    return applicant


@pytest.fixture
def submitted(rehearsing):
    rehearsing.submit(rehearsing.ref)
    return rehearsing


def test_a_school_that_is_found_leads_to_its_own_page(submitted):
    operations.approve(application_id=submitted.application.pk, by=OPERATOR)
    with inside(submitted.ref):
        default_storage.delete(papers.KEPT_AS)
        school = portal().schools[0]
    operations.publish_all(by=MACHINE)
    answer = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en").get("/schools/", {"q": school.name})
    assert portal_address(submitted.ref.slug, f"/s/{school.slug}/") in answer.content.decode()
    assert submitted.ref.name in answer.content.decode()
    assert "noindex" in answer["X-Robots-Tag"]  # what somebody looked for
    assert "X-Robots-Tag" not in Client(SERVER_NAME="localhost").get("/schools/")
    assert "noindex" in Client(SERVER_NAME="localhost").get("/start/")["X-Robots-Tag"]
    with inside(submitted.ref):
        setup.rename_school(school_id=school.id, name="Furulund skole", by=MACHINE)
    operations.publish_all(by=MACHINE)
    answer = Client(SERVER_NAME="localhost").get("/schools/", {"q": "furulund"})
    assert portal_address(submitted.ref.slug, "/s/furulund/") in answer.content.decode()


def test_a_door_in_rehearsal_is_never_found_by_a_search_engine(rehearsing):
    door = Client(SERVER_NAME=f"{rehearsing.ref.slug}.localhost")
    for path in ("/", "/s/nowhere/", "/robots.txt"):
        assert "noindex" in door.get(path)["X-Robots-Tag"], path
    assert "Disallow: /\n" in door.get("/robots.txt").content.decode()
