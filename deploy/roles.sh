#!/bin/sh
# The two roles that log in and the database, on a server of one's own (PostgreSQL 15 or newer). As its superuser.
# OWNER_PASSWORD and APP_PASSWORD come from the environment. Everything else is made by `manage.py migrate_all`.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE owner LOGIN CREATEROLE NOSUPERUSER PASSWORD :'owner_password';
CREATE ROLE app LOGIN NOINHERIT NOSUPERUSER PASSWORD :'app_password';
CREATE DATABASE lavterskel OWNER owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
SQL
