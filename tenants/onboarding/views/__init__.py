"""Pages of sign-up: read → operate → render.

The front door's have no session and no user; the operator's are staff pages.
"""
