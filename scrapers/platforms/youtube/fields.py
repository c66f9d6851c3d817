"""Fields of YouTube's own answers that are read or ignored by name; any other is reported. Seen in 2019 to 2026."""

from __future__ import annotations

VIDEO_DETAILS = frozenset({
    # read
    "videoId", "title", "channelId", "shortDescription",
    # ignored
    "lengthSeconds", "keywords", "isOwnerViewing", "isCrawlable", "thumbnail", "allowRatings", "viewCount", "author",
    "isPrivate", "isUnpluggedCorpus", "isLiveContent", "isLive", "isUpcoming", "isPostLiveDvr",
    "isLowLatencyLiveStream", "averageRating", "musicVideoType", "latencyClass", "liveChunkReadahead",
    "isLiveDvrEnabled", "isLiveDefaultBroadcast", "useCipher", "upcomingStartTime",
    "isLiveHeadPlayable", "hasHlsLiveStream", "startWithKeyMoments",
})  # fmt: skip

COMMENT_RENDERER = frozenset({
    # read
    "commentId", "authorText", "authorEndpoint", "contentText", "publishedTimeText", "voteCount", "replyCount",
    "authorIsChannelOwner",
    # ignored
    "authorThumbnail", "isLiked", "actionMenu", "actionButtons", "voteStatus", "expandButton", "collapseButton",
    "loggingDirectives", "trackingParams", "pinnedCommentBadge", "authorCommentBadge", "sponsorCommentBadge",
    "linkedCommentBadge", "currentUserReplyThumbnail", "isPinned", "likeCount", "creatorHeart", "rtl",
    "paidCommentChip",
    "isHearted", "commentFilterContext", "superThanks", "voteCountText", "readMoreText", "teaserText",
})  # fmt: skip

ENTITY = frozenset({"properties", "author", "toolbar", "key", "avatar"})
PROPERTIES = frozenset({
    # read
    "commentId", "content", "publishedTime",
    # ignored
    "replyLevel", "authorButtonA11y", "toolbarStateKey", "translateButtonEntityKey", "key", "isCommentEdited",
    "inlineRepliesKey", "commentSurfaceKey", "readMoreText", "showLessText", "sponsorBadgeA11y", "replyButtonA11y",
    "isHearted", "isPinned", "voiceReply", "mentionedUsers", "contentLanguage", "attachment",
})  # fmt: skip
AUTHOR = frozenset({
    # read
    "channelId", "displayName", "channelCommand", "isCreator",
    # ignored
    "avatarThumbnailUrl", "isVerified", "isCurrentUser", "isArtist", "channelPageEndpoint", "sponsorBadgeUrl",
    "sponsorBadgeA11y", "innerBadgeA11y", "superThanksBadge", "channelHandle",
})  # fmt: skip
TOOLBAR = frozenset({
    # read
    "likeCountNotliked", "replyCount",
    # ignored
    "likeCountLiked", "creatorThumbnailUrl", "likeButtonA11y", "likeCountA11y", "replyCountA11y", "likeInactiveTooltip",
    "likeActiveTooltip", "dislikeInactiveTooltip", "dislikeActiveTooltip", "heartActiveTooltip", "heartInactiveTooltip",
    "likeCommand", "dislikeCommand", "unlikeCommand", "undislikeCommand", "heartCommand", "unheartCommand",
    "replyCommand", "prepareAccountCommand", "channelOwnerHeartTooltip", "menuCommand", "replyButtonA11y",
})  # fmt: skip

BACKSTAGE_POST = frozenset({
    # read
    "postId", "authorText", "authorEndpoint", "contentText", "publishedTimeText", "voteCount",
    # ignored
    "authorThumbnail", "expandButton", "collapseButton", "actionMenu", "actionButtons", "voteStatus", "surface",
    "loggingDirectives", "trackingParams", "backstageAttachment", "pollStatus", "authorBadges", "sharedPostRenderer",
    "sponsorsOnlyBadge", "quoteEndpoint", "content", "originalPost", "endpoint", "readMoreText",
})  # fmt: skip
