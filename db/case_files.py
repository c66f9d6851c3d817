"""What cases rest on, file by file: the first answer for every act and text, every answer at a change, every picture.

Later answers that say the same again are left out: they would make every case's evidence new every night. What an
officer brought always counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from db.connect import Found, Session
from db.contents import chunked
from db.tables import (
    account,
    capture,
    case_hit,
    evidence_file,
    import_file,
    interaction,
    interaction_capture,
    item,
    item_capture,
    observation,
    review_case,
    rule_hit,
    screenshot,
)
from db.tables.cases import OPEN
from db.upsert import rows_by
from monitor.domain.manifests import (
    CaptureState,
    Evidence,
    EvidenceAct,
    EvidenceFile,
    FileKind,
    Showing,
    Shows,
)

_IMPORTED, _TYPED, _PICTURED = "file:", "manual/", "tangkapan-layar"
_AWAY = ("gone", "private", "withdrawn")
_ACT_COLUMNS = (
    "id", "key", "platform", "act", "target_id", "own_item_key", "occurred_at", "bracket_lo", "bracket_hi",
    "seen_first_at", "withdrawn_seen_at", "actor_account_id",
)  # fmt: skip
_STATES = {
    401: CaptureState.LOGIN_WALL, 403: CaptureState.LOGIN_WALL, 404: CaptureState.HILANG, 410: CaptureState.HILANG,
}  # fmt: skip
_OF_ACTS = ("a", "b", "bo", "d")
_WHATS = (*_OF_ACTS, "c", "co", "e", "s")
"""Acts, their first answers, what officers brought of them, changes of them; the same of texts, and pictures."""

_MOST_SUMS = 2**31
"""Sums of row numbers are cut to this, so that no database counts them wider than the other."""


def marks(session: Session, case_ids: Collection[int] | None = None) -> dict[int, str]:
    """Return a short word for what each case rests on, of all open cases when none is named; it changes with it.

    One statement, however many cases there are; cases without an act are left out.
    """
    parts: list[Found] = []
    for ids in chunked(sorted(case_ids)) if case_ids is not None else [None]:
        parts += session.execute(_marks_query(ids)).all()
    told: dict[int, dict[str, str]] = defaultdict(dict)
    for row in parts:
        told[row.case_id][row.what] = _word(row.what, row.number, int(row.total))
    return {case_id: _joined(words) for case_id, words in told.items()}


def evidence_of(session: Session, case_ids: Collection[int]) -> dict[int, Evidence]:
    """Return what these cases rest on; a fixed number of statements for every few hundred."""
    return {case_id: evidence for case_id, (evidence, _) in marked_evidence(session, case_ids).items()}


def marked_evidence(session: Session, case_ids: Collection[int]) -> dict[int, tuple[Evidence, str]]:
    """Return what these cases rest on, each with its mark, which is the one that `marks` gives."""
    found: dict[int, tuple[Evidence, str]] = {}
    for ids in chunked(sorted(set(case_ids))):
        gathered = _Gathered.load(session, ids)
        found |= {case_id: gathered.told(case_id) for case_id in gathered.acts_of}
    return found


@dataclass(slots=True)
class _Gathered:
    """The rows of a few hundred cases, by what they are of."""

    acts_of: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    acts: dict[int, Found] = field(default_factory=dict)
    actors: dict[int, str] = field(default_factory=dict)
    texts: dict[tuple[str, str], Found] = field(default_factory=dict)
    shown: dict[int, set[Shows]] = field(default_factory=lambda: defaultdict(set))
    by_act: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_text: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    captures: dict[int, EvidenceFile] = field(default_factory=dict)
    pictures: dict[int, list[EvidenceFile]] = field(default_factory=lambda: defaultdict(list))
    tallies: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def load(cls, session: Session, case_ids: list[int]) -> _Gathered:
        """Read everything of these cases."""
        made = cls()
        held = sa.select(case_hit.c.case_id, rule_hit.c.interaction_id).join(rule_hit)
        for row in session.execute(held.where(case_hit.c.case_id.in_(case_ids)).distinct()):
            made.acts_of[row.case_id].add(row.interaction_id)
        made._read_acts(session)
        made._read_texts(session)
        made._read_links(session)
        made._read_changes(session)
        made._read_captures(session)
        made._read_pictures(session)
        return made

    def told(self, case_id: int) -> tuple[Evidence, str]:
        """Return the evidence of a case, in an order that does not depend on row numbers, and its mark."""
        numbers = self.acts_of[case_id]
        return self._evidence(case_id, numbers), self._mark(numbers)

    def _mark(self, numbers: Collection[int]) -> str:
        """Count what a case rests on, as `marks` has the database count it."""
        texts = {text.id for number in numbers for text in self._texts_of(self.acts[number])}
        words: dict[str, str] = {}
        for what in _WHATS:
            held = numbers if what in _OF_ACTS else texts
            found = list(numbers) if what == "a" else [n for one in held for n in self.tallies.get((what, one), ())]
            count = len(held) if what in ("a", "b", "c") else len(found)
            if count:
                words[what] = _word(what, count, sum(found))
        return _joined(words)

    def _evidence(self, case_id: int, numbers: Iterable[int]) -> Evidence:
        rows = sorted((self.acts[number] for number in numbers), key=lambda row: row.key)
        texts = {text.id for row in rows for text in self._texts_of(row)}
        captured = {n for row in rows for n in self.by_act[row.id]} | {n for t in texts for n in self.by_text[t]}
        subjects = {row.key for row in rows} | {text.platform_item_id for r in rows for text in self._texts_of(r)}
        files = [_showing(self.captures[n], self.shown[n], subjects) for n in captured if n in self.captures]
        files += [one for text in texts for one in self.pictures[text]]
        return Evidence(
            case_id,
            tuple(_act(row, self.actors[row.actor_account_id]) for row in rows),
            tuple(sorted(files, key=_order)),
        )

    def _texts_of(self, act: Found) -> Iterator[Found]:
        """Yield the texts an act is about: its own, its target, and the first of their threads."""
        for key in (act.own_item_key, act.target_id):
            text = self.texts.get((act.platform, key)) if key else None
            if text is not None:
                yield text
                root = self.texts.get((act.platform, text.root_id)) if text.root_id else None
                if root is not None and root.id != text.id:
                    yield root

    def _read_acts(self, session: Session) -> None:
        columns = tuple(interaction.c[name] for name in _ACT_COLUMNS)
        numbers = {number for held in self.acts_of.values() for number in held}
        rows = list(rows_by(session, columns, interaction.c.id, numbers))
        self.acts = {row.id: row for row in rows}
        columns = (account.c.id, account.c.platform_user_id)
        for row in rows_by(session, columns, account.c.id, {row.actor_account_id for row in rows}):
            self.actors[row.id] = row.platform_user_id

    def _read_texts(self, session: Session) -> None:
        columns = (item.c.id, item.c.platform, item.c.platform_item_id, item.c.root_id)
        keys = {key for act in self.acts.values() for key in (act.target_id, act.own_item_key) if key}
        for row in rows_by(session, columns, item.c.platform_item_id, keys):
            self.texts[row.platform, row.platform_item_id] = row
        roots = {row.root_id for row in self.texts.values() if row.root_id} - keys
        for row in rows_by(session, columns, item.c.platform_item_id, roots):
            self.texts[row.platform, row.platform_item_id] = row

    def _read_links(self, session: Session) -> None:
        """Note which answers first showed each act and each text, and what officers brought of them."""
        texts = {row.id: row.platform_item_id for row in self.texts.values()}
        acts = {row.id: row.key for row in self.acts.values()}
        sides = (
            ("b", interaction_capture.c.interaction_id, acts, self.by_act, Showing.ACT),
            ("c", item_capture.c.item_id, texts, self.by_text, Showing.TEXT),
        )
        for word, column, subjects, held, what in sides:
            for numbers in chunked(sorted(subjects)):
                for row in session.execute(_links(column), {"among": numbers}):
                    held[row.subject].add(row.capture_id)
                    self.shown[row.capture_id].add(Shows(what, subjects[row.subject], row.pointer))
                    if row.capture_id == row.first:
                        self.tallies[word, row.subject].append(row.capture_id)
                    if row.collector:
                        self.tallies[f"{word}o", row.subject].append(row.capture_id)

    def _read_changes(self, session: Session) -> None:
        columns = tuple(observation.c)
        for row in rows_by(session, columns, observation.c.interaction_id, self.acts):
            self._note_change(row, self.by_act[row.interaction_id], self.acts[row.interaction_id].key)
            self.tallies["d", row.interaction_id].append(row.id)
        keys = {key for _, key in self.texts}
        where = observation.c.interaction_id.is_(None)
        for row in rows_by(session, columns, observation.c.platform_item_id, keys, where):
            text = self.texts.get((row.platform, row.platform_item_id))
            if text is not None:
                self._note_change(row, self.by_text[text.id], text.platform_item_id)
                self.tallies["e", text.id].append(row.id)

    def _note_change(self, row: Found, held: set[int], subject: str) -> None:
        for number, what in ((row.before_capture_id, Showing.BEFORE), (row.capture_id, Showing.CHANGE)):
            if number is not None:
                held.add(number)
                self.shown[number].add(Shows(what, subject, said=row.kind))

    def _read_captures(self, session: Session) -> None:
        numbers = {n for held in (*self.by_act.values(), *self.by_text.values()) for n in held}
        rows = list(rows_by(session, tuple(capture.c), capture.c.id, numbers))
        brought = {row.url.removeprefix(_IMPORTED).partition("#")[0] for row in rows if row.url.startswith(_IMPORTED)}
        named = rows_by(session, (import_file.c.sha256, import_file.c.tool), import_file.c.sha256, brought)
        tools = {row.sha256: row.tool for row in named}
        self.captures = {row.id: _file(row, tools) for row in rows}

    def _read_pictures(self, session: Session) -> None:
        keys = {row.id: row.platform_item_id for row in self.texts.values()}
        rows = list(rows_by(session, tuple(screenshot.c), screenshot.c.item_id, keys))
        hashes = {one for row in rows for one in (row.sha256, row.masked_sha256) if one}
        found = rows_by(session, (evidence_file.c.sha256, evidence_file.c.size), evidence_file.c.sha256, hashes)
        sizes = {row.sha256: row.size for row in found}
        places = {row.id: row.platform for row in self.texts.values()}
        for row in rows:
            self.tallies["s", row.item_id].append(row.id)
            for digest, kind in ((row.sha256, FileKind.PICTURE), (row.masked_sha256, FileKind.READABLE)):
                if digest:
                    shows = (Shows(Showing.TEXT, keys[row.item_id]),)
                    self.pictures[row.item_id].append(
                        EvidenceFile(
                            sha256=digest, size=sizes[digest], kind=kind, source=places[row.item_id], url="",
                            final_url="", status=0, fetched_at=row.taken_at, collector=row.collector,
                            tool=row.browser, mapper="", state=CaptureState(row.state), detail=row.detail, shows=shows,
                        )
                    )  # fmt: skip


def _word(what: str, count: int, total: int) -> str:
    return f"{what}{count}.{total % _MOST_SUMS}"


def _joined(words: Mapping[str, str]) -> str:
    return "-".join(word for _, word in sorted(words.items()))


@lru_cache(maxsize=2)
def _links(subject: sa.Column[Any]) -> sa.Select[Any]:
    """Ask for the answers that count: the first one of its subject, and those that an officer brought."""
    table = subject.table
    other = table.alias("first")
    first = sa.select(sa.func.min(other.c.capture_id)).where(other.c[subject.name] == subject).scalar_subquery()
    columns = (subject.label("subject"), table.c.capture_id, table.c.pointer, capture.c.collector, first.label("first"))
    return (
        sa.select(*columns)
        .join(capture, capture.c.id == table.c.capture_id)
        .where(subject.in_(sa.bindparam("among", expanding=True)))
        .where(sa.or_(table.c.capture_id == first, capture.c.collector != ""))
    )


def _marks_query(case_ids: list[int] | None) -> sa.CompoundSelect[Any]:
    """Count what the cases rest on: acts, first answers, what officers brought, changes and pictures."""
    which = OPEN if case_ids is None else review_case.c.id.in_(case_ids)
    pairs = (
        sa.select(case_hit.c.case_id, rule_hit.c.interaction_id)
        .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
        .join(review_case, review_case.c.id == case_hit.c.case_id)
        .where(which)
        .distinct()
        .cte("pairs")
    )
    near = sa.union(
        *(
            sa.select(pairs.c.case_id, item.c.id, item.c.platform, item.c.platform_item_id, item.c.root_id)
            .join(interaction, interaction.c.id == pairs.c.interaction_id)
            .join(item, (item.c.platform_item_id == key) & (item.c.platform == interaction.c.platform))
            for key in (interaction.c.target_id, interaction.c.own_item_key)
        )
    ).cte("near")
    above = item.alias("above")
    texts = sa.union(
        sa.select(near.c.case_id, near.c.id, near.c.platform, near.c.platform_item_id),
        sa.select(near.c.case_id, above.c.id, above.c.platform, above.c.platform_item_id).join(
            above, (above.c.platform_item_id == near.c.root_id) & (above.c.platform == near.c.platform)
        ),
    ).cte("texts")
    return sa.union_all(*_counted(pairs, texts))


def _counted(pairs: sa.CTE, texts: sa.CTE) -> Iterator[sa.Select[Any]]:
    yield _sum("a", pairs, pairs.c.interaction_id)
    sides = ((pairs, interaction_capture, "interaction_id"), (texts, item_capture, "item_id"))
    for side, (held, link, name) in zip("bc", sides, strict=True):
        subject = held.c.interaction_id if held is pairs else held.c.id
        first = sa.select(sa.func.min(link.c.capture_id)).where(link.c[name] == subject).scalar_subquery()
        yield _sum(side, held, first)
        brought = held.join(link, link.c[name] == subject).join(capture, capture.c.id == link.c.capture_id)
        yield _sum(f"{side}o", held, capture.c.id, brought).where(capture.c.collector != "")
    seen = pairs.join(observation, observation.c.interaction_id == pairs.c.interaction_id)
    yield _sum("d", pairs, observation.c.id, seen)
    of_text = (
        (observation.c.platform_item_id == texts.c.platform_item_id)
        & (observation.c.platform == texts.c.platform)
        # A sum, so that no database goes through all changes that are of texts by the index of those of acts.
        & (observation.c.interaction_id + 0).is_(None)
    )
    yield _sum("e", texts, observation.c.id, texts.join(observation, of_text))
    yield _sum("s", texts, screenshot.c.id, texts.join(screenshot, screenshot.c.item_id == texts.c.id))


def _sum(what: str, held: sa.CTE, number: Any, join: sa.FromClause | None = None) -> sa.Select[Any]:
    total = sa.func.coalesce(sa.func.sum(number), 0).label("total")
    query = sa.select(held.c.case_id, sa.literal(what).label("what"), sa.func.count().label("number"), total)
    return query.select_from(join if join is not None else held).group_by(held.c.case_id)


def _act(row: Found, actor: str) -> EvidenceAct:
    return EvidenceAct(
        key=row.key,
        platform=row.platform,
        actor=actor,
        act=row.act,
        target=row.target_id,
        own=row.own_item_key or "",
        occurred_at=row.occurred_at,
        bracket_lo=row.bracket_lo,
        bracket_hi=row.bracket_hi,
        seen_first_at=row.seen_first_at,
        withdrawn_seen_at=row.withdrawn_seen_at,
    )


def _file(row: Found, tools: dict[str, str]) -> EvidenceFile:
    imported = row.url.startswith(_IMPORTED)
    return EvidenceFile(
        sha256=row.sha256,
        size=row.size,
        kind=_kind(row, imported=imported),
        source=row.source,
        url=row.url,
        final_url=row.final_url,
        status=0 if row.collector else row.status,
        fetched_at=row.fetched_at,
        collector=row.collector or "",
        tool=tools.get(row.url.removeprefix(_IMPORTED).partition("#")[0], "") if imported else "",
        mapper=row.mapper,
        state=_state(row.status),
    )


def _kind(row: Found, *, imported: bool) -> FileKind:
    if imported:
        return FileKind.IMPORTED
    if row.endpoint == _PICTURED:
        return FileKind.PICTURE
    return FileKind.ENTERED if row.mapper.startswith(_TYPED) else FileKind.ANSWER


def _state(status: int) -> CaptureState:
    if 200 <= status < 300:
        return CaptureState.LENGKAP
    return _STATES.get(status, CaptureState.GAGAL)


def _showing(file: EvidenceFile, shown: Iterable[Shows], subjects: Collection[str]) -> EvidenceFile:
    """Return a file with what it shows of one case; one that only says that something is gone shows it gone."""
    shows = tuple(
        sorted((one for one in shown if one.subject in subjects), key=lambda s: (s.what, s.subject, s.pointer, s.said))
    )
    gone = shows and all(one.what is Showing.CHANGE and one.said in _AWAY for one in shows)
    return replace(file, shows=shows, state=CaptureState.HILANG if gone else file.state)


def _order(file: EvidenceFile) -> tuple[Any, ...]:
    return (file.fetched_at, file.kind, file.source, file.url, file.sha256)
