ALTER TABLE capture ADD COLUMN request TEXT;

COMMENT ON COLUMN capture.request IS 'The call it answered, as JSON text, to read it again; NULL for files.';

ALTER TABLE item_look ADD COLUMN since TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN item_look.since IS 'How far back an account''s own record was read; NULL means all.';

COMMENT ON COLUMN item_look.platform_item_id IS 'Canonical id of the text, or of the account for its own record, that was read.';

ALTER TABLE budget_ledger ADD COLUMN units BIGINT DEFAULT '0' NOT NULL;

ALTER TABLE budget_ledger ADD COLUMN buckets JSONB DEFAULT '{}' NOT NULL;

ALTER TABLE budget_ledger ADD COLUMN micros BIGINT DEFAULT '0' NOT NULL;

COMMENT ON COLUMN budget_ledger.day IS 'Day in the time zone in which the platform''s day turns.';

COMMENT ON COLUMN budget_ledger.units IS 'Units of the platform''s quota spent.';

COMMENT ON COLUMN budget_ledger.buckets IS 'Units spent of quotas of their own, by bucket.';

COMMENT ON COLUMN budget_ledger.micros IS 'Money spent, in millionths of the manifest''s currency.';

COMMENT ON TABLE budget_ledger IS 'What was spent of each source''s caps, quota and money.';

CREATE TABLE source_credential (
    id BIGSERIAL NOT NULL,
    source VARCHAR(32) NOT NULL,
    slot VARCHAR(200) NOT NULL,
    account_id BIGINT,
    sealed BYTEA,
    purpose TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_by TEXT,
    revoked_at TIMESTAMP WITH TIME ZONE,
    last_used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_source_credential PRIMARY KEY (id),
    CONSTRAINT fk_source_credential_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_source_credential_account_id ON source_credential (account_id);

CREATE INDEX ix_source_credential_source_slot ON source_credential (source, slot);

COMMENT ON TABLE source_credential IS 'Keys and lent tokens; the secret is sealed and never shown.';

COMMENT ON COLUMN source_credential.id IS 'Surrogate key.';

COMMENT ON COLUMN source_credential.source IS 'Source name.';

COMMENT ON COLUMN source_credential.slot IS 'Slot of the manifest; an owner''s token is `owner:<stable id>`.';

COMMENT ON COLUMN source_credential.account_id IS 'Account whose owner lent it; NULL for the office''s own.';

COMMENT ON COLUMN source_credential.sealed IS 'The secret, sealed; NULL when revoked.';

COMMENT ON COLUMN source_credential.purpose IS 'What it was lent for.';

COMMENT ON COLUMN source_credential.added_by IS 'Who entered it.';

COMMENT ON COLUMN source_credential.added_at IS 'When it was entered.';

COMMENT ON COLUMN source_credential.expires_at IS 'Until when it may be used.';

COMMENT ON COLUMN source_credential.revoked_by IS 'Who took it back.';

COMMENT ON COLUMN source_credential.revoked_at IS 'When it was taken back.';

COMMENT ON COLUMN source_credential.last_used_at IS 'When a run last used it.';

CREATE TABLE import_file (
    id BIGSERIAL NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    format VARCHAR(64) NOT NULL,
    tool TEXT NOT NULL,
    collector TEXT NOT NULL,
    supplier TEXT NOT NULL,
    basis TEXT NOT NULL,
    captured_from TIMESTAMP WITH TIME ZONE,
    captured_to TIMESTAMP WITH TIME ZONE,
    records BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_import_file PRIMARY KEY (id)
);

CREATE INDEX ix_import_file_sha256 ON import_file (sha256);

COMMENT ON TABLE import_file IS 'Imports of captured files; append-only.';

COMMENT ON COLUMN import_file.id IS 'Surrogate key.';

COMMENT ON COLUMN import_file.sha256 IS 'Hash of the file as it was brought.';

COMMENT ON COLUMN import_file.name IS 'Its name without folders.';

COMMENT ON COLUMN import_file.size IS 'Bytes.';

COMMENT ON COLUMN import_file.format IS 'Reader that took it.';

COMMENT ON COLUMN import_file.tool IS 'Tool and version that made it, when the file says so.';

COMMENT ON COLUMN import_file.collector IS 'Who captured it.';

COMMENT ON COLUMN import_file.supplier IS 'Who sold or gave it; empty for the office''s own captures.';

COMMENT ON COLUMN import_file.basis IS 'On what ground it may be used; empty where the policy says it.';

COMMENT ON COLUMN import_file.captured_from IS 'Earliest capture in it.';

COMMENT ON COLUMN import_file.captured_to IS 'Latest capture in it.';

COMMENT ON COLUMN import_file.records IS 'Records in it.';

COMMENT ON COLUMN import_file.taken IS 'Records read.';

COMMENT ON COLUMN import_file.skipped IS 'Records skipped, with reasons in the report of the import.';

COMMENT ON COLUMN import_file.imported_at IS 'When.';

CREATE TABLE manual_find (
    id BIGSERIAL NOT NULL,
    key VARCHAR(64) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    account_id BIGINT NOT NULL,
    asn_id BIGINT NOT NULL,
    act VARCHAR(16) NOT NULL,
    platform VARCHAR(32) NOT NULL,
    url TEXT NOT NULL,
    capture_id BIGINT NOT NULL,
    screenshot VARCHAR(64),
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_by TEXT NOT NULL,
    note TEXT NOT NULL,
    CONSTRAINT pk_manual_find PRIMARY KEY (id),
    CONSTRAINT uq_manual_find_key UNIQUE (key),
    CONSTRAINT ck_manual_find_kind CHECK (kind IN ('laporan', 'pengawasan')),
    CONSTRAINT fk_manual_find_account_id FOREIGN KEY(account_id) REFERENCES account (id),
    CONSTRAINT fk_manual_find_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT ck_manual_find_act CHECK (act IN ('post', 'share', 'like', 'comment', 'follow', 'tag')),
    CONSTRAINT fk_manual_find_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id)
);

CREATE INDEX ix_manual_find_account_id ON manual_find (account_id);

CREATE INDEX ix_manual_find_asn_id ON manual_find (asn_id);

COMMENT ON TABLE manual_find IS 'Finds entered by hand, about registered people only.';

COMMENT ON COLUMN manual_find.id IS 'Surrogate key.';

COMMENT ON COLUMN manual_find.key IS 'Idempotency key: kind, act, account and address.';

COMMENT ON COLUMN manual_find.kind IS 'Report of a citizen, or find of an officer.';

COMMENT ON COLUMN manual_find.account_id IS 'Registered account that acted.';

COMMENT ON COLUMN manual_find.asn_id IS 'Person whose account it was then.';

COMMENT ON COLUMN manual_find.act IS 'What it did.';

COMMENT ON COLUMN manual_find.platform IS 'Platform name.';

COMMENT ON COLUMN manual_find.url IS 'Address of the content.';

COMMENT ON COLUMN manual_find.capture_id IS 'What was entered, as kept.';

COMMENT ON COLUMN manual_find.screenshot IS 'Hash of the screenshot in the evidence store.';

COMMENT ON COLUMN manual_find.seen_at IS 'When the finder saw it.';

COMMENT ON COLUMN manual_find.received_at IS 'When the office got it.';

COMMENT ON COLUMN manual_find.received_by IS 'Who entered it.';

COMMENT ON COLUMN manual_find.note IS 'What the finder said about the circumstances; empty when nothing.';

CREATE TABLE reporter (
    find_id BIGINT NOT NULL,
    sealed BYTEA,
    wants_anonymity BOOLEAN NOT NULL,
    purged_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_reporter PRIMARY KEY (find_id),
    CONSTRAINT fk_reporter_find_id FOREIGN KEY(find_id) REFERENCES manual_find (id)
);

COMMENT ON TABLE reporter IS 'Who reported, kept apart from what was reported; every look at it is on the audit log.';

COMMENT ON COLUMN reporter.find_id IS 'The report.';

COMMENT ON COLUMN reporter.sealed IS 'Name and contact, sealed; NULL when purged.';

COMMENT ON COLUMN reporter.wants_anonymity IS 'Whether the reporter asked not to be named.';

COMMENT ON COLUMN reporter.purged_at IS 'When retention emptied the row.';

CREATE TABLE post_watch (
    platform VARCHAR(32) NOT NULL,
    platform_item_id TEXT NOT NULL,
    verb VARCHAR(16) NOT NULL,
    account_id BIGINT NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_listed_at TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE,
    step INTEGER NOT NULL,
    reported BIGINT,
    CONSTRAINT pk_post_watch PRIMARY KEY (platform, platform_item_id, verb),
    CONSTRAINT ck_post_watch_verb CHECK (verb IN ('post', 'share', 'like', 'comment', 'follow', 'tag')),
    CONSTRAINT fk_post_watch_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_post_watch_account_id ON post_watch (account_id);

CREATE INDEX ix_post_watch_due_at ON post_watch (due_at);

COMMENT ON TABLE post_watch IS 'Listings of candidates'' posts that are read again while engagement moves.';

COMMENT ON COLUMN post_watch.platform IS 'Platform name.';

COMMENT ON COLUMN post_watch.platform_item_id IS 'Canonical id of the post.';

COMMENT ON COLUMN post_watch.verb IS 'Which of its listings.';

COMMENT ON COLUMN post_watch.account_id IS 'Account whose post it is.';

COMMENT ON COLUMN post_watch.published_at IS 'When it was published, if known.';

COMMENT ON COLUMN post_watch.first_seen_at IS 'When it was first met.';

COMMENT ON COLUMN post_watch.last_listed_at IS 'When the listing was last read.';

COMMENT ON COLUMN post_watch.due_at IS 'When it is to be read again; NULL when it rests.';

COMMENT ON COLUMN post_watch.step IS 'How many waits have passed since the count last moved.';

COMMENT ON COLUMN post_watch.reported IS 'Total that the platform last claimed.';

CREATE TABLE observation (
    id BIGSERIAL NOT NULL,
    key VARCHAR(64) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    platform VARCHAR(32) NOT NULL,
    platform_item_id TEXT NOT NULL,
    interaction_id BIGINT,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    before_capture_id BIGINT,
    capture_id BIGINT,
    detail TEXT NOT NULL,
    CONSTRAINT pk_observation PRIMARY KEY (id),
    CONSTRAINT uq_observation_key UNIQUE (key),
    CONSTRAINT ck_observation_kind CHECK (kind IN ('gone', 'private', 'locked', 'edited', 'withdrawn', 'back')),
    CONSTRAINT fk_observation_interaction_id FOREIGN KEY(interaction_id) REFERENCES interaction (id),
    CONSTRAINT fk_observation_before_capture_id FOREIGN KEY(before_capture_id) REFERENCES capture (id),
    CONSTRAINT fk_observation_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id)
);

CREATE INDEX ix_observation_interaction_id ON observation (interaction_id);

CREATE INDEX ix_observation_item ON observation (platform_item_id, platform, id);

COMMENT ON TABLE observation IS 'Changes seen between visits; append-only.';

COMMENT ON COLUMN observation.id IS 'Surrogate key.';

COMMENT ON COLUMN observation.key IS 'Idempotency key: subject, kind and time.';

COMMENT ON COLUMN observation.kind IS 'What was seen.';

COMMENT ON COLUMN observation.platform IS 'Platform name.';

COMMENT ON COLUMN observation.platform_item_id IS 'Canonical id of the text; of an act, the text it is on.';

COMMENT ON COLUMN observation.interaction_id IS 'The act, when it is about an act.';

COMMENT ON COLUMN observation.seen_at IS 'When it was seen.';

COMMENT ON COLUMN observation.before_capture_id IS 'The answer that last showed it.';

COMMENT ON COLUMN observation.capture_id IS 'The answer that shows the change, when one was kept.';

COMMENT ON COLUMN observation.detail IS 'What a person should know; empty when the kind says it all.';

CREATE TABLE endpoint_shape (
    source VARCHAR(32) NOT NULL,
    endpoint VARCHAR(128) NOT NULL,
    day DATE NOT NULL,
    pages BIGINT NOT NULL,
    items BIGINT NOT NULL,
    sampled BIGINT NOT NULL,
    signature VARCHAR(64) NOT NULL,
    fills JSONB NOT NULL,
    CONSTRAINT pk_endpoint_shape PRIMARY KEY (source, endpoint, day)
);

COMMENT ON TABLE endpoint_shape IS 'What answers are made of, day by day, so that a change of shape is noticed.';

COMMENT ON COLUMN endpoint_shape.source IS 'Source or capture format.';

COMMENT ON COLUMN endpoint_shape.endpoint IS 'Which call, or which kind of record.';

COMMENT ON COLUMN endpoint_shape.day IS 'Day in UTC.';

COMMENT ON COLUMN endpoint_shape.pages IS 'Answers looked at.';

COMMENT ON COLUMN endpoint_shape.items IS 'Items in them.';

COMMENT ON COLUMN endpoint_shape.sampled IS 'Items whose fields were counted.';

COMMENT ON COLUMN endpoint_shape.signature IS 'Hash of the set of paths with their types.';

COMMENT ON COLUMN endpoint_shape.fills IS 'How many sampled items filled each path, by path and type; never a value.';

CREATE TABLE canary_run (
    id BIGSERIAL NOT NULL,
    source VARCHAR(32) NOT NULL,
    canary VARCHAR(128) NOT NULL,
    looked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    found BOOLEAN NOT NULL,
    detail TEXT NOT NULL,
    CONSTRAINT pk_canary_run PRIMARY KEY (id)
);

CREATE INDEX ix_canary_run_source_id ON canary_run (source, id);

COMMENT ON TABLE canary_run IS 'Looks for the office''s own known posts, which prove that a source is not blind.';

COMMENT ON COLUMN canary_run.id IS 'Surrogate key.';

COMMENT ON COLUMN canary_run.source IS 'Source name.';

COMMENT ON COLUMN canary_run.canary IS 'Name of the canary in the settings.';

COMMENT ON COLUMN canary_run.looked_at IS 'When it was looked for.';

COMMENT ON COLUMN canary_run.found IS 'Whether it was found.';

COMMENT ON COLUMN canary_run.detail IS 'What was missing; empty when found.';

CREATE TABLE liveness_check (
    id BIGSERIAL NOT NULL,
    platform VARCHAR(32) NOT NULL,
    platform_item_id TEXT NOT NULL,
    url TEXT NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state VARCHAR(32) NOT NULL,
    status INTEGER,
    sha256 VARCHAR(64),
    detail TEXT NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_liveness_check PRIMARY KEY (id),
    CONSTRAINT ck_liveness_check_state CHECK (state IN ('online', 'deleted', 'private', 'unknown'))
);

CREATE INDEX ix_liveness_check_item ON liveness_check (platform_item_id, platform, id);

CREATE INDEX ix_liveness_check_next_at ON liveness_check (next_at);

COMMENT ON TABLE liveness_check IS 'Whether texts were still online when asked; append-only but for the next date.';

COMMENT ON COLUMN liveness_check.id IS 'Surrogate key.';

COMMENT ON COLUMN liveness_check.platform IS 'Platform name.';

COMMENT ON COLUMN liveness_check.platform_item_id IS 'Canonical id of the text.';

COMMENT ON COLUMN liveness_check.url IS 'Address that was asked about.';

COMMENT ON COLUMN liveness_check.checked_at IS 'When.';

COMMENT ON COLUMN liveness_check.state IS 'What the platform says.';

COMMENT ON COLUMN liveness_check.status IS 'HTTP status.';

COMMENT ON COLUMN liveness_check.sha256 IS 'Hash of the answer.';

COMMENT ON COLUMN liveness_check.detail IS 'What a person should know; empty when the state says it all.';

COMMENT ON COLUMN liveness_check.next_at IS 'When to ask again; NULL when it is not asked any more.';

CREATE TRIGGER import_file_no_update BEFORE UPDATE ON import_file
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER import_file_no_delete BEFORE DELETE ON import_file
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER import_file_no_truncate BEFORE TRUNCATE ON import_file
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER observation_no_update BEFORE UPDATE ON observation
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER observation_no_delete BEFORE DELETE ON observation
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER observation_no_truncate BEFORE TRUNCATE ON observation
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();
