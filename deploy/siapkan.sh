#!/bin/sh
# Menyiapkan atau memutakhirkan ruang kerja dan basis data, lalu berakhir; layanan lain menunggu sampai ini berhasil.
# Dengan alamat pemilik basis data, itulah yang dipakai, dan peran sehari-hari diberi haknya lagi.
set -eu
pemilik=${PANTAU_DATABASE_URL_PEMILIK:-}
if [ -n "$pemilik" ]; then
  PANTAU_DATABASE_URL=$pemilik
  export PANTAU_DATABASE_URL
fi
pantau init --wait "$PANTAU_HOME"
if [ -n "$pemilik" ]; then
  pantau --workspace "$PANTAU_HOME" db grants pantau_harian --apply
fi
