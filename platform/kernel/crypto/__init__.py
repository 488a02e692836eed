"""Content is unreadable without its keys: key-encryption key → municipality key → case key → AES-256-GCM.

Associated data bind a ciphertext to its municipality, field and row, so that one moved elsewhere does not
open. A sealed value opens only with a `Reading`, which exists only when the read-log row is written
(kernel/audit). Deleting a case key shreds everything written under it. Source: docs/how/security.md 7 and 8.

Words: municipality key (one a purpose), case key (one a conversation), sealed (encrypted, not readable).
Doors: `EncryptedField`, `EncryptedBytesField`, `Sealed`, `new_case_key`,
`keyed_hash`, `seal_box`, `open_box`, `receipts`.
"""
