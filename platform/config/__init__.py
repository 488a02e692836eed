"""Wiring: settings, addresses, WSGI. May import everybody; nobody imports it."""
