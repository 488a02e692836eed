"""The server in front of us believes nobody who says where the application lives."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parents[2]


@pytest.fixture
def port() -> Iterator[int]:
    """A real gunicorn with the configuration we deploy, in front of an application that tells what it heard."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "tests.house.echo"]
    server = subprocess.Popen(
        command, cwd=CLONE, env={**os.environ, "PORT": str(number), "WEB_WORKERS": "1", "WEB_THREADS": "1"}
    )
    try:
        _wait_for(number)
        yield number
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("gunicorn did not start")


@pytest.mark.parametrize("header", ["SCRIPT_NAME", "PATH_INFO", "Script-Name", "Path-Info"])
def test_a_header_never_says_where_the_application_lives(port: int, header: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/desk/", headers={header: "/elsewhere"})
    assert connection.getresponse().read() == b"|/desk/"
