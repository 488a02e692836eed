"""Who wrote what, and who read whose words, when and why. Rows are added, never changed: the municipality's
database role has no right to (kernel/tenancy/grants). Ids and codes only; content and names never. Whatever is done
to a row behind our back is found: each carries a proof, and links chain them (docs/how/log.md).

Words: entry (a write), read entry (a read of content), reading (proof that a read is logged), link (a row's place
in the chain).
Doors: `record(by, verb, kind, object_id, **details)`, `reading(by, case, what, why)`, `readings`, `linking`,
`verifying`.
"""
