"""Fields of Instagram's answers that the mapper reads or ignores by name; any other is reported.

Seen in item lists, `XIGPolaris*` media and the Graph form. What hangs below an ignored field is ignored with it.
"""

from __future__ import annotations

_ADDED_BY_COLLECTORS = frozenset({
    "__import_meta", "_zs_partial", "_zs_instagram_view", "_zs_html_embedded_json", "_zs_comment_parent_id",
    "_zs_comment_thread_id", "_zs_comment_post_id", "post_shortcode", "post_url", "thread_id",
})  # fmt: skip

POST = _ADDED_BY_COLLECTORS | frozenset({
    # read
    "pk", "id", "code", "shortcode", "user", "owner", "caption", "edge_media_to_caption", "taken_at",
    "taken_at_timestamp", "product_type", "ad_id", "ad_action", "is_ad", "link", "media_type", "__typename", "date",
    "likes",
    "usertags", "edge_media_to_tagged_user", "coauthor_producers", "accessibility_caption", "carousel_media",
    "edge_sidecar_to_children", "like_count", "comment_count", "reshare_count", "media_repost_count",
    "edge_media_preview_like", "edge_liked_by", "edge_media_to_parent_comment", "edge_media_preview_comment",
    "edge_media_to_comment", "comments", "preview_comments", "like_and_view_counts_disabled",
    # ignored, since pictures and sound are no text
    "image_versions2", "video_versions", "video_url", "video_duration", "video_codec", "is_dash_eligible",
    "number_of_qualities", "original_height", "original_width", "dimensions", "display_url", "display_uri",
    "display_resources", "thumbnail_src", "thumbnail_resources", "thumbnails", "thumbnail_url", "media_preview",
    "preview", "has_audio", "is_video", "carousel_media_count", "carousel_media_ids", "carousel_parent_id",
    "clips_metadata", "clips_music_attribution_info", "music_metadata", "filter_type", "media_overlay_info",
    "sharing_friction_info", "dash_info", "gating_info", "fact_check_information", "fact_check_overall_rating",
    "video_subtitles_uri", "video_subtitles_confidence", "video_subtitles_locale", "video_sticker_locales",
    "audience", "felix_profile_grid_crop", "has_upcoming_event", "upcoming_event", "crop_rect", "image_width",
    "image_height", "squareCrop", "video_view_count", "video_play_count", "play_count", "view_count", "ig_play_count",
    "fb_play_count", "fb_like_count", "fb_comment_count", "fb_aggregated_like_count", "fb_aggregated_comment_count",
    # ignored, since they are dressing, settings and counters of the platform
    "__isNode", "__isXIGPolarisMedia", "strong_id__", "fbid", "deleted_reason", "inventory_source", "boosted_status",
    "boost_unavailable_identifier", "boost_unavailable_reason", "can_see_insights_as_brand", "can_reshare",
    "can_reply", "can_save", "can_modify_carousel", "caption_is_edited", "has_translation", "headline", "title",
    "location", "lat", "lng", "commenting_disabled_for_viewer", "comments_disabled", "comment_threading_enabled",
    "comment_inform_treatment", "comment_likes_enabled", "has_more_comments", "max_num_visible_preview_comments",
    "can_view_more_preview_comments", "hide_view_all_comment_entrypoint", "inline_composer_display_condition",
    "inline_composer_imp_trigger_time", "device_timestamp", "invited_coauthor_producers", "is_paid_partnership",
    "sponsor_tags", "sponsors", "brandedContent", "is_organic_product_tagging_eligible", "product_suggestions",
    "product_tags", "featured_products", "photo_of_you", "is_reel_media", "is_seen", "is_pinned",
    "is_in_profile_grid", "profile_grid_control_enabled", "pinned_for_users", "timeline_pinned_user_ids",
    "clips_tab_pinned_user_ids", "is_unified_video", "is_visual_reply_commenter_notice_enabled",
    "is_post_live_clips_media", "is_quiet_post", "is_cutout_sticker_allowed", "is_reuse_allowed",
    "is_open_to_public_submission", "is_third_party_downloads_eligible", "is_eligible_for_meta_ai_share",
    "is_eligible_for_media_note_recs_nux", "is_social_ufi_disabled", "is_tagged_media_shared_to_viewer_profile_grid",
    "is_comments_gif_composer_enabled", "is_auto_created", "is_artist_pick", "is_affiliate",
    "is_parent_eligible_for_comment", "should_request_ads",
    "should_show_author_pog_for_tagged_media_shared_to_profile_grid", "should_have_informs_overlay",
    "shop_routing_user_id", "story_cta", "floating_context_items", "enable_media_notes_production", "enable_waist",
    "explore_hide_comments", "explore_story", "group", "highlights_info", "igbio_product",
    "ig_media_sharing_disabled", "media_attributions_data", "media_cropping_info", "media_level_comment_controls",
    "media_notes", "media_reposter_bottomsheet_enabled", "meta_ai_suggested_prompts", "meta_place", "mezql_token",
    "mashup_info", "music_canonical_id", "archived_media_timestamps", "creative_config", "creator_viewer_insights",
    "cross_post", "crosspost", "crosspost_metadata", "fb_user_tags", "fundraiser_tag", "gen_ai_detection_method",
    "gen_ai_chat_with_ai_cta_info", "open_carousel_submission_state", "open_carousel_show_follow_button",
    "original_media_has_visual_reply_media", "owner_is_affiliate", "post_chaining", "previous_submitter",
    "preview_comment_ids", "report_info", "social_proof", "subscribe_cta_visible", "subtype_name_for_REST__",
    "trial_params", "translated_langs_for_autodub", "visibility", "wearable_attribution_info", "ai_label_info",
    "affiliate_info", "affiliate_link", "edge_web_media_to_related_media", "edge_related_profiles",
    "edge_media_to_sponsor_user", "edge_media_to_hoisted_comment", "edge_media_preview_comments", "upcoming_event_id",
    "nft_asset_info", "logging_info", "all_previous_submitters", "follow_hashtag_info", "reposted_by",
    "media_repost_info", "has_shared_to_fb", "has_delayed_metadata", "has_high_risk_gen_ai_inform_treatment",
    "has_privately_liked", "has_views_fetching", "has_liked_by_top", "commerciality_status",
    "commerce_integrity_review_decision", "usernames", "collaborators", "explore", "integrity",
    "coauthor_producer_can_see_organic_insights", "collaborator_edit_eligibility",
    # about the collector; taken out before mapping
    "top_likers", "facepile_top_likers", "social_context", "has_liked", "has_viewer_saved", "can_viewer_reshare",
    "can_viewer_save", "viewer_has_liked", "viewer_has_saved", "viewer_has_saved_to_collection",
    "viewer_in_photo_of_you", "viewer_can_reshare", "saved_collection_ids", "organic_tracking_token",
    "tracking_token", "logging_info_token", "client_cache_key", "integrity_review_decision", "video_dash_manifest",
})  # fmt: skip

COMMENT = _ADDED_BY_COLLECTORS | frozenset({
    # read
    "pk", "id", "comment_id", "user", "owner", "text", "created_at", "created_at_utc", "media_id", "media_pk",
    "post_id", "parent_comment_id", "replied_to_comment_id", "comment_like_count", "edge_liked_by",
    "child_comment_count", "child_comments", "preview_child_comments", "inline_child_comments",
    "edge_threaded_comments",
    # ignored
    "__typename", "__isNode", "strong_id__", "user_id", "type", "status", "bit_flags", "content_type",
    "did_report_as_spam", "share_enabled", "comment_index", "is_covered", "is_ranked_comment", "is_edited",
    "is_liked_by_media_owner", "is_created_by_media_owner", "has_translation", "has_disliked", "has_liked_comment",
    "inline_composer_display_condition", "has_more_tail_child_comments", "has_more_head_child_comments",
    "next_max_child_cursor", "num_tail_child_comments", "private_reply_status", "restricted_status",
    "giphy_media_info", "instagram_media_info", "liked_by_media_coauthors", "meta_ai_comment_reply_info", "is_pinned",
    "image_versions", "media_info", "hidden_comment_count", "comment_giphy_media", "comment_image", "profile_pic_url",
    "text_translation", "child_count", "other_preview_users", "is_text_editable", "is_inform_treatment",
    "author_like", "error", "is_restricted_pending",
    # about the collector; taken out before mapping
    "has_liked", "viewer_has_liked",
})  # fmt: skip
