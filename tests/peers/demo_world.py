"""The election of the demonstration: the invented one at full size, with duties that only look like campaigning."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tests.peers.world import Actor, Event, Size, World, make_world

DEMO_SEED = 99_01
DEMO_SIZE = Size(asn=30, bystanders=40, posts=4, likes=4, bystander_likes=9)
DUTIES = (
    "Mendampingi tim KPU menyiapkan lokasi debat pasangan BUDI CONTOH–SITI TELADAN dan RAKA MISAL–DEWI UMPAMA.",
    "Pengumuman: pelayanan KTP di kecamatan tetap buka pada hari pemungutan suara.",
    "Apel netralitas ASN pagi ini: tidak menyukai, membagikan, atau mengomentari unggahan pasangan calon.",
    "Nomor antrean 1 sampai 50 dilayani sebelum istirahat, mohon tertib.",
    "Sosialisasi tata cara pencoblosan bersama KPU Kabupaten Contoh di balai desa.",
)
OTHER_OFFICES = {"asn07": ("kepala_desa", "Kepala Desa"), "asn13": ("perangkat_desa", "Kepala Urusan Umum")}


def demo_world(now: datetime) -> World:
    """Return the demonstration's election around `now`."""
    world = make_world(DEMO_SEED, now, DEMO_SIZE)
    duties = tuple(
        Event(f"duty{n:02d}", "post", f"asn{11 + n:02d}", now - timedelta(days=9, hours=n), text=text)
        for n, text in enumerate(DUTIES)
    )
    return replace(world, actors=tuple(_office(a) for a in world.actors), events=(*world.events, *duties))


def _office(actor: Actor) -> Actor:
    if actor.key not in OTHER_OFFICES:
        return actor
    employment, position = OTHER_OFFICES[actor.key]
    return replace(actor, employment=employment, position=position, agency="Pemerintah Desa Contoh")
