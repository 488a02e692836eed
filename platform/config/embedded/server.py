"""A running embedded server: how to reach it, its roles and its databases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.embedded import cluster
from config.embedded.place import EmbeddedProblem, Place

DATABASE = "lavterskel"
SUPERUSER = "postgres"
#: The two roles that log in (design of the tenancy: the others are made by the first migration).
_LOGINS = {"owner": "LOGIN CREATEROLE NOSUPERUSER", "app": "LOGIN NOINHERIT NOSUPERUSER"}


@dataclass(frozen=True)
class Server:
    """One running cluster. `password(role)` gives the password of `postgres`, `owner` or `app`."""

    place: Place
    password: Callable[[str], str]

    def url(self, role: str = "app", database: str = DATABASE) -> str:
        """A postgresql:// address over the socket, with its password: never for logs."""
        host = quote(str(self.place.socket), safe="")
        return f"postgresql://{role}:{quote(self.password(role))}@/{database}?host={host}"

    def environment(self, database: str = DATABASE) -> Mapping[str, str]:
        """The settings with which any of our programs uses this server."""
        return {"DATABASE_URL": self.url("app", database), "DATABASE_OWNER_URL": self.url("owner", database)}

    def program(self, name: str) -> Path:
        """The path of one of PostgreSQL's own programs (pg_dump, psql); anybody who reaches it may run it."""
        return self.place.binaries / name

    def connect(
        self, database: str = "postgres", role: str = SUPERUSER
    ) -> "psycopg.Connection[tuple[object, ...]]":
        """An autocommit connection; as superuser unless told otherwise."""
        return psycopg.connect(
            host=str(self.place.socket), port=5432, user=role, password=self.password(role), dbname=database,
            autocommit=True, connect_timeout=10, application_name="lavterskel-embedded",
        )  # fmt: skip

    def answers(self) -> bool:
        """True when it can be talked to now. A wrong password is an EmbeddedProblem."""
        try:
            self.connect().close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise EmbeddedProblem(
                    f"the secrets of today do not open {self.place.home}. Bring back its secrets.env, "
                    "or EMBEDDED_DATABASE_PASSWORD, or begin anew with `make demo-reset`."
                ) from error
            return False
        return True

    def identifier(self) -> str:
        """The number that PostgreSQL drew when this cluster was made: another one is another cluster."""
        with self.connect() as connection:
            found = connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone()
        return str(found[0]) if found else ""

    def ensure_roles_and_database(self, *, may_create_databases: bool = False) -> None:
        """Roles `owner` and `app` and the database `lavterskel`; what exists is left as it is."""
        with self.connect() as connection:
            for role, rights in _LOGINS.items():
                if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    continue
                more = " CREATEDB" if may_create_databases and role == "owner" else ""
                # Only the verifier travels: the password itself never reaches the server or its log.
                verifier = connection.pgconn.encrypt_password(
                    self.password(role).encode(), role.encode(), b"scram-sha-256"
                ).decode()
                create = sql.SQL("CREATE ROLE {} " + rights + more + " PASSWORD {}")
                connection.execute(create.format(sql.Identifier(role), sql.Literal(verifier)))
        self.make_database(DATABASE)

    def make_database(self, name: str) -> None:
        """A database owned by `owner`, unless it exists."""
        with self.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(name)))

    def drop_database(self, name: str) -> None:
        """Drop a database, ending its sessions; fine when there is none."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def stop(self) -> None:
        """Stop it, whoever else still uses it."""
        cluster.stop(self.place)
