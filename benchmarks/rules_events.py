"""Ten rules stated once for all ways, and the same invented events as facts for the engine and as plain fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActTime,
    AttributionStatus,
    Content,
    Employment,
    InteractionView,
    Tier,
)
from rules.concerns import plainly_official
from rules.engine import Judge
from rules.facts import Evidence, Facts
from rules.shelf import read_texts

Event = dict[str, object]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: on a field of a plain event, and the same as a rule file says it; `wanted` False for `none`."""

    field: str
    operator: str  # in | least | is
    value: tuple[str, ...] | int | bool
    written: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class BenchRule:
    """Acts and conditions; with the act there are three or four conditions a rule."""

    id: str
    acts: tuple[str, ...]
    conditions: tuple[Condition, ...]


def _unless(condition: Condition) -> Condition:
    return Condition(condition.field, condition.operator, condition.value, condition.written, wanted=False)


_SIDE = Condition("target_author", "in", ("candidate",), "target.author: candidate_account")
_NEIGHBOUR = Condition("target_author", "in", ("unregistered", "asn"), "target.author: [unregistered, asn]")
_OWN_NAMED = Condition("own_named", "least", 1, "own.mentions: sedang")
_OWN_SURE = Condition("own_sure", "least", 1, "own.mentions: kuat")
_TARGET_SURE = Condition("target_sure", "least", 1, "target.mentions: kuat")
_CAMPAIGN = Condition("own_campaign", "is", True, "text.lexicon: {field: own, lists: [kampanye]}")
_STANCE = Condition(
    "own_stance", "is", True, "text.lexicon: {field: own, lists: [sikap.dukungan, sikap.merendahkan]}"
)  # fmt: skip
_TARGET_CAMPAIGN = Condition("target_campaign", "is", True, "text.lexicon: {field: target, lists: [kampanye]}")
_OFFICIAL = Condition("own_official", "is", True, "official.context: own")
_QUIET = Condition("stage", "in", ("masa_tenang", "pemungutan"), "stage: [masa_tenang, pemungutan]")
_WORDS = Condition("own_words", "is", True, "own.text: present")
_OFFICE = Condition("person", "in", ("institusi",), "employment: institusi")

RULES = (
    BenchRule("suka-akun", ("like",), (_SIDE, _unless(_QUIET))),
    BenchRule("bagi-akun", ("share",), (_SIDE, _unless(_STANCE))),
    BenchRule("komentar-akun", ("comment",), (_SIDE, _WORDS)),
    BenchRule("komentar-dukungan", ("comment",), (_OWN_NAMED, _STANCE, _unless(_SIDE))),
    BenchRule("unggah-kampanye", ("post", "share"), (_OWN_NAMED, _CAMPAIGN, _unless(_SIDE))),
    BenchRule("unggah-nama", ("post", "share"), (_OWN_SURE, _unless(_CAMPAIGN), _unless(_OFFICIAL))),
    BenchRule("bagi-warga", ("share",), (_NEIGHBOUR, _TARGET_SURE, _TARGET_CAMPAIGN)),
    BenchRule("suka-warga", ("like",), (_NEIGHBOUR, _TARGET_SURE, _TARGET_CAMPAIGN)),
    BenchRule("masa-tenang", ("post", "share", "comment"), (_QUIET, _OWN_NAMED, _CAMPAIGN)),
    BenchRule("akun-instansi", ("like", "share", "comment"), (_OFFICE, _SIDE)),
)

_OWN = (
    "Ayo pilih Budi Contoh", "Budi Contoh mantap, dukung terus", "siap", "selamat pagi semua", "Budi Contoh lewat",
    "coblos nomor 1 Budi Contoh", "Rapat koordinasi dengan Budi Contoh", "macet lagi di pasar", "Budi Contoh pembohong",
)  # fmt: skip
_TARGET = (
    "Ayo coblos Budi Contoh dan Siti Teladan", "pagi warga", "Budi Contoh #BusiMenang", "harga cabai naik",
    "Debat publik malam ini", "Terima kasih warga Contoh",
)  # fmt: skip
_KINDS = (None, None, None, AccountKind.ASN, AccountKind.REGISTERED, AccountKind.REGISTERED, AccountKind.PARTY,
          AccountKind.NEWS, AccountKind.ELECTION_BODY)  # fmt: skip
_PEOPLE = (*[Employment.PNS] * 12, *[Employment.PPPK] * 4, Employment.INSTITUSI)
_ACTS = (*[Act.LIKE] * 12, *[Act.COMMENT] * 5, *[Act.SHARE] * 2, Act.POST)  # as a night brings them
_DAYS = ("2024-10-01", "2024-10-20", "2024-11-25", "2024-09-05")


def files() -> dict[str, str]:
    """Return the ten rules as rule files, by name."""
    return {f"{rule.id}.yml": _file(rule) for rule in RULES}


def _file(rule: BenchRule) -> str:
    groups = {"all": [c for c in rule.conditions if c.wanted], "none": [c for c in rule.conditions if not c.wanted]}
    lines = [
        f"  {name}:\n" + "".join(f"    - {c.written}\n" for c in conditions)
        for name, conditions in groups.items()
        if conditions
    ]
    return (
        f"id: ukur-{rule.id}\nversion: 1\ntitle: Ukur {rule.id}\nstatus: active\nlevel: rendah\n"
        "basis:\n  skb-2-2022: {bakal_calon: A4, calon: B6}\n"
        f"subjects: [{', '.join(Employment)}]\nacts: [{', '.join(rule.acts)}]\nwhen:\n{''.join(lines)}"
        "explain: Ukur\nfalse_positives: [Ukur]\nexamples: {match: [], no_match: []}\n"
    )


def views(count: int, seed: int) -> list[InteractionView]:
    """Return so many interactions, the same for the same seed."""
    random = Random(seed)
    return [_view(random, number) for number in range(count)]


def _view(random: Random, number: int) -> InteractionView:
    act = random.choice(_ACTS)
    has_own = act in {Act.POST, Act.COMMENT} or (act is Act.SHARE and random.random() < 0.5)
    own = Content("o", "", random.choice(_OWN), AccountKind.ASN) if has_own else None
    kind = random.choice(_KINDS)
    pairs = (1,) if kind is not None and kind.candidate_side else ()
    target = own if act is Act.POST else Content(f"t{number}", "", random.choice(_TARGET), kind, pairs)
    moment = datetime.fromisoformat(f"{random.choice(_DAYS)}T10:00:00+07:00")
    return InteractionView(
        id=number, key=str(number), platform="contoh", act=act, time=ActTime(occurred_at=moment),
        actor=AccountRef("contoh", "a"), person_id=1, employment=random.choice(_PEOPLE), jurisdiction="99.01",
        attribution=AttributionStatus.VERIFIED, target_id="t", own=own, target=target,
    )  # fmt: skip


def facts_of(judge: Judge, view: InteractionView) -> Facts:
    """Return one interaction as the engine's conditions see it, for the first pair."""
    contest, candidate = judge.pairs[1]
    texts = read_texts(view, judge.finder)
    return Facts(view, contest, candidate, contest.stage_at(view.time.latest), texts.own, texts.target, texts.root)


def event_of(facts: Facts) -> Event:
    """Return the same as plain fields, all looked up beforehand, as the peers want it."""
    own, target, pair = facts.own, facts.target, facts.candidate.id
    return {
        "act": facts.view.act.value,
        "person": facts.view.employment.value,
        "stage": facts.stage.value if facts.stage else "",
        "target_author": _author(target, pair),
        "own_words": own is not None and bool(own.content.text.strip()),
        "own_sure": len(own.of(pair, Tier.KUAT)) if own else 0,
        "own_named": len(own.of(pair, Tier.SEDANG)) if own else 0,
        "own_campaign": own is not None and bool(own.has_list("kampanye")),
        "own_stance": own is not None and bool(own.has_list("sikap.dukungan", "sikap.merendahkan")),
        "own_official": own is not None and plainly_official(own),
        "target_sure": len(target.of(pair, Tier.KUAT)) if target else 0,
        "target_campaign": target is not None and bool(target.has_list("kampanye")),
    }


def _author(evidence: Evidence | None, pair: int) -> str:
    if evidence is None:
        return ""
    content = evidence.content
    if content.author_kind is None:
        return "unregistered"
    if content.author_kind.candidate_side:
        return "candidate" if pair in content.author_candidates else ""
    return content.author_kind.value
