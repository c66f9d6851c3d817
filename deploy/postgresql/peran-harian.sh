#!/bin/sh
# Membuat peran sehari-hari pada basis data baru: dipasang ke /docker-entrypoint-initdb.d, dijalankan sekali sebagai pemilik.
# Peran itu belum boleh apa-apa sampai pemilik menjalankan `pantau db grants pantau_harian --apply`.
set -eu
SANDI_HARIAN=${SANDI_HARIAN:-/run/secrets/sandi_harian}
export SANDI_HARIAN
if ! [ -s "$SANDI_HARIAN" ] || ! [ -r "$SANDI_HARIAN" ]; then
  echo "peran-harian: $SANDI_HARIAN kosong, tidak ada, atau tidak boleh dibaca pengguna $(id -u)" >&2
  exit 1
fi
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'PERINTAH'
\set sandi `cat "$SANDI_HARIAN"`
CREATE ROLE pantau_harian LOGIN PASSWORD :'sandi';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
PERINTAH
