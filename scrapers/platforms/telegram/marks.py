"""Classes of Telegram's web preview and widgets that the mapper reads or ignores by name; any other is reported.

Seen in pages of 2018 to 2026 (widget-frame.css, telegram-web.css).
"""

from __future__ import annotations

import re

_READ = frozenset({
    "tgme_widget_message", "tgme_widget_message_author_name", "tgme_widget_message_date", "tgme_widget_message_meta",
    "tgme_widget_message_forwarded_from", "tgme_widget_message_forwarded_from_name",
    "tgme_widget_message_reply", "tgme_widget_message_text", "tgme_widget_message_caption",
    "tgme_widget_message_poll", "tgme_widget_message_poll_question", "tgme_widget_message_poll_option_text",
    "tgme_widget_message_document_title", "tgme_widget_message_document_extra", "tgme_widget_message_link_preview",
    "tgme_widget_message_location_title", "tgme_widget_message_location_address",
    "tgme_widget_message_contact_name", "tgme_widget_message_game_title", "tgme_widget_message_game_description",
    "tgme_widget_message_invoice_title", "tgme_widget_message_invoice_description",
    "tgme_widget_message_inline_button", "tgme_reaction", "tgme_reaction_count",
})  # fmt: skip
_IGNORED = frozenset({
    # names and pictures of the sender
    "tgme_widget_message_author", "tgme_widget_message_owner_name", "tgme_widget_message_owner_labels",
    "tgme_widget_message_from_author", "tgme_widget_message_user", "tgme_widget_message_user_photo",
    "tgme_widget_message_author_photo", "tgme_widget_message_author_labels", "tgme_widget_message_via_bot",
    "tgme_widget_message_forwarded_from_author", "tgme_widget_message_owner", "tgme_widget_message_username",
    "tgme_widget_message_author_status", "tgme_widget_message_author_rank", "tgme_widget_message_from_user",
    # frame
    "tgme_widget_message_wrap", "tgme_widget_message_bubble", "tgme_widget_message_bubble_tail",
    "tgme_widget_message_bubble_logo", "tgme_widget_message_footer", "tgme_widget_message_info",
    "tgme_widget_message_views", "tgme_widget_message_reactions", "tgme_widget_message_centered",
    "tgme_widget_message_menu", "tgme_widget_message_menu_wrap", "tgme_widget_message_menu_button",
    "tgme_widget_message_link", "tgme_widget_message_share", "tgme_widget_message_service_date",
    "tgme_widget_message_service_date_wrap", "tgme_widget_message_metatext", "tgme_widget_message_error",
    "tgme_widget_message_reply_thumb", "tgme_widget_message_reply_title", "tgme_widget_message_reply_author",
    "tgme_widget_message_reply_text", "tgme_widget_message_actions", "tgme_widget_message_delete",
    "tgme_widget_message_reply_btn", "tgme_widget_message_context", "tgme_widget_message_highlight",
    "tgme_widget_message_buttons", "tgme_widget_message_effect", "tgme_widget_message_replies",
    "tgme_widget_message_comments", "tgme_widget_message_unsupported",
    # media without words
    "tgme_widget_message_photo", "tgme_widget_message_photo_wrap", "tgme_widget_message_photo_image",
    "tgme_widget_message_video", "tgme_widget_message_video_wrap", "tgme_widget_message_video_player",
    "tgme_widget_message_video_thumb", "tgme_widget_message_video_blured", "tgme_widget_message_video_play",
    "tgme_widget_message_video_duration", "tgme_widget_message_video_spoiler", "tgme_widget_message_roundvideo",
    "tgme_widget_message_roundvideo_wrap", "tgme_widget_message_roundvideo_player",
    "tgme_widget_message_roundvideo_thumb", "tgme_widget_message_roundvideo_border",
    "tgme_widget_message_roundvideo_play", "tgme_widget_message_roundvideo_shadow",
    "tgme_widget_message_roundvideo_progress", "tgme_widget_message_voice", "tgme_widget_message_voice_player",
    "tgme_widget_message_voice_wrap", "tgme_widget_message_voice_button", "tgme_widget_message_voice_duration",
    "tgme_widget_message_voice_progress", "tgme_widget_message_voice_progress_wrap", "tgme_widget_message_gif",
    "tgme_widget_message_grouped", "tgme_widget_message_grouped_wrap", "tgme_widget_message_grouped_layer",
    "tgme_widget_message_one_media", "tgme_widget_message_sticker", "tgme_widget_message_sticker_wrap",
    "tgme_widget_message_videosticker", "tgme_widget_message_tgsticker", "tgme_widget_message_dice",
    "tgme_widget_message_document", "tgme_widget_message_document_wrap", "tgme_widget_message_document_icon",
    "tgme_widget_message_document_thumb", "tgme_widget_message_audio", "tgme_widget_message_location",
    "tgme_widget_message_location_wrap", "tgme_widget_message_location_info", "tgme_widget_message_location_icon",
    "tgme_widget_message_location_map", "tgme_widget_message_contact", "tgme_widget_message_contact_wrap",
    "tgme_widget_message_contact_phone", "tgme_widget_message_contact_photo", "tgme_widget_message_game",
    "tgme_widget_message_game_wrap", "tgme_widget_message_invoice", "tgme_widget_message_invoice_wrap",
    "tgme_widget_message_invoice_price", "tgme_widget_message_inline_row", "tgme_widget_message_inline_keyboard",
    "tgme_widget_message_inline_button_text", "tgme_widget_message_inline_button_icon",
    "tgme_widget_message_story", "tgme_widget_message_story_wrap",
    "tgme_widget_message_spoiler", "tgme_widget_message_photo_spoiler", "tgme_widget_message_paid_media",
    # numbers of a poll
    "tgme_widget_message_poll_type", "tgme_widget_message_poll_options", "tgme_widget_message_poll_option",
    "tgme_widget_message_poll_option_percent", "tgme_widget_message_poll_option_value",
    "tgme_widget_message_poll_option_bar", "tgme_widget_message_poll_votes", "tgme_widget_message_voters",
    "tgme_widget_message_poll_option_wrap", "tgme_widget_message_poll_vote_btn",
    # reactions
    "tgme_reaction_paid", "tgme_reaction_emoji", "tgme_reactions",
})  # fmt: skip
_KNOWN = _READ | _IGNORED
_CLASSES = re.compile(r'class="([^"]{0,400})"')
_OURS = re.compile(r"tgme_(?:widget_message|reaction)\w*", re.ASCII)


def unknown(html: str) -> tuple[str, ...]:
    """Return the classes of a message that nobody here knows, sorted."""
    found = set(_OURS.findall("\n".join(_CLASSES.findall(html))))
    return tuple(sorted("." + name for name in found - _KNOWN))
