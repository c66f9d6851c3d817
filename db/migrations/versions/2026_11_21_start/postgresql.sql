CREATE TABLE account (
    id BIGSERIAL NOT NULL,
    platform VARCHAR(32) NOT NULL,
    platform_user_id TEXT NOT NULL,
    handle TEXT,
    handle_key TEXT,
    resolved_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT uq_account_platform_platform_user_id UNIQUE (platform, platform_user_id)
);

CREATE INDEX ix_account_handle ON account (platform, handle_key);

CREATE INDEX ix_account_unresolved ON account (platform, id) WHERE resolved_at IS NULL;

COMMENT ON TABLE account IS 'Registered accounts only; bystanders have no row anywhere.';

COMMENT ON COLUMN account.id IS 'Surrogate key.';

COMMENT ON COLUMN account.platform IS 'Platform name.';

COMMENT ON COLUMN account.platform_user_id IS 'The platform''s stable id; ''@handle'' while it is not resolved.';

COMMENT ON COLUMN account.handle IS 'The handle seen last; a label, never a key.';

COMMENT ON COLUMN account.handle_key IS 'That handle in lower case, for look-up.';

COMMENT ON COLUMN account.resolved_at IS 'When the stable id became known; NULL while only a handle is known.';

COMMENT ON COLUMN account.created_at IS 'When the account entered the register.';

CREATE TABLE app_user (
    id BIGSERIAL NOT NULL,
    name VARCHAR(64) NOT NULL,
    display_name TEXT NOT NULL,
    agency TEXT NOT NULL,
    email TEXT,
    password_hash TEXT NOT NULL,
    totp_sealed BYTEA,
    totp_confirmed_at TIMESTAMP WITH TIME ZONE,
    failed_sign_ins INTEGER NOT NULL,
    locked_until TIMESTAMP WITH TIME ZONE,
    disabled_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_app_user PRIMARY KEY (id),
    CONSTRAINT uq_app_user_name UNIQUE (name)
);

COMMENT ON TABLE app_user IS 'People who use the program.';

COMMENT ON COLUMN app_user.id IS 'Surrogate key.';

COMMENT ON COLUMN app_user.name IS 'Sign-in name; never changes.';

COMMENT ON COLUMN app_user.display_name IS 'Name as screens show it.';

COMMENT ON COLUMN app_user.agency IS 'Own office, for conflicts of interest.';

COMMENT ON COLUMN app_user.email IS 'Address for digests.';

COMMENT ON COLUMN app_user.password_hash IS 'Argon2 hash.';

COMMENT ON COLUMN app_user.totp_sealed IS 'Second-factor secret, encrypted.';

COMMENT ON COLUMN app_user.totp_confirmed_at IS 'When the second factor was first used.';

COMMENT ON COLUMN app_user.failed_sign_ins IS 'Failures since the last success.';

COMMENT ON COLUMN app_user.locked_until IS 'Sign-in is refused until then.';

COMMENT ON COLUMN app_user.disabled_at IS 'When the user was switched off.';

COMMENT ON COLUMN app_user.created_at IS 'When the user was made.';

CREATE TABLE audit_log (
    id BIGSERIAL NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    action VARCHAR(64) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    detail_hash VARCHAR(64) NOT NULL,
    prev_hash VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    CONSTRAINT pk_audit_log PRIMARY KEY (id),
    CONSTRAINT uq_audit_log_prev_hash UNIQUE (prev_hash),
    CONSTRAINT uq_audit_log_hash UNIQUE (hash)
);

CREATE INDEX ix_audit_log_action ON audit_log (action);

CREATE INDEX ix_audit_log_at ON audit_log (at);

CREATE INDEX ix_audit_log_subject ON audit_log (subject);

COMMENT ON TABLE audit_log IS 'Who did or saw what; append-only and hash-chained.';

COMMENT ON COLUMN audit_log.id IS 'Surrogate key.';

COMMENT ON COLUMN audit_log.at IS 'When.';

COMMENT ON COLUMN audit_log.actor IS 'User name, or the program.';

COMMENT ON COLUMN audit_log.action IS 'What was done.';

COMMENT ON COLUMN audit_log.subject IS 'On what, as kind:key.';

COMMENT ON COLUMN audit_log.detail_hash IS 'Hash of the detail in the side row.';

COMMENT ON COLUMN audit_log.prev_hash IS 'Hash of the row before; zeros for the first.';

COMMENT ON COLUMN audit_log.hash IS 'Hash of this row and the one before.';

CREATE TABLE budget_ledger (
    source VARCHAR(32) NOT NULL,
    day DATE NOT NULL,
    requests BIGINT NOT NULL,
    CONSTRAINT pk_budget_ledger PRIMARY KEY (source, day)
);

COMMENT ON TABLE budget_ledger IS 'What was spent of each source''s daily cap.';

COMMENT ON COLUMN budget_ledger.source IS 'Source name.';

COMMENT ON COLUMN budget_ledger.day IS 'Day in UTC.';

COMMENT ON COLUMN budget_ledger.requests IS 'Requests made on that day.';

CREATE TABLE checkpoint (
    source VARCHAR(32) NOT NULL,
    direction VARCHAR(16) NOT NULL,
    target TEXT NOT NULL,
    query VARCHAR(64) NOT NULL,
    mapper VARCHAR(64) NOT NULL,
    frontier TEXT NOT NULL,
    sums TEXT NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_checkpoint PRIMARY KEY (source, direction, target),
    CONSTRAINT ck_checkpoint_direction CHECK (direction IN ('candidate', 'subject', 'import'))
);

CREATE INDEX ix_checkpoint_expires_at ON checkpoint (expires_at);

COMMENT ON TABLE checkpoint IS 'Where a visit stood, so that a killed run goes on.';

COMMENT ON COLUMN checkpoint.source IS 'Source name.';

COMMENT ON COLUMN checkpoint.direction IS 'From which side it is read.';

COMMENT ON COLUMN checkpoint.target IS 'Stable id of the account.';

COMMENT ON COLUMN checkpoint.query IS 'Hash of what was asked; another question does not resume here.';

COMMENT ON COLUMN checkpoint.mapper IS 'Mapper and version; another version does not resume here.';

COMMENT ON COLUMN checkpoint.frontier IS 'Open requests as JSON text.';

COMMENT ON COLUMN checkpoint.sums IS 'Running sums as JSON text.';

COMMENT ON COLUMN checkpoint.saved_at IS 'When it was saved.';

COMMENT ON COLUMN checkpoint.expires_at IS 'When the platform''s cursors are no longer good.';

CREATE TABLE election (
    id BIGSERIAL NOT NULL,
    regime VARCHAR(16) NOT NULL,
    year INTEGER NOT NULL,
    CONSTRAINT pk_election PRIMARY KEY (id),
    CONSTRAINT uq_election_regime_year UNIQUE (regime, year),
    CONSTRAINT ck_election_regime CHECK (regime IN ('pilkada', 'pemilu'))
);

COMMENT ON TABLE election IS 'Elections; one regime in one year.';

COMMENT ON COLUMN election.id IS 'Surrogate key.';

COMMENT ON COLUMN election.regime IS 'Which election law governs it.';

COMMENT ON COLUMN election.year IS 'Year of the vote.';

CREATE TABLE evidence_file (
    sha256 VARCHAR(64) NOT NULL,
    size BIGINT NOT NULL,
    origin VARCHAR(32) NOT NULL,
    CONSTRAINT pk_evidence_file PRIMARY KEY (sha256),
    CONSTRAINT ck_evidence_file_origin CHECK (origin IN ('program', 'officer'))
);

COMMENT ON TABLE evidence_file IS 'Sealed bodies in the evidence store; append-only.';

COMMENT ON COLUMN evidence_file.sha256 IS 'Hash of the body as received.';

COMMENT ON COLUMN evidence_file.size IS 'Bytes.';

COMMENT ON COLUMN evidence_file.origin IS 'Who brought it.';

CREATE TABLE item_look (
    id BIGSERIAL NOT NULL,
    platform VARCHAR(32) NOT NULL,
    platform_item_id TEXT NOT NULL,
    verb VARCHAR(16) NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
    end_kind VARCHAR(16) NOT NULL,
    reported BIGINT,
    collected BIGINT NOT NULL,
    registered BIGINT NOT NULL,
    CONSTRAINT pk_item_look PRIMARY KEY (id),
    CONSTRAINT uq_item_look_listing UNIQUE (platform_item_id, verb, started_at, finished_at, platform),
    CONSTRAINT ck_item_look_verb CHECK (verb IN ('post', 'share', 'like', 'comment', 'follow', 'tag')),
    CONSTRAINT ck_item_look_end_kind CHECK (end_kind IN ('exhausted', 'window_reached', 'cap_reached', 'suspicious_empty', 'blocked'))
);

COMMENT ON TABLE item_look IS 'Listings taken; they bound the time of acts that have none.';

COMMENT ON COLUMN item_look.id IS 'Surrogate key.';

COMMENT ON COLUMN item_look.platform IS 'Platform name.';

COMMENT ON COLUMN item_look.platform_item_id IS 'Canonical id of the text whose listing was read.';

COMMENT ON COLUMN item_look.verb IS 'Which listing.';

COMMENT ON COLUMN item_look.started_at IS 'First answer of the listing.';

COMMENT ON COLUMN item_look.finished_at IS 'Last answer of the listing.';

COMMENT ON COLUMN item_look.end_kind IS 'Why it ended; only `exhausted` proves absence.';

COMMENT ON COLUMN item_look.reported IS 'Total that the platform claimed.';

COMMENT ON COLUMN item_look.collected IS 'Actors listed.';

COMMENT ON COLUMN item_look.registered IS 'Actors in the register; the others are counted only.';

CREATE TABLE jurisdiction (
    code VARCHAR(32) NOT NULL,
    parent_code VARCHAR(32),
    name TEXT NOT NULL,
    timezone VARCHAR(64),
    CONSTRAINT pk_jurisdiction PRIMARY KEY (code)
);

CREATE INDEX ix_jurisdiction_parent_code ON jurisdiction (parent_code);

COMMENT ON TABLE jurisdiction IS 'Places that cases and people belong to.';

COMMENT ON COLUMN jurisdiction.code IS 'Dotted region code; ''99.01'' lies in ''99''.';

COMMENT ON COLUMN jurisdiction.parent_code IS 'Code of the place that contains it.';

COMMENT ON COLUMN jurisdiction.name IS 'Name as printed; the code until a name is known.';

COMMENT ON COLUMN jurisdiction.timezone IS 'IANA zone for screens; NULL follows the office.';

CREATE TABLE retention_event (
    id BIGSERIAL NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    action VARCHAR(32) NOT NULL,
    subject_kind VARCHAR(32) NOT NULL,
    subject_id VARCHAR(64) NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_retention_event PRIMARY KEY (id),
    CONSTRAINT ck_retention_event_action CHECK (action IN ('purged', 'held', 'released', 'exported'))
);

CREATE INDEX ix_retention_event_subject_id ON retention_event (subject_id);

COMMENT ON TABLE retention_event IS 'What retention, holds and subject requests did; append-only.';

COMMENT ON COLUMN retention_event.id IS 'Surrogate key.';

COMMENT ON COLUMN retention_event.at IS 'When.';

COMMENT ON COLUMN retention_event.actor IS 'User, or the program.';

COMMENT ON COLUMN retention_event.action IS 'What was done.';

COMMENT ON COLUMN retention_event.subject_kind IS 'Table of the subject.';

COMMENT ON COLUMN retention_event.subject_id IS 'Key of the subject.';

COMMENT ON COLUMN retention_event.reason IS 'On what ground.';

CREATE TABLE roster_batch (
    id BIGSERIAL NOT NULL,
    kind VARCHAR(32) NOT NULL,
    file_name TEXT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    stored_as TEXT NOT NULL,
    imported_by TEXT NOT NULL,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_by TEXT,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_roster_batch PRIMARY KEY (id),
    CONSTRAINT ck_roster_batch_two_people CHECK (imported_by IS NULL OR confirmed_by IS NULL OR imported_by <> confirmed_by),
    CONSTRAINT ck_roster_batch_kind CHECK (kind IN ('asn', 'akun', 'kontes'))
);

COMMENT ON TABLE roster_batch IS 'One imported register file; no hand-over rests on it before a second user confirmed it.';

COMMENT ON COLUMN roster_batch.id IS 'Surrogate key.';

COMMENT ON COLUMN roster_batch.kind IS 'Which register the file is.';

COMMENT ON COLUMN roster_batch.file_name IS 'Name of the file as the officer gave it.';

COMMENT ON COLUMN roster_batch.sha256 IS 'Hash of the file as imported.';

COMMENT ON COLUMN roster_batch.stored_as IS 'Where the encrypted dated copy lies, relative to the workspace.';

COMMENT ON COLUMN roster_batch.imported_by IS 'User who imported it.';

COMMENT ON COLUMN roster_batch.imported_at IS 'When it was imported.';

COMMENT ON COLUMN roster_batch.confirmed_by IS 'Second user who confirmed the batch; NULL until then.';

COMMENT ON COLUMN roster_batch.confirmed_at IS 'When the second user confirmed it.';

CREATE TABLE rule_version (
    id BIGSERIAL NOT NULL,
    rule_id VARCHAR(128) NOT NULL,
    version INTEGER NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    first_used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_rule_version PRIMARY KEY (id),
    CONSTRAINT uq_rule_version_rule_id_version_content_hash UNIQUE (rule_id, version, content_hash)
);

COMMENT ON TABLE rule_version IS 'Versions of rules that judged anything.';

COMMENT ON COLUMN rule_version.id IS 'Surrogate key.';

COMMENT ON COLUMN rule_version.rule_id IS 'Name of the rule; never reused.';

COMMENT ON COLUMN rule_version.version IS 'Rises when the content changes.';

COMMENT ON COLUMN rule_version.content_hash IS 'Hash of the rule''s file.';

COMMENT ON COLUMN rule_version.first_used_at IS 'When a rule set first held it.';

CREATE TABLE ruleset (
    id BIGSERIAL NOT NULL,
    hash VARCHAR(64) NOT NULL,
    detail JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ruleset PRIMARY KEY (id),
    CONSTRAINT uq_ruleset_hash UNIQUE (hash)
);

COMMENT ON TABLE ruleset IS 'Rule sets that judged anything.';

COMMENT ON COLUMN ruleset.id IS 'Surrogate key.';

COMMENT ON COLUMN ruleset.hash IS 'Hash of rules, law, lexicon, aliases and engine version.';

COMMENT ON COLUMN ruleset.detail IS 'What the hash is made of.';

COMMENT ON COLUMN ruleset.created_at IS 'When it first judged.';

CREATE TABLE scan_run (
    id BIGSERIAL NOT NULL,
    query_hash VARCHAR(64) NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    resumed_at TIMESTAMP WITH TIME ZONE,
    ok BOOLEAN,
    summary JSONB,
    CONSTRAINT pk_scan_run PRIMARY KEY (id)
);

CREATE INDEX ix_scan_run_finished_at ON scan_run (finished_at);

CREATE INDEX ix_scan_run_query_hash_id ON scan_run (query_hash, id);

COMMENT ON TABLE scan_run IS 'Nights.';

COMMENT ON COLUMN scan_run.id IS 'Surrogate key.';

COMMENT ON COLUMN scan_run.query_hash IS 'Hash of what was asked; the same question resumes an unfinished run.';

COMMENT ON COLUMN scan_run.started_at IS 'When it began.';

COMMENT ON COLUMN scan_run.finished_at IS 'When it ended; NULL while unfinished.';

COMMENT ON COLUMN scan_run.resumed_at IS 'When it was last taken up again after a stop.';

COMMENT ON COLUMN scan_run.ok IS 'Whether nobody needs to look; NULL while unfinished.';

COMMENT ON COLUMN scan_run.summary IS 'The printed summary.';

CREATE TABLE source_policy (
    id BIGSERIAL NOT NULL,
    source VARCHAR(32) NOT NULL,
    policy_hash VARCHAR(64) NOT NULL,
    policy TEXT NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_source_policy PRIMARY KEY (id)
);

CREATE INDEX ix_source_policy_source_id ON source_policy (source, id);

COMMENT ON TABLE source_policy IS 'History of the recorded legal bases by which sources were read.';

COMMENT ON COLUMN source_policy.id IS 'Surrogate key.';

COMMENT ON COLUMN source_policy.source IS 'Source name.';

COMMENT ON COLUMN source_policy.policy_hash IS 'Hash of the policy record.';

COMMENT ON COLUMN source_policy.policy IS 'The policy record as JSON text.';

COMMENT ON COLUMN source_policy.noted_at IS 'When it was first used, or used again after another one.';

CREATE TABLE account_handle (
    account_id BIGINT NOT NULL,
    handle TEXT NOT NULL,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_account_handle PRIMARY KEY (account_id, handle),
    CONSTRAINT fk_account_handle_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

COMMENT ON TABLE account_handle IS 'Handles then and now.';

COMMENT ON COLUMN account_handle.account_id IS 'The account.';

COMMENT ON COLUMN account_handle.handle IS 'A handle it was seen under.';

COMMENT ON COLUMN account_handle.first_seen_at IS 'Earliest time it was seen under this handle.';

COMMENT ON COLUMN account_handle.last_seen_at IS 'Latest time it was seen under this handle.';

CREATE TABLE api_token (
    id BIGSERIAL NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    user_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    last_used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_api_token PRIMARY KEY (id),
    CONSTRAINT uq_api_token_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_api_token_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_api_token_user_id ON api_token (user_id);

COMMENT ON TABLE api_token IS 'Tokens for commands and the API.';

COMMENT ON COLUMN api_token.id IS 'Surrogate key.';

COMMENT ON COLUMN api_token.token_hash IS 'Hash of the token.';

COMMENT ON COLUMN api_token.user_id IS 'The user it acts for.';

COMMENT ON COLUMN api_token.name IS 'What it is for.';

COMMENT ON COLUMN api_token.created_at IS 'When it was made.';

COMMENT ON COLUMN api_token.expires_at IS 'When it ends by itself.';

COMMENT ON COLUMN api_token.last_used_at IS 'Last use.';

COMMENT ON COLUMN api_token.revoked_at IS 'When it was taken back.';

CREATE TABLE asn (
    id BIGSERIAL NOT NULL,
    identifier_kind VARCHAR(16) NOT NULL,
    identifier_sealed BYTEA NOT NULL,
    identifier_blind VARCHAR(64) NOT NULL,
    identifier_masked VARCHAR(64) NOT NULL,
    name TEXT NOT NULL,
    employment VARCHAR(16) NOT NULL,
    agency TEXT NOT NULL,
    position TEXT NOT NULL,
    jurisdiction VARCHAR(32) NOT NULL,
    note TEXT NOT NULL,
    batch_id BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_asn PRIMARY KEY (id),
    CONSTRAINT uq_asn_identifier_kind_identifier_blind UNIQUE (identifier_kind, identifier_blind),
    CONSTRAINT ck_asn_identifier_kind CHECK (identifier_kind IN ('nip', 'nik', 'nrp', 'lainnya')),
    CONSTRAINT ck_asn_employment CHECK (employment IN ('pns', 'pppk', 'pppk_paruh_waktu', 'ppnpn', 'kepala_desa', 'perangkat_desa', 'tni', 'polri', 'institusi')),
    CONSTRAINT fk_asn_batch_id FOREIGN KEY(batch_id) REFERENCES roster_batch (id)
);

CREATE INDEX ix_asn_batch_id ON asn (batch_id);

CREATE INDEX ix_asn_jurisdiction ON asn (jurisdiction);

CREATE INDEX ix_asn_name ON asn (name);

COMMENT ON TABLE asn IS 'Watched people and institutions.';

COMMENT ON COLUMN asn.id IS 'Surrogate key.';

COMMENT ON COLUMN asn.identifier_kind IS 'What number identifies the person.';

COMMENT ON COLUMN asn.identifier_sealed IS 'The number, encrypted.';

COMMENT ON COLUMN asn.identifier_blind IS 'Keyed hash of the number, for look-up only.';

COMMENT ON COLUMN asn.identifier_masked IS 'The number with its middle hidden, for screens.';

COMMENT ON COLUMN asn.name IS 'Name as the register states it.';

COMMENT ON COLUMN asn.employment IS 'Kind of office; decides the law profile.';

COMMENT ON COLUMN asn.agency IS 'Agency the person works for.';

COMMENT ON COLUMN asn.position IS 'Position held.';

COMMENT ON COLUMN asn.jurisdiction IS 'Region code that owns the person''s cases; empty when unknown.';

COMMENT ON COLUMN asn.note IS 'Free note of the register.';

COMMENT ON COLUMN asn.batch_id IS 'Import that last changed the row.';

COMMENT ON COLUMN asn.created_at IS 'When the person entered the register.';

COMMENT ON COLUMN asn.changed_at IS 'When the row last changed.';

CREATE TABLE audit_detail (
    audit_id BIGINT NOT NULL,
    detail TEXT,
    purged_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_audit_detail PRIMARY KEY (audit_id),
    CONSTRAINT fk_audit_detail_audit_id FOREIGN KEY(audit_id) REFERENCES audit_log (id)
);

COMMENT ON TABLE audit_detail IS 'Details of audit rows; retention empties them, the hash stays.';

COMMENT ON COLUMN audit_detail.audit_id IS 'The row.';

COMMENT ON COLUMN audit_detail.detail IS 'Facts as canonical JSON text; NULL when purged.';

COMMENT ON COLUMN audit_detail.purged_at IS 'When retention emptied it.';

CREATE TABLE capture (
    id BIGSERIAL NOT NULL,
    source VARCHAR(32) NOT NULL,
    endpoint VARCHAR(128) NOT NULL,
    url TEXT NOT NULL,
    url_hash VARCHAR(64) NOT NULL,
    final_url TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers JSONB NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    size BIGINT NOT NULL,
    fetched_at TIMESTAMP WITH TIME ZONE NOT NULL,
    mapper VARCHAR(64) NOT NULL,
    collector TEXT NOT NULL,
    CONSTRAINT pk_capture PRIMARY KEY (id),
    CONSTRAINT uq_capture_source_url_hash_sha256 UNIQUE (source, url_hash, sha256),
    CONSTRAINT fk_capture_sha256 FOREIGN KEY(sha256) REFERENCES evidence_file (sha256)
);

CREATE INDEX ix_capture_sha256 ON capture (sha256);

COMMENT ON TABLE capture IS 'Kept answers; a row only ever gives way to an earlier fetch of the same bytes.';

COMMENT ON COLUMN capture.id IS 'Surrogate key.';

COMMENT ON COLUMN capture.source IS 'Source name.';

COMMENT ON COLUMN capture.endpoint IS 'Which call it answered.';

COMMENT ON COLUMN capture.url IS 'Address asked.';

COMMENT ON COLUMN capture.url_hash IS 'Hash of the address, for uniqueness at any length.';

COMMENT ON COLUMN capture.final_url IS 'Address that answered.';

COMMENT ON COLUMN capture.status IS 'HTTP status.';

COMMENT ON COLUMN capture.headers IS 'Response headers, in order, as pairs.';

COMMENT ON COLUMN capture.sha256 IS 'The body.';

COMMENT ON COLUMN capture.size IS 'Bytes of the body.';

COMMENT ON COLUMN capture.fetched_at IS 'When it came; of equal answers the earliest stands.';

COMMENT ON COLUMN capture.mapper IS 'Mapper and version that read it.';

COMMENT ON COLUMN capture.collector IS 'Officer who captured it; empty for the program.';

CREATE TABLE contest (
    id BIGSERIAL NOT NULL,
    election_id BIGINT NOT NULL,
    name VARCHAR(255) NOT NULL,
    region VARCHAR(32) NOT NULL,
    office VARCHAR(16) NOT NULL,
    regime VARCHAR(16) NOT NULL,
    law VARCHAR(64),
    batch_id BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_contest PRIMARY KEY (id),
    CONSTRAINT uq_contest_name_region_office UNIQUE (name, region, office),
    CONSTRAINT fk_contest_election_id FOREIGN KEY(election_id) REFERENCES election (id),
    CONSTRAINT ck_contest_office CHECK (office IN ('presiden', 'dpr', 'dpd', 'dprd_provinsi', 'dprd_kabkota', 'gubernur', 'bupati', 'wali_kota')),
    CONSTRAINT ck_contest_regime CHECK (regime IN ('pilkada', 'pemilu')),
    CONSTRAINT fk_contest_batch_id FOREIGN KEY(batch_id) REFERENCES roster_batch (id)
);

CREATE INDEX ix_contest_batch_id ON contest (batch_id);

CREATE INDEX ix_contest_election_id ON contest (election_id);

COMMENT ON TABLE contest IS 'Contests.';

COMMENT ON COLUMN contest.id IS 'Surrogate key.';

COMMENT ON COLUMN contest.election_id IS 'The election it is part of.';

COMMENT ON COLUMN contest.name IS 'Name as printed.';

COMMENT ON COLUMN contest.region IS 'Region code; empty for the whole country.';

COMMENT ON COLUMN contest.office IS 'Office that is filled.';

COMMENT ON COLUMN contest.regime IS 'Which election law governs it.';

COMMENT ON COLUMN contest.law IS 'Law profile that overrides the person''s own, for ASN.';

COMMENT ON COLUMN contest.batch_id IS 'Import that last changed it.';

COMMENT ON COLUMN contest.created_at IS 'When it entered the register.';

COMMENT ON COLUMN contest.changed_at IS 'When it last changed.';

CREATE TABLE item (
    id BIGSERIAL NOT NULL,
    platform VARCHAR(32) NOT NULL,
    platform_item_id TEXT NOT NULL,
    author_account_id BIGINT,
    kind VARCHAR(16) NOT NULL,
    url TEXT NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE,
    published_lo TIMESTAMP WITH TIME ZONE,
    published_hi TIMESTAMP WITH TIME ZONE,
    parent_id TEXT,
    parent_account_id BIGINT,
    root_id TEXT,
    root_account_id BIGINT,
    quoted_id TEXT,
    quoted_account_id BIGINT,
    like_count BIGINT,
    share_count BIGINT,
    comment_count BIGINT,
    CONSTRAINT pk_item PRIMARY KEY (id),
    CONSTRAINT uq_item_platform_item_id_platform UNIQUE (platform_item_id, platform),
    CONSTRAINT fk_item_author_account_id FOREIGN KEY(author_account_id) REFERENCES account (id),
    CONSTRAINT ck_item_kind CHECK (kind IN ('post', 'comment', 'quote')),
    CONSTRAINT fk_item_parent_account_id FOREIGN KEY(parent_account_id) REFERENCES account (id),
    CONSTRAINT fk_item_root_account_id FOREIGN KEY(root_account_id) REFERENCES account (id),
    CONSTRAINT fk_item_quoted_account_id FOREIGN KEY(quoted_account_id) REFERENCES account (id)
);

CREATE INDEX ix_item_author_account_id ON item (author_account_id);

CREATE INDEX ix_item_root_id ON item (root_id);

COMMENT ON TABLE item IS 'Published texts that a registered act or a watched account rests on.';

COMMENT ON COLUMN item.id IS 'Surrogate key.';

COMMENT ON COLUMN item.platform IS 'Platform name.';

COMMENT ON COLUMN item.platform_item_id IS 'The platform''s canonical id.';

COMMENT ON COLUMN item.author_account_id IS 'Author when registered; content of others has no author.';

COMMENT ON COLUMN item.kind IS 'Post, comment or quote.';

COMMENT ON COLUMN item.url IS 'Public address.';

COMMENT ON COLUMN item.published_at IS 'When it was published, if known exactly.';

COMMENT ON COLUMN item.published_lo IS 'Start (exclusive) of the bracket otherwise.';

COMMENT ON COLUMN item.published_hi IS 'End (inclusive) of the bracket otherwise.';

COMMENT ON COLUMN item.parent_id IS 'Canonical id of the text it replies to.';

COMMENT ON COLUMN item.parent_account_id IS 'Author of that, when registered.';

COMMENT ON COLUMN item.root_id IS 'Canonical id of the thread''s first text.';

COMMENT ON COLUMN item.root_account_id IS 'Author of that, when registered.';

COMMENT ON COLUMN item.quoted_id IS 'Canonical id of the text it quotes.';

COMMENT ON COLUMN item.quoted_account_id IS 'Author of that, when registered.';

COMMENT ON COLUMN item.like_count IS 'Highest number of likes the platform reported.';

COMMENT ON COLUMN item.share_count IS 'Highest number of shares the platform reported.';

COMMENT ON COLUMN item.comment_count IS 'Highest number of comments the platform reported.';

CREATE TABLE law_profile (
    ruleset_id BIGINT NOT NULL,
    profile VARCHAR(64) NOT NULL,
    title TEXT NOT NULL,
    content JSONB NOT NULL,
    CONSTRAINT pk_law_profile PRIMARY KEY (ruleset_id, profile),
    CONSTRAINT fk_law_profile_ruleset_id FOREIGN KEY(ruleset_id) REFERENCES ruleset (id)
);

COMMENT ON TABLE law_profile IS 'Law profiles as they judged.';

COMMENT ON COLUMN law_profile.ruleset_id IS 'The rule set.';

COMMENT ON COLUMN law_profile.profile IS 'Name of the law profile.';

COMMENT ON COLUMN law_profile.title IS 'Title as printed.';

COMMENT ON COLUMN law_profile.content IS 'The whole profile: rows, clocks, addressees, sources, dates.';

CREATE TABLE notification (
    id BIGSERIAL NOT NULL,
    user_id BIGINT,
    channel VARCHAR(32) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    subject TEXT NOT NULL,
    body TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    error TEXT,
    CONSTRAINT pk_notification PRIMARY KEY (id),
    CONSTRAINT fk_notification_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT ck_notification_channel CHECK (channel IN ('mail', 'webhook', 'console'))
);

CREATE INDEX ix_notification_user_id ON notification (user_id);

COMMENT ON TABLE notification IS 'Messages to users.';

COMMENT ON COLUMN notification.id IS 'Surrogate key.';

COMMENT ON COLUMN notification.user_id IS 'Who gets it; NULL for a webhook.';

COMMENT ON COLUMN notification.channel IS 'By which way.';

COMMENT ON COLUMN notification.kind IS 'What it is about.';

COMMENT ON COLUMN notification.subject IS 'Subject line; no personal data of watched people.';

COMMENT ON COLUMN notification.body IS 'Text; NULL when purged.';

COMMENT ON COLUMN notification.created_at IS 'When it was made.';

COMMENT ON COLUMN notification.sent_at IS 'When it was handed over.';

COMMENT ON COLUMN notification.error IS 'Why the last attempt failed.';

CREATE TABLE report_run (
    id BIGSERIAL NOT NULL,
    kind VARCHAR(32) NOT NULL,
    jurisdiction VARCHAR(32) NOT NULL,
    parameters JSONB NOT NULL,
    as_of BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    user_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_report_run PRIMARY KEY (id),
    CONSTRAINT fk_report_run_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_report_run_sha256 ON report_run (sha256);

CREATE INDEX ix_report_run_user_id ON report_run (user_id);

COMMENT ON TABLE report_run IS 'Reports made, with their hashes.';

COMMENT ON COLUMN report_run.id IS 'Surrogate key.';

COMMENT ON COLUMN report_run.kind IS 'Which report.';

COMMENT ON COLUMN report_run.jurisdiction IS 'Region code it covers; empty for the whole country.';

COMMENT ON COLUMN report_run.parameters IS 'What was asked.';

COMMENT ON COLUMN report_run.as_of IS 'Last review event it knows.';

COMMENT ON COLUMN report_run.file_name IS 'Name of the file.';

COMMENT ON COLUMN report_run.sha256 IS 'Hash of the file; the same question gives the same bytes.';

COMMENT ON COLUMN report_run.user_id IS 'Who asked; NULL for the schedule.';

COMMENT ON COLUMN report_run.created_at IS 'When it was made.';

CREATE TABLE role_grant (
    id BIGSERIAL NOT NULL,
    user_id BIGINT NOT NULL,
    role VARCHAR(16) NOT NULL,
    jurisdiction VARCHAR(32) NOT NULL,
    granted_by BIGINT,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_role_grant PRIMARY KEY (id),
    CONSTRAINT fk_role_grant_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT ck_role_grant_role CHECK (role IN ('admin', 'pengawas', 'koordinator', 'analis', 'auditor', 'dpo')),
    CONSTRAINT fk_role_grant_granted_by FOREIGN KEY(granted_by) REFERENCES app_user (id)
);

CREATE INDEX ix_role_grant_user_id ON role_grant (user_id);

CREATE UNIQUE INDEX uq_role_grant_live ON role_grant (user_id, role, jurisdiction) WHERE revoked_at IS NULL;

COMMENT ON TABLE role_grant IS 'Grants: role by jurisdiction.';

COMMENT ON COLUMN role_grant.id IS 'Surrogate key.';

COMMENT ON COLUMN role_grant.user_id IS 'The user.';

COMMENT ON COLUMN role_grant.role IS 'What the user may do.';

COMMENT ON COLUMN role_grant.jurisdiction IS 'Where, and in the places below; empty for the whole country.';

COMMENT ON COLUMN role_grant.granted_by IS 'Who granted it; NULL for the first administrator.';

COMMENT ON COLUMN role_grant.granted_at IS 'When.';

COMMENT ON COLUMN role_grant.revoked_at IS 'When it was taken back.';

CREATE TABLE rule_activation (
    id BIGSERIAL NOT NULL,
    rule_id VARCHAR(128) NOT NULL,
    rule_version INTEGER NOT NULL,
    status VARCHAR(16) NOT NULL,
    reason TEXT NOT NULL,
    proposed_by BIGINT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    approved_by BIGINT,
    approved_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_rule_activation PRIMARY KEY (id),
    CONSTRAINT ck_rule_activation_two_people CHECK (proposed_by IS NULL OR approved_by IS NULL OR proposed_by <> approved_by),
    CONSTRAINT ck_rule_activation_status CHECK (status IN ('draft', 'shadow', 'active', 'retired')),
    CONSTRAINT fk_rule_activation_proposed_by FOREIGN KEY(proposed_by) REFERENCES app_user (id),
    CONSTRAINT fk_rule_activation_approved_by FOREIGN KEY(approved_by) REFERENCES app_user (id)
);

CREATE INDEX ix_rule_activation_rule_id ON rule_activation (rule_id);

COMMENT ON TABLE rule_activation IS 'Overrides of a rule''s shipped status.';

COMMENT ON COLUMN rule_activation.id IS 'Surrogate key.';

COMMENT ON COLUMN rule_activation.rule_id IS 'Name of the rule.';

COMMENT ON COLUMN rule_activation.rule_version IS 'Version of the rule.';

COMMENT ON COLUMN rule_activation.status IS 'Status it shall have.';

COMMENT ON COLUMN rule_activation.reason IS 'Why.';

COMMENT ON COLUMN rule_activation.proposed_by IS 'User who proposed it.';

COMMENT ON COLUMN rule_activation.proposed_at IS 'When it was proposed.';

COMMENT ON COLUMN rule_activation.approved_by IS 'Second user; without one the shipped status holds.';

COMMENT ON COLUMN rule_activation.approved_at IS 'When the second user approved it.';

CREATE TABLE ruleset_rule (
    ruleset_id BIGINT NOT NULL,
    rule_version_id BIGINT NOT NULL,
    status VARCHAR(16) NOT NULL,
    CONSTRAINT pk_ruleset_rule PRIMARY KEY (ruleset_id, rule_version_id),
    CONSTRAINT fk_ruleset_rule_ruleset_id FOREIGN KEY(ruleset_id) REFERENCES ruleset (id),
    CONSTRAINT fk_ruleset_rule_rule_version_id FOREIGN KEY(rule_version_id) REFERENCES rule_version (id),
    CONSTRAINT ck_ruleset_rule_status CHECK (status IN ('draft', 'shadow', 'active', 'retired'))
);

CREATE INDEX ix_ruleset_rule_rule_version_id ON ruleset_rule (rule_version_id);

COMMENT ON TABLE ruleset_rule IS 'Which rules a rule set holds.';

COMMENT ON COLUMN ruleset_rule.ruleset_id IS 'The rule set.';

COMMENT ON COLUMN ruleset_rule.rule_version_id IS 'The rule.';

COMMENT ON COLUMN ruleset_rule.status IS 'Status it judged with.';

CREATE TABLE saved_view (
    id BIGSERIAL NOT NULL,
    user_id BIGINT NOT NULL,
    name VARCHAR(128) NOT NULL,
    query JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_saved_view PRIMARY KEY (id),
    CONSTRAINT uq_saved_view_user_id_name UNIQUE (user_id, name),
    CONSTRAINT fk_saved_view_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

COMMENT ON TABLE saved_view IS 'Filters that users keep.';

COMMENT ON COLUMN saved_view.id IS 'Surrogate key.';

COMMENT ON COLUMN saved_view.user_id IS 'The user.';

COMMENT ON COLUMN saved_view.name IS 'Name of the view.';

COMMENT ON COLUMN saved_view.query IS 'Its filters.';

COMMENT ON COLUMN saved_view.created_at IS 'When it was saved.';

CREATE TABLE scan_issue (
    id BIGSERIAL NOT NULL,
    run_id BIGINT NOT NULL,
    source VARCHAR(32) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL,
    needs_person BOOLEAN NOT NULL,
    CONSTRAINT pk_scan_issue PRIMARY KEY (id),
    CONSTRAINT fk_scan_issue_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id)
);

CREATE INDEX ix_scan_issue_run_id ON scan_issue (run_id);

COMMENT ON TABLE scan_issue IS 'Warnings as data.';

COMMENT ON COLUMN scan_issue.id IS 'Surrogate key.';

COMMENT ON COLUMN scan_issue.run_id IS 'The night.';

COMMENT ON COLUMN scan_issue.source IS 'Source name.';

COMMENT ON COLUMN scan_issue.kind IS 'Token of the kind of issue.';

COMMENT ON COLUMN scan_issue.target IS 'Target concerned; empty when it is the source.';

COMMENT ON COLUMN scan_issue.detail IS 'What a person should know.';

COMMENT ON COLUMN scan_issue.needs_person IS 'Whether the run is not ok because of it.';

CREATE TABLE session (
    id BIGSERIAL NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    user_id BIGINT NOT NULL,
    csrf VARCHAR(64) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    client TEXT NOT NULL,
    second_factor_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_session PRIMARY KEY (id),
    CONSTRAINT uq_session_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_session_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_session_expires_at ON session (expires_at);

CREATE INDEX ix_session_user_id ON session (user_id);

COMMENT ON TABLE session IS 'Signed-in browsers.';

COMMENT ON COLUMN session.id IS 'Surrogate key.';

COMMENT ON COLUMN session.token_hash IS 'Hash of the cookie''s token.';

COMMENT ON COLUMN session.user_id IS 'The user.';

COMMENT ON COLUMN session.csrf IS 'Token that forms carry.';

COMMENT ON COLUMN session.created_at IS 'Sign-in.';

COMMENT ON COLUMN session.last_seen_at IS 'Last request.';

COMMENT ON COLUMN session.expires_at IS 'When it ends by itself.';

COMMENT ON COLUMN session.client IS 'Browser and address, as shown to the user.';

COMMENT ON COLUMN session.second_factor_at IS 'When the second factor was given.';

COMMENT ON COLUMN session.ended_at IS 'Sign-out, here or everywhere.';

CREATE TABLE source_target (
    id BIGSERIAL NOT NULL,
    source VARCHAR(32) NOT NULL,
    direction VARCHAR(16) NOT NULL,
    account_id BIGINT NOT NULL,
    since TIMESTAMP WITH TIME ZONE,
    complete_until TIMESTAMP WITH TIME ZONE,
    last_run_at TIMESTAMP WITH TIME ZONE,
    last_good_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_source_target PRIMARY KEY (id),
    CONSTRAINT uq_source_target_source_direction_account_id UNIQUE (source, direction, account_id),
    CONSTRAINT ck_source_target_direction CHECK (direction IN ('candidate', 'subject', 'import')),
    CONSTRAINT fk_source_target_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_source_target_account_id ON source_target (account_id);

COMMENT ON TABLE source_target IS 'What is read again and again, and how far each target is known.';

COMMENT ON COLUMN source_target.id IS 'Surrogate key.';

COMMENT ON COLUMN source_target.source IS 'Source name.';

COMMENT ON COLUMN source_target.direction IS 'From which side it is read.';

COMMENT ON COLUMN source_target.account_id IS 'The account that is read.';

COMMENT ON COLUMN source_target.since IS 'How far back it must be read; NULL means all.';

COMMENT ON COLUMN source_target.complete_until IS 'Until when its listing is known to be complete.';

COMMENT ON COLUMN source_target.last_run_at IS 'When it was last visited.';

COMMENT ON COLUMN source_target.last_good_at IS 'When a visit last ended well.';

CREATE TABLE target_run (
    id BIGSERIAL NOT NULL,
    run_id BIGINT NOT NULL,
    source VARCHAR(32) NOT NULL,
    direction VARCHAR(16) NOT NULL,
    target TEXT NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    requests INTEGER NOT NULL,
    items INTEGER NOT NULL,
    interactions INTEGER NOT NULL,
    bystanders_discarded BIGINT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_target_run PRIMARY KEY (id),
    CONSTRAINT uq_target_run_run_id_source_direction_target UNIQUE (run_id, source, direction, target),
    CONSTRAINT fk_target_run_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id),
    CONSTRAINT ck_target_run_direction CHECK (direction IN ('candidate', 'subject', 'import')),
    CONSTRAINT ck_target_run_outcome CHECK (outcome IN ('ok', 'partial', 'empty_confirmed', 'suspicious_empty', 'not_found', 'private', 'login_wall', 'challenge', 'rate_limited', 'quota_spent', 'budget_spent', 'policy_blocked', 'blocked', 'drift', 'network', 'server_error'))
);

CREATE INDEX ix_target_run_source_target_id ON target_run (source, target, id);

COMMENT ON TABLE target_run IS 'Visits to targets.';

COMMENT ON COLUMN target_run.id IS 'Surrogate key.';

COMMENT ON COLUMN target_run.run_id IS 'The night.';

COMMENT ON COLUMN target_run.source IS 'Source name.';

COMMENT ON COLUMN target_run.direction IS 'From which side it was read.';

COMMENT ON COLUMN target_run.target IS 'Stable id of the account, or name of the imported file.';

COMMENT ON COLUMN target_run.outcome IS 'How the visit ended.';

COMMENT ON COLUMN target_run.requests IS 'Requests made.';

COMMENT ON COLUMN target_run.items IS 'Texts read.';

COMMENT ON COLUMN target_run.interactions IS 'Registered acts seen.';

COMMENT ON COLUMN target_run.bystanders_discarded IS 'Acts of people who are not in the register; counted, never stored.';

COMMENT ON COLUMN target_run.started_at IS 'First request.';

COMMENT ON COLUMN target_run.finished_at IS 'Last answer.';

CREATE TABLE attribution (
    id BIGSERIAL NOT NULL,
    account_id BIGINT NOT NULL,
    asn_id BIGINT NOT NULL,
    status VARCHAR(16) NOT NULL,
    method TEXT NOT NULL,
    evidence TEXT NOT NULL,
    valid_from DATE,
    valid_to DATE,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    verified_by TEXT,
    verified_at TIMESTAMP WITH TIME ZONE,
    batch_id BIGINT,
    CONSTRAINT pk_attribution PRIMARY KEY (id),
    CONSTRAINT ck_attribution_two_people CHECK (proposed_by IS NULL OR verified_by IS NULL OR proposed_by <> verified_by),
    CONSTRAINT fk_attribution_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_attribution_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT ck_attribution_status CHECK (status IN ('proposed', 'verified', 'rejected', 'revoked')),
    CONSTRAINT fk_attribution_batch_id FOREIGN KEY(batch_id) REFERENCES roster_batch (id)
);

CREATE INDEX ix_attribution_account_id ON attribution (account_id);

CREATE INDEX ix_attribution_asn_id ON attribution (asn_id);

CREATE INDEX ix_attribution_batch_id ON attribution (batch_id);

CREATE UNIQUE INDEX uq_attribution_live ON attribution (account_id, asn_id) WHERE status IN ('proposed', 'verified');

COMMENT ON TABLE attribution IS 'Which account is which person''s, and who says so.';

COMMENT ON COLUMN attribution.id IS 'Surrogate key.';

COMMENT ON COLUMN attribution.account_id IS 'The account.';

COMMENT ON COLUMN attribution.asn_id IS 'The person it is said to be.';

COMMENT ON COLUMN attribution.status IS 'proposed -> verified | rejected | revoked.';

COMMENT ON COLUMN attribution.method IS 'How ownership was established.';

COMMENT ON COLUMN attribution.evidence IS 'What proves it.';

COMMENT ON COLUMN attribution.valid_from IS 'First day on which the account is the person''s; NULL is open.';

COMMENT ON COLUMN attribution.valid_to IS 'Last day on which the account is the person''s; NULL is open.';

COMMENT ON COLUMN attribution.proposed_by IS 'User who proposed it.';

COMMENT ON COLUMN attribution.proposed_at IS 'When it was proposed.';

COMMENT ON COLUMN attribution.verified_by IS 'Second user who verified, rejected or revoked it.';

COMMENT ON COLUMN attribution.verified_at IS 'When the second user did.';

COMMENT ON COLUMN attribution.batch_id IS 'Import that brought it; NULL when made at the desk.';

CREATE TABLE candidate (
    id BIGSERIAL NOT NULL,
    contest_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    label TEXT NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_candidate PRIMARY KEY (id),
    CONSTRAINT uq_candidate_contest_id_number UNIQUE (contest_id, number),
    CONSTRAINT fk_candidate_contest_id FOREIGN KEY(contest_id) REFERENCES contest (id)
);

COMMENT ON TABLE candidate IS 'Pairs, or single candidates.';

COMMENT ON COLUMN candidate.id IS 'Surrogate key.';

COMMENT ON COLUMN candidate.contest_id IS 'The contest.';

COMMENT ON COLUMN candidate.number IS 'Ballot number.';

COMMENT ON COLUMN candidate.label IS 'The pair as screens name it.';

COMMENT ON COLUMN candidate.removed_at IS 'When a newer register left it out; NULL while it stands.';

CREATE TABLE interaction (
    id BIGSERIAL NOT NULL,
    key VARCHAR(64) NOT NULL,
    platform VARCHAR(32) NOT NULL,
    actor_account_id BIGINT NOT NULL,
    act VARCHAR(16) NOT NULL,
    target_id TEXT NOT NULL,
    target_author_account_id BIGINT,
    own_item_key TEXT,
    own_item_id BIGINT,
    occurred_at TIMESTAMP WITH TIME ZONE,
    bracket_lo TIMESTAMP WITH TIME ZONE,
    bracket_hi TIMESTAMP WITH TIME ZONE,
    given_lo TIMESTAMP WITH TIME ZONE,
    given_hi TIMESTAMP WITH TIME ZONE,
    seen_first_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_seen_at TIMESTAMP WITH TIME ZONE,
    dirty BOOLEAN NOT NULL,
    CONSTRAINT pk_interaction PRIMARY KEY (id),
    CONSTRAINT ck_interaction_timed CHECK (occurred_at IS NOT NULL OR bracket_hi IS NOT NULL),
    CONSTRAINT uq_interaction_key UNIQUE (key),
    CONSTRAINT fk_interaction_actor_account_id FOREIGN KEY(actor_account_id) REFERENCES account (id),
    CONSTRAINT ck_interaction_act CHECK (act IN ('post', 'share', 'like', 'comment', 'follow', 'tag')),
    CONSTRAINT fk_interaction_target_author_account_id FOREIGN KEY(target_author_account_id) REFERENCES account (id),
    CONSTRAINT fk_interaction_own_item_id FOREIGN KEY(own_item_id) REFERENCES item (id)
);

CREATE INDEX ix_interaction_actor_id ON interaction (actor_account_id, id);

CREATE INDEX ix_interaction_dirty ON interaction (id) WHERE dirty;

CREATE INDEX ix_interaction_own_item_id ON interaction (own_item_id);

CREATE INDEX ix_interaction_own_item_key ON interaction (own_item_key) WHERE own_item_key IS NOT NULL;

CREATE INDEX ix_interaction_target ON interaction (target_id, act);

CREATE INDEX ix_interaction_target_author_account_id ON interaction (target_author_account_id);

COMMENT ON TABLE interaction IS 'Public acts of registered people.';

COMMENT ON COLUMN interaction.id IS 'Surrogate key.';

COMMENT ON COLUMN interaction.key IS 'Idempotency key of the act.';

COMMENT ON COLUMN interaction.platform IS 'Platform name.';

COMMENT ON COLUMN interaction.actor_account_id IS 'Registered account that acted.';

COMMENT ON COLUMN interaction.act IS 'The verb.';

COMMENT ON COLUMN interaction.target_id IS 'Canonical id of the text acted on.';

COMMENT ON COLUMN interaction.target_author_account_id IS 'Author of that, when registered.';

COMMENT ON COLUMN interaction.own_item_key IS 'Canonical id of the text that the act itself published.';

COMMENT ON COLUMN interaction.own_item_id IS 'That text''s row.';

COMMENT ON COLUMN interaction.occurred_at IS 'When it happened, if known exactly.';

COMMENT ON COLUMN interaction.bracket_lo IS 'Start (exclusive) of the bracket otherwise; NULL is open.';

COMMENT ON COLUMN interaction.bracket_hi IS 'End (inclusive) of the bracket otherwise.';

COMMENT ON COLUMN interaction.given_lo IS 'Latest start that any answer itself gave.';

COMMENT ON COLUMN interaction.given_hi IS 'Earliest end that any answer itself gave.';

COMMENT ON COLUMN interaction.seen_first_at IS 'Fetch time of the earliest answer that showed it.';

COMMENT ON COLUMN interaction.seen_last_at IS 'Fetch time of the latest answer that showed it.';

COMMENT ON COLUMN interaction.withdrawn_seen_at IS 'When a re-check found it gone.';

COMMENT ON COLUMN interaction.dirty IS 'Whether it must be judged (again).';

CREATE TABLE item_capture (
    item_id BIGINT NOT NULL,
    capture_id BIGINT NOT NULL,
    pointer TEXT NOT NULL,
    CONSTRAINT pk_item_capture PRIMARY KEY (item_id, capture_id),
    CONSTRAINT fk_item_capture_item_id FOREIGN KEY(item_id) REFERENCES item (id),
    CONSTRAINT fk_item_capture_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id)
);

CREATE INDEX ix_item_capture_capture_id ON item_capture (capture_id);

COMMENT ON TABLE item_capture IS 'Which answers hold which texts.';

COMMENT ON COLUMN item_capture.item_id IS 'The text.';

COMMENT ON COLUMN item_capture.capture_id IS 'The answer it was read in.';

COMMENT ON COLUMN item_capture.pointer IS 'Which part of the answer holds it.';

CREATE TABLE item_version (
    id BIGSERIAL NOT NULL,
    item_id BIGINT NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    edited_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_item_version PRIMARY KEY (id),
    CONSTRAINT uq_item_version_item_id_content_hash UNIQUE (item_id, content_hash),
    CONSTRAINT fk_item_version_item_id FOREIGN KEY(item_id) REFERENCES item (id)
);

COMMENT ON TABLE item_version IS 'Versions of a text, as hashes; append-only.';

COMMENT ON COLUMN item_version.id IS 'Surrogate key.';

COMMENT ON COLUMN item_version.item_id IS 'The text.';

COMMENT ON COLUMN item_version.content_hash IS 'Hash of the content and of the time of its edit.';

COMMENT ON COLUMN item_version.edited_at IS 'When the platform says it was edited; NULL for the first version.';

CREATE TABLE neutral_account (
    contest_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT pk_neutral_account PRIMARY KEY (contest_id, account_id),
    CONSTRAINT ck_neutral_account_neutral CHECK (kind IN ('election_body', 'news', 'government')),
    CONSTRAINT fk_neutral_account_contest_id FOREIGN KEY(contest_id) REFERENCES contest (id),
    CONSTRAINT fk_neutral_account_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT ck_neutral_account_kind CHECK (kind IN ('asn', 'registered', 'personal', 'party', 'volunteer', 'media', 'election_body', 'news', 'government'))
);

CREATE INDEX ix_neutral_account_account_id ON neutral_account (account_id);

COMMENT ON TABLE neutral_account IS 'Accounts of bodies that speak about candidates without supporting one.';

COMMENT ON COLUMN neutral_account.contest_id IS 'The contest whose register names it.';

COMMENT ON COLUMN neutral_account.account_id IS 'The account.';

COMMENT ON COLUMN neutral_account.kind IS 'election_body, news or government.';

COMMENT ON COLUMN neutral_account.position IS 'Order in the register.';

CREATE TABLE stage (
    contest_id BIGINT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_stage PRIMARY KEY (contest_id, kind),
    CONSTRAINT fk_stage_contest_id FOREIGN KEY(contest_id) REFERENCES contest (id),
    CONSTRAINT ck_stage_kind CHECK (kind IN ('pra_penetapan', 'penetapan', 'kampanye', 'masa_tenang', 'pemungutan', 'pasca'))
);

COMMENT ON TABLE stage IS 'Stages of contests, half-open.';

COMMENT ON COLUMN stage.contest_id IS 'The contest.';

COMMENT ON COLUMN stage.kind IS 'Which stage.';

COMMENT ON COLUMN stage.starts_at IS 'Start; it lasts until the next one starts.';

CREATE TABLE target_coverage (
    target_run_id BIGINT NOT NULL,
    act VARCHAR(16) NOT NULL,
    coverage VARCHAR(19) NOT NULL,
    CONSTRAINT pk_target_coverage PRIMARY KEY (target_run_id, act),
    CONSTRAINT fk_target_coverage_target_run_id FOREIGN KEY(target_run_id) REFERENCES target_run (id),
    CONSTRAINT ck_target_coverage_act CHECK (act IN ('post', 'share', 'like', 'comment', 'follow', 'tag')),
    CONSTRAINT ck_target_coverage_coverage CHECK (coverage IN ('observed', 'partial', 'not_public', 'login_wall', 'blocked', 'failed', 'not_attempted', 'budget', 'before_registration'))
);

COMMENT ON TABLE target_coverage IS 'Coverage per verb of a visit; silence is never shown as innocence.';

COMMENT ON COLUMN target_coverage.target_run_id IS 'The visit.';

COMMENT ON COLUMN target_coverage.act IS 'The verb.';

COMMENT ON COLUMN target_coverage.coverage IS 'What could be seen of it.';

CREATE TABLE candidate_account (
    candidate_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    ground TEXT NOT NULL,
    position INTEGER NOT NULL,
    batch_id BIGINT NOT NULL,
    proposed_by TEXT NOT NULL,
    confirmed_by TEXT,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_candidate_account PRIMARY KEY (candidate_id, account_id),
    CONSTRAINT ck_candidate_account_two_people CHECK (proposed_by IS NULL OR confirmed_by IS NULL OR proposed_by <> confirmed_by),
    CONSTRAINT fk_candidate_account_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT fk_candidate_account_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT ck_candidate_account_kind CHECK (kind IN ('asn', 'registered', 'personal', 'party', 'volunteer', 'media', 'election_body', 'news', 'government')),
    CONSTRAINT fk_candidate_account_batch_id FOREIGN KEY(batch_id) REFERENCES roster_batch (id)
);

CREATE INDEX ix_candidate_account_account_id ON candidate_account (account_id);

CREATE INDEX ix_candidate_account_batch_id ON candidate_account (batch_id);

COMMENT ON TABLE candidate_account IS 'Accounts of pairs.';

COMMENT ON COLUMN candidate_account.candidate_id IS 'The pair.';

COMMENT ON COLUMN candidate_account.account_id IS 'The account.';

COMMENT ON COLUMN candidate_account.kind IS 'How the register knows it.';

COMMENT ON COLUMN candidate_account.ground IS 'Why a personal or volunteer account is watched.';

COMMENT ON COLUMN candidate_account.position IS 'Order in the register.';

COMMENT ON COLUMN candidate_account.batch_id IS 'Import that brought it or last changed it.';

COMMENT ON COLUMN candidate_account.proposed_by IS 'User whose import brought it.';

COMMENT ON COLUMN candidate_account.confirmed_by IS 'Second user; personal and volunteer accounts are not scanned before.';

COMMENT ON COLUMN candidate_account.confirmed_at IS 'When the second user confirmed it.';

CREATE TABLE candidate_person (
    id BIGSERIAL NOT NULL,
    candidate_id BIGINT NOT NULL,
    role VARCHAR(16) NOT NULL,
    official_name TEXT NOT NULL,
    CONSTRAINT pk_candidate_person PRIMARY KEY (id),
    CONSTRAINT uq_candidate_person_candidate_id_role UNIQUE (candidate_id, role),
    CONSTRAINT fk_candidate_person_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT ck_candidate_person_role CHECK (role IN ('utama', 'wakil'))
);

COMMENT ON TABLE candidate_person IS 'People of a pair.';

COMMENT ON COLUMN candidate_person.id IS 'Surrogate key.';

COMMENT ON COLUMN candidate_person.candidate_id IS 'The pair.';

COMMENT ON COLUMN candidate_person.role IS 'Place in the pair.';

COMMENT ON COLUMN candidate_person.official_name IS 'Name as the election body prints it.';

CREATE TABLE candidate_status (
    candidate_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    status VARCHAR(16) NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_candidate_status PRIMARY KEY (candidate_id, position),
    CONSTRAINT fk_candidate_status_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT ck_candidate_status_status CHECK (status IN ('bakal_calon', 'calon', 'gugur'))
);

COMMENT ON TABLE candidate_status IS 'Status of a pair over time.';

COMMENT ON COLUMN candidate_status.candidate_id IS 'The pair.';

COMMENT ON COLUMN candidate_status.position IS 'Order in time.';

COMMENT ON COLUMN candidate_status.status IS 'What the pair is from then on.';

COMMENT ON COLUMN candidate_status.starts_at IS 'Start of the status; NULL only in registers that a scan refuses.';

CREATE TABLE interaction_capture (
    interaction_id BIGINT NOT NULL,
    capture_id BIGINT NOT NULL,
    pointer TEXT NOT NULL,
    CONSTRAINT pk_interaction_capture PRIMARY KEY (interaction_id, capture_id),
    CONSTRAINT fk_interaction_capture_interaction_id FOREIGN KEY(interaction_id) REFERENCES interaction (id),
    CONSTRAINT fk_interaction_capture_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id)
);

CREATE INDEX ix_interaction_capture_capture_id ON interaction_capture (capture_id);

COMMENT ON TABLE interaction_capture IS 'Which answers show which acts.';

COMMENT ON COLUMN interaction_capture.interaction_id IS 'The act.';

COMMENT ON COLUMN interaction_capture.capture_id IS 'The answer that shows it.';

COMMENT ON COLUMN interaction_capture.pointer IS 'Which part of the answer shows it.';

CREATE TABLE item_text (
    version_id BIGINT NOT NULL,
    text TEXT,
    links JSONB,
    hashtags JSONB,
    alt_texts JSONB,
    mentioned JSONB,
    lang VARCHAR(35),
    seen_first_at TIMESTAMP WITH TIME ZONE,
    seen_last_at TIMESTAMP WITH TIME ZONE,
    purged_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_item_text PRIMARY KEY (version_id),
    CONSTRAINT fk_item_text_version_id FOREIGN KEY(version_id) REFERENCES item_version (id)
);

COMMENT ON TABLE item_text IS 'Payload of a version; retention empties it, the hash stays.';

COMMENT ON COLUMN item_text.version_id IS 'The version.';

COMMENT ON COLUMN item_text.text IS 'The text; NULL when purged.';

COMMENT ON COLUMN item_text.links IS 'Addresses in it.';

COMMENT ON COLUMN item_text.hashtags IS 'Hashtags in it.';

COMMENT ON COLUMN item_text.alt_texts IS 'Image descriptions in it.';

COMMENT ON COLUMN item_text.mentioned IS 'Stable ids of registered accounts it names by markup.';

COMMENT ON COLUMN item_text.lang IS 'Language the platform reports.';

COMMENT ON COLUMN item_text.seen_first_at IS 'Earliest time this version was seen, if known.';

COMMENT ON COLUMN item_text.seen_last_at IS 'Latest time this version was seen, if known.';

COMMENT ON COLUMN item_text.purged_at IS 'When retention emptied the row.';

CREATE TABLE judgement (
    id BIGSERIAL NOT NULL,
    interaction_id BIGINT NOT NULL,
    ruleset_id BIGINT NOT NULL,
    result_hash VARCHAR(64) NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    current BOOLEAN NOT NULL,
    near_misses JSONB,
    not_evaluable JSONB,
    errors JSONB,
    judged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_judgement PRIMARY KEY (id),
    CONSTRAINT uq_judgement_interaction_id_ruleset_id_result_hash UNIQUE (interaction_id, ruleset_id, result_hash),
    CONSTRAINT fk_judgement_interaction_id FOREIGN KEY(interaction_id) REFERENCES interaction (id),
    CONSTRAINT fk_judgement_ruleset_id FOREIGN KEY(ruleset_id) REFERENCES ruleset (id),
    CONSTRAINT ck_judgement_outcome CHECK (outcome IN ('hit', 'error', 'not_evaluable', 'miss'))
);

CREATE INDEX ix_judgement_current_outcome ON judgement (outcome, id) WHERE current;

CREATE INDEX ix_judgement_ruleset_id ON judgement (ruleset_id);

CREATE UNIQUE INDEX uq_judgement_current ON judgement (interaction_id) WHERE current;

COMMENT ON TABLE judgement IS 'What rule sets said of acts.';

COMMENT ON COLUMN judgement.id IS 'Surrogate key.';

COMMENT ON COLUMN judgement.interaction_id IS 'The act.';

COMMENT ON COLUMN judgement.ruleset_id IS 'The rule set that judged.';

COMMENT ON COLUMN judgement.result_hash IS 'Hash of everything it says.';

COMMENT ON COLUMN judgement.outcome IS 'hit, error, not_evaluable or miss.';

COMMENT ON COLUMN judgement.current IS 'Whether it stands; older ones stay as history.';

COMMENT ON COLUMN judgement.near_misses IS 'Rules that came close, with reasons.';

COMMENT ON COLUMN judgement.not_evaluable IS 'Rules that could not be decided, with reasons.';

COMMENT ON COLUMN judgement.errors IS 'Errors while judging.';

COMMENT ON COLUMN judgement.judged_at IS 'When.';

CREATE TABLE register_change (
    id BIGSERIAL NOT NULL,
    kind VARCHAR(32) NOT NULL,
    reason VARCHAR(32) NOT NULL,
    account_id BIGINT,
    asn_id BIGINT,
    contest_id BIGINT,
    candidate_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_register_change PRIMARY KEY (id),
    CONSTRAINT ck_register_change_kind CHECK (kind IN ('account', 'candidate_account', 'contest', 'person')),
    CONSTRAINT ck_register_change_reason CHECK (reason IN ('added', 'verified', 'redated', 'changed', 'resolved', 'removed')),
    CONSTRAINT fk_register_change_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_register_change_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT fk_register_change_contest_id FOREIGN KEY(contest_id) REFERENCES contest (id),
    CONSTRAINT fk_register_change_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id)
);

CREATE INDEX ix_register_change_account_id ON register_change (account_id);

CREATE INDEX ix_register_change_asn_id ON register_change (asn_id);

CREATE INDEX ix_register_change_candidate_id ON register_change (candidate_id);

CREATE INDEX ix_register_change_contest_id ON register_change (contest_id);

CREATE INDEX ix_register_change_open ON register_change (id) WHERE done_at IS NULL;

COMMENT ON TABLE register_change IS 'Queue of backfills that register changes ask for.';

COMMENT ON COLUMN register_change.id IS 'Surrogate key.';

COMMENT ON COLUMN register_change.kind IS 'What changed.';

COMMENT ON COLUMN register_change.reason IS 'How it changed.';

COMMENT ON COLUMN register_change.account_id IS 'The account concerned.';

COMMENT ON COLUMN register_change.asn_id IS 'The person concerned.';

COMMENT ON COLUMN register_change.contest_id IS 'The contest concerned.';

COMMENT ON COLUMN register_change.candidate_id IS 'The pair concerned.';

COMMENT ON COLUMN register_change.created_at IS 'When it changed.';

COMMENT ON COLUMN register_change.done_at IS 'When the backfill it asks for was finished; NULL while queued.';

CREATE TABLE review_case (
    id BIGSERIAL NOT NULL,
    asn_id BIGINT NOT NULL,
    candidate_id BIGINT NOT NULL,
    contest_id BIGINT NOT NULL,
    law VARCHAR(64) NOT NULL,
    law_row VARCHAR(16) NOT NULL,
    stage VARCHAR(16) NOT NULL,
    stage_straddled BOOLEAN NOT NULL,
    state VARCHAR(18) NOT NULL,
    why VARCHAR(16) NOT NULL,
    version INTEGER NOT NULL,
    priority FLOAT NOT NULL,
    priority_parts JSONB,
    due_at TIMESTAMP WITH TIME ZONE,
    jurisdiction VARCHAR(32) NOT NULL,
    queue VARCHAR(32),
    hit_count INTEGER NOT NULL,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_hit_at TIMESTAMP WITH TIME ZONE NOT NULL,
    first_opened_at TIMESTAMP WITH TIME ZONE,
    known_at TIMESTAMP WITH TIME ZONE,
    known_by BIGINT,
    linked_case_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_review_case PRIMARY KEY (id),
    CONSTRAINT fk_review_case_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT fk_review_case_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT fk_review_case_contest_id FOREIGN KEY(contest_id) REFERENCES contest (id),
    CONSTRAINT ck_review_case_stage CHECK (stage IN ('pra_penetapan', 'penetapan', 'kampanye', 'masa_tenang', 'pemungutan', 'pasca')),
    CONSTRAINT ck_review_case_state CHECK (state IN ('baru', 'ditinjau', 'dikesampingkan', 'perlu_bukti', 'perlu_atribusi', 'perlu_penelusuran', 'penelusuran', 'klarifikasi', 'kajian', 'diusulkan', 'disetujui', 'dikembalikan', 'terdaftar', 'tidak_diregistrasi', 'diteruskan', 'tindak_lanjut', 'ditutup', 'diarsipkan')),
    CONSTRAINT ck_review_case_why CHECK (why IN ('baru', 'muncul_lagi', 'dikembalikan', 'dibuka_kembali', 'eskalasi')),
    CONSTRAINT fk_review_case_known_by FOREIGN KEY(known_by) REFERENCES app_user (id),
    CONSTRAINT fk_review_case_linked_case_id FOREIGN KEY(linked_case_id) REFERENCES review_case (id)
);

CREATE INDEX ix_review_case_asn_id ON review_case (asn_id);

CREATE INDEX ix_review_case_candidate_id ON review_case (candidate_id);

CREATE INDEX ix_review_case_contest_id ON review_case (contest_id);

CREATE INDEX ix_review_case_due_at ON review_case (due_at, id) WHERE state IN ('baru', 'ditinjau', 'perlu_bukti', 'perlu_atribusi', 'perlu_penelusuran', 'penelusuran', 'klarifikasi', 'kajian', 'diusulkan', 'disetujui', 'dikembalikan', 'terdaftar', 'diteruskan', 'tindak_lanjut');

CREATE INDEX ix_review_case_linked_case_id ON review_case (linked_case_id);

CREATE INDEX ix_review_case_open_queue ON review_case (queue, priority DESC, id) WHERE state IN ('baru', 'ditinjau', 'perlu_bukti', 'perlu_atribusi', 'perlu_penelusuran', 'penelusuran', 'klarifikasi', 'kajian', 'diusulkan', 'disetujui', 'dikembalikan', 'terdaftar', 'diteruskan', 'tindak_lanjut');

CREATE INDEX ix_review_case_queue_state ON review_case (queue, state, priority DESC, id);

CREATE INDEX ix_review_case_state ON review_case (state, priority DESC, id);

CREATE UNIQUE INDEX uq_review_case_live ON review_case (asn_id, candidate_id, law, law_row, stage) WHERE state IN ('baru', 'ditinjau', 'dikesampingkan', 'perlu_bukti', 'perlu_atribusi', 'perlu_penelusuran', 'penelusuran', 'klarifikasi', 'kajian', 'diusulkan', 'disetujui', 'dikembalikan', 'tidak_diregistrasi');

COMMENT ON TABLE review_case IS 'Informasi awal: person x candidate x legal row x stage.';

COMMENT ON COLUMN review_case.id IS 'Surrogate key.';

COMMENT ON COLUMN review_case.asn_id IS 'The person.';

COMMENT ON COLUMN review_case.candidate_id IS 'The pair.';

COMMENT ON COLUMN review_case.contest_id IS 'The pair''s contest.';

COMMENT ON COLUMN review_case.law IS 'Law profile.';

COMMENT ON COLUMN review_case.law_row IS 'Row of the profile.';

COMMENT ON COLUMN review_case.stage IS 'Stage at the time of the acts.';

COMMENT ON COLUMN review_case.stage_straddled IS 'Whether some act''s time bracket crosses a stage edge.';

COMMENT ON COLUMN review_case.state IS 'Where it stands; a projection of the events.';

COMMENT ON COLUMN review_case.why IS 'Why it waits in the queue.';

COMMENT ON COLUMN review_case.version IS 'Rises with every event; a stale decision is refused.';

COMMENT ON COLUMN review_case.priority IS 'Order of attention, 0 to 1.';

COMMENT ON COLUMN review_case.priority_parts IS 'Named shares of the priority.';

COMMENT ON COLUMN review_case.due_at IS 'Next legal deadline.';

COMMENT ON COLUMN review_case.jurisdiction IS 'Region code that owns it; empty when unknown.';

COMMENT ON COLUMN review_case.queue IS 'Jurisdiction code of its queue; NULL is ''tanpa antrean'', also visible.';

COMMENT ON COLUMN review_case.hit_count IS 'Hits in it.';

COMMENT ON COLUMN review_case.first_seen_at IS 'When the program first saw one of its acts.';

COMMENT ON COLUMN review_case.last_hit_at IS 'When the last hit joined.';

COMMENT ON COLUMN review_case.first_opened_at IS 'When a person first opened it.';

COMMENT ON COLUMN review_case.known_at IS 'When the violation became known, as an officer set it.';

COMMENT ON COLUMN review_case.known_by IS 'Officer who set it.';

COMMENT ON COLUMN review_case.linked_case_id IS 'Case that it continues or belongs to.';

COMMENT ON COLUMN review_case.created_at IS 'When it was opened.';

COMMENT ON COLUMN review_case.changed_at IS 'Time of the last event.';

CREATE TABLE suppression (
    id BIGSERIAL NOT NULL,
    rule_id VARCHAR(128),
    asn_id BIGINT,
    candidate_id BIGINT,
    reason TEXT NOT NULL,
    proposed_by BIGINT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    approved_by BIGINT,
    approved_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    hidden BIGINT NOT NULL,
    CONSTRAINT pk_suppression PRIMARY KEY (id),
    CONSTRAINT ck_suppression_two_people CHECK (proposed_by IS NULL OR approved_by IS NULL OR proposed_by <> approved_by),
    CONSTRAINT ck_suppression_scoped CHECK (rule_id IS NOT NULL OR asn_id IS NOT NULL OR candidate_id IS NOT NULL),
    CONSTRAINT fk_suppression_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT fk_suppression_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT fk_suppression_proposed_by FOREIGN KEY(proposed_by) REFERENCES app_user (id),
    CONSTRAINT fk_suppression_approved_by FOREIGN KEY(approved_by) REFERENCES app_user (id)
);

CREATE INDEX ix_suppression_asn_id ON suppression (asn_id);

CREATE INDEX ix_suppression_candidate_id ON suppression (candidate_id);

COMMENT ON TABLE suppression IS 'Hits that two people agreed not to show, for a time.';

COMMENT ON COLUMN suppression.id IS 'Surrogate key.';

COMMENT ON COLUMN suppression.rule_id IS 'Only hits of this rule; NULL for all.';

COMMENT ON COLUMN suppression.asn_id IS 'Only hits of this person; NULL for all.';

COMMENT ON COLUMN suppression.candidate_id IS 'Only hits for this pair; NULL for all.';

COMMENT ON COLUMN suppression.reason IS 'Why they are hidden.';

COMMENT ON COLUMN suppression.proposed_by IS 'User who proposed it.';

COMMENT ON COLUMN suppression.proposed_at IS 'When it was proposed.';

COMMENT ON COLUMN suppression.approved_by IS 'Second user; without one it hides nothing.';

COMMENT ON COLUMN suppression.approved_at IS 'When the second user approved it.';

COMMENT ON COLUMN suppression.expires_at IS 'When it ends; every suppression ends.';

COMMENT ON COLUMN suppression.hidden IS 'Hits it hid so far.';

CREATE TABLE alias (
    id BIGSERIAL NOT NULL,
    candidate_id BIGINT NOT NULL,
    candidate_person_id BIGINT,
    kind VARCHAR(32) NOT NULL,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT pk_alias PRIMARY KEY (id),
    CONSTRAINT uq_alias_candidate_id_kind_position UNIQUE (candidate_id, kind, position),
    CONSTRAINT fk_alias_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT fk_alias_candidate_person_id FOREIGN KEY(candidate_person_id) REFERENCES candidate_person (id),
    CONSTRAINT ck_alias_kind CHECK (kind IN ('alias', 'slogan', 'hashtag', 'party', 'short_name'))
);

CREATE INDEX ix_alias_candidate_person_id ON alias (candidate_person_id);

COMMENT ON TABLE alias IS 'Words by which a text names a pair.';

COMMENT ON COLUMN alias.id IS 'Surrogate key.';

COMMENT ON COLUMN alias.candidate_id IS 'The pair.';

COMMENT ON COLUMN alias.candidate_person_id IS 'The person, for short names.';

COMMENT ON COLUMN alias.kind IS 'What the words are.';

COMMENT ON COLUMN alias.position IS 'Order in the register, within the kind.';

COMMENT ON COLUMN alias.text IS 'The words.';

CREATE TABLE case_link (
    first_case_id BIGINT NOT NULL,
    second_case_id BIGINT NOT NULL,
    kind VARCHAR(32) NOT NULL,
    linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_case_link PRIMARY KEY (first_case_id, second_case_id),
    CONSTRAINT ck_case_link_ordered CHECK (first_case_id < second_case_id),
    CONSTRAINT fk_case_link_first_case_id FOREIGN KEY(first_case_id) REFERENCES review_case (id),
    CONSTRAINT fk_case_link_second_case_id FOREIGN KEY(second_case_id) REFERENCES review_case (id),
    CONSTRAINT ck_case_link_kind CHECK (kind IN ('same_act', 'follows'))
);

CREATE INDEX ix_case_link_second_case_id ON case_link (second_case_id);

COMMENT ON TABLE case_link IS 'Cases that hang together.';

COMMENT ON COLUMN case_link.first_case_id IS 'The older case.';

COMMENT ON COLUMN case_link.second_case_id IS 'The newer case.';

COMMENT ON COLUMN case_link.kind IS 'They share an act, or the newer follows a registered one.';

COMMENT ON COLUMN case_link.linked_at IS 'When the link was seen.';

CREATE TABLE evidence_manifest (
    id BIGSERIAL NOT NULL,
    case_id BIGINT NOT NULL,
    sequence INTEGER NOT NULL,
    body TEXT NOT NULL,
    prev_hash VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    timestamp_token BYTEA,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_evidence_manifest PRIMARY KEY (id),
    CONSTRAINT uq_evidence_manifest_case_id_sequence UNIQUE (case_id, sequence),
    CONSTRAINT fk_evidence_manifest_case_id FOREIGN KEY(case_id) REFERENCES review_case (id),
    CONSTRAINT uq_evidence_manifest_hash UNIQUE (hash)
);

COMMENT ON TABLE evidence_manifest IS 'Chained manifests of a case''s evidence; append-only.';

COMMENT ON COLUMN evidence_manifest.id IS 'Surrogate key.';

COMMENT ON COLUMN evidence_manifest.case_id IS 'The case.';

COMMENT ON COLUMN evidence_manifest.sequence IS '1 for the case''s first manifest.';

COMMENT ON COLUMN evidence_manifest.body IS 'The manifest as canonical JSON text: files, hashes, capturers, pointers.';

COMMENT ON COLUMN evidence_manifest.prev_hash IS 'Hash of the case''s manifest before, zeros for the first.';

COMMENT ON COLUMN evidence_manifest.hash IS 'Hash of this manifest.';

COMMENT ON COLUMN evidence_manifest.timestamp_token IS 'RFC 3161 token, when an authority is configured.';

COMMENT ON COLUMN evidence_manifest.created_at IS 'When it was made.';

CREATE TABLE lease (
    case_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_lease PRIMARY KEY (case_id),
    CONSTRAINT fk_lease_case_id FOREIGN KEY(case_id) REFERENCES review_case (id),
    CONSTRAINT fk_lease_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_lease_user_id ON lease (user_id);

COMMENT ON TABLE lease IS 'Who is reviewing which case right now.';

COMMENT ON COLUMN lease.case_id IS 'The case; one lease row each.';

COMMENT ON COLUMN lease.user_id IS 'Who is reviewing it.';

COMMENT ON COLUMN lease.fence IS 'Rises with every new lease; an older one is refused.';

COMMENT ON COLUMN lease.taken_at IS 'When it was taken.';

COMMENT ON COLUMN lease.expires_at IS 'When it ends unless renewed.';

CREATE TABLE review_event (
    id BIGSERIAL NOT NULL,
    case_id BIGINT NOT NULL,
    case_version INTEGER NOT NULL,
    kind VARCHAR(16) NOT NULL,
    from_state VARCHAR(18),
    to_state VARCHAR(18) NOT NULL,
    reason VARCHAR(64),
    actor TEXT NOT NULL,
    user_id BIGINT,
    undoes_id BIGINT,
    detail TEXT NOT NULL,
    note_hash VARCHAR(64),
    note_kind VARCHAR(16),
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    prev_hash VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    CONSTRAINT pk_review_event PRIMARY KEY (id),
    CONSTRAINT uq_review_event_case_id_case_version UNIQUE (case_id, case_version),
    CONSTRAINT fk_review_event_case_id FOREIGN KEY(case_id) REFERENCES review_case (id),
    CONSTRAINT ck_review_event_kind CHECK (kind IN ('opened', 'hit_joined', 'reopened', 'first_opened', 'decided', 'undone', 'noted', 'linked')),
    CONSTRAINT ck_review_event_from_state CHECK (from_state IN ('baru', 'ditinjau', 'dikesampingkan', 'perlu_bukti', 'perlu_atribusi', 'perlu_penelusuran', 'penelusuran', 'klarifikasi', 'kajian', 'diusulkan', 'disetujui', 'dikembalikan', 'terdaftar', 'tidak_diregistrasi', 'diteruskan', 'tindak_lanjut', 'ditutup', 'diarsipkan')),
    CONSTRAINT ck_review_event_to_state CHECK (to_state IN ('baru', 'ditinjau', 'dikesampingkan', 'perlu_bukti', 'perlu_atribusi', 'perlu_penelusuran', 'penelusuran', 'klarifikasi', 'kajian', 'diusulkan', 'disetujui', 'dikembalikan', 'terdaftar', 'tidak_diregistrasi', 'diteruskan', 'tindak_lanjut', 'ditutup', 'diarsipkan')),
    CONSTRAINT fk_review_event_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT fk_review_event_undoes_id FOREIGN KEY(undoes_id) REFERENCES review_event (id),
    CONSTRAINT ck_review_event_note_kind CHECK (note_kind IN ('catatan', 'konteks', 'klarifikasi')),
    CONSTRAINT uq_review_event_prev_hash UNIQUE (prev_hash),
    CONSTRAINT uq_review_event_hash UNIQUE (hash)
);

COMMENT ON TABLE review_event IS 'Everything that was decided; append-only and hash-chained.';

COMMENT ON COLUMN review_event.id IS 'Surrogate key.';

COMMENT ON COLUMN review_event.case_id IS 'The case.';

COMMENT ON COLUMN review_event.case_version IS 'Version of the case after the event.';

COMMENT ON COLUMN review_event.kind IS 'What happened.';

COMMENT ON COLUMN review_event.from_state IS 'State before; NULL for the first.';

COMMENT ON COLUMN review_event.to_state IS 'State after.';

COMMENT ON COLUMN review_event.reason IS 'Reason code.';

COMMENT ON COLUMN review_event.actor IS 'User name, or the program.';

COMMENT ON COLUMN review_event.user_id IS 'The user, when one acted.';

COMMENT ON COLUMN review_event.undoes_id IS 'Event that this one undoes.';

COMMENT ON COLUMN review_event.detail IS 'Further facts as canonical JSON text; no personal payload.';

COMMENT ON COLUMN review_event.note_hash IS 'Hash of the note in the side row.';

COMMENT ON COLUMN review_event.note_kind IS 'What the note is.';

COMMENT ON COLUMN review_event.at IS 'When.';

COMMENT ON COLUMN review_event.prev_hash IS 'Hash of the event before, of all cases; zeros for the first.';

COMMENT ON COLUMN review_event.hash IS 'Hash of this event and the one before.';

CREATE TABLE rule_hit (
    id BIGSERIAL NOT NULL,
    interaction_id BIGINT NOT NULL,
    judgement_id BIGINT NOT NULL,
    asn_id BIGINT NOT NULL,
    rule_id VARCHAR(128) NOT NULL,
    rule_version INTEGER NOT NULL,
    mode VARCHAR(16) NOT NULL,
    level VARCHAR(16) NOT NULL,
    candidate_id BIGINT NOT NULL,
    contest_id BIGINT NOT NULL,
    law VARCHAR(64) NOT NULL,
    law_row VARCHAR(16) NOT NULL,
    law_rank INTEGER NOT NULL,
    stage VARCHAR(16) NOT NULL,
    stage_straddled BOOLEAN NOT NULL,
    candidate_status VARCHAR(16) NOT NULL,
    tier VARCHAR(16) NOT NULL,
    explanation TEXT,
    spans JSONB,
    counter_signals JSONB,
    trace JSONB,
    active BOOLEAN NOT NULL,
    suppression_id BIGINT,
    first_judged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_rule_hit PRIMARY KEY (id),
    CONSTRAINT uq_rule_hit_once UNIQUE (interaction_id, asn_id, rule_id, rule_version, candidate_id, law, law_row, stage),
    CONSTRAINT fk_rule_hit_interaction_id FOREIGN KEY(interaction_id) REFERENCES interaction (id),
    CONSTRAINT fk_rule_hit_judgement_id FOREIGN KEY(judgement_id) REFERENCES judgement (id),
    CONSTRAINT fk_rule_hit_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT ck_rule_hit_mode CHECK (mode IN ('draft', 'shadow', 'active', 'retired')),
    CONSTRAINT ck_rule_hit_level CHECK (level IN ('rendah', 'menengah', 'tinggi')),
    CONSTRAINT fk_rule_hit_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT fk_rule_hit_contest_id FOREIGN KEY(contest_id) REFERENCES contest (id),
    CONSTRAINT ck_rule_hit_stage CHECK (stage IN ('pra_penetapan', 'penetapan', 'kampanye', 'masa_tenang', 'pemungutan', 'pasca')),
    CONSTRAINT ck_rule_hit_candidate_status CHECK (candidate_status IN ('bakal_calon', 'calon', 'gugur')),
    CONSTRAINT ck_rule_hit_tier CHECK (tier IN ('kuat', 'sedang', 'lemah', 'pendukung')),
    CONSTRAINT fk_rule_hit_suppression_id FOREIGN KEY(suppression_id) REFERENCES suppression (id)
);

CREATE INDEX ix_rule_hit_active ON rule_hit (id) WHERE active;

CREATE INDEX ix_rule_hit_asn_id ON rule_hit (asn_id);

CREATE INDEX ix_rule_hit_candidate_id ON rule_hit (candidate_id);

CREATE INDEX ix_rule_hit_judgement_id ON rule_hit (judgement_id);

CREATE INDEX ix_rule_hit_suppression_id ON rule_hit (suppression_id);

COMMENT ON TABLE rule_hit IS 'Rules met by acts.';

COMMENT ON COLUMN rule_hit.id IS 'Surrogate key.';

COMMENT ON COLUMN rule_hit.interaction_id IS 'The act.';

COMMENT ON COLUMN rule_hit.judgement_id IS 'The judgement that last gave it.';

COMMENT ON COLUMN rule_hit.asn_id IS 'The person the act is attributed to.';

COMMENT ON COLUMN rule_hit.rule_id IS 'Name of the rule.';

COMMENT ON COLUMN rule_hit.rule_version IS 'Version of the rule.';

COMMENT ON COLUMN rule_hit.mode IS 'active or shadow; only active hits open cases.';

COMMENT ON COLUMN rule_hit.level IS 'Order of attention.';

COMMENT ON COLUMN rule_hit.candidate_id IS 'The pair.';

COMMENT ON COLUMN rule_hit.contest_id IS 'The contest.';

COMMENT ON COLUMN rule_hit.law IS 'Law profile.';

COMMENT ON COLUMN rule_hit.law_row IS 'Row of the profile.';

COMMENT ON COLUMN rule_hit.law_rank IS 'Rank of the row in the profile.';

COMMENT ON COLUMN rule_hit.stage IS 'Stage at the time of the act.';

COMMENT ON COLUMN rule_hit.stage_straddled IS 'Whether the time bracket crosses a stage edge.';

COMMENT ON COLUMN rule_hit.candidate_status IS 'Status of the pair at the time of the act.';

COMMENT ON COLUMN rule_hit.tier IS 'How sure the mention is.';

COMMENT ON COLUMN rule_hit.explanation IS 'Why, in one Indonesian sentence; NULL when purged.';

COMMENT ON COLUMN rule_hit.spans IS 'Stretches of text it rests on; NULL when purged.';

COMMENT ON COLUMN rule_hit.counter_signals IS 'What speaks against it.';

COMMENT ON COLUMN rule_hit.trace IS 'How each condition was evaluated; NULL when purged.';

COMMENT ON COLUMN rule_hit.active IS 'Whether the current judgement still gives it.';

COMMENT ON COLUMN rule_hit.suppression_id IS 'Suppression that hides it.';

COMMENT ON COLUMN rule_hit.first_judged_at IS 'When it was first given.';

COMMENT ON COLUMN rule_hit.changed_at IS 'When it last appeared or disappeared.';

CREATE TABLE second_review (
    id BIGSERIAL NOT NULL,
    case_id BIGINT NOT NULL,
    kind VARCHAR(32) NOT NULL,
    proposed_by BIGINT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    proposed_state VARCHAR(18) NOT NULL,
    approved_by BIGINT,
    approved_at TIMESTAMP WITH TIME ZONE,
    decided_state VARCHAR(18),
    reason VARCHAR(64),
    CONSTRAINT pk_second_review PRIMARY KEY (id),
    CONSTRAINT ck_second_review_two_people CHECK (proposed_by IS NULL OR approved_by IS NULL OR proposed_by <> approved_by),
    CONSTRAINT fk_second_review_case_id FOREIGN KEY(case_id) REFERENCES review_case (id),
    CONSTRAINT ck_second_review_kind CHECK (kind IN ('four_eyes', 'blind')),
    CONSTRAINT fk_second_review_proposed_by FOREIGN KEY(proposed_by) REFERENCES app_user (id),
    CONSTRAINT ck_second_review_proposed_state CHECK (proposed_state IN ('baru', 'ditinjau', 'dikesampingkan', 'perlu_bukti', 'perlu_atribusi', 'perlu_penelusuran', 'penelusuran', 'klarifikasi', 'kajian', 'diusulkan', 'disetujui', 'dikembalikan', 'terdaftar', 'tidak_diregistrasi', 'diteruskan', 'tindak_lanjut', 'ditutup', 'diarsipkan')),
    CONSTRAINT fk_second_review_approved_by FOREIGN KEY(approved_by) REFERENCES app_user (id),
    CONSTRAINT ck_second_review_decided_state CHECK (decided_state IN ('baru', 'ditinjau', 'dikesampingkan', 'perlu_bukti', 'perlu_atribusi', 'perlu_penelusuran', 'penelusuran', 'klarifikasi', 'kajian', 'diusulkan', 'disetujui', 'dikembalikan', 'terdaftar', 'tidak_diregistrasi', 'diteruskan', 'tindak_lanjut', 'ditutup', 'diarsipkan'))
);

CREATE INDEX ix_second_review_case_id ON second_review (case_id);

COMMENT ON TABLE second_review IS 'Second looks.';

COMMENT ON COLUMN second_review.id IS 'Surrogate key.';

COMMENT ON COLUMN second_review.case_id IS 'The case.';

COMMENT ON COLUMN second_review.kind IS 'Approval for hand-over, or a sampled blind second look.';

COMMENT ON COLUMN second_review.proposed_by IS 'User who decided first.';

COMMENT ON COLUMN second_review.proposed_at IS 'When.';

COMMENT ON COLUMN second_review.proposed_state IS 'State that was proposed.';

COMMENT ON COLUMN second_review.approved_by IS 'Second user.';

COMMENT ON COLUMN second_review.approved_at IS 'When the second user decided.';

COMMENT ON COLUMN second_review.decided_state IS 'State the second user chose.';

COMMENT ON COLUMN second_review.reason IS 'Reason code of the second user.';

CREATE TABLE case_hit (
    hit_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_case_hit PRIMARY KEY (hit_id),
    CONSTRAINT fk_case_hit_hit_id FOREIGN KEY(hit_id) REFERENCES rule_hit (id),
    CONSTRAINT fk_case_hit_case_id FOREIGN KEY(case_id) REFERENCES review_case (id)
);

CREATE INDEX ix_case_hit_case_id ON case_hit (case_id);

COMMENT ON TABLE case_hit IS 'Which hits a case holds.';

COMMENT ON COLUMN case_hit.hit_id IS 'The hit; in one case only.';

COMMENT ON COLUMN case_hit.case_id IS 'The case.';

COMMENT ON COLUMN case_hit.joined_at IS 'When it joined.';

CREATE TABLE hit_verdict (
    id BIGSERIAL NOT NULL,
    hit_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    verdict VARCHAR(32) NOT NULL,
    reason VARCHAR(64),
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_hit_verdict PRIMARY KEY (id),
    CONSTRAINT fk_hit_verdict_hit_id FOREIGN KEY(hit_id) REFERENCES rule_hit (id),
    CONSTRAINT fk_hit_verdict_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT ck_hit_verdict_verdict CHECK (verdict IN ('tepat', 'keliru', 'ragu'))
);

CREATE INDEX ix_hit_verdict_hit_id ON hit_verdict (hit_id);

COMMENT ON TABLE hit_verdict IS 'What reviewers say of single hits; the latest per user counts.';

COMMENT ON COLUMN hit_verdict.id IS 'Surrogate key.';

COMMENT ON COLUMN hit_verdict.hit_id IS 'The hit.';

COMMENT ON COLUMN hit_verdict.user_id IS 'Who judged it.';

COMMENT ON COLUMN hit_verdict.verdict IS 'Whether the rule was right.';

COMMENT ON COLUMN hit_verdict.reason IS 'Reason code.';

COMMENT ON COLUMN hit_verdict.at IS 'When.';

CREATE TABLE review_event_note (
    event_id BIGINT NOT NULL,
    note TEXT,
    purged_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_review_event_note PRIMARY KEY (event_id),
    CONSTRAINT fk_review_event_note_event_id FOREIGN KEY(event_id) REFERENCES review_event (id)
);

COMMENT ON TABLE review_event_note IS 'Notes of events; retention empties them, the hash stays.';

COMMENT ON COLUMN review_event_note.event_id IS 'The event.';

COMMENT ON COLUMN review_event_note.note IS 'What the person wrote; NULL when purged.';

COMMENT ON COLUMN review_event_note.purged_at IS 'When retention emptied it.';

CREATE FUNCTION pantau_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_TABLE_NAME || ' is append-only';
END
$$;

CREATE TRIGGER review_event_no_update BEFORE UPDATE ON review_event
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER review_event_no_delete BEFORE DELETE ON review_event
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER review_event_no_truncate BEFORE TRUNCATE ON review_event
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER item_version_no_update BEFORE UPDATE ON item_version
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER item_version_no_delete BEFORE DELETE ON item_version
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER item_version_no_truncate BEFORE TRUNCATE ON item_version
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER evidence_file_no_update BEFORE UPDATE ON evidence_file
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER evidence_file_no_delete BEFORE DELETE ON evidence_file
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER evidence_file_no_truncate BEFORE TRUNCATE ON evidence_file
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER evidence_manifest_no_update BEFORE UPDATE ON evidence_manifest
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER evidence_manifest_no_delete BEFORE DELETE ON evidence_manifest
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER evidence_manifest_no_truncate BEFORE TRUNCATE ON evidence_manifest
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER retention_event_no_update BEFORE UPDATE ON retention_event
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER retention_event_no_delete BEFORE DELETE ON retention_event
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER retention_event_no_truncate BEFORE TRUNCATE ON retention_event
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER source_policy_no_update BEFORE UPDATE ON source_policy
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER source_policy_no_delete BEFORE DELETE ON source_policy
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER source_policy_no_truncate BEFORE TRUNCATE ON source_policy
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER hit_verdict_no_update BEFORE UPDATE ON hit_verdict
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER hit_verdict_no_delete BEFORE DELETE ON hit_verdict
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER hit_verdict_no_truncate BEFORE TRUNCATE ON hit_verdict
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER ruleset_no_update BEFORE UPDATE ON ruleset
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER ruleset_no_delete BEFORE DELETE ON ruleset
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER ruleset_no_truncate BEFORE TRUNCATE ON ruleset
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER rule_version_no_update BEFORE UPDATE ON rule_version
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER rule_version_no_delete BEFORE DELETE ON rule_version
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER rule_version_no_truncate BEFORE TRUNCATE ON rule_version
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER law_profile_no_update BEFORE UPDATE ON law_profile
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER law_profile_no_delete BEFORE DELETE ON law_profile
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER law_profile_no_truncate BEFORE TRUNCATE ON law_profile
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER capture_no_update BEFORE UPDATE ON capture
FOR EACH ROW
WHEN (NEW.fetched_at >= OLD.fetched_at OR NEW.id IS DISTINCT FROM OLD.id OR NEW.source IS DISTINCT FROM OLD.source OR NEW.url_hash IS DISTINCT FROM OLD.url_hash OR NEW.sha256 IS DISTINCT FROM OLD.sha256) EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER capture_no_delete BEFORE DELETE ON capture
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER capture_no_truncate BEFORE TRUNCATE ON capture
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();
