"""Fields of X's answers that the mapper reads or ignores by name; any other is reported.

Seen in tweet results of 2022 to 2026. What hangs below an ignored field is ignored with it.
"""

from __future__ import annotations

_ADDED_BY_COLLECTORS = frozenset({
    "id", "type", "__import_meta", "comment_id", "text", "post_id", "post_url", "parent_comment_id", "thread_id",
    "_zs_comment_parent_id", "_zs_comment_thread_id", "_zs_comment_post_id", "_zs_partial",
})  # fmt: skip

TWEET = _ADDED_BY_COLLECTORS | frozenset({
    # read
    "__typename", "rest_id", "id_str", "core", "user", "legacy", "note_tweet", "quoted_status_result",
    "retweeted_status_result", "edit_control", "promotedMetadata", "promoted_metadata", "promoted",
    # ignored: no place in a record, or the platform's own dressing
    "views", "ext_views", "source", "card", "article", "birdwatch_pivot", "has_birdwatch_notes", "is_translatable",
    "unmention_data", "unmention_info", "unified_card", "community_results", "community_relationship",
    "author_community_relationship", "previous_counts", "quick_promote_eligibility", "quotedRefResult",
    "reply_to_results", "reply_to_user_results", "grok_analysis_button", "grok_analysis_followups",
    "grok_share_attachment", "grok_annotations", "grok_translated_post", "grok_translated_post_with_availability",
    "is_grok_translatable", "post_image_description", "post_video_description", "conversational_grok_followups",
    "superFollowsReplyUserResult", "super_follows_conversation_user_results", "trusted_friends_info_result",
    "exclusive_tweet_info", "tombstone", "vibe", "edit_perspective", "voiceInfo", "collab_control",
    "conversation_muted", "content_disclosure", "media_entities", "mention_results", "url_results", "details",
    "counts", "hydrate", "community_note", "is_ai_generated", "professional", "preview_price",
    "preview_subscriptions_count", "trends", "place",
})  # fmt: skip

LEGACY = frozenset({
    # read
    "id_str", "user_id_str", "created_at", "full_text", "text", "lang", "entities", "extended_entities",
    "conversation_id_str", "in_reply_to_status_id_str", "in_reply_to_user_id_str", "in_reply_to_screen_name",
    "is_quote_status", "quoted_status_id_str", "quoted_status_permalink", "quoted_status_result",
    "retweeted_status_result", "favorite_count", "retweet_count", "quote_count", "reply_count",
    # ignored
    "id", "user_id", "conversation_id", "in_reply_to_status_id", "in_reply_to_user_id", "quoted_status_id",
    "bookmark_count", "display_text_range", "possibly_sensitive", "possibly_sensitive_editable", "place", "geo",
    "coordinates", "contributors", "source", "truncated", "scopes", "self_thread", "limited_actions",
    "conversation_control", "withheld_scope", "withheld_status", "withheld_copyright", "withheld_in_countries",
    "withheld_text", "card", "supplemental_language", "previous_counts", "ext", "ext_edit_control", "ext_views",
    "current_user_retweet", "retweeted_status_id_str", "retweeted_status", "matched_keywords", "is_translator",
    "semantic_annotation_ids", "matched_queries", "extended_tweet",
    # about the collector; taken out before mapping
    "favorited", "bookmarked", "retweeted",
})  # fmt: skip

USER = frozenset({
    # read
    "__typename", "rest_id", "core", "legacy", "privacy", "user",
    # ignored: an account's page is no act
    "id", "action_counts", "affiliates_highlighted_label", "avatar", "banner", "business_account",
    "creator_subscriptions_count", "exclusive_tweet_following", "follow_button", "has_graduated_access",
    "has_hidden_likes_on_profile", "has_hidden_subscriptions_on_profile", "has_nft_avatar", "highlights_info",
    "is_blue_verified", "is_profile_translatable", "legacy_extended_profile", "location", "media_permissions",
    "message", "parody_commentary_fan_label", "pinned_items", "possibly_sensitive", "premium_gifting_eligible",
    "private_super_following", "professional", "profile_bio", "profile_description_language", "profile_image_shape",
    "profile_metadata", "profile_translation", "profilemodules", "reason", "relationship_counts", "smart_blocked_by",
    "smart_blocking", "super_follow_eligible", "tipjar_settings", "tweet_counts", "user_seed_tweet_count",
    "verification", "verification_info", "verified_phone_status", "website",
    "identity_profile_labels_highlighted_label", "grok_translated_bio", "grok_translated_bio_with_availability",
    "account_based_in", "about_profile", "unavailable_reason", "unavailable_message",
    # about the collector; taken out before mapping
    "relationship_perspectives", "dm_permissions", "follow_request_sent", "super_followed_by", "super_following",
    "notifications_settings",
})  # fmt: skip

ENTITIES = frozenset(
    {"hashtags", "urls", "user_mentions", "media", "symbols", "timestamps", "polls", "richtext_tags", "inline_media"}
)
