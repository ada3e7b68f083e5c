#!/bin/sh
# Makes the registry's own user, who owns its database and is no superuser: then not even the owner's rights
# reach the rows of the log.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$KITARAN_DB_PASSWORD" --username postgres <<'SQL'
CREATE ROLE kitaran LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE kitaran OWNER kitaran;
SQL
