"""From a Host header to a municipality, without a query, and never to a default one."""

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from kernel import tenancy
from kernel.actor import MACHINE
from kernel.tenancy import current, current_schema, directory
from kernel.tenancy.middleware import HealthMiddleware, MunicipalityMiddleware
from tenants.municipalities import operations, queries
from tests.kernel.tenancy.ground import pair

__all__ = ["pair"]


@pytest.fixture(autouse=True)
def _looked_anew(db):
    tenancy.forget()


def serve(host, path="/", **cookies):
    """(status, schema the view ran in, request)."""
    seen = {}

    def view(request):
        seen.update(schema=current_schema(), request=request)
        return HttpResponse("here")

    request = RequestFactory().get(path, HTTP_HOST=host)
    request.COOKIES.update(cookies)
    response = HealthMiddleware(MunicipalityMiddleware(view))(request)
    assert current() is None
    return response.status_code, seen.get("schema"), seen.get("request")


def test_a_slugs_host_is_its_municipality_with_any_port_case_or_closing_dot(pair):
    for host in ("{}.localhost", "{}.localhost:8000", "{}.LOCALHOST", "{}.localhost."):
        status, schema, request = serve(host.format(pair[0].slug))
        assert (status, schema) == (200, pair[0].schema)
        assert request.municipality.id == pair[0].id
        assert request.urlconf == "config.urls_municipality"


@pytest.mark.parametrize(
    "host",
    ["nobody.localhost", "localhost.example", "a.b.localhost", "operator.localhost", "127.0.0.1", "[::1]:80",
     "xlocalhost", ".localhost", "pair.localhost@evil.example", "x" * 300, "evil.example"],
)  # fmt: skip
def test_an_unknown_host_is_404_and_nobodys(pair, host):
    assert serve(host)[:2] == (404, None)


def test_healthz_answers_on_every_host(pair):
    assert serve("evil.example", "/healthz")[0] == 200


@pytest.mark.parametrize("path", ["/", "/start/", "/schools/", "/operatorx", "/static/x.css"])
def test_the_front_doors_pages_are_public_and_know_no_session(pair, path, settings):
    status, schema, request = serve("localhost:8000", path, **{settings.SESSION_COOKIE_NAME: "abc"})
    assert (status, schema) == (200, "public")
    assert request.municipality is None
    assert request.urlconf == "config.urls_public"
    assert settings.SESSION_COOKIE_NAME not in request.COOKIES


@pytest.mark.parametrize(
    "path", ["/operator/", "/sign-in/", "/sign-in/code/", "/sign-out/", "/account/", "/demo/"]
)
def test_the_operators_pages_run_inside_the_operator(pair, path, settings):
    status, schema, request = serve("localhost", path, **{settings.SESSION_COOKIE_NAME: "abc"})
    assert (status, schema) == (200, tenancy.operator().schema)
    assert request.municipality is None
    assert settings.SESSION_COOKIE_NAME in request.COOKIES


def test_a_second_request_asks_no_question_about_the_host(pair):
    serve(f"{pair[0].slug}.localhost")
    with CaptureQueriesContext(connection) as asked:
        serve(f"{pair[1].slug}.localhost")
        serve("nobody.localhost")
    assert len(asked) == 0


def test_another_processs_change_is_seen_within_seconds(pair, monkeypatch):
    assert serve(f"{pair[0].slug}.localhost")[0] == 200
    monkeypatch.setattr(operations, "forget", lambda: None)  # as if it happened in another process
    operations.change_state(municipality_id=pair[0].id, to="ended", by=MACHINE)
    assert serve(f"{pair[0].slug}.localhost")[0] == 200
    monkeypatch.setattr(directory, "_asked_at", directory._asked_at - directory.LOOK_AGAIN)
    assert serve(f"{pair[0].slug}.localhost")[0] == 404


def test_a_suspended_door_says_so_and_runs_nothing(pair):
    for to in ("live", "suspended"):
        operations.change_state(municipality_id=pair[0].id, to=to, by=MACHINE)
    assert serve(f"{pair[0].slug}.localhost")[:2] == (503, None)


def test_with_the_database_away_known_hosts_are_still_known(pair, monkeypatch):
    def away():
        raise OperationalError

    serve(f"{pair[0].slug}.localhost")
    tenancy.register_directory(load=away, version=away)
    try:
        monkeypatch.setattr(directory, "_asked_at", 0.0)
        assert serve(f"{pair[0].slug}.localhost")[0] == 200
        assert serve("nobody.localhost")[0] == 404
        tenancy.forget()
        assert serve(f"{pair[0].slug}.localhost")[0] == 503
    finally:
        tenancy.register_directory(load=queries.load_directory, version=queries.directory_version)


def test_a_host_of_its_own(pair):
    operations.add_domain(municipality_id=pair[1].id, domain="Skole.Kommune.example", by=MACHINE)
    assert serve("skole.kommune.example")[:2] == (200, pair[1].schema)
