"""What every room stands on: time, the guarantee, tenancy, people, permissions, audit, outbox, API shape, UI."""
