"""Fields of TikTok's answers that the mapper reads or ignores by name; any other is reported.

Seen in web items and comment lists of 2021 to 2026. What hangs below an ignored field is ignored with it.
"""

from __future__ import annotations

_ADDED_BY_COLLECTORS = frozenset({"__import_meta", "_zs_partial", "id"})

POST = _ADDED_BY_COLLECTORS | frozenset({
    # read
    "author", "authorId", "desc", "createTime", "isAd", "is_ad", "privateItem", "secret", "forFriend", "duetInfo",
    "textExtra", "contents", "challenges", "stats", "statsV2", "stickersOnItem", "imagePost", "textLanguage",
    # ignored
    "video", "music", "authorStats", "authorStatsV2", "authorSecId", "nickname", "avatarThumb", "signature",
    "scheduleTime", "originalItem", "officalItem", "itemCommentStatus", "showNotPass", "vl1", "takeDown", "itemMute",
    "effectStickers", "duetEnabled", "stitchEnabled", "shareEnabled", "comments", "duetDisplay", "stitchDisplay",
    "indexEnabled", "adAuthorization", "adLabelVersion", "locationCreated", "diversificationLabels",
    "diversificationId", "warnInfo", "suggestedWords", "channelTags", "item_control", "IsAigc", "AIGCDescription",
    "aigcLabelType", "backendSourceEventTracking", "BAInfo", "CategoryType", "categoryType", "playlistId", "anchors",
    "poi", "event", "textTranslatable", "titleLanguage", "titleTranslatable", "maskType", "moderationAigcLabelType",
    "creatorAIComment", "isReviewing", "keywordTags", "isECVideo", "isHDBitrate", "isPinnedItem",
    "videoSuggestWordsList", "HasPromoteEntry", "brandOrganicType", "liveRoomInfo", "live", "isLive", "canRepost",
    "repostList", "series", "paidContent", "ugcCommerce", "dcInfo", "contentLocation", "creatorCaptionsURLs",
    "isContentClassified", "content_type", "contentType", "searchHighlight", "index", "ShareEnabled",
    "svrBottomBanner", "promoteInfo", "reposterInfo",
    # about the collector; taken out before mapping
    "digged", "collected",
})  # fmt: skip

COMMENT = _ADDED_BY_COLLECTORS | frozenset({
    # read
    "cid", "aweme_id", "user", "text", "create_time", "reply_id", "reply_to_reply_id", "text_extra", "digg_count",
    "reply_comment_total", "reply_comment", "comment_language",
    # ignored
    "allow_download_photo", "author_pin", "can_share", "comment_post_item_ids", "comment_source", "commentType",
    "comment_type", "enter_from", "forbid_reply_with_video", "fold_status", "image_list", "is_author_digged",
    "is_comment_translatable", "is_high_purchase_intent", "label_list", "label_text", "label_type", "label_content",
    "no_show", "reply_score", "share_info", "show_more_score", "status", "stick_position", "sort_extra_score",
    "sort_tags", "trans_btn_style", "top_gifts", "video_reply_info", "sticker", "gift", "level", "is_folded",
    "item_comment_total", "meta_song_taken_down", "author_liked",
    # about the collector; taken out before mapping
    "collect_stat", "user_buried", "user_digged",
})  # fmt: skip
