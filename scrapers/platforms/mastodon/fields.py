"""Every field that answers of the Mastodon API are known to have, and the paths of those that nobody here knows.

From docs.joinmastodon.org/entities up to version 4.6, and from the documentation of other software with the same API:
Pleroma and Akkoma, GoToSocial, glitch-soc and Hometown, Fedibird and kmyblue, Friendica, Pixelfed, Iceshrimp, Sharkey.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scrapers.pick import clean

_MAX_DEPTH = 12
_TAKEN = ""


def _shape(names: str, **inner: str) -> dict[str, str]:
    return {**dict.fromkeys(names.split(), _TAKEN), **inner}


_SHAPES: Mapping[str, Mapping[str, str]] = {
    "status": _shape(
        # Mastodon
        "id created_at in_reply_to_id in_reply_to_account_id sensitive spoiler_text visibility language uri url "
        "replies_count reblogs_count favourites_count quotes_count edited_at favourited reblogged muted bookmarked "
        "pinned filtered content text application emojis tagged_collections "
        # GoToSocial, glitch-soc, Hometown, Fedibird, kmyblue
        "interaction_policy content_type local_only emoji_reactions emoji_reactions_count emoji_reactioned "
        "emoji_reaction_available_server reactions quote_id quote_approval_policy searchability limited_scope "
        "visibility_ex markdown expires_at expires_action status_references_count status_reference_ids circle_id "
        "thread_muted bookmark_category_id unlisted_reason activity_pub_type "
        # Pleroma and Akkoma, Friendica, Pixelfed, Iceshrimp and Sharkey
        "akkoma bookmarks_count friendica dislikes_count _v media_licenses taggedPeople place pf_type "
        "comments_disabled shortcode profile_id parent reply_count thread label local notify_state is_quote "
        "content_text reblog_id group media_attachment_ids liked_by_count translation parent_visible",
        account="account", reblog="status", quote="quote", media_attachments="media", mentions="mention",
        tags="tag", poll="poll", card="card", quote_approval="quote_approval", pleroma="pleroma",
    ),
    "quote": _shape("state quoted_status_id", quoted_status="status"),
    "quote_approval": _shape("automatic manual current_user"),
    "pleroma": _shape(
        "local conversation_id direct_conversation_id in_reply_to_account_acct content spoiler_text expires_at "
        "thread_muted emoji_reactions parent_visible pinned_at context quote_id quote_url quote_visible "
        "quotes_count bookmark_folder list_id event non_anonymous translation status_history content_type "
        "quotes_accepted language edited_at article_text",
        quote="status",
    ),
    "account": _shape(
        "id username acct url uri display_name locked bot discoverable indexable group created_at note avatar "
        "avatar_static avatar_description avatar_media_id header header_static header_description header_media_id "
        "followers_count following_count statuses_count last_status_at hide_collections show_media "
        "show_media_replies show_featured noindex feature_approval suspended limited silenced memorial mute_expires_at "
        "moved emojis roles fields role source "
        "theme enable_rss custom_css permissions attribution_domains pleroma akkoma fqn other_settings subscribable "
        "searchability server_features note_text website local is_admin is_private pronouns follow_id birthday "
        "location is_cat searchable nsfw website_verified subscribing_count sensitized",
    ),
    "media": _shape(
        "id type url preview_url remote_url preview_remote_url text_url meta description blurhash pleroma "
        "is_sensitive license mime optimized_url filter_name filter_class orientation preview_description "
        "description_source thumbhash hls_manifest",
    ),
    "mention": _shape("id username url acct"),
    "tag": _shape("id name url history following featuring featured type href slug"),
    "poll": _shape(
        "id expires_at expired multiple votes_count voters_count voted own_votes emojis pleroma", options="option"
    ),
    "option": _shape("title votes_count emojis"),
    "card": _shape(
        "url title description language type author_name author_url provider_name provider_url html width height "
        "image image_description embed_url blurhash published_at authors history missing_attribution pleroma "
        "can_embed provider_icon",
    ),
    "context": _shape("", ancestors="status", descendants="status"),
}  # fmt: skip


def unknown(raw: object, shape: str, at: str, depth: int = 0) -> Iterator[str]:
    """Yield the paths of fields in a value of a known shape that no software is known to give; arrays are entered."""
    if isinstance(raw, list):
        for value in raw:
            yield from unknown(value, shape, f"{at}[]", depth + 1)
        return
    if not isinstance(raw, Mapping) or depth > _MAX_DEPTH:
        return
    # Fedibird and Akkoma put the quoted status itself where Mastodon puts its state.
    fields = _SHAPES["status" if shape == "quote" and "account" in raw else shape]
    for name in sorted(map(str, raw)):
        inner = fields.get(name)
        if inner is None:
            yield f"{at}.{clean(name)[:80]}"
        elif inner:
            yield from unknown(raw[name], inner, f"{at}.{name}", depth + 1)
