"""The JSON front door's manners: who is asking, what a refusal looks like, how lists go on.

Every slice's `api.py` stands on this and calls the same operations as its pages. Errors are
`application/problem+json` (RFC 9457). Words: token (a person's key for a program, with scopes), scope
(`desk:read`, `desk:write`, `setup:read`, `setup:write`), problem (a refusal as a document).
Doors: `views.OpenView`, `views.StaffView`, `serializers.Strict`, `problems.problem`, `tokens.issue`.
"""
