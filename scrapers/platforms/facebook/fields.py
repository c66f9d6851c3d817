"""Fields of Facebook's posts and comments that the mapper reads or ignores by name; any other is reported.

Seen in pages and answers of 2023 to 2026. What hangs below an ignored field is ignored with it, but for posts and
comments inside it, which are found wherever they stand.
"""

from __future__ import annotations

# People of whom a page speaks for the reader's sake: who they are is chosen for the collector.
ABOUT_OTHERS = frozenset({
    "important_reactors", "viewer_actor", "viewer", "supplemental_reactors", "facepile", "friends_who_reacted",
    "mutual_friends", "debug_info", "suggested_units", "people_you_may_know", "feedback_typers",
})  # fmt: skip

# What hangs below a post without being the post.
NOT_OF_THE_POST = frozenset({
    "attached_story", "aggregated_stories", "display_comments", "interesting_top_level_comments",
    "comment_rendering_instance_for_feed_location", "replies_connection", "plugins", "actor_provider", "shareable",
    "comments_disabled_notice_renderer", "top_level_comment_list_renderer", "associated_group", "story_bucket",
    "comment_list_renderer", "tracking", "trackingdata", "all_subattachments_preview",
})  # fmt: skip

STORY = frozenset({
    # read
    "__typename", "__isFeedUnit", "id", "post_id", "actors", "message", "creation_time", "publish_time", "url",
    "wwwURL", "permalink_url", "attached_story", "attachments", "comet_sections", "feedback", "sponsored_data",
    "privacy_scope", "video_owner", "owner", "owner_as_page",
    # ignored
    "__isNode", "__isTrackableFeedUnit", "__isEntity", "__isFeedbackReshareable", "__isMedia", "__isTarget",
    "__isStory", "__isShareable", "__isWWWStory", "debug_info", "is_story_civic", "matched_terms", "cix_screen",
    "future_of_feed_info", "bumpers", "encrypted_tracking", "should_host_actor_link_in_watch",
    "whatsapp_ad_context", "schema_context", "click_tracking_linkshim_cb", "encrypted_click_tracking",
    "trackingdata", "viewability_config", "client_view_config", "is_text_only_story",
    "message_truncation_line_limit", "message_container", "message_suffix", "message_sticker", "above_message",
    "info_icon", "attachment_overlay", "aggregated_stories", "text_format_metadata", "ghl_mocked_encrypted_link",
    "ghl_label_mocked_cta_button", "ghl_label", "target_group", "referenced_sticker", "title",
    "can_viewer_see_menu", "serialized_frtp_identifiers", "easy_hide_button_story", "story_header", "translation",
    "associated_group", "to", "via", "shareable", "shareable_from_perspective_of_feed_ufi", "vote_attachments",
    "feedback_context", "is_anonymous", "inform_treatment_for_messaging", "post_promotion_info",
    "boosted_component", "backdated_time", "implicit_place", "explicit_place", "place", "icon", "cache_id",
    "hideable_token", "local_alerts_story_menu_promotion", "camera_post_info", "copyright_violation_header",
    "copyright_block_info", "copyright_banner_info", "comet_composer_params", "edit_history", "collaborators",
    "substories", "short_form_video_context", "snippet", "with_tags", "app", "application", "tracking",
    "legacy_story_hideable_id", "legacy_api_story_id", "multiShareAttachmentWithoutMedia", "sharer_actor",
    "story_attachment_style", "story_type", "can_viewer_share", "can_viewer_edit", "can_viewer_delete",
    "can_viewer_edit_metadata", "negative_feedback_actions", "save_info", "is_eligible_for_affiliate_commerce",
    "all_substories", "story_promotion", "post_inform_treatment", "disturbing_content_overlay", "inline_survey",
    "sponsor_relationship", "video_override_url", "override_url", "feed_unit", "is_seen_by_viewer", "seen_state",
    "sort_key", "story_card_info", "story_default_background", "story_overlays", "group", "creation_story",
    "parent_storyset", "page_insights_settings", "text_format_preset_id", "is_automatically_translated",
    "is_hidden", "user_signals_info", "upvoting_feedback",
})  # fmt: skip

COMMENT = frozenset({
    # read
    "__typename", "id", "legacy_fbid", "legacy_token", "author", "body", "preferred_body", "body_renderer",
    "created_time", "comment_parent", "comment_direct_parent", "parent_comment", "reply_parent_comment",
    "parent_feedback", "feedback", "url", "attachments", "depth",
    # ignored
    "__isNode", "__isEntity", "__isShareable", "user", "parent_post_story", "attached_story",
    "comment_action_links", "can_viewer_see_subsribe_button", "is_declined_by_group_admin_assistant",
    "is_gaming_video_comment", "timestamp_in_video", "translatability_for_viewer", "written_while_video_was_live",
    "group_comment_info", "bizweb_comment_info", "has_constituent_badge", "can_see_constituent_badge_upsell",
    "question_and_answer_type", "is_author_original_poster", "is_viewer_comment_poster", "is_author_bot",
    "is_author_non_coworker", "is_author_weak_reference", "author_user_signals_renderer", "author_badge_renderers",
    "identity_badges_web", "can_show_multiple_identity_badges", "discoverable_identity_badges_web",
    "work_ama_answer_status", "work_knowledge_inline_annotation_comment_badge_renderer",
    "business_comment_attributes", "is_live_video_comment", "translation_available_for_viewer",
    "inline_survey_config", "spam_display_mode", "helpful_comments_comment_eyebrow_renderer",
    "if_viewer_can_see_member_page_tooltip", "is_disabled", "work_answered_event_comment_renderer",
    "comment_upper_badge_renderer", "elevated_comment_data", "comment_menu_tooltip", "should_show_comment_menu",
    "is_markdown_enabled", "inline_replies_expander_renderer", "replies_fields", "should_show_reply_count",
    "is_pinned", "edit_history", "comment_contextual_message", "is_initially_expanded", "markdown_text",
    "comment_moderation_info", "community_comment_signal_renderer", "ephemeral_comment_info",
    "interesting_comment_info", "private_reply_context", "can_viewer_share", "post_id",
    "force_spam_display_mode_dummy", "work_foreign_entity_info", "is_author_ever_banned_from_group",
    "author_identity_badges", "auto_answer_info", "giphy_sticker", "timestamp", "has_inform_treatment", "cursor",
    "message_sent_info", "translated_body", "translated_preferred_body", "comment_url", "is_hidden_by_viewer",
    "ai_generated_comment_info", "contextual_message_renderer", "comment_reply_info", "author_post_timestamp",
    "inline_reply_composer_renderer", "threading_depth",
})  # fmt: skip
