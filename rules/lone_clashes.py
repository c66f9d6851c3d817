"""Words of a register that mean something else by themselves: everyday words, common names, too short ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.domain import Level, WordKind
from rules.clashes import Clash, Collision, Vocabulary, collision
from rules.register_words import RegisterWords, Said
from rules.remedies import bind, company
from rules.text import words

_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SHORT = 3


def check_lone_words(register: RegisterWords, vocabulary: Vocabulary) -> Iterator[Collision]:
    """Yield the entries and one-word names that name nobody by themselves."""
    for said in register.said:
        if said.asks_company or (said.kind is None and not said.alone):
            continue
        found = _lone(said, vocabulary)
        if found is not None and len(core(said, vocabulary)) < len(said.tokens):
            found = _greeted(register, said, found, vocabulary)
        if found is not None:
            kind, level, why = found
            requires = company(register, said, vocabulary.common, vocabulary.everyday, contest=True)
            remedy = bind(said, requires) if said.tokens else None
            yield collision(register, said, kind, level, ((said.written,), why, remedy))


def check_conditions(register: RegisterWords, vocabulary: Vocabulary) -> Iterator[Collision]:
    """Yield conditions that ask for nothing, or that leave out what names the pair itself."""
    for said in register.said:
        if said.condition is None or said.kind is None:
            continue
        idle = [w for w in said.condition.requires if " " not in w and words(w) and _says_nothing(w, vocabulary)]
        own = {o.joined for o in register.by_pair[said.pair]} | {"".join(n) for n in register.pairs[said.pair].names}
        hindering = [w for w in said.condition.excludes if "".join(words(w)) in own]
        if idle:
            why = f"syarat requires dari '{said.written}' memuat kata sehari-hari, sehingga hampir selalu terpenuhi"
            yield collision(register, said, Clash.CONDITION, Level.MENENGAH, (tuple(idle), why, None))
        if hindering:
            why = f"excludes dari '{said.written}' memuat nama pasangan ini sendiri"
            yield collision(register, said, Clash.CONDITION, Level.TINGGI, (tuple(hindering), why, None))


def core(said: Said, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the words of an entry without a salutation before it: 'Pak Budi' is 'budi'."""
    rest = said.tokens
    while said.kind is WordKind.SHORT_NAME and len(rest) > 1 and rest[0] in vocabulary.salutations:
        rest = rest[1:]
    return rest


def _says_nothing(word: str, vocabulary: Vocabulary) -> bool:
    token = "".join(words(word))
    return token in vocabulary.everyday and token not in vocabulary.election


def _lone(said: Said, vocabulary: Vocabulary) -> tuple[Clash, Level, str] | None:
    tokens = core(said, vocabulary)
    if not tokens:
        return Clash.TOO_SHORT, Level.TINGGI, f"'{said.written}' tidak memuat huruf atau angka"
    if len(tokens) > 1:
        return _phrase(said, tokens, vocabulary)
    return _word(said, tokens[0], vocabulary)


def _greeted(
    register: RegisterWords, said: Said, found: tuple[Clash, Level, str], vocabulary: Vocabulary
) -> tuple[Clash, Level, str] | None:
    """Return what is left to say of a name with its salutation: a note, and none where the bare name stands too."""
    bare = core(said, vocabulary)
    stands = any(o.kind is WordKind.SHORT_NAME and o.tokens == bare for o in register.by_pair[said.pair])
    return None if stands or found[0] is Clash.TOO_SHORT else (found[0], Level.RENDAH, found[2])


def _word(said: Said, word: str, vocabulary: Vocabulary) -> tuple[Clash, Level, str] | None:
    written = said.kind is not None
    if word.isdigit():
        why = f"'{said.written}' hanya angka; nomor urut sudah dikenali dari kolom number, angka saja bukan sebutan"
        return Clash.DIGITS, Level.TINGGI, why
    if word in vocabulary.everyday:
        level = Level.TINGGI if written else Level.MENENGAH
        return Clash.EVERYDAY, level, f"'{said.written}' kata sehari-hari; sendirian ia tidak menunjuk siapa pun"
    if word in vocabulary.bodies:
        why = f"'{said.written}' juga singkatan lembaga, partai atau istilah umum"
        return Clash.ACRONYM, Level.MENENGAH, why
    if len(word) < _SHORT or (len(word) == _SHORT and written and not said.written.lstrip("#").isupper()):
        level = Level.TINGGI if len(word) < _SHORT else Level.MENENGAH
        return Clash.TOO_SHORT, level, f"'{said.written}' terlalu pendek untuk berdiri sendiri"
    if word in vocabulary.names:
        level = Level.RENDAH if said.kind is WordKind.SHORT_NAME else Level.MENENGAH
        return Clash.COMMON_NAME, level, f"'{said.written}' nama yang dipakai banyak orang"
    return _phrase(said, _parts(said), vocabulary) if said.kind is WordKind.HASHTAG else None


def _phrase(said: Said, tokens: tuple[str, ...], vocabulary: Vocabulary) -> tuple[Clash, Level, str] | None:
    """Return what is wrong with a slogan or a hashtag of one or two everyday words."""
    if said.kind is WordKind.SHORT_NAME or not 1 < len(tokens) < _SHORT or not set(tokens) <= vocabulary.everyday:
        return None
    why = f"'{said.written}' hanya terdiri atas kata sehari-hari; orang menulisnya juga tanpa maksud memilih"
    return Clash.EVERYDAY, Level.MENENGAH, why


def _parts(said: Said) -> tuple[str, ...]:
    """Return the words of a hashtag as its capitals part them."""
    return tuple(part.lower() for part in _CAMEL.findall(said.written))
