"""Pages of sign-in and of one's own account. Thin covers over allauth's flows, on our own addresses."""
