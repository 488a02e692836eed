"""What broke before a promise said itself from whom it went, says it too: by the log, where it stood until then. One
statement, and nothing that anybody wrote is read.

The log says from whom a request went, and when; it went by the promise of it that broke last until then (a pass of the
sweep marks all with the moment it began), of two that broke at once by the one that was due first. Whose account is not there any more, or what the log has no line of, goes
from nobody: then nobody is passed over when the next one breaks (services.contact.taking_over.let_it_break).
"""

from django.db import migrations

FILL = """
UPDATE promises_promise
SET went_from_id = went.account_id
FROM (
    SELECT DISTINCT ON (broke.id) broke.id, account.id AS account_id
    FROM audit_entry AS log
    JOIN people_account AS account ON account.id::text = log.details ->> 'from'
    CROSS JOIN LATERAL (
        SELECT one.id
        FROM promises_promise AS one
        WHERE one.subject_kind = log.object_kind
          AND one.subject_id = log.object_id::uuid
          AND one.broken_at BETWEEN log.at - interval '1 hour' AND log.at
        ORDER BY one.broken_at DESC, one.due_at
        LIMIT 1
    ) AS broke
    WHERE log.object_kind = 'contact_request'
      AND log.verb IN ('contact.take_over', 'contact.release')
      AND log.details ->> 'why' = 'promise-broken'
    ORDER BY broke.id, log.at
) AS went
WHERE promises_promise.id = went.id
  AND promises_promise.went_from_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_first_tables"),
        ("people", "0001_initial"),
        ("promises", "0010_from_whom_it_went_when_it_broke"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
