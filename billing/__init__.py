"""What municipalities pay, and how: the ledger, its invoices and the payment provider.

Nobody pays yet: pilots are free, and this room is furnished when the first municipality goes regional.
Rule that already holds: a student's door is never gated by money.
"""
