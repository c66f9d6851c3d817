"""Every field that Bluesky's answers are known to have, and the paths of those that nobody here knows.

From the lexicons `app.bsky.*` and `com.atproto.*` (github.com/bluesky-social/atproto, lexicons of 2026-11). A shape
lists its fields; a field with a shape of its own is looked into, one without is taken whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scrapers.pick import Raw, clean

_MAX_DEPTH = 16
_TAKEN = ""
_UNION = "?"


def _shape(names: str, **inner: str) -> dict[str, str]:
    return {"$type": _TAKEN, **dict.fromkeys(names.split(), _TAKEN), **inner}


_ACTOR = _shape(
    "did handle displayName pronouns description website avatar banner followersCount followsCount postsCount "
    "associated joinedViaStarterPack indexedAt createdAt viewer pinnedPost debug",
    labels="label", verification="verification", status="status",
)  # fmt: skip
_COUNTS = "replyCount repostCount likeCount quoteCount bookmarkCount"

_SHAPES: Mapping[str, Mapping[str, str]] = {
    "view": _shape(f"uri cid indexedAt viewer debug {_COUNTS}", author="actor", record="post", value="post",
                   embed=_UNION, embeds=_UNION, labels="label", threadgate="gate"),
    "gate": _shape("uri cid record lists"),
    "actor": _ACTOR,
    "verification": _shape("verifications verifiedStatus trustedVerifierStatus"),
    "status": _shape("uri cid status record embed labels expiresAt isActive isDisabled"),
    "label": _shape("ver src uri cid val neg cts exp sig"),
    "post": _shape("text createdAt langs tags entities", reply="reply", embed=_UNION, facets="facet",
                   labels="selfLabels"),
    "selfLabels": _shape("", values="selfLabel"),
    "selfLabel": _shape("val"),
    "reply": _shape("", root="ref", parent="ref"),
    "ref": _shape("uri cid"),
    "facet": _shape("index", features="feature"),
    "feature": _shape("did uri tag"),
    "entry": _shape("feedContext reqId", post="view", reply="context", reason="reason"),
    "context": _shape("root parent", grandparentAuthor="actor"),
    "reason": _shape("uri cid indexedAt", by="actor"),
    "node": _shape("parent replies threadContext uri notFound blocked author", post="view"),
    "like": _shape("createdAt indexedAt", actor="actor"),
    "kept": _shape("uri cid", value="act"),
    "act": _shape("createdAt", subject="ref", via="ref"),
    "image": _shape("image thumb thumbnail fullsize alt aspectRatio"),
    "external": _shape("uri title description thumb createdAt updatedAt readingTime source associatedRefs "
                       "associatedProfiles", labels="label"),
    "caption": _shape("lang file"),
    "app.bsky.embed.images": _shape("", images="image"),
    "app.bsky.embed.gallery": _shape("", items="image"),
    "app.bsky.embed.external": _shape("", external="external"),
    "app.bsky.embed.video": _shape("video cid playlist thumbnail alt aspectRatio presentation", captions="caption"),
    "app.bsky.embed.record": _shape("", record="ref"),
    "app.bsky.embed.record#view": _shape("", record=_UNION),
    "app.bsky.embed.recordWithMedia": _shape("", record="app.bsky.embed.record", media=_UNION),
    "app.bsky.embed.recordWithMedia#view": _shape("", record="app.bsky.embed.record#view", media=_UNION),
    "app.bsky.embed.record#viewRecord": _shape(f"uri cid indexedAt value {_COUNTS}", author="actor", embeds=_UNION,
                                               labels="label"),
    "app.bsky.embed.record#viewNotFound": _shape("uri notFound"),
    "app.bsky.embed.record#viewBlocked": _shape("uri blocked author"),
    "app.bsky.embed.record#viewDetached": _shape("uri detached"),
    "app.bsky.feed.defs#generatorView": _shape(
        "uri cid did displayName description descriptionFacets avatar likeCount acceptsInteractions viewer "
        "contentMode indexedAt", creator="actor", labels="label"),
    "app.bsky.graph.defs#listView": _shape(
        "uri cid name purpose description descriptionFacets avatar listItemCount viewer indexedAt", creator="actor",
        labels="label"),
    "app.bsky.labeler.defs#labelerView": _shape("uri cid likeCount viewer indexedAt", creator="actor",
                                                labels="label"),
    "app.bsky.graph.defs#starterPackViewBasic": _shape(
        "uri cid record listItemCount joinedWeekCount joinedAllTimeCount indexedAt", creator="actor", labels="label"),
}  # fmt: skip


def unknown(raw: object, shape: str, at: str, depth: int = 0) -> Iterator[str]:
    """Yield the paths of fields in a value of a known shape that no lexicon names; arrays are entered."""
    if isinstance(raw, list):
        for value in raw:
            yield from unknown(value, shape, f"{at}[]", depth + 1)
        return
    if not isinstance(raw, Mapping) or depth > _MAX_DEPTH:
        return
    fields = _SHAPES.get(_named(raw) if shape == _UNION else shape)
    if fields is None:
        yield f"{at}($type {_named(raw)[:80] or 'tidak ada'})"
        return
    for name in sorted(map(str, raw)):
        inner = fields.get(name)
        if inner is None:
            yield f"{at}.{clean(name)[:80]}"
        elif inner:
            yield from unknown(raw[name], inner, f"{at}.{name}", depth + 1)


def stray(raw: Raw, known: str, at: str = "") -> Iterator[str]:
    """Yield the paths of an answer's own fields that are not among these words."""
    yield from (f"{at}.{clean(str(name))[:80]}" for name in sorted(map(str, raw)) if name not in known.split())


def _named(raw: Raw) -> str:
    """Return the name of a union's member; views of media have the fields of what they show."""
    name = clean(str(raw.get("$type") or ""))
    return name if name in _SHAPES else name.removesuffix("#view")
