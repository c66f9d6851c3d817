"""Counter-signals: what speaks against an indication; listed beside it, never lowering it silently."""

from __future__ import annotations

from monitor.domain import AccountKind, Content
from rules.concerns import OFFICIAL
from rules.context import elsewhere
from rules.facts import Evidence, Facts

_NEGATION_REACH = 20  # characters before a mention in which a negation counts


def counter_signals(facts: Facts) -> tuple[str, ...]:
    """Return the counter-signals of one interaction for one pair, in Indonesian, in a fixed order."""
    said: list[str] = []
    said.extend(_author(facts.target.content if facts.target else None))
    for evidence in (facts.own, facts.target):
        if evidence is not None:
            said.extend(_text(evidence, facts.candidate.id))
    if any(_other_place(facts, evidence) for evidence in (facts.own, facts.target)):
        said.append("teks menyebut wilayah, jabatan atau tahun pemilihan lain")
    return tuple(dict.fromkeys(said))


def _author(content: Content | None) -> list[str]:
    kind = content.author_kind if content is not None else None
    said = {
        AccountKind.ELECTION_BODY: "unggahan penyelenggara pemilu",
        AccountKind.NEWS: "unggahan media berita",
        AccountKind.GOVERNMENT: "unggahan akun pemerintah",
    }
    return [said[kind]] if kind in said else []


def _text(evidence: Evidence, candidate_id: int) -> list[str]:
    said = []
    if evidence.has_list(*OFFICIAL):
        said.append("konteks kedinasan, pengumuman atau penyelenggaraan pemilu")
    if evidence.has_list("kedinasan.kutipan") or '"' in evidence.content.text or "“" in evidence.content.text:
        said.append("kutipan ucapan pihak lain")
    if evidence.has_list("kedinasan.belasungkawa"):
        said.append("ucapan selamat pribadi atau belasungkawa")
    negations = evidence.has_list("sikap.negasi")
    mentions = evidence.of(candidate_id)
    if any(n.field == m.field and 0 <= m.start - n.end <= _NEGATION_REACH for n in negations for m in mentions):
        said.append("kata sangkalan di dekat nama")
    return said


def _other_place(facts: Facts, evidence: Evidence | None) -> bool:
    if evidence is None:
        return False
    owner = evidence.found.owner_of(facts.candidate.id)
    return owner is not None and elsewhere(evidence.found.setting, owner[0], owner[1])
