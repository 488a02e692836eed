"""The demo: municipalities set up like the real ones, with an invented cast. Only with DEMO=1."""
