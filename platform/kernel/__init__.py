"""What every room stands on: time, guarantee, tenancy, people, permissions, audit, outbox, API, UI."""
