ALTER TABLE session ADD COLUMN fresh_at DATETIME;

ALTER TABLE app_user ADD COLUMN totp_last_step BIGINT;

ALTER TABLE app_user ADD COLUMN preferences JSON DEFAULT '{}' NOT NULL;

ALTER TABLE api_token ADD COLUMN role VARCHAR(16) CONSTRAINT ck_api_token_role CHECK (role IN ('admin', 'pengawas', 'koordinator', 'analis', 'auditor', 'dpo'));

ALTER TABLE saved_view ADD COLUMN shared BOOLEAN DEFAULT 0 NOT NULL;

ALTER TABLE notification ADD COLUMN "key" VARCHAR(128);

CREATE UNIQUE INDEX uq_notification_key ON notification ("key");

ALTER TABLE notification ADD COLUMN target TEXT;

ALTER TABLE notification ADD COLUMN attempts INTEGER DEFAULT '0' NOT NULL;

ALTER TABLE notification ADD COLUMN claimed_at DATETIME;

ALTER TABLE second_review ADD COLUMN event_id INTEGER CONSTRAINT fk_second_review_event_id REFERENCES review_event (id);

CREATE UNIQUE INDEX uq_second_review_event_id ON second_review (event_id);

ALTER TABLE attribution ADD COLUMN link TEXT;

ALTER TABLE attribution ADD COLUMN capture_sha256 VARCHAR(64);

ALTER TABLE attribution ADD COLUMN reason TEXT;

ALTER TABLE attribution ADD COLUMN ended_by TEXT;

ALTER TABLE attribution ADD COLUMN ended_at DATETIME;

CREATE INDEX ix_attribution_status ON attribution (status, id);

CREATE TABLE recovery_code (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    created_at DATETIME NOT NULL,
    used_at DATETIME,
    CONSTRAINT pk_recovery_code PRIMARY KEY (id),
    CONSTRAINT uq_recovery_code_user_id_code_hash UNIQUE (user_id, code_hash),
    CONSTRAINT fk_recovery_code_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_recovery_code_user_id ON recovery_code (user_id);

CREATE TABLE sign_in_identity (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    issuer VARCHAR(255) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    linked_at DATETIME NOT NULL,
    linked_by TEXT NOT NULL,
    CONSTRAINT pk_sign_in_identity PRIMARY KEY (id),
    CONSTRAINT uq_sign_in_identity_issuer_subject UNIQUE (issuer, subject),
    CONSTRAINT fk_sign_in_identity_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_sign_in_identity_user_id ON sign_in_identity (user_id);

CREATE TABLE case_skip (
    user_id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    skipped_at DATETIME NOT NULL,
    CONSTRAINT pk_case_skip PRIMARY KEY (user_id, case_id),
    CONSTRAINT fk_case_skip_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT fk_case_skip_case_id FOREIGN KEY(case_id) REFERENCES review_case (id)
);

CREATE INDEX ix_case_skip_case_id ON case_skip (case_id);

CREATE TABLE recusal (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    asn_id INTEGER NOT NULL,
    reason VARCHAR(32) NOT NULL,
    declared_by TEXT NOT NULL,
    declared_at DATETIME NOT NULL,
    ended_at DATETIME,
    CONSTRAINT pk_recusal PRIMARY KEY (id),
    CONSTRAINT fk_recusal_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT fk_recusal_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT ck_recusal_reason CHECK (reason IN ('keluarga', 'instansi', 'lainnya'))
);

CREATE INDEX ix_recusal_asn_id ON recusal (asn_id);

CREATE INDEX ix_recusal_user_id ON recusal (user_id);

CREATE UNIQUE INDEX uq_recusal_live ON recusal (user_id, asn_id) WHERE ended_at IS NULL;

CREATE TABLE upload (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    file_name TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    stored_as TEXT,
    state VARCHAR(32) NOT NULL,
    report JSON,
    created_at DATETIME NOT NULL,
    ended_at DATETIME,
    phase VARCHAR(32) NOT NULL,
    answers JSON,
    beat_at DATETIME,
    CONSTRAINT pk_upload PRIMARY KEY (id),
    CONSTRAINT fk_upload_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT ck_upload_kind CHECK (kind IN ('capture', 'asn', 'akun', 'kontes', 'find')),
    CONSTRAINT ck_upload_state CHECK (state IN ('tried', 'done', 'dropped')),
    CONSTRAINT ck_upload_phase CHECK (phase IN ('waiting', 'checking', 'asked', 'ready', 'refused', 'taking', 'failed'))
);

CREATE INDEX ix_upload_sha256 ON upload (sha256);

CREATE INDEX ix_upload_user_id ON upload (user_id);

CREATE TABLE case_words (
    case_id INTEGER NOT NULL,
    words TEXT NOT NULL,
    made_at DATETIME NOT NULL,
    CONSTRAINT pk_case_words PRIMARY KEY (case_id),
    CONSTRAINT fk_case_words_case_id FOREIGN KEY(case_id) REFERENCES review_case (id)
);

CREATE TRIGGER review_event_recused BEFORE INSERT ON review_event
WHEN NEW.kind IN ('decided', 'undone') AND NEW.user_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM recusal JOIN review_case ON review_case.asn_id = recusal.asn_id
    WHERE review_case.id = NEW.case_id AND recusal.user_id = NEW.user_id AND recusal.ended_at IS NULL
)
BEGIN
    SELECT RAISE(ABORT, 'whoever is tied to a person decides nothing about them');
END;

ALTER TABLE review_case ADD COLUMN facets TEXT DEFAULT '|' NOT NULL;

CREATE INDEX ix_review_case_list ON review_case (priority DESC, id, jurisdiction, queue, state, why, stage, law_row, asn_id, candidate_id, due_at, created_at, facets);

CREATE INDEX ix_review_case_state_jurisdiction ON review_case (state, jurisdiction, queue);

CREATE INDEX ix_review_event_at ON review_event (at, kind);

CREATE VIRTUAL TABLE case_fts USING fts5(words, content='case_words', content_rowid='case_id', tokenize='unicode61 remove_diacritics 0', prefix='2 3');

CREATE TRIGGER case_words_added AFTER INSERT ON case_words BEGIN INSERT INTO case_fts (rowid, words) VALUES (new.case_id, new.words); END;

CREATE TRIGGER case_words_gone AFTER DELETE ON case_words BEGIN INSERT INTO case_fts (case_fts, rowid, words) VALUES ('delete', old.case_id, old.words); END;

CREATE TRIGGER case_words_changed AFTER UPDATE ON case_words BEGIN INSERT INTO case_fts (case_fts, rowid, words) VALUES ('delete', old.case_id, old.words); INSERT INTO case_fts (rowid, words) VALUES (new.case_id, new.words); END;

CREATE TRIGGER item_text_purged AFTER UPDATE OF text ON item_text WHEN new.text IS NULL BEGIN DELETE FROM case_words WHERE case_id IN ( SELECT held.case_id FROM item_version AS version JOIN item AS text ON text.id = version.item_id JOIN item AS said ON said.id = text.id OR said.root_id = text.platform_item_id JOIN interaction AS act ON act.own_item_id = said.id OR act.target_id = said.platform_item_id JOIN rule_hit AS hit ON hit.interaction_id = act.id JOIN case_hit AS held ON held.hit_id = hit.id WHERE version.id = new.version_id); END;

CREATE TABLE free_day (
    day DATE NOT NULL,
    name TEXT NOT NULL,
    origin VARCHAR(32) NOT NULL,
    noted_at DATETIME NOT NULL,
    CONSTRAINT pk_free_day PRIMARY KEY (day),
    CONSTRAINT ck_free_day_origin CHECK (origin IN ('libur', 'kantor'))
);

CREATE TABLE clock_reading (
    regime VARCHAR(16) NOT NULL,
    name VARCHAR(32) NOT NULL,
    day_type VARCHAR(16) NOT NULL,
    noted_at DATETIME NOT NULL,
    CONSTRAINT pk_clock_reading PRIMARY KEY (regime, name),
    CONSTRAINT ck_clock_reading_regime CHECK (regime IN ('pilkada', 'pemilu')),
    CONSTRAINT ck_clock_reading_day_type CHECK (day_type IN ('calendar', 'working'))
);

CREATE INDEX ix_review_case_due ON review_case (due_at, id) WHERE due_at IS NOT NULL;
