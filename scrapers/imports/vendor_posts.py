"""Posts in data sets that vendors sell: the shapes of Apify's actors and of Bright Data."""

from __future__ import annotations

from collections.abc import Mapping

from scrapers.imports.forms import LIST, Fields, Form, columns, plain

_BELOW = {"root_id": "id", "root_url": "url"}


def _tweet(fields: Fields, row: Mapping[str, str]) -> str | None:
    """Tell reposts from posts: a repost's own text is the cut text of another's."""
    original = row.get("retweet.id") or row.get("retweeted_tweet.id") or row.get("retweetedId")
    if original:
        fields["shared_id"] = original
        fields["shared_author_id"] = row.get("retweet.author.id", "")
        fields["shared_author_handle"] = row.get("retweet.author.userName", "")
        fields["shared_time"] = row.get("retweet.createdAt", "")
        fields["text"] = row.get("retweet.fullText", "") or row.get("retweet.text", "")
    elif row.get("isRetweet") == "true":
        return "unggahan yang dibagikan tidak ada dalam butir"
    return None


def _advert(_: Fields, row: Mapping[str, str]) -> str | None:
    return "iklan" if "true" in (row.get("isAd"), row.get("is_ad"), row.get("isSponsored")) else None


POSTS = (
    Form(
        "apify/tiktok-posts",
        "tiktok",
        columns("id text"),
        plain(
            id="id", author_id="authorMeta.id", author_handle="authorMeta.name authorMeta.uniqueId", text="text",
            time="createTimeISO createTime", url="webVideoUrl", like_count="diggCount", share_count="shareCount",
            comment_count="commentCount", hashtags="hashtags[].name", mentions="mentions", lang="textLanguage",
        ),
        columns(
            "authorMeta musicMeta videoMeta playCount collectCount createTime isAd isMuted isSlideshow isPinned "
            "isSponsored mediaUrls slideshowImageLinks effectStickers detailedMentions hashtags searchHashtag "
            "searchQuery input fromProfileSection commentsDatasetUrl locationMeta repostCount"
        ),
        any_of=columns("webVideoUrl authorMeta.name"),
        separator=LIST,
        adjust=_advert,
    ),
    Form(
        "apify/instagram-posts",
        "instagram",
        columns("id shortCode timestamp"),
        plain(
            id="id shortCode", url="url", author_id="ownerId owner.id", author_handle="ownerUsername owner.username",
            text="caption", time="timestamp", hashtags="hashtags", mentions="mentions", like_count="likesCount",
            comment_count="commentsCount", alt_texts="alt",
        ),
        columns(
            "type shortCode firstComment dimensionsHeight dimensionsWidth displayUrl images videoUrl "
            "videoViewCount videoPlayCount videoDuration ownerFullName owner productType isSponsored isPinned "
            "taggedUsers coauthorProducers childPosts inputUrl musicInfo audioUrl isCommentsDisabled locationName "
            "locationId queryTag queryUsername error errorDescription"
        ),
        separator=LIST,
        adjust=_advert,
        nested={"latestComments": _BELOW},
    ),
    Form(
        "apify/facebook-posts",
        "facebook",
        columns("postId url"),
        plain(
            id="postId", url="topLevelUrl url", author_id="user.id pageId", author_handle="pageName",
            author_url="user.profileUrl facebookUrl pageUrl", text="text message", time="timestamp time",
            like_count="likes reactionsCount", share_count="shares", comment_count="comments", links="link",
        ),
        columns(
            "user facebookUrl pageName time media feedbackId facebookId pageAdLibrary inputUrl topReactionsCount "
            "viewsCount isVideo collaborators textReferences previewTitle previewDescription previewSource "
            "sharedPost reactionLikeCount reactionLoveCount reactionWowCount reactionHahaCount reactionSadCount "
            "reactionAngryCount reactionCareCount thumb ocrText postFacebookId url"
        ),
        any_of=columns("pageName user.id user.profileUrl"),
        separator=LIST,
    ),
    Form(
        "apify/x-posts",
        "x",
        columns("id author.userName"),
        plain(
            id="id", url="url twitterUrl", author_id="author.id", author_handle="author.userName",
            text="fullText text", time="createdAt", parent_id="inReplyToId", parent_author_id="inReplyToUserId",
            parent_author_handle="inReplyToUsername", root_id="conversationId", quoted_id="quoteId quote.id",
            quoted_author_id="quote.author.id", quoted_author_handle="quote.author.userName", like_count="likeCount",
            share_count="retweetCount", comment_count="replyCount", lang="lang",
            hashtags="entities.hashtags[].text", links="entities.urls[].expanded_url",
            mentions="entities.user_mentions[].screen_name", mentioned_ids="entities.user_mentions[].id_str",
        ),
        columns(
            "type twitterUrl author retweet quoteCount viewCount bookmarkCount isReply isRetweet isQuote isPinned "
            "isConversationControlled possiblySensitive source media extendedEntities entities card place article "
            "searchTermIndex inReplyToUser text"
        ),
        any_of=columns("createdAt"),
        separator=LIST,
        adjust=_tweet,
        nested={"quote": {}},
    ),
    Form(
        "bright-data/x-posts",
        "x",
        columns("id user_posted date_posted reposts"),
        plain(
            id="id", url="url", author_id="user_id", author_handle="user_posted", text="description",
            time="date_posted", quoted_id="quoted_post.post_id quoted_post.data_id", quoted_url="quoted_post.url",
            quoted_author_handle="quoted_post.profile_id", parent_id="parent_post_details.post_id",
            parent_author_handle="parent_post_details.profile_id", hashtags="hashtags", like_count="likes",
            share_count="reposts", comment_count="replies", links="external_url",
            mentions="tagged_users[].profile_id", seen="timestamp",
        ),
        columns(
            "name photos videos quoted_post tagged_users views quotes bookmarks parent_post_details input "
            "discovery_input user_profile_url biography followers following is_verified profile_image_link error "
            "error_code warning warning_code external_image_urls external_video_urls verification_type"
        ),
        separator=LIST,
    ),
    Form(
        "bright-data/instagram-posts",
        "instagram",
        columns("url user_posted description date_posted"),
        plain(
            id="pk shortcode post_id content_id", url="url", author_id="user_posted_id user_id",
            author_handle="user_posted", text="description", time="date_posted", hashtags="hashtags",
            like_count="likes", comment_count="num_comments", alt_texts="alt_text", seen="timestamp",
        ),
        columns(
            "post_id content_id photos videos location content_type thumbnail followers posts_count is_verified "
            "is_paid_partnership partnership_details coauthor_producers engagement_score_view photos_number "
            "videos_duration post_content audio audio_url profile_image_link profile_url tagged_users "
            "top_comments user_posted_id video_view_count video_play_count following product_type input "
            "discovery_input error error_code warning warning_code images presentation"
        ),
        lacks=columns("reposts"),
        separator=LIST,
        nested={"latest_comments": _BELOW},
    ),
    Form(
        "bright-data/facebook-posts",
        "facebook",
        columns("url post_id content date_posted"),
        plain(
            id="post_id", url="url", author_id="profile_id page_id user_id", author_handle="profile_handle",
            author_url="user_url page_url", text="content", time="date_posted", hashtags="hashtags",
            like_count="likes num_likes", share_count="num_shares", comment_count="num_comments", seen="timestamp",
        ),
        columns(
            "user_username_raw page_name page_intro page_category page_logo page_external_website page_likes "
            "page_followers page_is_verified original_post other_posts_url post_external_link post_external_title "
            "post_external_image page_price_range post_image attachments video_view_count num_likes_type "
            "count_reactions_type is_page about active_ads_urls delegate_page_id following has_handshake "
            "avatar_image_url is_sponsored shortcode is_paid_partnership post_type page_url header_image input "
            "discovery_input error error_code warning warning_code"
        ),
        separator=LIST,
    ),
    Form(
        "bright-data/tiktok-posts",
        "tiktok",
        columns("url post_id create_time profile_username"),
        plain(
            id="post_id", url="url", author_id="profile_id", author_handle="profile_username",
            author_url="profile_url", text="description", time="create_time", hashtags="hashtags",
            like_count="digg_count", share_count="share_count", comment_count="comment_count", seen="timestamp",
        ),
        columns(
            "collect_count play_count video_duration original_sound profile_avatar profile_biography account_id "
            "post_type discovery_input official_item original_item offical_item secu_id shortcode width ratio "
            "video_url music cdn_url is_verified preview_image profile_followers input tt_chain_token region "
            "commerce_info error error_code warning warning_code tagged_user carousel_images subtitle_url "
            "subtitle_info"
        ),
        separator=LIST,
    ),
)  # fmt: skip
