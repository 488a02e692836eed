"""Bodies from a stranger are read strictly, on every route."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from kernel.api.parsing import Json


def views(resolver: URLResolver) -> Iterator[type]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry)
        elif isinstance(entry, URLPattern) and hasattr(entry.callback, "cls"):
            yield entry.callback.cls


def test_every_route_of_the_api_refuses_what_is_nested_beyond_measure():
    found = [*views(get_resolver("config.urls_municipality")), *views(get_resolver("config.urls_public"))]
    assert len(found) > 20
    assert [view for view in found if list(view.parser_classes) != [Json]] == []
