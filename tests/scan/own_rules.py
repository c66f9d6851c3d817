"""A rule of the office's own, as its file may be written."""

from __future__ import annotations

RULE = """id: aturan-kantor
version: 1
title: Aturan kantor contoh
status: {status}
level: rendah
basis:
  skb-2-2022: {{bakal_calon: A4, calon: B6}}
subjects: [pns]
acts: [like]
when:
  all:
    - target.author: registered
explain: "Akun {{actor.handle}} menyukai unggahan {{target.handle}}."
false_positives: ["{note}"]
examples:
  match:
    - {{act: like, target: {{author: registered, pair: 1, text: "Ayo"}}, at: "2024-10-01T10:00:00+07:00"}}
  no_match:
    - {{act: like, target: {{author: news, text: "Berita"}}, at: "2024-10-01T10:00:00+07:00"}}
budget: {{max_per_1000: 50}}
"""


def text(status: str = "draft", note: str = "Tersentuh tidak sengaja.") -> str:
    return RULE.format(status=status, note=note)
