#!/bin/sh
# Run once by the postgres image, when its volume is empty: the log-in users of core-api and ingest.
# What the group roles may do is in sql/postgres.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set core="$CORE_PASSWORD" --set ingest="$INGEST_PASSWORD" <<'SQL'
create role tributary_core nologin;
create role tributary_portal nologin;
create role tributary_cdc nologin;
create role core login password :'core' in role tributary_core;
create role ingest login replication password :'ingest' in role tributary_cdc;
SQL
