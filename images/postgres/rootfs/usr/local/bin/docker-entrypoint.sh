#!/bin/sh
# Starts PostgreSQL; makes the cluster first where there is none. Understands the part of the official image's environment that we use:
# PGDATA, POSTGRES_USER, POSTGRES_PASSWORD_FILE.
set -eu

for versioned in /usr/lib/postgresql/*/bin; do
    PATH="$versioned:$PATH"
done
export PATH

if [ "${1:-}" = postgres ] && [ "${2:-}" != --version ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
    # Made beside its place and moved there when complete: a kill in the middle leaves nothing that looks like a cluster.
    rm -rf "$PGDATA.new"
    initdb --pgdata="$PGDATA.new" --username="${POSTGRES_USER:-postgres}" --pwfile="$POSTGRES_PASSWORD_FILE" \
        --auth-local=scram-sha-256 --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
    echo 'host all all all scram-sha-256' >> "$PGDATA.new/pg_hba.conf"
    chmod 0700 "$PGDATA.new"
    rm -rf "$PGDATA"
    mv "$PGDATA.new" "$PGDATA"
fi

exec "$@"
