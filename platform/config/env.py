"""The environment, read with types: one line of plain words when a setting is missing or wrong.

`from config import env`, then `env.flag("DEMO", False)`. Empty values count as not set. Knows no Django.
Secrets come from the environment; a demo (`DEMO=1`) and the tests (`LAVTERSKEL_TESTING=1`) make missing
ones once in `DATA_DIR/secrets.env`, and every later process reads them there.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

from config import secret_file

CLONE = Path(__file__).resolve().parents[2]
RECORD_NAME = "postgresql.json"  # what config.embedded writes in DATA_DIR about its server
_ON, _OFF = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_POSTGRES_SCHEMES = {"postgres", "postgresql"}
_POSTGRES_OPTIONS = {
    "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding", "target_session_attrs",
    "connect_timeout", "application_name", "options",
}  # fmt: skip
# Every secret and its shape: the one place where a new one is added.
_KEYS_OF_32_BYTES = {"KEY_ENCRYPTION_KEY", "KEY_ENCRYPTION_KEY_PREVIOUS", "RECEIPT_PEPPER"}
_TEXTS = {"SECRET_KEY", "EMBEDDED_DATABASE_PASSWORD"}


class BadSetting(SystemExit):
    """A setting that cannot be used. A SystemExit: it ends any program with its one line and status 1."""


def refuse(name: str, problem: str) -> NoReturn:
    """End the program with one line that names the setting and what to do about it."""
    raise BadSetting(f"lavterskel: {name} {problem}")


def text(name: str, default: str | None = None) -> str:
    """The variable as text, stripped. Without a default it is required."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        refuse(name, "is not set, and it has no default.")
    return default


def flag(name: str, default: bool) -> bool:
    """1/true/yes/on or 0/false/no/off, in any case."""
    value = text(name, "").lower()
    if not value:
        return default
    if value not in _ON | _OFF:
        refuse(name, f"is {value!r}; it can be 1 or 0 (also true/false, yes/no, on/off).")
    return value in _ON


def number(name: str, default: int | None = None, *, low: int | None = None, high: int | None = None) -> int:
    """A whole number within [low, high], both inclusive."""
    value = text(name, None if default is None else str(default))
    try:
        found = int(value)
    except ValueError:
        refuse(name, f"is {value!r}; it must be a whole number.")
    if (low is not None and found < low) or (high is not None and found > high):
        upper = "" if high is None else f"at most {high}"
        lower = "" if low is None else f"at least {low}"
        refuse(name, f"is {found}; it must be {' and '.join(filter(None, (lower, upper)))}.")
    return found


def items(name: str, default: Sequence[str] = ()) -> list[str]:
    """A list separated by commas; blanks around the parts and empty parts are dropped."""
    value = text(name, "")
    return [part.strip() for part in value.split(",") if part.strip()] if value else list(default)


def name_servers(name: str) -> list[tuple[str, int]]:
    """Addresses of name servers, each with its port: "9.9.9.9, 192.0.2.1:5353, [2620:fe::fe]:53"."""
    return [_name_server(name, part) for part in items(name)]


def _name_server(name: str, part: str) -> tuple[str, int]:
    parts = urlsplit(f"//{part}" if "." in part or part.startswith("[") else f"//[{part}]")
    try:
        return str(ip_address(parts.hostname or "")), parts.port or 53
    except ValueError:
        refuse(name, f"has {part!r}; each is an IP address, with :PORT where it is not 53.")


def choice(name: str, default: str, allowed: Sequence[str]) -> str:
    """One of a fixed set of words."""
    value = text(name, default)
    if value not in allowed:
        refuse(name, f"is {value!r}; it can be {', '.join(allowed)}.")
    return value


def url(name: str, default: str | None = None) -> str:
    """An http or https address without a trailing slash."""
    value = text(name, default)
    parts = _split(name, value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        refuse(name, f"is {value!r}; it must be an address such as https://lavterskel.example.")
    return value.rstrip("/")


def path(name: str, default: Path | str) -> Path:
    """A file or folder, absolute; a relative one counts from the clone."""
    return (CLONE / Path(text(name, str(default))).expanduser()).resolve()


def data_dir() -> Path:
    """The folder of all that is kept outside the database (absolute; asking does not create it).

    A relative DATA_DIR counts from the clone, so that every process agrees wherever it was started.
    """
    return path("DATA_DIR", ".data")


def testing() -> bool:
    """True in the test suite (LAVTERSKEL_TESTING=1)."""
    return flag("LAVTERSKEL_TESTING", False)


def demo() -> bool:
    """True with DEMO=1; when DEMO is not said, True if a demo founded the embedded server of DATA_DIR.

    So `manage.py` in another shell is one with the demo that runs. Never implied with a DATABASE_URL.
    """
    if text("DEMO", "") or text("DATABASE_URL", ""):
        return flag("DEMO", False)
    return _embedded_record().get("demo") is True


def is_localhost(host: str) -> bool:
    """`localhost` or a name below it: what never leaves this machine (RFC 6761). Not `evillocalhost`."""
    name = host.lower().rstrip(".")
    return name == "localhost" or name.endswith(".localhost")


def demo_host() -> None:
    """Refuse a demo on a real host. Asked first by every program, before it makes anything on disk."""
    if demo() and not is_localhost(text("FRONT_HOST", "localhost")):
        refuse(
            "FRONT_HOST", "is a real host, and a demo runs on localhost and below it only. Unset one of them."
        )


def port() -> int:
    """PORT; when it is not said, that of the latest `make run` with this DATA_DIR; else 8000."""
    remembered = _embedded_record().get("port", 8000) if uses_embedded_database() else 8000
    return number("PORT", int(remembered), low=1, high=65535)


def secret(name: str, *, needed: bool = True) -> str:
    """A secret of the environment, else of DATA_DIR/secrets.env, where demo and tests make a missing one.

    One that is not needed is "" where nobody set it, and is never made.
    """
    if name not in _KEYS_OF_32_BYTES | _TEXTS:
        raise KeyError(f"{name} is no secret of ours: add it to config/env.py with its shape")
    value = text(name, "") or (_secret_of_data_dir(name) if needed else "")
    if not value and not needed:
        return ""
    if not value:
        how = "openssl rand -base64 32" if name in _KEYS_OF_32_BYTES else "openssl rand -base64 48"
        refuse(name, f"is not set. It is a secret and has no default; make one with: {how}")
    if name in _KEYS_OF_32_BYTES and not _is_key(value):
        refuse(name, "must be 32 bytes in base64. Make one with: openssl rand -base64 32")
    if name in _TEXTS and len(value) < 32:
        refuse(name, "is too short: at least 32 characters. Make one with: openssl rand -base64 48")
    return value


def key(name: str) -> bytes:
    """A secret of 32 bytes, decoded."""
    return base64.b64decode(secret(name), validate=True)


def _secret_of_data_dir(name: str) -> str:
    folder = data_dir()
    make = secret_file.random_key if name in _KEYS_OF_32_BYTES else secret_file.random_text
    try:
        if demo() or testing():
            return secret_file.get_or_make(folder, name, make)
        return secret_file.read(folder).get(name, "")
    except OSError as error:
        refuse("DATA_DIR", f"is {folder}, where secrets cannot be read or written: {error.strerror}.")


def _is_key(value: str) -> bool:
    try:
        return len(base64.b64decode(value, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def uses_embedded_database() -> bool:
    """True when no DATABASE_URL is given: the PostgreSQL of DATA_DIR is used (see config.embedded)."""
    return not text("DATABASE_URL", "")


def database() -> dict[str, Any]:
    """Django's connection as `app`: NAME, USER, PASSWORD, HOST, PORT, OPTIONS. Starts nothing."""
    return parse_database("DATABASE_URL") if not uses_embedded_database() else _embedded_database("app")


def owner_database() -> dict[str, Any]:
    """The same as `owner`, who founds and migrates: DATABASE_OWNER_URL, which defaults to DATABASE_URL."""
    if uses_embedded_database():
        return _embedded_database("owner")
    return parse_database("DATABASE_OWNER_URL" if text("DATABASE_OWNER_URL", "") else "DATABASE_URL")


def parse_database(name: str) -> dict[str, Any]:
    """A variable like postgresql://app:word@host:5432/lavterskel?sslmode=verify-full as Django's settings.

    A socket folder is given as `?host=/folder`. The value is never repeated in an error: it holds a password.
    """
    parts = _split(name, text(name))
    if parts.scheme not in _POSTGRES_SCHEMES:
        refuse(name, "must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    unknown = sorted(options.keys() - _POSTGRES_OPTIONS)
    if unknown:
        refuse(name, f"has options that are not known: {', '.join(unknown)}.")
    database_name = unquote(parts.path.lstrip("/"))
    if not database_name or not parts.username:
        refuse(name, "must name a user and a database: postgresql://USER:PASSWORD@HOST/DATABASE")
    return {
        "NAME": database_name,
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def _split(name: str, value: str) -> Any:
    try:
        parts = urlsplit(value)
        _ = parts.port  # only looking at it checks it
    except ValueError:
        refuse(name, "is not a valid address (a bad port, or an unescaped character in it).")
    return parts


def embedded_password(role: str) -> str:
    """The password of one role of the embedded server, derived from EMBEDDED_DATABASE_PASSWORD."""
    return hmac.new(secret("EMBEDDED_DATABASE_PASSWORD").encode(), role.encode(), hashlib.sha256).hexdigest()


def _embedded_database(role: str) -> dict[str, Any]:
    # A server that was never started has no socket folder: this name says so in the refused connection.
    host = _embedded_record().get("socket") or str(data_dir() / "postgresql-was-not-started")
    return {
        "NAME": "lavterskel",
        "USER": role,
        "PASSWORD": embedded_password(role),
        "HOST": str(host),
        "PORT": "5432",
        "OPTIONS": {},
    }


def _embedded_record() -> dict[str, Any]:
    try:
        found = json.loads((data_dir() / RECORD_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
