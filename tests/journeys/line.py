"""The line between a browser and the house: it can be cut, hang, swallow answers or babble, as lines do."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

#: A page of somebody else's, as a school's network shows it before one has signed in to it.
BABBLE = b"<!doctype html><title>Wi-Fi</title><main id='main'><h1>Sign in to the network</h1></main>"
HELD_AT_MOST = 60.0  # seconds a hanging answer is held, whatever happens


@dataclass
class Line:
    """`now` is what happens to what is posted ("" = all is well); `for_all`: to whatever is asked for.

    "cut": closed without a word · "hang": no answer until the line is mended · "swallow": it arrives, its answer
    does not · "babble": 200 and somebody else's page · "half": the answer breaks off · "502": a gateway's own.
    `then` happens after the next post that arrives.
    """

    port: int
    now: str = ""
    for_all: bool = False
    then: str = ""
    posts: list[str] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    mended: threading.Event = field(default_factory=threading.Event)

    def origin(self, slug: str) -> str:
        return f"http://{slug}.localhost:{self.port}"

    def is_(self, state: str, *, for_all: bool = False) -> None:
        if not state:
            self.mended.set()
        else:
            self.mended.clear()
        self.now, self.for_all, self.then = state, for_all, ""


@contextmanager
def line_to(house: int) -> Iterator[Line]:
    """A line to the house at this port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.carry(line.now if line.for_all else "")

        def do_POST(self) -> None:
            line.posts.append(urlsplit(self.path).path)
            now, then = line.now, line.then
            if then:
                line.is_(then)
            self.carry(now)

        def carry(self, state: str) -> None:
            line.asked.append((urlsplit(self.path).path, {k.lower(): v for k, v in self.headers.items()}))
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if state == "hang":
                line.mended.wait(HELD_AT_MOST)
            if state in ("cut", "hang"):
                return
            if state == "babble":
                return self.say(200, {"Content-Type": "text/html"}, BABBLE)
            if state == "502":
                return self.say(502, {"Content-Type": "text/html"}, b"<h1>Bad Gateway</h1>")
            status, headers, answer = self.ask_the_house(body)
            if state != "swallow":
                self.say(status, headers, answer, half=state == "half")

        def ask_the_house(self, body: bytes) -> tuple[int, Any, bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", house, timeout=HELD_AT_MOST)
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in ("connection", "accept-encoding"):
                    connection.putheader(name, value)
            connection.endheaders(body)
            found = connection.getresponse()
            return found.status, found.msg, found.read()

        def say(self, status: int, headers: Any, body: bytes, *, half: bool = False) -> None:
            with suppress(ConnectionError):  # who asked has gone
                self.write(status, headers, body[: len(body) // 2] if half else body, len(body))

        def write(self, status: int, headers: Any, body: bytes, length: int) -> None:
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    line = Line(server.server_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield line
    finally:
        line.mended.set()
        server.shutdown()
        server.server_close()
