"""Counter-signals: what speaks against an indication; listed beside it, lowering nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

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
_QUOTE_MARKS = '"“”«»„'
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
    return tuple(dict.fromkeys(_signals(facts)))


def _signals(facts: Facts) -> Iterator[str]:
    for above in (facts.target, facts.root):
        yield from _author(above.content if above else None)
    for evidence in (facts.own, facts.target):
        if evidence is not None:
            yield from _words(evidence, facts.candidate.id)
    if facts.own is not None:
        yield from _manner(facts.own.content.text)
    yield from _names(facts)
    if any(_other_place(facts, evidence) for evidence in (facts.own, facts.target)):
        yield "teks menyebut wilayah, jabatan atau tahun pemilihan lain"
    yield from _times(facts)
    yield from _person(facts)


def _author(content: Content | None) -> Iterator[str]:
    kind = content.author_kind if content is not None else None
    if kind in _AUTHORS:
        yield _AUTHORS[kind]


def _words(evidence: Evidence, candidate_id: int) -> Iterator[str]:
    if evidence.speaks(_ANY_LIST):
        for lists, said in _LISTS:
            if evidence.speaks(lists):
                yield said
    if evidence.speaks(("kedinasan.kutipan",)) or _quotes(evidence.content.text):
        yield "kutipan ucapan pihak lain"
    ends = sorted([(n.field, n.end) for n in evidence.has_list("sikap.negasi")])
    if ends and any(_ends_before(ends, mention) for mention in evidence.of(candidate_id)):
        yield "kata sangkalan di dekat nama"


def _ends_before(ends: Sequence[tuple[str, int]], mention: Mention) -> bool:
    """Whether one of these places, in order, is shortly before a mention in the same text."""
    last = bisect_right(ends, (mention.field, mention.start)) - 1
    return last >= 0 and ends[last][0] == mention.field and mention.start - ends[last][1] <= _NEGATION_REACH


def _manner(text: str) -> Iterator[str]:
    """Yield how the person's own words are said: asked, or marked as a joke."""
    if "?" in text or _ASKING.match(text):
        yield "kalimat tanya"
    if _ironic(text):
        yield "tanda gurauan atau sindiran; maksud penulis tidak pasti"


def _ironic(text: str) -> bool:
    if text.isascii():
        low = text.lower()
        if not any([word in low for word in _IN_IRONY]):  # noqa: C419 - a generator costs more
            return False
    return _IRONY.search(text) is not None


def _quotes(text: str) -> bool:
    return any([mark in text for mark in _QUOTE_MARKS])  # noqa: C419 - a generator costs more


def _names(facts: Facts) -> Iterator[str]:
    """Yield what is weak about the naming, where the act rests on the person's own words only."""
    own = facts.own
    if own is None or not own.mentions:
        return
    named = {m.candidate_id for m in own.mentions if m.tier.rank >= Tier.SEDANG.rank}
    if len(named) > 1:
        yield "teks menyebut lebih dari satu pasangan calon"
    if facts.candidate.id in named and not own.of(facts.candidate.id, Tier.KUAT) and not inherits(facts.view):
        yield "calon hanya disebut dengan nomor, nama pendek atau ejaan yang mirip"


def _times(facts: Facts) -> Iterator[str]:
    for evidence in (facts.own, facts.target):
        if evidence is None or evidence.content.seen_before is None:
            continue
        if seen_before(facts, evidence, "stages"):
            yield "isi lama: teks yang sama sudah terlihat sebelum tahapan pertama dimulai"
        elif seen_before(facts, evidence, "stage"):
            yield "isi lama: teks yang sama sudah terlihat sebelum tahapan ini dimulai"
    if facts.target is not None and _older_than_stages(facts, facts.target.content):
        yield "unggahan yang dituju lebih tua daripada tahapan pertama"


def _older_than_stages(facts: Facts, content: Content) -> bool:
    published, stages = content.published_at, facts.contest.stages
    return published is not None and bool(stages) and published < stages[0].starts


def _person(facts: Facts) -> Iterator[str]:
    if facts.view.attribution is AttributionStatus.PROPOSED:
        yield "pemilik akun baru diusulkan, belum dibuktikan"
    if facts.view.person_note and _SPOUSE.search(facts.view.person_note):
        yield "catatan register menyebut suami atau istri calon, atau cuti di luar tanggungan negara"


def _other_place(facts: Facts, evidence: Evidence | None) -> bool:
    if evidence is None:
        return False
    owner = evidence.found.owner_of(facts.candidate.id)
    return owner is not None and elsewhere(evidence.found.setting, owner[0], owner[1])
