CREATE TABLE account (
    id INTEGER NOT NULL,
    platform VARCHAR(32) NOT NULL,
    platform_user_id TEXT NOT NULL,
    handle TEXT,
    handle_key TEXT,
    resolved_at DATETIME,
    created_at DATETIME NOT NULL,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT uq_account_platform_platform_user_id UNIQUE (platform, platform_user_id)
);

CREATE INDEX ix_account_handle ON account (platform, handle_key);

CREATE INDEX ix_account_unresolved ON account (platform, id) WHERE resolved_at IS NULL;

CREATE TABLE app_user (
    id INTEGER NOT NULL,
    name VARCHAR(64) NOT NULL,
    display_name TEXT NOT NULL,
    agency TEXT NOT NULL,
    email TEXT,
    password_hash TEXT NOT NULL,
    totp_sealed BLOB,
    totp_confirmed_at DATETIME,
    failed_sign_ins INTEGER NOT NULL,
    locked_until DATETIME,
    disabled_at DATETIME,
    created_at DATETIME NOT NULL,
    CONSTRAINT pk_app_user PRIMARY KEY (id),
    CONSTRAINT uq_app_user_name UNIQUE (name)
);

CREATE TABLE audit_log (
    id INTEGER NOT NULL,
    at DATETIME NOT NULL,
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

CREATE TABLE budget_ledger (
    source VARCHAR(32) NOT NULL,
    day DATE NOT NULL,
    requests BIGINT NOT NULL,
    CONSTRAINT pk_budget_ledger PRIMARY KEY (source, day)
);

CREATE TABLE checkpoint (
    source VARCHAR(32) NOT NULL,
    direction VARCHAR(16) NOT NULL,
    target TEXT NOT NULL,
    "query" VARCHAR(64) NOT NULL,
    mapper VARCHAR(64) NOT NULL,
    frontier TEXT NOT NULL,
    sums TEXT NOT NULL,
    saved_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT pk_checkpoint PRIMARY KEY (source, direction, target),
    CONSTRAINT ck_checkpoint_direction CHECK (direction IN ('candidate', 'subject', 'import'))
);

CREATE INDEX ix_checkpoint_expires_at ON checkpoint (expires_at);

CREATE TABLE election (
    id INTEGER NOT NULL,
    regime VARCHAR(16) NOT NULL,
    year INTEGER NOT NULL,
    CONSTRAINT pk_election PRIMARY KEY (id),
    CONSTRAINT uq_election_regime_year UNIQUE (regime, year),
    CONSTRAINT ck_election_regime CHECK (regime IN ('pilkada', 'pemilu'))
);

CREATE TABLE evidence_file (
    sha256 VARCHAR(64) NOT NULL,
    size BIGINT NOT NULL,
    origin VARCHAR(32) NOT NULL,
    CONSTRAINT pk_evidence_file PRIMARY KEY (sha256),
    CONSTRAINT ck_evidence_file_origin CHECK (origin IN ('program', 'officer'))
);

CREATE TABLE item_look (
    id INTEGER NOT NULL,
    platform VARCHAR(32) NOT NULL,
    platform_item_id TEXT NOT NULL,
    verb VARCHAR(16) NOT NULL,
    started_at DATETIME NOT NULL,
    finished_at DATETIME NOT NULL,
    end_kind VARCHAR(16) NOT NULL,
    reported BIGINT,
    collected BIGINT NOT NULL,
    registered BIGINT NOT NULL,
    CONSTRAINT pk_item_look PRIMARY KEY (id),
    CONSTRAINT uq_item_look_listing UNIQUE (platform_item_id, verb, started_at, finished_at, platform),
    CONSTRAINT ck_item_look_verb CHECK (verb IN ('post', 'share', 'like', 'comment', 'follow', 'tag')),
    CONSTRAINT ck_item_look_end_kind CHECK (end_kind IN ('exhausted', 'window_reached', 'cap_reached', 'suspicious_empty', 'blocked'))
);

CREATE TABLE jurisdiction (
    code VARCHAR(32) NOT NULL,
    parent_code VARCHAR(32),
    name TEXT NOT NULL,
    timezone VARCHAR(64),
    CONSTRAINT pk_jurisdiction PRIMARY KEY (code)
);

CREATE INDEX ix_jurisdiction_parent_code ON jurisdiction (parent_code);

CREATE TABLE retention_event (
    id INTEGER NOT NULL,
    at DATETIME NOT NULL,
    actor TEXT NOT NULL,
    action VARCHAR(32) NOT NULL,
    subject_kind VARCHAR(32) NOT NULL,
    subject_id VARCHAR(64) NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_retention_event PRIMARY KEY (id),
    CONSTRAINT ck_retention_event_action CHECK (action IN ('purged', 'held', 'released', 'exported'))
);

CREATE INDEX ix_retention_event_subject_id ON retention_event (subject_id);

CREATE TABLE roster_batch (
    id INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    file_name TEXT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    stored_as TEXT NOT NULL,
    imported_by TEXT NOT NULL,
    imported_at DATETIME NOT NULL,
    confirmed_by TEXT,
    confirmed_at DATETIME,
    CONSTRAINT pk_roster_batch PRIMARY KEY (id),
    CONSTRAINT ck_roster_batch_two_people CHECK (imported_by IS NULL OR confirmed_by IS NULL OR imported_by <> confirmed_by),
    CONSTRAINT ck_roster_batch_kind CHECK (kind IN ('asn', 'akun', 'kontes'))
);

CREATE TABLE rule_version (
    id INTEGER NOT NULL,
    rule_id VARCHAR(128) NOT NULL,
    version INTEGER NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    first_used_at DATETIME NOT NULL,
    CONSTRAINT pk_rule_version PRIMARY KEY (id),
    CONSTRAINT uq_rule_version_rule_id_version_content_hash UNIQUE (rule_id, version, content_hash)
);

CREATE TABLE ruleset (
    id INTEGER NOT NULL,
    hash VARCHAR(64) NOT NULL,
    detail JSON NOT NULL,
    created_at DATETIME NOT NULL,
    CONSTRAINT pk_ruleset PRIMARY KEY (id),
    CONSTRAINT uq_ruleset_hash UNIQUE (hash)
);

CREATE TABLE scan_run (
    id INTEGER NOT NULL,
    query_hash VARCHAR(64) NOT NULL,
    started_at DATETIME NOT NULL,
    finished_at DATETIME,
    resumed_at DATETIME,
    ok BOOLEAN,
    summary JSON,
    CONSTRAINT pk_scan_run PRIMARY KEY (id)
);

CREATE INDEX ix_scan_run_finished_at ON scan_run (finished_at);

CREATE INDEX ix_scan_run_query_hash_id ON scan_run (query_hash, id);

CREATE TABLE source_policy (
    id INTEGER NOT NULL,
    source VARCHAR(32) NOT NULL,
    policy_hash VARCHAR(64) NOT NULL,
    policy TEXT NOT NULL,
    noted_at DATETIME NOT NULL,
    CONSTRAINT pk_source_policy PRIMARY KEY (id)
);

CREATE INDEX ix_source_policy_source_id ON source_policy (source, id);

CREATE TABLE account_handle (
    account_id INTEGER NOT NULL,
    handle TEXT NOT NULL,
    first_seen_at DATETIME NOT NULL,
    last_seen_at DATETIME NOT NULL,
    CONSTRAINT pk_account_handle PRIMARY KEY (account_id, handle),
    CONSTRAINT fk_account_handle_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE api_token (
    id INTEGER NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    expires_at DATETIME,
    last_used_at DATETIME,
    revoked_at DATETIME,
    CONSTRAINT pk_api_token PRIMARY KEY (id),
    CONSTRAINT uq_api_token_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_api_token_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_api_token_user_id ON api_token (user_id);

CREATE TABLE asn (
    id INTEGER NOT NULL,
    identifier_kind VARCHAR(16) NOT NULL,
    identifier_sealed BLOB NOT NULL,
    identifier_blind VARCHAR(64) NOT NULL,
    identifier_masked VARCHAR(64) NOT NULL,
    name TEXT NOT NULL,
    employment VARCHAR(16) NOT NULL,
    agency TEXT NOT NULL,
    position TEXT NOT NULL,
    jurisdiction VARCHAR(32) NOT NULL,
    note TEXT NOT NULL,
    batch_id INTEGER NOT NULL,
    created_at DATETIME NOT NULL,
    changed_at DATETIME NOT NULL,
    CONSTRAINT pk_asn PRIMARY KEY (id),
    CONSTRAINT uq_asn_identifier_kind_identifier_blind UNIQUE (identifier_kind, identifier_blind),
    CONSTRAINT ck_asn_identifier_kind CHECK (identifier_kind IN ('nip', 'nik', 'nrp', 'lainnya')),
    CONSTRAINT ck_asn_employment CHECK (employment IN ('pns', 'pppk', 'pppk_paruh_waktu', 'ppnpn', 'kepala_desa', 'perangkat_desa', 'tni', 'polri', 'institusi')),
    CONSTRAINT fk_asn_batch_id FOREIGN KEY(batch_id) REFERENCES roster_batch (id)
);

CREATE INDEX ix_asn_batch_id ON asn (batch_id);

CREATE INDEX ix_asn_jurisdiction ON asn (jurisdiction);

CREATE INDEX ix_asn_name ON asn (name);

CREATE TABLE audit_detail (
    audit_id INTEGER NOT NULL,
    detail TEXT,
    purged_at DATETIME,
    CONSTRAINT pk_audit_detail PRIMARY KEY (audit_id),
    CONSTRAINT fk_audit_detail_audit_id FOREIGN KEY(audit_id) REFERENCES audit_log (id)
);

CREATE TABLE capture (
    id INTEGER NOT NULL,
    source VARCHAR(32) NOT NULL,
    endpoint VARCHAR(128) NOT NULL,
    url TEXT NOT NULL,
    url_hash VARCHAR(64) NOT NULL,
    final_url TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers JSON NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    size BIGINT NOT NULL,
    fetched_at DATETIME NOT NULL,
    mapper VARCHAR(64) NOT NULL,
    collector TEXT NOT NULL,
    CONSTRAINT pk_capture PRIMARY KEY (id),
    CONSTRAINT uq_capture_source_url_hash_sha256 UNIQUE (source, url_hash, sha256),
    CONSTRAINT fk_capture_sha256 FOREIGN KEY(sha256) REFERENCES evidence_file (sha256)
);

CREATE INDEX ix_capture_sha256 ON capture (sha256);

CREATE TABLE contest (
    id INTEGER NOT NULL,
    election_id INTEGER NOT NULL,
    name VARCHAR(255) NOT NULL,
    region VARCHAR(32) NOT NULL,
    office VARCHAR(16) NOT NULL,
    regime VARCHAR(16) NOT NULL,
    law VARCHAR(64),
    batch_id INTEGER NOT NULL,
    created_at DATETIME NOT NULL,
    changed_at DATETIME NOT NULL,
    CONSTRAINT pk_contest PRIMARY KEY (id),
    CONSTRAINT uq_contest_name_region_office UNIQUE (name, region, office),
    CONSTRAINT fk_contest_election_id FOREIGN KEY(election_id) REFERENCES election (id),
    CONSTRAINT ck_contest_office CHECK (office IN ('presiden', 'dpr', 'dpd', 'dprd_provinsi', 'dprd_kabkota', 'gubernur', 'bupati', 'wali_kota')),
    CONSTRAINT ck_contest_regime CHECK (regime IN ('pilkada', 'pemilu')),
    CONSTRAINT fk_contest_batch_id FOREIGN KEY(batch_id) REFERENCES roster_batch (id)
);

CREATE INDEX ix_contest_batch_id ON contest (batch_id);

CREATE INDEX ix_contest_election_id ON contest (election_id);

CREATE TABLE item (
    id INTEGER NOT NULL,
    platform VARCHAR(32) NOT NULL,
    platform_item_id TEXT NOT NULL,
    author_account_id INTEGER,
    kind VARCHAR(16) NOT NULL,
    url TEXT NOT NULL,
    published_at DATETIME,
    published_lo DATETIME,
    published_hi DATETIME,
    parent_id TEXT,
    parent_account_id INTEGER,
    root_id TEXT,
    root_account_id INTEGER,
    quoted_id TEXT,
    quoted_account_id INTEGER,
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

CREATE TABLE law_profile (
    ruleset_id INTEGER NOT NULL,
    profile VARCHAR(64) NOT NULL,
    title TEXT NOT NULL,
    content JSON NOT NULL,
    CONSTRAINT pk_law_profile PRIMARY KEY (ruleset_id, profile),
    CONSTRAINT fk_law_profile_ruleset_id FOREIGN KEY(ruleset_id) REFERENCES ruleset (id)
);

CREATE TABLE notification (
    id INTEGER NOT NULL,
    user_id INTEGER,
    channel VARCHAR(32) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    subject TEXT NOT NULL,
    body TEXT,
    created_at DATETIME NOT NULL,
    sent_at DATETIME,
    error TEXT,
    CONSTRAINT pk_notification PRIMARY KEY (id),
    CONSTRAINT fk_notification_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT ck_notification_channel CHECK (channel IN ('mail', 'webhook', 'console'))
);

CREATE INDEX ix_notification_user_id ON notification (user_id);

CREATE TABLE report_run (
    id INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    jurisdiction VARCHAR(32) NOT NULL,
    parameters JSON NOT NULL,
    as_of INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    user_id INTEGER,
    created_at DATETIME NOT NULL,
    CONSTRAINT pk_report_run PRIMARY KEY (id),
    CONSTRAINT fk_report_run_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_report_run_sha256 ON report_run (sha256);

CREATE INDEX ix_report_run_user_id ON report_run (user_id);

CREATE TABLE role_grant (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    role VARCHAR(16) NOT NULL,
    jurisdiction VARCHAR(32) NOT NULL,
    granted_by INTEGER,
    granted_at DATETIME NOT NULL,
    revoked_at DATETIME,
    CONSTRAINT pk_role_grant PRIMARY KEY (id),
    CONSTRAINT fk_role_grant_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT ck_role_grant_role CHECK (role IN ('admin', 'pengawas', 'koordinator', 'analis', 'auditor', 'dpo')),
    CONSTRAINT fk_role_grant_granted_by FOREIGN KEY(granted_by) REFERENCES app_user (id)
);

CREATE INDEX ix_role_grant_user_id ON role_grant (user_id);

CREATE UNIQUE INDEX uq_role_grant_live ON role_grant (user_id, role, jurisdiction) WHERE revoked_at IS NULL;

CREATE TABLE rule_activation (
    id INTEGER NOT NULL,
    rule_id VARCHAR(128) NOT NULL,
    rule_version INTEGER NOT NULL,
    status VARCHAR(16) NOT NULL,
    reason TEXT NOT NULL,
    proposed_by INTEGER NOT NULL,
    proposed_at DATETIME NOT NULL,
    approved_by INTEGER,
    approved_at DATETIME,
    CONSTRAINT pk_rule_activation PRIMARY KEY (id),
    CONSTRAINT ck_rule_activation_two_people CHECK (proposed_by IS NULL OR approved_by IS NULL OR proposed_by <> approved_by),
    CONSTRAINT ck_rule_activation_status CHECK (status IN ('draft', 'shadow', 'active', 'retired')),
    CONSTRAINT fk_rule_activation_proposed_by FOREIGN KEY(proposed_by) REFERENCES app_user (id),
    CONSTRAINT fk_rule_activation_approved_by FOREIGN KEY(approved_by) REFERENCES app_user (id)
);

CREATE INDEX ix_rule_activation_rule_id ON rule_activation (rule_id);

CREATE TABLE ruleset_rule (
    ruleset_id INTEGER NOT NULL,
    rule_version_id INTEGER NOT NULL,
    status VARCHAR(16) NOT NULL,
    CONSTRAINT pk_ruleset_rule PRIMARY KEY (ruleset_id, rule_version_id),
    CONSTRAINT fk_ruleset_rule_ruleset_id FOREIGN KEY(ruleset_id) REFERENCES ruleset (id),
    CONSTRAINT fk_ruleset_rule_rule_version_id FOREIGN KEY(rule_version_id) REFERENCES rule_version (id),
    CONSTRAINT ck_ruleset_rule_status CHECK (status IN ('draft', 'shadow', 'active', 'retired'))
);

CREATE INDEX ix_ruleset_rule_rule_version_id ON ruleset_rule (rule_version_id);

CREATE TABLE saved_view (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    name VARCHAR(128) NOT NULL,
    "query" JSON NOT NULL,
    created_at DATETIME NOT NULL,
    CONSTRAINT pk_saved_view PRIMARY KEY (id),
    CONSTRAINT uq_saved_view_user_id_name UNIQUE (user_id, name),
    CONSTRAINT fk_saved_view_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE TABLE scan_issue (
    id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    source VARCHAR(32) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL,
    needs_person BOOLEAN NOT NULL,
    CONSTRAINT pk_scan_issue PRIMARY KEY (id),
    CONSTRAINT fk_scan_issue_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id)
);

CREATE INDEX ix_scan_issue_run_id ON scan_issue (run_id);

CREATE TABLE session (
    id INTEGER NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    user_id INTEGER NOT NULL,
    csrf VARCHAR(64) NOT NULL,
    created_at DATETIME NOT NULL,
    last_seen_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    client TEXT NOT NULL,
    second_factor_at DATETIME,
    ended_at DATETIME,
    CONSTRAINT pk_session PRIMARY KEY (id),
    CONSTRAINT uq_session_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_session_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_session_expires_at ON session (expires_at);

CREATE INDEX ix_session_user_id ON session (user_id);

CREATE TABLE source_target (
    id INTEGER NOT NULL,
    source VARCHAR(32) NOT NULL,
    direction VARCHAR(16) NOT NULL,
    account_id INTEGER NOT NULL,
    since DATETIME,
    complete_until DATETIME,
    last_run_at DATETIME,
    last_good_at DATETIME,
    CONSTRAINT pk_source_target PRIMARY KEY (id),
    CONSTRAINT uq_source_target_source_direction_account_id UNIQUE (source, direction, account_id),
    CONSTRAINT ck_source_target_direction CHECK (direction IN ('candidate', 'subject', 'import')),
    CONSTRAINT fk_source_target_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_source_target_account_id ON source_target (account_id);

CREATE TABLE target_run (
    id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    source VARCHAR(32) NOT NULL,
    direction VARCHAR(16) NOT NULL,
    target TEXT NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    requests INTEGER NOT NULL,
    items INTEGER NOT NULL,
    interactions INTEGER NOT NULL,
    bystanders_discarded BIGINT NOT NULL,
    started_at DATETIME,
    finished_at DATETIME,
    CONSTRAINT pk_target_run PRIMARY KEY (id),
    CONSTRAINT uq_target_run_run_id_source_direction_target UNIQUE (run_id, source, direction, target),
    CONSTRAINT fk_target_run_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id),
    CONSTRAINT ck_target_run_direction CHECK (direction IN ('candidate', 'subject', 'import')),
    CONSTRAINT ck_target_run_outcome CHECK (outcome IN ('ok', 'partial', 'empty_confirmed', 'suspicious_empty', 'not_found', 'private', 'login_wall', 'challenge', 'rate_limited', 'quota_spent', 'budget_spent', 'policy_blocked', 'blocked', 'drift', 'network', 'server_error'))
);

CREATE INDEX ix_target_run_source_target_id ON target_run (source, target, id);

CREATE TABLE attribution (
    id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    asn_id INTEGER NOT NULL,
    status VARCHAR(16) NOT NULL,
    method TEXT NOT NULL,
    evidence TEXT NOT NULL,
    valid_from DATE,
    valid_to DATE,
    proposed_by TEXT NOT NULL,
    proposed_at DATETIME NOT NULL,
    verified_by TEXT,
    verified_at DATETIME,
    batch_id INTEGER,
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

CREATE TABLE candidate (
    id INTEGER NOT NULL,
    contest_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    label TEXT NOT NULL,
    removed_at DATETIME,
    CONSTRAINT pk_candidate PRIMARY KEY (id),
    CONSTRAINT uq_candidate_contest_id_number UNIQUE (contest_id, number),
    CONSTRAINT fk_candidate_contest_id FOREIGN KEY(contest_id) REFERENCES contest (id)
);

CREATE TABLE interaction (
    id INTEGER NOT NULL,
    "key" VARCHAR(64) NOT NULL,
    platform VARCHAR(32) NOT NULL,
    actor_account_id INTEGER NOT NULL,
    act VARCHAR(16) NOT NULL,
    target_id TEXT NOT NULL,
    target_author_account_id INTEGER,
    own_item_key TEXT,
    own_item_id INTEGER,
    occurred_at DATETIME,
    bracket_lo DATETIME,
    bracket_hi DATETIME,
    given_lo DATETIME,
    given_hi DATETIME,
    seen_first_at DATETIME NOT NULL,
    seen_last_at DATETIME NOT NULL,
    withdrawn_seen_at DATETIME,
    dirty BOOLEAN NOT NULL,
    CONSTRAINT pk_interaction PRIMARY KEY (id),
    CONSTRAINT ck_interaction_timed CHECK (occurred_at IS NOT NULL OR bracket_hi IS NOT NULL),
    CONSTRAINT uq_interaction_key UNIQUE ("key"),
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

CREATE TABLE item_capture (
    item_id INTEGER NOT NULL,
    capture_id INTEGER NOT NULL,
    pointer TEXT NOT NULL,
    CONSTRAINT pk_item_capture PRIMARY KEY (item_id, capture_id),
    CONSTRAINT fk_item_capture_item_id FOREIGN KEY(item_id) REFERENCES item (id),
    CONSTRAINT fk_item_capture_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id)
);

CREATE INDEX ix_item_capture_capture_id ON item_capture (capture_id);

CREATE TABLE item_version (
    id INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    edited_at DATETIME,
    CONSTRAINT pk_item_version PRIMARY KEY (id),
    CONSTRAINT uq_item_version_item_id_content_hash UNIQUE (item_id, content_hash),
    CONSTRAINT fk_item_version_item_id FOREIGN KEY(item_id) REFERENCES item (id)
);

CREATE TABLE neutral_account (
    contest_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    kind VARCHAR(16) NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT pk_neutral_account PRIMARY KEY (contest_id, account_id),
    CONSTRAINT ck_neutral_account_neutral CHECK (kind IN ('election_body', 'news', 'government')),
    CONSTRAINT fk_neutral_account_contest_id FOREIGN KEY(contest_id) REFERENCES contest (id),
    CONSTRAINT fk_neutral_account_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT ck_neutral_account_kind CHECK (kind IN ('asn', 'registered', 'personal', 'party', 'volunteer', 'media', 'election_body', 'news', 'government'))
);

CREATE INDEX ix_neutral_account_account_id ON neutral_account (account_id);

CREATE TABLE stage (
    contest_id INTEGER NOT NULL,
    kind VARCHAR(16) NOT NULL,
    starts_at DATETIME NOT NULL,
    CONSTRAINT pk_stage PRIMARY KEY (contest_id, kind),
    CONSTRAINT fk_stage_contest_id FOREIGN KEY(contest_id) REFERENCES contest (id),
    CONSTRAINT ck_stage_kind CHECK (kind IN ('pra_penetapan', 'penetapan', 'kampanye', 'masa_tenang', 'pemungutan', 'pasca'))
);

CREATE TABLE target_coverage (
    target_run_id INTEGER NOT NULL,
    act VARCHAR(16) NOT NULL,
    coverage VARCHAR(19) NOT NULL,
    CONSTRAINT pk_target_coverage PRIMARY KEY (target_run_id, act),
    CONSTRAINT fk_target_coverage_target_run_id FOREIGN KEY(target_run_id) REFERENCES target_run (id),
    CONSTRAINT ck_target_coverage_act CHECK (act IN ('post', 'share', 'like', 'comment', 'follow', 'tag')),
    CONSTRAINT ck_target_coverage_coverage CHECK (coverage IN ('observed', 'partial', 'not_public', 'login_wall', 'blocked', 'failed', 'not_attempted', 'budget', 'before_registration'))
);

CREATE TABLE candidate_account (
    candidate_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    kind VARCHAR(16) NOT NULL,
    ground TEXT NOT NULL,
    position INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    proposed_by TEXT NOT NULL,
    confirmed_by TEXT,
    confirmed_at DATETIME,
    CONSTRAINT pk_candidate_account PRIMARY KEY (candidate_id, account_id),
    CONSTRAINT ck_candidate_account_two_people CHECK (proposed_by IS NULL OR confirmed_by IS NULL OR proposed_by <> confirmed_by),
    CONSTRAINT fk_candidate_account_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT fk_candidate_account_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT ck_candidate_account_kind CHECK (kind IN ('asn', 'registered', 'personal', 'party', 'volunteer', 'media', 'election_body', 'news', 'government')),
    CONSTRAINT fk_candidate_account_batch_id FOREIGN KEY(batch_id) REFERENCES roster_batch (id)
);

CREATE INDEX ix_candidate_account_account_id ON candidate_account (account_id);

CREATE INDEX ix_candidate_account_batch_id ON candidate_account (batch_id);

CREATE TABLE candidate_person (
    id INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL,
    role VARCHAR(16) NOT NULL,
    official_name TEXT NOT NULL,
    CONSTRAINT pk_candidate_person PRIMARY KEY (id),
    CONSTRAINT uq_candidate_person_candidate_id_role UNIQUE (candidate_id, role),
    CONSTRAINT fk_candidate_person_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT ck_candidate_person_role CHECK (role IN ('utama', 'wakil'))
);

CREATE TABLE candidate_status (
    candidate_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    status VARCHAR(16) NOT NULL,
    starts_at DATETIME,
    CONSTRAINT pk_candidate_status PRIMARY KEY (candidate_id, position),
    CONSTRAINT fk_candidate_status_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT ck_candidate_status_status CHECK (status IN ('bakal_calon', 'calon', 'gugur'))
);

CREATE TABLE interaction_capture (
    interaction_id INTEGER NOT NULL,
    capture_id INTEGER NOT NULL,
    pointer TEXT NOT NULL,
    CONSTRAINT pk_interaction_capture PRIMARY KEY (interaction_id, capture_id),
    CONSTRAINT fk_interaction_capture_interaction_id FOREIGN KEY(interaction_id) REFERENCES interaction (id),
    CONSTRAINT fk_interaction_capture_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id)
);

CREATE INDEX ix_interaction_capture_capture_id ON interaction_capture (capture_id);

CREATE TABLE item_text (
    version_id INTEGER NOT NULL,
    text TEXT,
    links JSON,
    hashtags JSON,
    alt_texts JSON,
    mentioned JSON,
    lang VARCHAR(35),
    seen_first_at DATETIME,
    seen_last_at DATETIME,
    purged_at DATETIME,
    CONSTRAINT pk_item_text PRIMARY KEY (version_id),
    CONSTRAINT fk_item_text_version_id FOREIGN KEY(version_id) REFERENCES item_version (id)
);

CREATE TABLE judgement (
    id INTEGER NOT NULL,
    interaction_id INTEGER NOT NULL,
    ruleset_id INTEGER NOT NULL,
    result_hash VARCHAR(64) NOT NULL,
    outcome VARCHAR(16) NOT NULL,
    current BOOLEAN NOT NULL,
    near_misses JSON,
    not_evaluable JSON,
    errors JSON,
    judged_at DATETIME NOT NULL,
    CONSTRAINT pk_judgement PRIMARY KEY (id),
    CONSTRAINT uq_judgement_interaction_id_ruleset_id_result_hash UNIQUE (interaction_id, ruleset_id, result_hash),
    CONSTRAINT fk_judgement_interaction_id FOREIGN KEY(interaction_id) REFERENCES interaction (id),
    CONSTRAINT fk_judgement_ruleset_id FOREIGN KEY(ruleset_id) REFERENCES ruleset (id),
    CONSTRAINT ck_judgement_outcome CHECK (outcome IN ('hit', 'error', 'not_evaluable', 'miss'))
);

CREATE INDEX ix_judgement_current_outcome ON judgement (outcome, id) WHERE current;

CREATE INDEX ix_judgement_ruleset_id ON judgement (ruleset_id);

CREATE UNIQUE INDEX uq_judgement_current ON judgement (interaction_id) WHERE current;

CREATE TABLE register_change (
    id INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    reason VARCHAR(32) NOT NULL,
    account_id INTEGER,
    asn_id INTEGER,
    contest_id INTEGER,
    candidate_id INTEGER,
    created_at DATETIME NOT NULL,
    done_at DATETIME,
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

CREATE TABLE review_case (
    id INTEGER NOT NULL,
    asn_id INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL,
    contest_id INTEGER NOT NULL,
    law VARCHAR(64) NOT NULL,
    law_row VARCHAR(16) NOT NULL,
    stage VARCHAR(16) NOT NULL,
    stage_straddled BOOLEAN NOT NULL,
    state VARCHAR(18) NOT NULL,
    why VARCHAR(16) NOT NULL,
    version INTEGER NOT NULL,
    priority FLOAT NOT NULL,
    priority_parts JSON,
    due_at DATETIME,
    jurisdiction VARCHAR(32) NOT NULL,
    queue VARCHAR(32),
    hit_count INTEGER NOT NULL,
    first_seen_at DATETIME NOT NULL,
    last_hit_at DATETIME NOT NULL,
    first_opened_at DATETIME,
    known_at DATETIME,
    known_by INTEGER,
    linked_case_id INTEGER,
    created_at DATETIME NOT NULL,
    changed_at DATETIME NOT NULL,
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

CREATE TABLE suppression (
    id INTEGER NOT NULL,
    rule_id VARCHAR(128),
    asn_id INTEGER,
    candidate_id INTEGER,
    reason TEXT NOT NULL,
    proposed_by INTEGER NOT NULL,
    proposed_at DATETIME NOT NULL,
    approved_by INTEGER,
    approved_at DATETIME,
    expires_at DATETIME NOT NULL,
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

CREATE TABLE alias (
    id INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL,
    candidate_person_id INTEGER,
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

CREATE TABLE case_link (
    first_case_id INTEGER NOT NULL,
    second_case_id INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    linked_at DATETIME NOT NULL,
    CONSTRAINT pk_case_link PRIMARY KEY (first_case_id, second_case_id),
    CONSTRAINT ck_case_link_ordered CHECK (first_case_id < second_case_id),
    CONSTRAINT fk_case_link_first_case_id FOREIGN KEY(first_case_id) REFERENCES review_case (id),
    CONSTRAINT fk_case_link_second_case_id FOREIGN KEY(second_case_id) REFERENCES review_case (id),
    CONSTRAINT ck_case_link_kind CHECK (kind IN ('same_act', 'follows'))
);

CREATE INDEX ix_case_link_second_case_id ON case_link (second_case_id);

CREATE TABLE evidence_manifest (
    id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    body TEXT NOT NULL,
    prev_hash VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    timestamp_token BLOB,
    created_at DATETIME NOT NULL,
    CONSTRAINT pk_evidence_manifest PRIMARY KEY (id),
    CONSTRAINT uq_evidence_manifest_case_id_sequence UNIQUE (case_id, sequence),
    CONSTRAINT fk_evidence_manifest_case_id FOREIGN KEY(case_id) REFERENCES review_case (id),
    CONSTRAINT uq_evidence_manifest_hash UNIQUE (hash)
);

CREATE TABLE lease (
    case_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    taken_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT pk_lease PRIMARY KEY (case_id),
    CONSTRAINT fk_lease_case_id FOREIGN KEY(case_id) REFERENCES review_case (id),
    CONSTRAINT fk_lease_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_lease_user_id ON lease (user_id);

CREATE TABLE review_event (
    id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    case_version INTEGER NOT NULL,
    kind VARCHAR(16) NOT NULL,
    from_state VARCHAR(18),
    to_state VARCHAR(18) NOT NULL,
    reason VARCHAR(64),
    actor TEXT NOT NULL,
    user_id INTEGER,
    undoes_id INTEGER,
    detail TEXT NOT NULL,
    note_hash VARCHAR(64),
    note_kind VARCHAR(16),
    at DATETIME NOT NULL,
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

CREATE TABLE rule_hit (
    id INTEGER NOT NULL,
    interaction_id INTEGER NOT NULL,
    judgement_id INTEGER NOT NULL,
    asn_id INTEGER NOT NULL,
    rule_id VARCHAR(128) NOT NULL,
    rule_version INTEGER NOT NULL,
    mode VARCHAR(16) NOT NULL,
    level VARCHAR(16) NOT NULL,
    candidate_id INTEGER NOT NULL,
    contest_id INTEGER NOT NULL,
    law VARCHAR(64) NOT NULL,
    law_row VARCHAR(16) NOT NULL,
    law_rank INTEGER NOT NULL,
    stage VARCHAR(16) NOT NULL,
    stage_straddled BOOLEAN NOT NULL,
    candidate_status VARCHAR(16) NOT NULL,
    tier VARCHAR(16) NOT NULL,
    explanation TEXT,
    spans JSON,
    counter_signals JSON,
    trace JSON,
    active BOOLEAN NOT NULL,
    suppression_id INTEGER,
    first_judged_at DATETIME NOT NULL,
    changed_at DATETIME NOT NULL,
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

CREATE TABLE second_review (
    id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    proposed_by INTEGER NOT NULL,
    proposed_at DATETIME NOT NULL,
    proposed_state VARCHAR(18) NOT NULL,
    approved_by INTEGER,
    approved_at DATETIME,
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

CREATE TABLE case_hit (
    hit_id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    joined_at DATETIME NOT NULL,
    CONSTRAINT pk_case_hit PRIMARY KEY (hit_id),
    CONSTRAINT fk_case_hit_hit_id FOREIGN KEY(hit_id) REFERENCES rule_hit (id),
    CONSTRAINT fk_case_hit_case_id FOREIGN KEY(case_id) REFERENCES review_case (id)
);

CREATE INDEX ix_case_hit_case_id ON case_hit (case_id);

CREATE TABLE hit_verdict (
    id INTEGER NOT NULL,
    hit_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    verdict VARCHAR(32) NOT NULL,
    reason VARCHAR(64),
    at DATETIME NOT NULL,
    CONSTRAINT pk_hit_verdict PRIMARY KEY (id),
    CONSTRAINT fk_hit_verdict_hit_id FOREIGN KEY(hit_id) REFERENCES rule_hit (id),
    CONSTRAINT fk_hit_verdict_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT ck_hit_verdict_verdict CHECK (verdict IN ('tepat', 'keliru', 'ragu'))
);

CREATE INDEX ix_hit_verdict_hit_id ON hit_verdict (hit_id);

CREATE TABLE review_event_note (
    event_id INTEGER NOT NULL,
    note TEXT,
    purged_at DATETIME,
    CONSTRAINT pk_review_event_note PRIMARY KEY (event_id),
    CONSTRAINT fk_review_event_note_event_id FOREIGN KEY(event_id) REFERENCES review_event (id)
);

CREATE TRIGGER review_event_no_update BEFORE UPDATE ON review_event
BEGIN
    SELECT RAISE(ABORT, 'review_event is append-only');
END;

CREATE TRIGGER review_event_no_delete BEFORE DELETE ON review_event
BEGIN
    SELECT RAISE(ABORT, 'review_event is append-only');
END;

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;

CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;

CREATE TRIGGER item_version_no_update BEFORE UPDATE ON item_version
BEGIN
    SELECT RAISE(ABORT, 'item_version is append-only');
END;

CREATE TRIGGER item_version_no_delete BEFORE DELETE ON item_version
BEGIN
    SELECT RAISE(ABORT, 'item_version is append-only');
END;

CREATE TRIGGER evidence_file_no_update BEFORE UPDATE ON evidence_file
BEGIN
    SELECT RAISE(ABORT, 'evidence_file is append-only');
END;

CREATE TRIGGER evidence_file_no_delete BEFORE DELETE ON evidence_file
BEGIN
    SELECT RAISE(ABORT, 'evidence_file is append-only');
END;

CREATE TRIGGER evidence_manifest_no_update BEFORE UPDATE ON evidence_manifest
BEGIN
    SELECT RAISE(ABORT, 'evidence_manifest is append-only');
END;

CREATE TRIGGER evidence_manifest_no_delete BEFORE DELETE ON evidence_manifest
BEGIN
    SELECT RAISE(ABORT, 'evidence_manifest is append-only');
END;

CREATE TRIGGER retention_event_no_update BEFORE UPDATE ON retention_event
BEGIN
    SELECT RAISE(ABORT, 'retention_event is append-only');
END;

CREATE TRIGGER retention_event_no_delete BEFORE DELETE ON retention_event
BEGIN
    SELECT RAISE(ABORT, 'retention_event is append-only');
END;

CREATE TRIGGER source_policy_no_update BEFORE UPDATE ON source_policy
BEGIN
    SELECT RAISE(ABORT, 'source_policy is append-only');
END;

CREATE TRIGGER source_policy_no_delete BEFORE DELETE ON source_policy
BEGIN
    SELECT RAISE(ABORT, 'source_policy is append-only');
END;

CREATE TRIGGER hit_verdict_no_update BEFORE UPDATE ON hit_verdict
BEGIN
    SELECT RAISE(ABORT, 'hit_verdict is append-only');
END;

CREATE TRIGGER hit_verdict_no_delete BEFORE DELETE ON hit_verdict
BEGIN
    SELECT RAISE(ABORT, 'hit_verdict is append-only');
END;

CREATE TRIGGER ruleset_no_update BEFORE UPDATE ON ruleset
BEGIN
    SELECT RAISE(ABORT, 'ruleset is append-only');
END;

CREATE TRIGGER ruleset_no_delete BEFORE DELETE ON ruleset
BEGIN
    SELECT RAISE(ABORT, 'ruleset is append-only');
END;

CREATE TRIGGER rule_version_no_update BEFORE UPDATE ON rule_version
BEGIN
    SELECT RAISE(ABORT, 'rule_version is append-only');
END;

CREATE TRIGGER rule_version_no_delete BEFORE DELETE ON rule_version
BEGIN
    SELECT RAISE(ABORT, 'rule_version is append-only');
END;

CREATE TRIGGER law_profile_no_update BEFORE UPDATE ON law_profile
BEGIN
    SELECT RAISE(ABORT, 'law_profile is append-only');
END;

CREATE TRIGGER law_profile_no_delete BEFORE DELETE ON law_profile
BEGIN
    SELECT RAISE(ABORT, 'law_profile is append-only');
END;

CREATE TRIGGER capture_no_update BEFORE UPDATE ON capture
WHEN NEW.fetched_at >= OLD.fetched_at OR NEW.id IS NOT OLD.id OR NEW.source IS NOT OLD.source OR NEW.url_hash IS NOT OLD.url_hash OR NEW.sha256 IS NOT OLD.sha256
BEGIN
    SELECT RAISE(ABORT, 'capture is append-only');
END;

CREATE TRIGGER capture_no_delete BEFORE DELETE ON capture
BEGIN
    SELECT RAISE(ABORT, 'capture is append-only');
END;
