"""What a list was asked for, in the words of its URL."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from urllib.parse import parse_qsl, urlencode

from db.groups import GroupKind
from monitor.domain import (
    Act,
    AfterKey,
    CaseFilter,
    CaseOrder,
    CaseState,
    DueWindow,
    StageKind,
    Stance,
    Tier,
    WhyHere,
)
from monitor.web.moments import FIRST_YEAR, LAST_YEAR, midnight, read_day
from monitor.web.tokens import member, whole_number

PAGE = 25
EVERYTHING = "semua"
OPEN = "terbuka"
_TOKEN = re.compile(r"[A-Za-z0-9._-]{1,128}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a list; words that mean nothing are dropped rather than answered with an error.

    `order` None is the usual one: by match for a search, else by priority. `group` and `opened` are the grouping and
    the group that is unfolded.
    """

    states: tuple[CaseState, ...] = ()
    everything: bool = False
    candidate: int | None = None
    act: Act | None = None
    platform: str = ""
    law_row: str = ""
    stage: StageKind | None = None
    rule: str = ""
    region: str = ""
    why: WhyHere | None = None
    due: DueWindow | None = None
    mine: bool = False
    tier: Tier | None = None
    stance: Stance | None = None
    since: date | None = None
    until: date | None = None
    unqueued: bool = False
    text: str = ""
    order: CaseOrder | None = None
    group: GroupKind | None = None
    opened: str = ""
    after: AfterKey | None = None
    group_after: tuple[float, str] | None = None

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.words())

    @property
    def sorting(self) -> CaseOrder:
        """The order in which the list stands."""
        if self.order is CaseOrder.MATCH and not self.text:
            return CaseOrder.PRIORITY
        return self.order or (CaseOrder.MATCH if self.text else CaseOrder.PRIORITY)

    def case_filter(
        self,
        scope: tuple[str, ...] | None,
        limit: int = PAGE,
        *,
        me: int | None = None,
        zone: tzinfo = UTC,
        without: tuple[int, ...] = (),
    ) -> CaseFilter:
        """Return what to ask the database for, within the places that the user may see and `without` some cases.

        `me` is the user asking.
        """
        return CaseFilter(
            states=self.states,
            open_only=not self.states and not self.everything,
            scope=scope,
            jurisdictions=(self.region,) if self.region else (),
            unqueued=self.unqueued,
            candidate_id=self.candidate,
            law_row=self.law_row,
            stage=self.stage,
            platform=self.platform,
            act=self.act,
            text=self.text,
            leased_by=me if self.mine else None,
            without=without,
            after=self.after,
            order=self.sorting,
            limit=limit,
            rule_id=self.rule,
            why=self.why,
            due=self.due,
            tier=self.tier,
            stance=self.stance,
            since=midnight(self.since, zone),
            until=midnight(self.until, zone, days=1),
        )

    def words(self) -> dict[str, str]:
        """Return what narrows the list, by the names it bears in the URL."""
        given = {
            "status": EVERYTHING if self.everything else ",".join(state.value for state in self.states),
            "pasangan": str(self.candidate or ""),
            "tindakan": self.act.value if self.act else "",
            "platform": self.platform,
            "baris": self.law_row,
            "tahapan": self.stage.value if self.stage else "",
            "aturan": self.rule,
            "wilayah": self.region,
            "sebab": self.why.value if self.why else "",
            "tenggat": self.due.value if self.due else "",
            "pegang": "saya" if self.mine else "",
            "kepastian": self.tier.value if self.tier else "",
            "sikap": self.stance.value if self.stance else "",
            "dari": self.since.isoformat() if self.since else "",
            "sampai": self.until.isoformat() if self.until else "",
            "tanpa_antrean": "ya" if self.unqueued else "",
            "cari": self.text,
        }
        return {name: value for name, value in given.items() if value}

    def query(self) -> dict[str, str]:
        """Return the filters with their order and grouping: what a saved view keeps."""
        order = self.order.value if self.order else ""
        more = {"urut": order, "kelompok": self.group.value if self.group else ""}
        return self.words() | {name: value for name, value in more.items() if value}

    def url(self, after: AfterKey | None = None) -> str:
        """Return the address of this list, from its start or after a row."""
        words = self.query() | ({"buka": self.opened} if self.opened else {})
        words |= {"sesudah": cursor(after)} if after else {}
        return "/antrean" + (f"?{urlencode(words)}" if words else "")

    def group_url(self, after: tuple[float, str] | None = None, opened: str = "") -> str:
        """Return the address of the groups, from their start or after one, with one of them unfolded."""
        words = self.query() | ({"buka": opened} if opened else {})
        words |= {"setelah": f"{after[0]}~{after[1]}"} if after else {}
        return f"/antrean?{urlencode(words)}"

    def opened_url(self, after: AfterKey) -> str:
        """Return the address of the unfolded group from a later case on."""
        return f"{self.group_url(self.group_after, self.opened)}&{urlencode({'sesudah': cursor(after)})}"

    def without(self, name: str) -> Asked:
        """Return the same list, from its start, without one of its filters."""
        left = {word: value for word, value in self.query().items() if word != name}
        return read_asked(left)

    def in_state(self, state: CaseState) -> Asked:
        """Return the same list, from its start, of one state; of all open ones when it is that state's already."""
        same = self.states == (state,)
        return replace(self.fresh(), states=() if same else (state,), everything=False)

    def fresh(self) -> Asked:
        """Return the same list from its start, with no group unfolded."""
        return replace(self, after=None, group_after=None, opened="")


def read_asked(words: Mapping[str, str]) -> Asked:
    """Read the filters from a query string."""
    status = words.get("status", "")
    return Asked(
        states=tuple(state for token in status.split(",") if (state := member(CaseState, token))),
        everything=status == EVERYTHING,
        candidate=whole_number(words.get("pasangan", "")),
        act=member(Act, words.get("tindakan", "")),
        platform=_token(words.get("platform", "")),
        law_row=_token(words.get("baris", "")),
        stage=member(StageKind, words.get("tahapan", "")),
        rule=_token(words.get("aturan", "")),
        region=_token(words.get("wilayah", "")),
        why=member(WhyHere, words.get("sebab", "")),
        due=member(DueWindow, words.get("tenggat", "")),
        mine=words.get("pegang") == "saya",
        tier=member(Tier, words.get("kepastian", "")),
        stance=member(Stance, words.get("sikap", "")),
        since=read_day(words.get("dari", "")),
        until=read_day(words.get("sampai", "")),
        unqueued=words.get("tanpa_antrean") == "ya",
        text=" ".join(words.get("cari", "").replace("\x00", "").split())[:100],
        order=member(CaseOrder, words.get("urut", "")),
        group=member(GroupKind, words.get("kelompok", "")),
        opened=_token(words.get("buka", "")),
        after=read_cursor(words.get("sesudah", "")),
        group_after=_group_place(words.get("setelah", "")),
    )


def asked_at(address: str) -> Asked:
    """Read the filters from an address of a list that a form carried; whatever else stands in it is left out."""
    return read_asked(dict(parse_qsl(address.partition("?")[2].partition("#")[0])))


def cursor(after: AfterKey) -> str:
    """Return a place in a list as it stands in a URL."""
    return f"{after.id}~{after.value}"


def read_cursor(text: str) -> AfterKey | None:
    """Read a place in a list: a row's number and its share, deadline, or nothing; None for anything else."""
    head, separator, value = text.partition("~")
    number = whole_number(head)
    if number is None or not separator or len(value) > 64:
        return None
    try:
        share = float(value)
    except ValueError:
        return AfterKey(value, number) if not value or _moment(value) else None
    return AfterKey(share, number) if math.isfinite(share) else None


def _group_place(text: str) -> tuple[float, str] | None:
    share, separator, name = text.partition("~")
    try:
        value = float(share)
    except ValueError:
        return None
    return (value, name) if separator and _token(name) and math.isfinite(value) else None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _token(text: str) -> str:
    return text if _TOKEN.fullmatch(text) else ""
