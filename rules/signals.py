"""Counter-signals: what speaks against an indication; listed beside it, lowering nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from monitor.domain import AccountKind, AttributionStatus, Content, Mention, Tier
from rules.concerns import inherits
from rules.context import elsewhere
from rules.facts import Evidence, Facts
from rules.matchers.media import seen_before

_NEGATION_REACH = 20  # characters before a mention in which a negation counts
_AUTHORS = {
    AccountKind.ELECTION_BODY: "unggahan penyelenggara pemilu",
    AccountKind.NEWS: "unggahan media berita",
    AccountKind.GOVERNMENT: "unggahan akun pemerintah",
}
_LISTS = (
    (("kedinasan.tugas", "kedinasan.penyelenggara"), "konteks kedinasan, pengumuman atau penyelenggaraan pemilu"),
    (("seruan.pendidikan",), "konteks pendidikan pemilih"),
    (("seruan.larangan",), "teks membicarakan larangan atau netralitas"),
    (("foto.penertiban",), "teks membicarakan penertiban atau gangguan alat peraga"),
    (("kedinasan.belasungkawa", "seruan.ucapan"), "ucapan selamat pribadi atau belasungkawa"),
    (("hasutan.bantahan",), "teks membantah atau meluruskan kabar"),
)
_ANY_LIST = frozenset(name for lists, _ in _LISTS for name in lists)
_NEGATION = ("sikap.negasi",)
_QUOTE_MARKS = frozenset("“”«»„")  # besides the plain one
_ASKING = re.compile(
    r"\W*(?:apa|apakah|siapa|siapakah|kapan|kenapa|mengapa|gimana|bagaimana|benarkah|masak?)\b", re.IGNORECASE
)
# Laughter, winks and the words by which writers mark irony; what they mean is for a person to say.
_IRONY = re.compile(
    r"\b(?:(?:wk){2,}w?k?|(?:ha){2,}h?|(?:he){2,}|(?:xi){2,}|lol|lmao|konon|katanya|halu|ngimpi|sarkas\w*|nyindir|sindiran"
    r"|bercanda|becanda|canda)\b|/s\b|[😂🤣🙃😏🤭😜🤪]",
    re.IGNORECASE,
)
# One of these is in every such word of plain letters: most texts have none, which is sooner said so.
_IN_IRONY = (
    "wkwk", "haha", "hehe", "xixi", "lol", "lmao", "konon", "katanya", "halu", "ngimpi", "sarkas", "nyindir",
    "sindiran", "canda", "/s",
)  # fmt: skip
_SPOUSE = re.compile(
    r"\b(?:cltn|cuti di luar tanggungan negara|(?:suami|is[tr]+i|isteri|pasangan)\s+(?:\w+\s+)?(?:bakal\s+)?calon)\b",
    re.IGNORECASE,
)


def counter_signals(facts: Facts) -> tuple[str, ...]:
    """Return the counter-signals of one interaction for one pair, in Indonesian, in a fixed order."""
    own, target, root = facts.own, facts.target, facts.root
    pair = facts.candidate.id
    authors = [above.content.author_kind for above in (target, root) if above is not None]
    found = [_AUTHORS[kind] for kind in authors if kind in _AUTHORS]
    if own is not None:
        _words(own, pair, found)
    below = _said_above(target, pair) if target is not None else _SILENCE
    found.extend(below.words)
    if own is not None:
        _manner(own.content.text, found)
        if own.mentions:
            _names(facts, own, found)
    if below.elsewhere or (own is not None and own.words and _other_place(pair, own)):
        found.append("teks menyebut wilayah, jabatan atau tahun pemilihan lain")
    _times(facts, found)
    _person(facts, found)
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


class _Above(NamedTuple):
    """What the text that an act is of says against an indication for one pair."""

    words: Sequence[str]
    elsewhere: bool


_SILENCE = _Above((), elsewhere=False)


def _said_above(target: Evidence, pair: int) -> _Above:
    """Return what all acts on a text share, found once."""
    known: _Above | None = target.remarks.get(pair)
    if known is None:
        words: list[str] = []
        _words(target, pair, words)
        known = target.remarks[pair] = _Above(words, _other_place(pair, target))
    return known


def _words(evidence: Evidence, pair: int, found: list[str]) -> None:
    if evidence.speaks(_ANY_LIST):
        found.extend([said for lists, said in _LISTS if evidence.speaks(lists)])
    if evidence.speaks(("kedinasan.kutipan",)) or _quotes(evidence.content.text):
        found.append("kutipan ucapan pihak lain")
    if pair in evidence.counts and evidence.speaks(_NEGATION):
        ends = sorted([(n.field, n.end) for n in evidence.has_list(*_NEGATION)])
        if any(_ends_before(ends, mention) for mention in evidence.of(pair)):
            found.append("kata sangkalan di dekat nama")


def _ends_before(ends: Sequence[tuple[str, int]], mention: Mention) -> bool:
    """Whether one of these places, in order, is shortly before a mention in the same text."""
    last = bisect_right(ends, (mention.field, mention.start)) - 1
    return last >= 0 and ends[last][0] == mention.field and mention.start - ends[last][1] <= _NEGATION_REACH


def _manner(text: str, found: list[str]) -> None:
    """Add how the person's own words are said: asked, or marked as a joke."""
    if "?" in text or _ASKING.match(text):
        found.append("kalimat tanya")
    if _ironic(text):
        found.append("tanda gurauan atau sindiran; maksud penulis tidak pasti")


def _ironic(text: str) -> bool:
    if text.isascii():
        low = text.lower()
        if not any([word in low for word in _IN_IRONY]):  # noqa: C419 - a generator costs more
            return False
    return _IRONY.search(text) is not None


def _quotes(text: str) -> bool:
    return '"' in text or not (text.isascii() or _QUOTE_MARKS.isdisjoint(text))


def _names(facts: Facts, own: Evidence, found: list[str]) -> None:
    """Add what is weak about the naming, where the act rests on the person's own words only."""
    pair = facts.candidate.id
    named = {m.candidate_id for m in own.mentions if m.tier.rank >= Tier.SEDANG.rank}
    if len(named) > 1:
        found.append("teks menyebut lebih dari satu pasangan calon")
    if pair in named and not own.of(pair, Tier.KUAT) and not inherits(facts.view):
        found.append("calon hanya disebut dengan nomor, nama pendek atau ejaan yang mirip")


def _times(facts: Facts, found: list[str]) -> None:
    for evidence in (facts.own, facts.target):
        if evidence is None or evidence.content.seen_before is None:
            continue
        if seen_before(facts, evidence, "stages"):
            found.append("isi lama: teks yang sama sudah terlihat sebelum tahapan pertama dimulai")
        elif seen_before(facts, evidence, "stage"):
            found.append("isi lama: teks yang sama sudah terlihat sebelum tahapan ini dimulai")
    if facts.target is not None and _older_than_stages(facts, facts.target.content):
        found.append("unggahan yang dituju lebih tua daripada tahapan pertama")


def _older_than_stages(facts: Facts, content: Content) -> bool:
    published, stages = content.published_at, facts.contest.stages
    return published is not None and bool(stages) and published < stages[0].starts


def _person(facts: Facts, found: list[str]) -> None:
    if facts.view.attribution is AttributionStatus.PROPOSED:
        found.append("pemilik akun baru diusulkan, belum dibuktikan")
    if facts.view.person_note and _SPOUSE.search(facts.view.person_note):
        found.append("catatan register menyebut suami atau istri calon, atau cuti di luar tanggungan negara")


def _other_place(pair: int, evidence: Evidence) -> bool:
    owner = evidence.found.owner_of(pair)
    return owner is not None and elsewhere(evidence.found.setting, owner[0], owner[1])
