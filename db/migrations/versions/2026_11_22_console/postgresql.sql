ALTER TABLE session ADD COLUMN fresh_at TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN session.fresh_at IS 'When password or second factor was last given.';

ALTER TABLE app_user ADD COLUMN totp_last_step BIGINT;

COMMENT ON COLUMN app_user.totp_last_step IS 'Time step of the last code taken; none is taken twice.';

ALTER TABLE app_user ADD COLUMN preferences JSONB DEFAULT '{}' NOT NULL;

COMMENT ON COLUMN app_user.preferences IS 'What the user chose for the console.';

ALTER TABLE api_token ADD COLUMN role VARCHAR(16) CONSTRAINT ck_api_token_role CHECK (role IN ('admin', 'pengawas', 'koordinator', 'analis', 'auditor', 'dpo'));

COMMENT ON COLUMN api_token.role IS 'The only role it may use; NULL for all of the user''s.';

ALTER TABLE saved_view ADD COLUMN shared BOOLEAN DEFAULT false NOT NULL;

COMMENT ON COLUMN saved_view.shared IS 'Whether others may use it; it shows each only what they may see.';

ALTER TABLE notification ADD COLUMN key VARCHAR(128);

COMMENT ON COLUMN notification.key IS 'What makes it the same message; it is made once.';

CREATE UNIQUE INDEX uq_notification_key ON notification (key);

ALTER TABLE notification ADD COLUMN target TEXT;

COMMENT ON COLUMN notification.target IS 'Address or name of the webhook it goes to.';

ALTER TABLE notification ADD COLUMN attempts INTEGER DEFAULT '0' NOT NULL;

COMMENT ON COLUMN notification.attempts IS 'How often it was tried.';

ALTER TABLE notification ADD COLUMN claimed_at TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN notification.claimed_at IS 'When somebody began to send it; NULL while nobody does.';

ALTER TABLE second_review ADD COLUMN event_id BIGINT CONSTRAINT fk_second_review_event_id REFERENCES review_event (id);

COMMENT ON COLUMN second_review.event_id IS 'Decision that a blind look repeats.';

CREATE UNIQUE INDEX uq_second_review_event_id ON second_review (event_id);

ALTER TABLE attribution ADD COLUMN link TEXT;

COMMENT ON COLUMN attribution.link IS 'Public page that shows it.';

ALTER TABLE attribution ADD COLUMN capture_sha256 VARCHAR(64);

COMMENT ON COLUMN attribution.capture_sha256 IS 'Hash of a kept capture that shows it.';

ALTER TABLE attribution ADD COLUMN reason TEXT;

COMMENT ON COLUMN attribution.reason IS 'Why it was rejected, revoked or given other dates.';

ALTER TABLE attribution ADD COLUMN ended_by TEXT;

COMMENT ON COLUMN attribution.ended_by IS 'User who revoked it or took the proposal back.';

ALTER TABLE attribution ADD COLUMN ended_at TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN attribution.ended_at IS 'When that was.';

CREATE INDEX ix_attribution_status ON attribution (status, id);

CREATE TABLE recovery_code (
    id BIGSERIAL NOT NULL,
    user_id BIGINT NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_recovery_code PRIMARY KEY (id),
    CONSTRAINT uq_recovery_code_user_id_code_hash UNIQUE (user_id, code_hash),
    CONSTRAINT fk_recovery_code_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_recovery_code_user_id ON recovery_code (user_id);

COMMENT ON TABLE recovery_code IS 'Codes for whoever lost the second factor; each works once.';

COMMENT ON COLUMN recovery_code.id IS 'Surrogate key.';

COMMENT ON COLUMN recovery_code.user_id IS 'The user.';

COMMENT ON COLUMN recovery_code.code_hash IS 'Keyed hash of the code.';

COMMENT ON COLUMN recovery_code.created_at IS 'When it was given out.';

COMMENT ON COLUMN recovery_code.used_at IS 'When it stood in for the second factor.';

CREATE TABLE sign_in_identity (
    id BIGSERIAL NOT NULL,
    user_id BIGINT NOT NULL,
    issuer VARCHAR(255) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    linked_by TEXT NOT NULL,
    CONSTRAINT pk_sign_in_identity PRIMARY KEY (id),
    CONSTRAINT uq_sign_in_identity_issuer_subject UNIQUE (issuer, subject),
    CONSTRAINT fk_sign_in_identity_user_id FOREIGN KEY(user_id) REFERENCES app_user (id)
);

CREATE INDEX ix_sign_in_identity_user_id ON sign_in_identity (user_id);

COMMENT ON TABLE sign_in_identity IS 'Accounts of a sign-in provider (OpenID Connect) that belong to users.';

COMMENT ON COLUMN sign_in_identity.id IS 'Surrogate key.';

COMMENT ON COLUMN sign_in_identity.user_id IS 'The user.';

COMMENT ON COLUMN sign_in_identity.issuer IS 'Provider that vouches, as its address.';

COMMENT ON COLUMN sign_in_identity.subject IS 'The user''s stable id there.';

COMMENT ON COLUMN sign_in_identity.linked_at IS 'When.';

COMMENT ON COLUMN sign_in_identity.linked_by IS 'Who linked it.';

CREATE TABLE case_skip (
    user_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    skipped_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_case_skip PRIMARY KEY (user_id, case_id),
    CONSTRAINT fk_case_skip_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT fk_case_skip_case_id FOREIGN KEY(case_id) REFERENCES review_case (id)
);

CREATE INDEX ix_case_skip_case_id ON case_skip (case_id);

COMMENT ON TABLE case_skip IS 'Cases that a user passed over.';

COMMENT ON COLUMN case_skip.user_id IS 'The user.';

COMMENT ON COLUMN case_skip.case_id IS 'The case.';

COMMENT ON COLUMN case_skip.skipped_at IS 'When; taking the next case passes over it for a while.';

CREATE TABLE recusal (
    id BIGSERIAL NOT NULL,
    user_id BIGINT NOT NULL,
    asn_id BIGINT NOT NULL,
    reason VARCHAR(32) NOT NULL,
    declared_by TEXT NOT NULL,
    declared_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_recusal PRIMARY KEY (id),
    CONSTRAINT fk_recusal_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT fk_recusal_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT ck_recusal_reason CHECK (reason IN ('keluarga', 'instansi', 'lainnya'))
);

CREATE INDEX ix_recusal_asn_id ON recusal (asn_id);

CREATE INDEX ix_recusal_user_id ON recusal (user_id);

CREATE UNIQUE INDEX uq_recusal_live ON recusal (user_id, asn_id) WHERE ended_at IS NULL;

COMMENT ON TABLE recusal IS 'Conflicts of interest: who may not judge whom.';

COMMENT ON COLUMN recusal.id IS 'Surrogate key.';

COMMENT ON COLUMN recusal.user_id IS 'The reviewer.';

COMMENT ON COLUMN recusal.asn_id IS 'The watched person.';

COMMENT ON COLUMN recusal.reason IS 'What ties them.';

COMMENT ON COLUMN recusal.declared_by IS 'Who said so.';

COMMENT ON COLUMN recusal.declared_at IS 'When.';

COMMENT ON COLUMN recusal.ended_at IS 'When it ceased.';

CREATE TABLE upload (
    id BIGSERIAL NOT NULL,
    user_id BIGINT NOT NULL,
    kind VARCHAR(32) NOT NULL,
    file_name TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    stored_as TEXT,
    state VARCHAR(32) NOT NULL,
    report JSONB,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    phase VARCHAR(32) NOT NULL,
    answers JSONB,
    beat_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_upload PRIMARY KEY (id),
    CONSTRAINT fk_upload_user_id FOREIGN KEY(user_id) REFERENCES app_user (id),
    CONSTRAINT ck_upload_kind CHECK (kind IN ('capture', 'asn', 'akun', 'kontes', 'find')),
    CONSTRAINT ck_upload_state CHECK (state IN ('tried', 'done', 'dropped')),
    CONSTRAINT ck_upload_phase CHECK (phase IN ('waiting', 'checking', 'asked', 'ready', 'refused', 'taking', 'failed'))
);

CREATE INDEX ix_upload_sha256 ON upload (sha256);

CREATE INDEX ix_upload_user_id ON upload (user_id);

COMMENT ON TABLE upload IS 'Files brought through the console: a dry run first, then a person says go on.';

COMMENT ON COLUMN upload.id IS 'Surrogate key.';

COMMENT ON COLUMN upload.user_id IS 'Who uploaded it.';

COMMENT ON COLUMN upload.kind IS 'What it is meant to be.';

COMMENT ON COLUMN upload.file_name IS 'Its name without folders.';

COMMENT ON COLUMN upload.size IS 'Bytes.';

COMMENT ON COLUMN upload.sha256 IS 'Hash of the file.';

COMMENT ON COLUMN upload.stored_as IS 'Name of the sealed copy in the workspace; NULL once it is gone.';

COMMENT ON COLUMN upload.state IS 'Dry run shown, taken in, or thrown away.';

COMMENT ON COLUMN upload.report IS 'What the dry run or the import said; no personal payload.';

COMMENT ON COLUMN upload.created_at IS 'When it came.';

COMMENT ON COLUMN upload.ended_at IS 'When it was taken in or thrown away.';

COMMENT ON COLUMN upload.phase IS 'How far it got before it ended.';

COMMENT ON COLUMN upload.answers IS 'What a person said that the file does not say itself.';

COMMENT ON COLUMN upload.beat_at IS 'Last sign of life of the work on it; NULL while nothing works.';

CREATE TABLE case_words (
    case_id BIGINT NOT NULL,
    words TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_case_words PRIMARY KEY (case_id),
    CONSTRAINT fk_case_words_case_id FOREIGN KEY(case_id) REFERENCES review_case (id)
);

COMMENT ON TABLE case_words IS 'What full-text search looks into, one row a case; can be rebuilt at any time.';

COMMENT ON COLUMN case_words.case_id IS 'The case.';

COMMENT ON COLUMN case_words.words IS 'Names, handles, addresses and texts of the case, for searching.';

COMMENT ON COLUMN case_words.made_at IS 'When they were put together.';

CREATE FUNCTION pantau_recused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM recusal JOIN review_case ON review_case.asn_id = recusal.asn_id
        WHERE review_case.id = NEW.case_id AND recusal.user_id = NEW.user_id AND recusal.ended_at IS NULL
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'whoever is tied to a person decides nothing about them';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER review_event_recused BEFORE INSERT ON review_event
FOR EACH ROW WHEN (NEW.kind IN ('decided', 'undone') AND NEW.user_id IS NOT NULL) EXECUTE FUNCTION pantau_recused();

ALTER TABLE review_case ADD COLUMN facets TEXT DEFAULT '|' NOT NULL;

COMMENT ON COLUMN review_case.facets IS 'What its standing hits are, as ''|a:like|p:bluesky|...|''; for filters, can be rebuilt.';

CREATE INDEX ix_review_case_list ON review_case (priority DESC, id, jurisdiction, queue, state, why, stage, law_row, asn_id, candidate_id, due_at, created_at, facets);

CREATE INDEX ix_review_case_state_jurisdiction ON review_case (state, jurisdiction, queue);

CREATE INDEX ix_review_event_at ON review_event (at, kind);

ALTER TABLE case_words ADD COLUMN tsv tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED;

CREATE INDEX ix_case_words_tsv ON case_words USING gin (tsv);

CREATE FUNCTION item_text_purged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM case_words WHERE case_id IN ( SELECT held.case_id FROM item_version AS version JOIN item AS text ON text.id = version.item_id JOIN item AS said ON said.id = text.id OR said.root_id = text.platform_item_id JOIN interaction AS act ON act.own_item_id = said.id OR act.target_id = said.platform_item_id JOIN rule_hit AS hit ON hit.interaction_id = act.id JOIN case_hit AS held ON held.hit_id = hit.id WHERE version.id = new.version_id); RETURN NULL; END $$;

CREATE TRIGGER item_text_purged AFTER UPDATE OF text ON item_text FOR EACH ROW WHEN (new.text IS NULL) EXECUTE FUNCTION item_text_purged();

CREATE TABLE free_day (
    day DATE NOT NULL,
    name TEXT NOT NULL,
    origin VARCHAR(32) NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_free_day PRIMARY KEY (day),
    CONSTRAINT ck_free_day_origin CHECK (origin IN ('libur', 'kantor'))
);

COMMENT ON TABLE free_day IS 'Holidays and collective leave, which working days pass over.';

COMMENT ON COLUMN free_day.day IS 'The day.';

COMMENT ON COLUMN free_day.name IS 'What it is.';

COMMENT ON COLUMN free_day.origin IS 'National calendar, or the office''s own file.';

COMMENT ON COLUMN free_day.noted_at IS 'When it was taken over.';

CREATE TABLE clock_reading (
    regime VARCHAR(16) NOT NULL,
    name VARCHAR(32) NOT NULL,
    day_type VARCHAR(16) NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_clock_reading PRIMARY KEY (regime, name),
    CONSTRAINT ck_clock_reading_regime CHECK (regime IN ('pilkada', 'pemilu')),
    CONSTRAINT ck_clock_reading_day_type CHECK (day_type IN ('calendar', 'working'))
);

COMMENT ON TABLE clock_reading IS 'The office''s own reading of limits whose kind of day sources dispute.';

COMMENT ON COLUMN clock_reading.regime IS 'Which election law.';

COMMENT ON COLUMN clock_reading.name IS 'Name of the limit in the law profile.';

COMMENT ON COLUMN clock_reading.day_type IS 'How the office counts its days.';

COMMENT ON COLUMN clock_reading.noted_at IS 'When it was taken over.';

CREATE INDEX ix_review_case_due ON review_case (due_at, id) WHERE due_at IS NOT NULL;
