"""Which pairs an interaction concerns: the section "Candidate content" of the definitions, in code."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain import AccountKind, Act, Content, InteractionView, Mention, Span, Tier
from rules.facts import Evidence, Texts, mention_spans
from rules.sayings import near

CAMPAIGN = ("kampanye",)
STANCE = ("kampanye", "sikap.dukungan", "sikap.merendahkan")
OFFICIAL = ("kedinasan.tugas", "kedinasan.penyelenggara", "seruan.pendidikan", "seruan.larangan", "foto.penertiban")
OTHER_RACE = ("seruan.pemilihan_lain",)
_CAMPAIGN_REACH = 12  # words within which a campaign word speaks of the name in an official text
_STANCE_REACH = 6
_BARE = frozenset({Act.LIKE, Act.SHARE})
_BELOW = frozenset({Act.COMMENT, Act.LIKE, Act.SHARE, Act.FOLLOW, Act.TAG})


@dataclass(frozen=True, slots=True)
class Concern:
    """A pair that the interaction concerns, by what, how surely; or why it falls short (`reason`)."""

    candidate_id: int
    tier: Tier
    reason: str = ""
    spans: tuple[Span, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether the pair is concerned; otherwise `reason` says why not."""
        return not self.reason


def concerns(view: InteractionView, texts: Texts) -> tuple[Concern, ...]:
    """Return every pair that the interaction concerns or nearly concerns, one entry each, by id."""
    found: dict[int, Concern] = {}
    for concern in (*_inherited(view), *_own(view, texts), *_by_target(view, texts)):
        held = found.get(concern.candidate_id)
        if held is None or _weight(concern) > _weight(held):
            found[concern.candidate_id] = concern
    return tuple(concern for _, concern in sorted(found.items()))


def _weight(concern: Concern) -> tuple[bool, int]:
    return concern.counts, concern.tier.rank


def inherits(view: InteractionView) -> bool:
    """Whether the act stands under a candidate-side account, whatever its words."""
    return bool(_inherited(view))


def _inherited(view: InteractionView) -> list[Concern]:
    """Return the pairs of candidate-side accounts above: whatever the words, the act concerns them.

    A neutral body's answer in a campaign account's thread stays neutral: liking a correction supports nobody.
    """
    if view.act not in _BELOW or (view.act in _BARE and _neutral(view.target)):
        return []
    ids: dict[int, None] = {}
    for content in (view.target, view.root):
        if content is not None and content.author_kind is not None and content.author_kind.candidate_side:
            ids.update(dict.fromkeys(content.author_candidates))
    return [Concern(candidate_id, Tier.KUAT) for candidate_id in ids]


def _own(view: InteractionView, texts: Texts) -> list[Concern]:
    """Return the pairs that a post, comment or quote names in its own words."""
    if texts.own is None:
        return []
    return [
        _own_concern(view, texts.own, candidate_id)
        for candidate_id in dict.fromkeys(m.candidate_id for m in texts.own.mentions)
    ]


def _own_concern(view: InteractionView, own: Evidence, candidate_id: int) -> Concern:
    mentions = own.of(candidate_id, Tier.PENDUKUNG)
    tier = max((m.tier for m in mentions), key=lambda t: t.rank)
    spans = mention_spans(mentions, "own")
    if tier.rank < Tier.SEDANG.rank:
        return Concern(candidate_id, tier, "penyebutan terlalu lemah tanpa tanda kedua", spans)
    if view.act is not Act.COMMENT and tier is Tier.SEDANG and not own.speaks(CAMPAIGN):
        return Concern(candidate_id, tier, "penyebutan sedang tanpa kata kampanye", spans)
    if of_another_race(own):
        return Concern(candidate_id, tier, "teks membicarakan pemilihan lain, bukan pemilihan yang diawasi", spans)
    if plainly_official(own) and not speaks_for(own, mentions):
        return Concern(candidate_id, tier, "nama saja dalam konteks kedinasan, tanpa kata dukungan atau ajakan", spans)
    return Concern(candidate_id, tier, "", spans)


def _by_target(view: InteractionView, texts: Texts) -> list[Concern]:
    """Return the pairs that a liked or shared post names, where its author is neither candidate-side nor neutral."""
    target = texts.target
    if view.act not in _BARE or target is None:
        return []
    kind = target.content.author_kind
    if kind is not None and kind.candidate_side:
        return []
    named = dict.fromkeys(m.candidate_id for m in target.mentions)
    if kind is not None and kind.neutral:
        reason = "unggahan badan netral: menyukai atau membagikannya saja bukan indikasi"
        return [Concern(c, Tier.LEMAH, reason, mention_spans(target.of(c), "target")) for c in named if target.of(c)]
    return [_target_concern(target, candidate_id) for candidate_id in named]


def _target_concern(target: Evidence, candidate_id: int) -> Concern:
    sure = target.of(candidate_id, Tier.KUAT)
    spans = mention_spans(target.of(candidate_id, Tier.PENDUKUNG), "target")
    if not sure:
        return Concern(candidate_id, Tier.SEDANG, "unggahan itu tidak menyebut calon dengan kuat", spans)
    if not target.speaks(CAMPAIGN) and len(_apart(sure)) < 2:
        return Concern(candidate_id, Tier.KUAT, "satu penyebutan tanpa kata kampanye", spans)
    if of_another_race(target):
        return Concern(candidate_id, Tier.KUAT, "unggahan itu membicarakan pemilihan lain", spans)
    if plainly_official(target) and not speaks_for(target, sure):
        return Concern(candidate_id, Tier.KUAT, "nama dalam konteks kedinasan, tanpa kata dukungan atau ajakan", spans)
    return Concern(candidate_id, Tier.KUAT, "", spans)


def _neutral(content: Content | None) -> bool:
    return content is not None and content.author_kind is not None and content.author_kind.neutral


def plainly_official(evidence: Evidence) -> bool:
    """Whether a text reads as duty, programme, announcement or an election body's information."""
    return evidence.speaks(OFFICIAL) or (
        evidence.content.author_kind in {AccountKind.ELECTION_BODY, AccountKind.GOVERNMENT}
    )


def speaks_for(evidence: Evidence, mentions: tuple[Mention, ...]) -> bool:
    """Whether a campaign or stance word of an official text stands so near a name that it speaks of that pair.

    In `Rapat koordinasi bersama Budi. Semangat melayani warga` the praise is for the duty.
    """
    names = mention_spans(mentions, evidence.name)
    return bool(
        near(evidence, evidence.has_list(*CAMPAIGN), names, _CAMPAIGN_REACH)
        or near(evidence, evidence.has_list(*STANCE[1:]), names, _STANCE_REACH)
    )


def of_another_race(evidence: Evidence) -> bool:
    """Whether a text speaks only of an election of another kind: of a village head, a class, a ward."""
    return evidence.found.setting.other and evidence.speaks(OTHER_RACE)


def _apart(mentions: tuple[Mention, ...]) -> list[Mention]:
    """Return mentions that do not share a stretch of the same text."""
    kept: list[Mention] = []
    for mention in mentions:
        if not any(m.field == mention.field and m.start < mention.end and mention.start < m.end for m in kept):
            kept.append(mention)
    return kept
