"""A name server on this machine, over UDP: it says what a test wrote into it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class NameServer:
    """`texts` maps a name (no closing dot) to its TXT records, `leads` a host to its address. `rcode`: what every
    answer is instead.
    """

    port: int
    texts: dict[str, list[str]] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    is_silent: bool = False
    asked: list[str] = field(default_factory=list)

    def answer(self, wire: bytes) -> bytes | None:
        query = dns.message.from_wire(wire)
        name = query.question[0].name.to_text().rstrip(".")
        self.asked.append(name)
        if self.is_silent:
            return None
        said = dns.message.make_response(query)
        said.flags |= dns.flags.AA
        said.set_rcode(self.rcode)
        asked = query.question[0].rdtype
        if self.rcode == dns.rcode.NOERROR and name in self.leads:
            if asked == dns.rdatatype.A:
                row = dns.rrset.from_text(query.question[0].name, 60, "IN", asked, self.leads[name])
                said.answer.append(row)
        elif self.rcode == dns.rcode.NOERROR and name not in self.texts:
            said.set_rcode(dns.rcode.NXDOMAIN)
        elif self.rcode == dns.rcode.NOERROR and asked == dns.rdatatype.TXT:
            quoted = [f'"{text}"' for text in self.texts[name]]
            said.answer.append(
                dns.rrset.from_text(query.question[0].name, 60, "IN", dns.rdatatype.TXT, *quoted)
            )
        return said.to_wire()


@contextmanager
def name_server() -> Iterator[NameServer]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        server = NameServer(port=line.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    wire, whom = line.recvfrom(4096)
                    if wire == b"end":
                        return
                    if said := server.answer(wire):
                        line.sendto(said, whom)
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bell:
            bell.sendto(b"end", ("127.0.0.1", server.port))
        thread.join(2)
