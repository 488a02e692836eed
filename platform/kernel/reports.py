"""Error reports that cannot leak: an allow-list, not a block-list (docs/how/security.md).

What leaves: exception class, our own frames (file, function, line; no variables), route pattern, method,
release and the municipality's number. Never: exception text, bodies, cookies, addresses, breadcrumbs, logs.
"""

from typing import Any

import sentry_sdk
from django.urls import Resolver404, resolve

_FRAME = ("filename", "function", "lineno", "module", "in_app")
_TAGS = ("municipality", "route")


def start(dsn: str, release: str) -> None:
    """Switch error reports on. Without a DSN nothing is ever sent."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        enable_logs=False,
        traces_sample_rate=0,
        server_name="",
        before_send=only_what_is_allowed,
    )


def only_what_is_allowed(event: Any, hint: dict[str, Any]) -> Any:
    """The event, rebuilt from nothing but what is on the list above."""
    clean: dict[str, Any] = {
        key: event[key] for key in ("event_id", "timestamp", "platform", "level", "release") if key in event
    }
    values = (event.get("exception") or {}).get("values") or []
    clean["exception"] = {"values": [_exception(value) for value in values]}
    request = event.get("request") or {}
    clean["request"] = {"method": request.get("method", "")}
    clean["tags"] = {
        **{key: value for key, value in (event.get("tags") or {}).items() if key in _TAGS},
        "route": _route(request.get("url", "")),
    }
    return clean


def _exception(value: dict[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "stacktrace": {"frames": [{key: frame[key] for key in _FRAME if key in frame} for frame in frames]},
    }


def _route(url: str) -> str:
    """The pattern of the address, never the address itself: it may hold an id."""
    path = "/" + url.split("://", 1)[-1].partition("/")[2].partition("?")[0]
    try:
        return str(resolve(path).route)
    except Resolver404:
        return "unknown"
