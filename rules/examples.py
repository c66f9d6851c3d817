"""Runs the examples that every rule carries, on an invented contest in Kabupaten Contoh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActTime,
    AttributionStatus,
    Candidate,
    CandidateAccount,
    CandidatePerson,
    CandidateRole,
    CandidateStatus,
    Content,
    Contest,
    Employment,
    InteractionView,
    Judgement,
    Office,
    Regime,
    Stage,
    StageKind,
    StatusFrom,
)
from rules.engine import Judge, compile_rules
from rules.facts import UNREGISTERED
from rules.loader import RuleSet
from rules.nodes import Node, did_you_mean
from rules.patternfile import example_fails
from rules.raiserfile import Raiser
from rules.schema import Rule
from rules.windows import PatternRule

_PLATFORM = "contoh"
_AUTHORS = (UNREGISTERED, *(kind.value for kind in AccountKind))
_EVENT = ("act", "by", "at", "between", "own", "target", "root", "note")
_OWN = ("text", "alt", "tags", "seen_before")


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that did not give what its rule promises; `place` is file:line."""

    rule_id: str
    place: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.place}: contoh {self.rule_id} seharusnya {self.expected}, hasilnya {self.got}"


def run_examples(ruleset: RuleSet) -> list[ExampleFailure]:
    """Return the examples that fail; drafts run too. RuleError with file:line for an example that cannot be read."""
    judge = compile_rules(ruleset, (example_contest(),), drafts=True)
    failures = []
    for rule in ruleset.rules:
        kinds = (
            ("kena", rule.examples.match),
            ("tidak kena", rule.examples.no_match),
            ("tidak dapat dinilai", rule.examples.not_evaluable),
        )
        for expected, nodes in kinds:
            for node in nodes:
                got = _outcome(judge, rule, read_example(node))
                if got != expected:
                    failures.append(ExampleFailure(rule.id, node.place, expected, got))
    failures += [failure for raiser in ruleset.raisers for failure in _raiser_failures(judge, raiser)]
    return failures + [failure for pattern in ruleset.patterns for failure in _pattern_failures(pattern)]


def _pattern_failures(rule: PatternRule) -> Iterator[ExampleFailure]:
    """Yield the series of acts in which a pattern rule does not find what it promises."""
    for node in (*rule.examples.match, *rule.examples.no_match):
        failed = example_fails(rule, node)
        if failed is not None:
            yield ExampleFailure(rule.id, node.place, *failed)


def _raiser_failures(judge: Judge, raiser: Raiser) -> Iterator[ExampleFailure]:
    """Yield the examples in which a raiser does not do what it promises; a sample without any hit proves nothing."""
    for expected, nodes in (("naik", raiser.raised), ("tidak naik", raiser.not_raised)):
        for node in nodes:
            hits = judge.judge(read_example(node)).hits
            up = any(raiser.because in hit.raised for hit in hits)
            got = "naik" if up else "tidak naik" if hits else "tidak kena aturan mana pun"
            if got != expected:
                yield ExampleFailure(raiser.id, node.place, expected, got)


def example_contest() -> Contest:
    """Return the invented contest that examples play in."""
    return Contest(
        name="Bupati Contoh 2024",
        region="99.01",
        office=Office.BUPATI,
        regime=Regime.PILKADA,
        stages=tuple(
            Stage(kind, _time(day))
            for kind, day in (
                (StageKind.PRA_PENETAPAN, "2024-08-27"),
                (StageKind.PENETAPAN, "2024-09-22"),
                (StageKind.KAMPANYE, "2024-09-25"),
                (StageKind.MASA_TENANG, "2024-11-24"),
                (StageKind.PEMUNGUTAN, "2024-11-27"),
                (StageKind.PASCA, "2024-11-28"),
            )
        ),
        candidates=(
            _pair(1, ("H. BUDI CONTOH, S.E.", "Budi"), ("SITI TELADAN", "Siti"), "BUSI", "BusiMenang"),
            _pair(2, ("AGUNG PERMISAL, S.H.", "Agung"), ("RINA UMPAMA", "Rina"), "AGNA", "AgnaJuara"),
        ),
        id=1,
    )


def read_example(node: Node) -> InteractionView:
    """Return the interaction that an example describes."""
    fields = node.fields(_EVENT, ("act",))
    act = fields["act"].token(Act)
    own = _own(fields["own"]) if "own" in fields else None
    target = _content(fields["target"], "sasaran") if "target" in fields else own if act is Act.POST else None
    return InteractionView(
        id=1,
        key="contoh",
        platform=_PLATFORM,
        act=act,
        time=_act_time(node, fields),
        actor=AccountRef(_PLATFORM, "id-pegawai", "pegawai.contoh.test"),
        person_id=1,
        employment=fields["by"].token(Employment) if "by" in fields else Employment.PNS,
        jurisdiction="99.01",
        attribution=AttributionStatus.VERIFIED,
        target_id=target.item_id if target else "contoh:sasaran",
        own=own,
        target=target,
        root=_content(fields["root"], "pangkal") if "root" in fields else None,
    )


def _outcome(judge: Judge, rule: Rule, view: InteractionView) -> str:
    judgement = judge.judge(view)
    if judgement.errors:
        return "galat: " + "; ".join(judgement.errors)
    if any(hit.rule_id == rule.id for hit in judgement.hits):
        return "kena"
    unclear = [miss for miss in judgement.not_evaluable if miss.rule_id == rule.id]
    return "tidak dapat dinilai" if unclear else _missed(judgement)


def _missed(judgement: Judgement) -> str:
    return "galat" if judgement.errors else "tidak kena"


def _own(node: Node) -> Content:
    """Return the person's own text; where it is more than words, a mapping says what else it carries."""
    if not node.is_mapping:
        return Content("contoh:sendiri", "", node.text(), AccountKind.ASN)
    fields = node.fields(_OWN)
    return Content(
        item_id="contoh:sendiri",
        url="",
        text=fields["text"].text() if "text" in fields else "",
        author_kind=AccountKind.ASN,
        alt_texts=fields["alt"].texts() if "alt" in fields else (),
        mentioned=tuple(f"id-paslon-{pair.whole()}" for pair in fields["tags"].items()) if "tags" in fields else (),
        seen_before=_moment(fields["seen_before"]) if "seen_before" in fields else None,
    )


def _content(node: Node, name: str) -> Content:
    fields = node.fields(("author", "pair", "text", "alt"), ("author",))
    author = fields["author"].text()
    if author not in _AUTHORS:
        fields["author"].fail(f"penulis tidak dikenal: {author}", did_you_mean(author, _AUTHORS))
    kind = None if author == UNREGISTERED else AccountKind(author)
    pairs = (fields["pair"].whole(),) if "pair" in fields else ()
    return Content(
        item_id=f"contoh:{name}",
        url="",
        text=fields["text"].text() if "text" in fields else "",
        author_kind=kind,
        author_candidates=pairs,
        author_handle="kampanye.contoh.test" if pairs else None,
        alt_texts=fields["alt"].texts() if "alt" in fields else (),
    )


def _act_time(node: Node, fields: dict[str, Node]) -> ActTime:
    if "at" in fields:
        return ActTime(occurred_at=_moment(fields["at"]))
    if "between" not in fields:
        node.fail("contoh belum berwaktu", 'tambahkan at: "2024-10-01T10:00:00+07:00" atau between: [awal, akhir]')
    ends = fields["between"].items()
    if len(ends) != 2:
        fields["between"].fail("between memuat dua waktu", "between: [awal, akhir]")
    return ActTime(lo=_moment(ends[0]), hi=_moment(ends[1]))


def _moment(node: Node) -> datetime:
    try:
        moment = datetime.fromisoformat(node.text())
    except ValueError:
        node.fail(f"bukan waktu: {node.text()}", 'tulis "2024-10-01T10:00:00+07:00"')
    if moment.tzinfo is None:
        node.fail("waktu tanpa zona", "tambahkan +07:00, +08:00 atau +09:00")
    return moment.astimezone(UTC)


def _time(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T00:00:00+07:00").astimezone(UTC)


def _pair(number: int, first: tuple[str, str], second: tuple[str, str], alias: str, tag: str) -> Candidate:
    return Candidate(
        number=number,
        people=(
            CandidatePerson(CandidateRole.UTAMA, first[0], (first[1],)),
            CandidatePerson(CandidateRole.WAKIL, second[0], (second[1],)),
        ),
        status=(
            StatusFrom(CandidateStatus.BAKAL_CALON, _time("2024-08-27")),
            StatusFrom(CandidateStatus.CALON, _time("2024-09-22")),
        ),
        aliases=(alias,),
        hashtags=(tag,),
        accounts=(
            CandidateAccount(
                AccountRef(_PLATFORM, f"id-paslon-{number}", f"paslon{number}.contoh.test"), AccountKind.REGISTERED
            ),
        ),
        id=number,
    )
