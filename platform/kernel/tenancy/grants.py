"""What each database role may do, as data. Nothing else in the code base grants anything.

Roles and why: docs/how/tenancy.md. A test walks over every table and compares.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping

from django.apps import apps
from django.conf import settings
from psycopg import sql

ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
ADD_ONLY = ("SELECT", "INSERT")
NOTHING: tuple[str, ...] = ()

#: Tables of a municipality's schema whose rights are not the ordinary ones (all four verbs).
MUNICIPAL_TABLES: Mapping[str, tuple[str, ...]] = {
    "audit_entry": ADD_ONLY,
    "audit_readentry": ADD_ONLY,
    "audit_link": ADD_ONLY,
    "django_migrations": NOTHING,
}
#: Columns the sweeper may read in every municipality's schema: never whose promise or message it is.
SWEEPER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "django_migrations": ("id", "app", "name", "applied"),
    "promises_promise": ("id", "due_at", "kept_at", "broken_at", "ended_at", "remind_at"),
    "outbox_message": ("state", "next_attempt_at"),
    "audit_entry": ("id",),
    "audit_readentry": ("id",),
    "audit_link": ("kind", "row_id"),
}
#: Apps of the public schema whose tables a role may use. An app not named here gives nobody anything.
PUBLIC_APPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "municipalities": {"front": ("SELECT",), "operator": ("SELECT", "INSERT", "UPDATE", "DELETE")},
    "onboarding": {"operator": ALL},
}
#: Columns of public's tables that `front` may read beside them: what `/schools/` shows. Nothing of who signs up,
#: nor of any column that a later migration brings.
FRONT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "onboarding_publishedschool": ("id", "municipality_id", "name", "slug", "changed_at"),
}
#: Public reference tables every municipality may read: small, rarely written.
PUBLIC_REFERENCE_TABLES: tuple[str, ...] = ()
PLATFORM_ROLES = ("front", "sweeper", "worker")


def fingerprint() -> str:
    """Changes when any right of a municipality's schema changes: migrate_all then grants anew."""
    said = repr((sorted(MUNICIPAL_TABLES.items()), sorted(SWEEPER_COLUMNS.items()), PUBLIC_REFERENCE_TABLES))
    return hashlib.sha256(said.encode()).hexdigest()


def tables_of(app_names: Iterable[str]) -> dict[str, str]:
    """Table → app label, of every managed model (many-to-many tables included) of these apps.

    An app installed without migrations (docs/decisions/0005) has no tables.
    """
    names = set(app_names)
    without = {label for label, module in settings.MIGRATION_MODULES.items() if module is None}
    return {
        model._meta.db_table: model._meta.app_label
        for model in apps.get_models(include_auto_created=True)
        if apps.get_app_config(model._meta.app_label).name in names
        and model._meta.managed
        and model._meta.app_label not in without
    }


def on_municipality(
    schema: str, role: str, tables: Mapping[str, Collection[str]], *, fresh: bool = False
) -> sql.Composed:
    """Every right in one municipality's schema, which holds `tables` (with their columns); from nothing, so safe
    to run again. A column that a later migration brings is granted when it is there.

    A `fresh` schema, to which nobody has rights yet, needs none taken away first.
    """
    here, who = sql.Identifier(schema), sql.Identifier(role)
    steps: list[sql.Composable] = [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}, sweeper").format(here, who),
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}, sweeper").format(here, who),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} TO {}").format(here, who),
    ]
    for table, rights in MUNICIPAL_TABLES.items():
        taken = [verb for verb in ALL if verb not in rights]
        if table in tables and taken:
            revoke = sql.SQL("REVOKE {} ON {}.{} FROM {}")
            steps.append(revoke.format(_words(taken), here, sql.Identifier(table), who))
    for table, columns in SWEEPER_COLUMNS.items():
        if table in tables:
            steps.append(_columns(sql.Identifier(schema, table), columns, tables[table], "sweeper"))
    for table in PUBLIC_REFERENCE_TABLES:
        steps.append(sql.SQL("GRANT SELECT ON public.{} TO {}").format(sql.Identifier(table), who))
    return sql.SQL(";\n").join(steps[fresh:])


def on_public(tables: Mapping[str, Collection[str]], operator_role: str | None = None) -> sql.Composed:
    """Every right on public's `tables` (with their columns) of `front` and, once there is one, of the operator's
    role; from nothing, so a right that is listed no more is gone after it.
    """
    roles = {"front": "front"} | ({"operator": operator_role} if operator_role else {})
    steps: list[sql.Composable] = [sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC")]
    for kind, role in roles.items():
        who = sql.Identifier(role)
        steps.append(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(who))
        for table, app in sorted(tables_of(settings.SHARED_APPS).items()):
            rights = PUBLIC_APPS.get(app, {}).get(kind)
            if rights and table in tables:
                grant = sql.SQL("GRANT {} ON public.{} TO {}")
                steps.append(grant.format(_words(rights), sql.Identifier(table), who))
    steps += [
        _columns(sql.Identifier("public", table), columns, tables[table], "front")
        for table, columns in FRONT_COLUMNS.items()
        if table in tables
    ]
    return sql.SQL(";\n").join(steps)


def _columns(
    table: sql.Identifier, columns: Iterable[str], there: Collection[str], role: str
) -> sql.Composed:
    """The right to read these columns, as far as they are there."""
    named = sql.SQL(", ").join(sql.Identifier(column) for column in columns if column in there)
    return sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(named, table, sql.Identifier(role))


def _words(verbs: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(verb) for verb in verbs)
