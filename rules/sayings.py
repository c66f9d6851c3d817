"""What a writer does with words: calls on others to choose, or says of themself to be in a team or a party."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable

from monitor.domain import Span
from rules.facts import Evidence
from rules.gates import Stretches

CALLS = ("seruan.kerja", "seruan.langsung")  # what calls on others is one of these
_REACH = 40  # characters between an inviting word and what it invites to
_CLAIM_WORDS = 8
_BACK = 100  # characters before a word in which the one before it is looked for
_SENTENCE = 400  # characters before a word in which its sentence is looked for
_BREAK = re.compile(r"[.!?;\n]")
_WORD = re.compile(r"[^\W_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of grammar right before a verb that make it a statement, a story or a question, and no call on others.
_TELLING = _words(
    "saya aku ku kami gue gua gw gwe ane awak ulun dia ia beliau mereka sudah udah udh telah akan mau bakal ingin "
    "pengen tetap pasti yang untuk hak siapa kalau kalo jika bila bisa boleh tidak tak belum dilarang larangan "
    "melarang bukan ikut warga orang rakyat masyarakat pendukung relawan tim ngomong bilang katanya suruh nyuruh"
)
# These forms tell of choosing; at the head of a sentence they order nothing (`Memilih itu hak`).
_NO_ORDER = _words("memilih milih mendukung mencoblos nyoblos memenangkan merapat")
_FIRST_PERSON = _words("saya aku kami gue gua gw gwe ane awak ulun abdi kula")
# What may stand between `saya` and the office that the writer claims.
_CLAIMING = _words(
    "adalah jadi menjadi sekarang kini resmi sudah telah masuk bergabung gabung tergabung di dalam ke selaku sebagai "
    "salah satu anggota bagian dari ketua wakil sekretaris bendahara dipercaya ditunjuk diamanahi dikukuhkan dilantik "
    "hari ini mulai juga ikut dapat mendapat amanah baru koordinator pengurus seorang dipilih memang"
)
_OPENING = _words("alhamdulillah bismillah akhirnya resmi siap puji tuhan syukur hari ini amanah baru")
_ENTRY = _words("bergabung gabung tergabung dipercaya ditunjuk diamanahi dikukuhkan dilantik amanah selaku")


def appeals(evidence: Evidence) -> tuple[Span, ...]:
    """Return the stretches in which the writer calls on others to choose or to refuse somebody.

    An inviting word near a verb of choosing (`ayo … pilih`), a set phrase (`jangan pilih`), or such a verb at the
    beginning of a sentence. `Saya pilih`, `sudah coblos`, `dilarang memilih` call on nobody.
    """
    if not evidence.speaks(CALLS):
        return ()
    text = evidence.content.text
    field = f"{evidence.name}.text"
    verbs = [s for s in _standing(evidence, "seruan.kerja", field) if not _told(text, s)]
    invitations = sorted((s for s in evidence.has_list("seruan.ajak") if s.field == field), key=lambda s: s.end)
    ends = [s.end for s in invitations]
    found = [s for s in _standing(evidence, "seruan.langsung", field) if not _told(text, s)]
    for verb in verbs:
        before = invitations[bisect_left(ends, verb.start - _REACH) : bisect_right(ends, verb.start)]
        inviting = [i for i in before if not _BREAK.search(text, i.end, verb.start)]
        if inviting or (verb.alias not in _NO_ORDER and _opens_sentence(text, verb)):
            found.extend((*inviting, verb))
    return tuple(dict.fromkeys(sorted(found, key=lambda s: (s.start, s.end))))


def claims(evidence: Evidence, lists: tuple[str, ...]) -> tuple[Span, ...]:
    """Return the words of some lists that the writer says of themself: `saya … juru bicara`, `resmi bergabung di …`."""
    text = evidence.content.text
    spans = [s for s in evidence.has_list(*lists) if s.field == f"{evidence.name}.text"]
    return tuple(s for s in spans if _claimed(text, s))


def near(evidence: Evidence, spans: Iterable[Span], others: Iterable[Span], words: int) -> tuple[Span, ...]:
    """Return those of `spans` that have one of `others` within so many words in the same text, and the others."""
    beside: dict[str, list[tuple[int, int, Span]]] = defaultdict(list)
    for place, other in enumerate(others):
        beside[other.field].append((other.start, place, other))
    gaps = {field: _Gaps("", group) for field, group in beside.items()}
    field = f"{evidence.name}.text"
    if field in beside:
        gaps[field] = _Gaps(evidence.content.text, beside[field])
    found: list[Span] = []
    for span in spans:
        for other in gaps[span.field].within(span, words) if span.field in gaps else ():
            found.extend((span, other))
    return tuple(dict.fromkeys(found))


class _Gaps:
    """Some stretches of one text, asked which of them stand near another one; without a text all of them do."""

    def __init__(self, text: str, placed: Iterable[tuple[int, int, Span]]) -> None:
        self._text = text
        self._placed = sorted(placed, key=lambda entry: entry[:2])
        self._longest = max(other.end - other.start for _, _, other in self._placed)
        self._words = [m.start() for m in _WORD.finditer(text)]

    def within(self, span: Span, words: int) -> list[Span]:
        """Return those with at most so many words between them and a stretch, in the order they were given in."""
        middle = bisect_left(self._placed, span.start, key=lambda entry: entry[0])
        found = []
        for at in range(middle - 1, -1, -1):
            start, place, other = self._placed[at]
            if self._between(start + self._longest, span.start) > words:
                break  # whatever begins farther back also ends farther back
            if self._between(other.end, span.start) <= words:
                found.append((place, other))
        for at in range(middle, len(self._placed)):
            start, place, other = self._placed[at]
            first, second = sorted((span, other), key=lambda s: (s.start, s.end))
            if self._between(first.end, second.start) > words:
                break
            found.append((place, other))
        return [other for _, other in sorted(found, key=lambda entry: entry[0])]

    def _between(self, start: int, end: int) -> int:
        """Return how many words stand between two places; a word that is cut counts."""
        if start >= end or not self._text:
            return 0
        whole = bisect_left(self._words, end) - bisect_left(self._words, start)
        return whole + bool(start and _WORD.fullmatch(self._text, start - 1, start + 1))


def _standing(evidence: Evidence, name: str, field: str) -> list[Span]:
    """Return words of a list that no longer phrase swallows (`hak pilih`)."""
    phrases = [p for p in evidence.has_list("seruan.bukan_ajakan", "seruan.pendidikan") if p.field == field]
    around = Stretches(phrases)
    same: dict[tuple[int, int], set[Span]] = defaultdict(set)  # the words of one hashtag stand in one place
    for phrase in phrases:
        same[phrase.start, phrase.end].add(phrase)
    return [
        s
        for s in evidence.has_list(name)
        if s.field == field and not around.swallow(s) and not same.get((s.start, s.end), set()) - {s}
    ]


def _told(text: str, span: Span) -> bool:
    """Whether the word right before, in the same sentence, makes it a statement or a question."""
    floor = max(0, span.start - _BACK)
    last = span.start
    while last > floor and not text[last - 1].isalnum():
        last -= 1
    first = last
    while first > floor and text[first - 1].isalnum() and not text[first - 1].isdecimal():
        first -= 1
    return text[first:last].lower() in _TELLING and not _BREAK.search(text, last, span.start)


def _opens_sentence(text: str, span: Span) -> bool:
    before = text[max(0, span.start - _BACK) : span.start].rstrip(" \t\"'“‘*_#-–—>)(")
    return bool(_BREAK.match(before[-1])) if before else span.start <= _BACK


def _claimed(text: str, span: Span) -> bool:
    before = text[max(0, span.start - _SENTENCE) : span.start]
    breaks = [m.end() for m in _BREAK.finditer(before)]
    words = [w.lower() for w in _WORD.findall(before[breaks[-1] if breaks else 0 :])]
    for back, word in enumerate(reversed(words)):
        if word in _FIRST_PERSON and back <= _CLAIM_WORDS:
            return True
        if word not in _CLAIMING:
            break
    opening = [w for w in words if w not in _OPENING]
    return bool(words) and any(w in _ENTRY for w in words) and all(w in _CLAIMING for w in opening)
