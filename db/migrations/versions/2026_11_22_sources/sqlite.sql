ALTER TABLE capture ADD COLUMN request TEXT;

ALTER TABLE item_look ADD COLUMN since DATETIME;

ALTER TABLE budget_ledger ADD COLUMN units BIGINT DEFAULT '0' NOT NULL;

ALTER TABLE budget_ledger ADD COLUMN buckets JSON DEFAULT '{}' NOT NULL;

ALTER TABLE budget_ledger ADD COLUMN micros BIGINT DEFAULT '0' NOT NULL;

CREATE TABLE source_credential (
    id INTEGER NOT NULL,
    source VARCHAR(32) NOT NULL,
    slot VARCHAR(200) NOT NULL,
    account_id INTEGER,
    sealed BLOB,
    purpose TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    revoked_by TEXT,
    revoked_at DATETIME,
    last_used_at DATETIME,
    CONSTRAINT pk_source_credential PRIMARY KEY (id),
    CONSTRAINT fk_source_credential_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_source_credential_account_id ON source_credential (account_id);

CREATE INDEX ix_source_credential_source_slot ON source_credential (source, slot);

CREATE TABLE import_file (
    id INTEGER NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    format VARCHAR(64) NOT NULL,
    tool TEXT NOT NULL,
    collector TEXT NOT NULL,
    supplier TEXT NOT NULL,
    basis TEXT NOT NULL,
    captured_from DATETIME,
    captured_to DATETIME,
    records BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    imported_at DATETIME NOT NULL,
    CONSTRAINT pk_import_file PRIMARY KEY (id)
);

CREATE INDEX ix_import_file_sha256 ON import_file (sha256);

CREATE TABLE manual_find (
    id INTEGER NOT NULL,
    "key" VARCHAR(64) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    account_id INTEGER NOT NULL,
    asn_id INTEGER NOT NULL,
    act VARCHAR(16) NOT NULL,
    platform VARCHAR(32) NOT NULL,
    url TEXT NOT NULL,
    capture_id INTEGER NOT NULL,
    screenshot VARCHAR(64),
    seen_at DATETIME NOT NULL,
    received_at DATETIME NOT NULL,
    received_by TEXT NOT NULL,
    note TEXT NOT NULL,
    CONSTRAINT pk_manual_find PRIMARY KEY (id),
    CONSTRAINT uq_manual_find_key UNIQUE ("key"),
    CONSTRAINT ck_manual_find_kind CHECK (kind IN ('laporan', 'pengawasan')),
    CONSTRAINT fk_manual_find_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_manual_find_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT ck_manual_find_act CHECK (act IN ('post', 'share', 'like', 'comment', 'follow', 'tag')),
    CONSTRAINT fk_manual_find_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id)
);

CREATE INDEX ix_manual_find_account_id ON manual_find (account_id);

CREATE INDEX ix_manual_find_asn_id ON manual_find (asn_id);

CREATE TABLE reporter (
    find_id INTEGER NOT NULL,
    sealed BLOB,
    wants_anonymity BOOLEAN NOT NULL,
    purged_at DATETIME,
    CONSTRAINT pk_reporter PRIMARY KEY (find_id),
    CONSTRAINT fk_reporter_find_id FOREIGN KEY(find_id) REFERENCES manual_find (id)
);

CREATE TABLE post_watch (
    platform VARCHAR(32) NOT NULL,
    platform_item_id TEXT NOT NULL,
    verb VARCHAR(16) NOT NULL,
    account_id INTEGER NOT NULL,
    published_at DATETIME,
    first_seen_at DATETIME NOT NULL,
    last_listed_at DATETIME,
    due_at DATETIME,
    step INTEGER NOT NULL,
    reported BIGINT,
    CONSTRAINT pk_post_watch PRIMARY KEY (platform, platform_item_id, verb),
    CONSTRAINT ck_post_watch_verb CHECK (verb IN ('post', 'share', 'like', 'comment', 'follow', 'tag')),
    CONSTRAINT fk_post_watch_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_post_watch_account_id ON post_watch (account_id);

CREATE INDEX ix_post_watch_due_at ON post_watch (due_at);

CREATE TABLE observation (
    id INTEGER NOT NULL,
    "key" VARCHAR(64) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    platform VARCHAR(32) NOT NULL,
    platform_item_id TEXT NOT NULL,
    interaction_id INTEGER,
    seen_at DATETIME NOT NULL,
    before_capture_id INTEGER,
    capture_id INTEGER,
    detail TEXT NOT NULL,
    CONSTRAINT pk_observation PRIMARY KEY (id),
    CONSTRAINT uq_observation_key UNIQUE ("key"),
    CONSTRAINT ck_observation_kind CHECK (kind IN ('gone', 'private', 'locked', 'edited', 'withdrawn', 'back')),
    CONSTRAINT fk_observation_interaction_id FOREIGN KEY(interaction_id) REFERENCES interaction (id),
    CONSTRAINT fk_observation_before_capture_id FOREIGN KEY(before_capture_id) REFERENCES capture (id),
    CONSTRAINT fk_observation_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id)
);

CREATE INDEX ix_observation_interaction_id ON observation (interaction_id);

CREATE INDEX ix_observation_item ON observation (platform_item_id, platform, id);

CREATE TABLE endpoint_shape (
    source VARCHAR(32) NOT NULL,
    endpoint VARCHAR(128) NOT NULL,
    day DATE NOT NULL,
    pages BIGINT NOT NULL,
    items BIGINT NOT NULL,
    sampled BIGINT NOT NULL,
    signature VARCHAR(64) NOT NULL,
    fills JSON NOT NULL,
    CONSTRAINT pk_endpoint_shape PRIMARY KEY (source, endpoint, day)
);

CREATE TABLE canary_run (
    id INTEGER NOT NULL,
    source VARCHAR(32) NOT NULL,
    canary VARCHAR(128) NOT NULL,
    looked_at DATETIME NOT NULL,
    found BOOLEAN NOT NULL,
    detail TEXT NOT NULL,
    CONSTRAINT pk_canary_run PRIMARY KEY (id)
);

CREATE INDEX ix_canary_run_source_id ON canary_run (source, id);

CREATE TABLE liveness_check (
    id INTEGER NOT NULL,
    platform VARCHAR(32) NOT NULL,
    platform_item_id TEXT NOT NULL,
    url TEXT NOT NULL,
    checked_at DATETIME NOT NULL,
    state VARCHAR(32) NOT NULL,
    status INTEGER,
    sha256 VARCHAR(64),
    detail TEXT NOT NULL,
    next_at DATETIME,
    CONSTRAINT pk_liveness_check PRIMARY KEY (id),
    CONSTRAINT ck_liveness_check_state CHECK (state IN ('online', 'deleted', 'private', 'unknown'))
);

CREATE INDEX ix_liveness_check_item ON liveness_check (platform_item_id, platform, id);

CREATE INDEX ix_liveness_check_next_at ON liveness_check (next_at);

CREATE TRIGGER import_file_no_update BEFORE UPDATE ON import_file
BEGIN
    SELECT RAISE(ABORT, 'import_file is append-only');
END;

CREATE TRIGGER import_file_no_delete BEFORE DELETE ON import_file
BEGIN
    SELECT RAISE(ABORT, 'import_file is append-only');
END;

CREATE TRIGGER observation_no_update BEFORE UPDATE ON observation
BEGIN
    SELECT RAISE(ABORT, 'observation is append-only');
END;

CREATE TRIGGER observation_no_delete BEFORE DELETE ON observation
BEGIN
    SELECT RAISE(ABORT, 'observation is append-only');
END;
