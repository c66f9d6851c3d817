"""Runs the examples that every rule carries, on an invented contest in Kabupaten Contoh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

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
from rules.engine import Judge, compile_rules, with_rules
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
_OWN = ("text", "alt", "tags", "seen_before", "bio")


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that did not give what its rule promises; `place` is file:line."""

    rule_id: str
    place: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.place}: contoh {self.rule_id} seharusnya {self.expected}, hasilnya {self.got}"


@dataclass(frozen=True, slots=True)
class Sample:
    """One example with what its rule promises for it and the interactions that it describes."""

    place: str
    expected: str
    views: tuple[InteractionView, ...]


def run_examples(ruleset: RuleSet) -> list[ExampleFailure]:
    """Return the examples that fail; drafts run too. RuleError with file:line for an example that cannot be read."""
    judge = compile_rules(ruleset, (example_contest(),), drafts=True)
    failures = [failure for rule in ruleset.rules for failure in run_rule(judge, rule, samples(rule))]
    failures += [failure for raiser in ruleset.raisers for failure in run_raiser(judge, raiser)]
    return failures + [failure for pattern in ruleset.patterns for failure in _pattern_failures(pattern)]


def run_rule(judge: Judge, rule: Rule, of: Iterable[Sample]) -> Iterator[ExampleFailure]:
    """Yield the examples of one rule that fail, the first first, judged by this rule alone."""
    alone = with_rules(judge, rule)
    for sample in of:
        for view in sample.views:
            got = _outcome(alone, rule, view)
            if got != sample.expected:
                which = f" ({view.act.value}, {view.employment.value})" if len(sample.views) > 1 else ""
                yield ExampleFailure(rule.id, sample.place, sample.expected, got + which)


def samples(rule: Rule) -> tuple[Sample, ...]:
    """Return the examples of a rule, read; RuleError with file:line for one that cannot be."""
    kinds = (
        ("kena", rule.examples.match),
        ("tidak kena", rule.examples.no_match),
        ("tidak dapat dinilai", rule.examples.not_evaluable),
    )
    return tuple(Sample(node.place, expected, read_examples(node)) for expected, nodes in kinds for node in nodes)


def _pattern_failures(rule: PatternRule) -> Iterator[ExampleFailure]:
    """Yield the series of acts in which a pattern rule does not find what it promises."""
    for node in (*rule.examples.match, *rule.examples.no_match):
        failed = example_fails(rule, node)
        if failed is not None:
            yield ExampleFailure(rule.id, node.place, *failed)


def run_raiser(judge: Judge, raiser: Raiser) -> Iterator[ExampleFailure]:
    """Yield the examples in which a raiser does not do what it promises; a sample without any hit proves nothing."""
    for expected, nodes in (("naik", raiser.raised), ("tidak naik", raiser.not_raised)):
        for node in nodes:
            for view in read_examples(node):
                hits = judge.judge(view).hits
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


def read_examples(node: Node) -> tuple[InteractionView, ...]:
    """Return the interactions that an example describes: one for each combination where fields hold lists."""
    fields = node.fields(_EVENT, ("act",))
    acts = [item.token(Act) for item in _each(fields["act"])]
    people = [item.token(Employment) for item in _each(fields["by"])] if "by" in fields else [Employment.PNS]
    own = _own(fields["own"]) if "own" in fields else None
    targets = _contents(fields["target"], "sasaran") if "target" in fields else (None,)
    roots = _contents(fields["root"], "pangkal") if "root" in fields else (None,)
    views = product(acts, people, _act_times(node, fields), targets, roots)
    return tuple(_view(act, by, time, (own, target, root)) for act, by, time, target, root in views)


def _view(
    act: Act, by: Employment, time: ActTime, texts: tuple[Content | None, Content | None, Content | None]
) -> InteractionView:
    own, target, root = texts
    target = own if target is None and act is Act.POST else target
    return InteractionView(
        id=1,
        key="contoh",
        platform=_PLATFORM,
        act=act,
        time=time,
        actor=AccountRef(_PLATFORM, "id-pegawai", "pegawai.contoh.test"),
        person_id=1,
        employment=by,
        jurisdiction="99.01",
        attribution=AttributionStatus.VERIFIED,
        target_id=target.item_id if target else "contoh:sasaran",
        own=own,
        target=target,
        root=root,
    )


def _each(node: Node) -> tuple[Node, ...]:
    return node.items() if node.is_list else (node,)


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
    bio = "bio" in fields and fields["bio"].text() == "true"
    return Content(
        item_id="contoh:sendiri#bio" if bio else "contoh:sendiri",
        url="",
        text=fields["text"].text() if "text" in fields else "",
        author_kind=AccountKind.ASN,
        alt_texts=fields["alt"].texts() if "alt" in fields else (),
        mentioned=tuple(f"id-paslon-{pair.whole()}" for pair in fields["tags"].items()) if "tags" in fields else (),
        seen_before=fields["seen_before"].moment() if "seen_before" in fields else None,
    )


def _contents(node: Node, name: str) -> tuple[Content, ...]:
    """Return the text of another, once for each author that is listed."""
    fields = node.fields(("author", "pair", "text", "alt"), ("author",))
    return tuple(_content(fields, author, name) for author in _each(fields["author"]))


def _content(fields: dict[str, Node], author: Node, name: str) -> Content:
    if author.text() not in _AUTHORS:
        author.fail(f"penulis tidak dikenal: {author.text()}", did_you_mean(author.text(), _AUTHORS))
    pairs = (fields["pair"].whole(),) if "pair" in fields else ()
    return Content(
        item_id=f"contoh:{name}",
        url="",
        text=fields["text"].text() if "text" in fields else "",
        author_kind=None if author.text() == UNREGISTERED else AccountKind(author.text()),
        author_candidates=pairs,
        author_handle="kampanye.contoh.test" if pairs else None,
        alt_texts=fields["alt"].texts() if "alt" in fields else (),
    )


def _act_times(node: Node, fields: dict[str, Node]) -> list[ActTime]:
    if "at" in fields:
        return [ActTime(occurred_at=item.moment()) for item in _each(fields["at"])]
    if "between" not in fields:
        node.fail("contoh belum berwaktu", 'tambahkan at: "2024-10-01T10:00:00+07:00" atau between: [awal, akhir]')
    ends = fields["between"].items()
    if len(ends) != 2:
        fields["between"].fail("between memuat dua waktu", "between: [awal, akhir]")
    return [ActTime(lo=ends[0].moment(), hi=ends[1].moment())]


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
