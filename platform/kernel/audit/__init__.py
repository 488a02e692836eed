"""Who wrote what, and who read whose words, when and why. Rows are added, never changed: the municipality's
database role has no right to (kernel/tenancy/grants). Ids and codes only; content and names never.

Words: entry (a write), read entry (a read of content), reading (proof that a read is logged).
Doors: `record(by, verb, kind, object_id, **details)`, `reading(by, case, what, why)`.
"""
