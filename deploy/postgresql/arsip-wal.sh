#!/bin/sh
# archive_command = '/opt/pantau/deploy/postgresql/arsip-wal.sh %p %f /mnt/arsip-wal'
# Copies one finished WAL file into the archive: whole and on disk when this ends with 0, or not at all.
# PostgreSQL calls again after any other code, and keeps the file until then.
set -eu
[ $# -eq 3 ] || { echo "pemakaian: arsip-wal.sh JALUR NAMA FOLDER" >&2; exit 2; }
goal="$3/$2"
if [ -e "$goal" ]; then
    # A call that was cut off after the rename comes again with the same bytes; other bytes are another cluster's.
    cmp -s "$1" "$goal" && exit 0
    echo "arsip-wal: $goal sudah ada dengan isi lain; periksa apakah dua peladen memakai satu arsip" >&2
    exit 1
fi
part="$3/.$2.part"
cp "$1" "$part"
sync "$part"
mv "$part" "$goal"
sync "$3"
