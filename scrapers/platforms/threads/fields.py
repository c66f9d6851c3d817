"""Fields of Threads' answers that the mapper reads or ignores by name; any other is reported.

Seen in posts of the web client of 2023 to 2026. What hangs below an ignored field is ignored with it.
"""

from __future__ import annotations

_ADDED_BY_COLLECTORS = frozenset({"__import_meta", "_zs_partial", "_zs_html_embedded_json", "_zs_source"})

POST = _ADDED_BY_COLLECTORS | frozenset({
    # read
    "pk", "id", "code", "user", "taken_at", "caption", "like_count", "text_post_app_info", "text_app_info",
    "accessibility_caption", "carousel_media", "caption_is_edited", "is_post_unavailable",
    # ignored
    "__typename", "__isXDTMedia", "strong_id__", "canonical_url", "is_paid_partnership", "media_overlay_info",
    "sharing_friction_info", "image_versions2", "original_height", "original_width", "video_versions", "audio",
    "transcription_data", "has_audio", "giphy_media_info", "media_type", "logging_info_token",
    "organic_tracking_token", "like_and_view_counts_disabled", "is_fb_only", "is_internal_only", "pinned_post_info",
    "has_liked", "usertags", "video_dash_manifest", "is_dash_eligible", "number_of_qualities", "caption_add_on",
    "gen_ai_detection_method", "gen_ai_chat_with_ai_cta_info", "feed_demotion_control",
    "feed_recs_demotion_control", "device_timestamp", "product_type", "client_cache_key", "filter_type",
    "commenting_disabled_for_viewer", "integrity_review_decision", "fact_check_information", "text_with_entities",
    "can_reply", "can_viewer_reshare", "top_likers", "comment_count", "like_count_text", "community_notes_info",
    "meta_place", "location", "lat", "lng", "expiring_at", "video_duration", "fb_like_count", "crosspost_metadata",
    "is_reshare_of_text_post_app_media_in_ig", "should_have_sharing_friction", "bizweb_info", "media_cropping_info",
    "profile_grid_control_enabled", "open_carousel_submission_state", "hidden_likes_string_variant",
    "visible_comments", "floating_context_items", "fan_club_info", "should_request_ads", "sticker_attachments",
    "polls", "caption_language", "preview", "ai_agent_info", "social_context", "owner", "boost_unavailable_reason",
    "is_author_of_root_post", "gating_info", "music_metadata", "share_urls",
})  # fmt: skip

INFO = frozenset({
    # read
    "is_reply", "reply_to_author", "share_info", "direct_reply_count", "repost_count", "quote_count",
    "reshare_count", "link_preview_attachment", "text_fragments", "snippet_attachment_info", "is_post_unavailable",
    "reply_to_post", "parent_post", "root_post", "root_post_author", "linked_inline_media", "self_thread",
    # ignored
    "__typename", "can_reply", "can_private_reply", "reply_control", "reply_approval_status", "is_markup",
    "post_unavailable_reason", "hush_info", "private_reply_partner_username", "self_thread_count",
    "special_effects_enabled_str", "fediverse_info", "impression_count", "is_first_post", "pinned_post_info",
    "reply_facepile_users", "tag_header", "post_preview_caption", "has_top_replies_badge", "related_trends_info",
    "custom_feed_preview_info", "ghost_post_exp_time_ms", "is_ghost_post", "community_info",
    "display_community_info", "is_spoiler_media", "active_text_app_post_status",
    "can_user_see_reply_approval_entrypoint", "is_liked_by_root_author", "is_reply_approval_enabled",
    "user_inventory_source", "view_count", "self_thread_position", "poll_attachment", "event_attachment",
    "podcast_attachment", "game_score_share_info", "live_blog_info", "source_language", "translation_info",
    "is_visible_in_reply_queue", "is_podcast_post", "show_header_follow", "shared_post_count",
    "messages_share_count", "reply_count", "self_thread_info", "is_author_of_root_post", "reaction_info",
    "mention_info",
})  # fmt: skip
