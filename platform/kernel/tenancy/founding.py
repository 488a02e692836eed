"""Making the schema of a municipality: one transaction, from the script, with its own role and rights."""

from psycopg import sql

from kernel.tenancy import owner, template
from kernel.tenancy.state import MunicipalityRef


def found_schema(ref: MunicipalityRef) -> None:
    """Make `ref.schema` with everything in it, and `ref.role`, in the owner's transaction (opened if none).

    Raises NoScript when the founding script of the code's migrations is missing; then nothing is made.
    """
    script = template.script_for(ref.schema)
    with owner.transaction_of_owner() as cursor:
        owner.ensure_role(cursor, ref.role)
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(ref.schema)))
        cursor.execute(script)
        owner.grant_in(cursor, ref.schema, ref.role, fresh=True)


def drop_schema(ref: MunicipalityRef) -> None:
    """Undo a founding that came to nothing: schema and role go, with everything in them."""
    with owner.transaction_of_owner() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(ref.schema)))
        cursor.execute("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = %s", [ref.role])
        if cursor.fetchone():
            role = sql.Identifier(ref.role)
            cursor.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role))
            cursor.execute(sql.SQL("DROP ROLE {}").format(role))
