DROP TABLE evidence_manifest;

CREATE TABLE evidence_manifest (
    id BIGSERIAL NOT NULL,
    case_id BIGINT NOT NULL,
    sequence INTEGER NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    prev_hash VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    evidence_hash VARCHAR(64) NOT NULL,
    mark TEXT NOT NULL,
    audit_id BIGINT NOT NULL,
    CONSTRAINT pk_evidence_manifest PRIMARY KEY (id),
    CONSTRAINT uq_evidence_manifest_case_id_sequence UNIQUE (case_id, sequence),
    CONSTRAINT fk_evidence_manifest_case_id FOREIGN KEY(case_id) REFERENCES review_case (id),
    CONSTRAINT uq_evidence_manifest_hash UNIQUE (hash),
    CONSTRAINT fk_evidence_manifest_audit_id FOREIGN KEY(audit_id) REFERENCES audit_log (id)
);

CREATE INDEX ix_evidence_manifest_audit_id ON evidence_manifest (audit_id);

COMMENT ON TABLE evidence_manifest IS 'Chained manifests of a case''s evidence; append-only. The file may be purged, the chain stays.';

COMMENT ON COLUMN evidence_manifest.id IS 'Surrogate key.';

COMMENT ON COLUMN evidence_manifest.case_id IS 'The case.';

COMMENT ON COLUMN evidence_manifest.sequence IS '1 for the case''s first manifest.';

COMMENT ON COLUMN evidence_manifest.sha256 IS 'The manifest as a file in the evidence store: files, hashes, capturers, pointers.';

COMMENT ON COLUMN evidence_manifest.prev_hash IS 'Hash of the case''s manifest before, zeros for the first.';

COMMENT ON COLUMN evidence_manifest.hash IS 'Hash of this row and the one before.';

COMMENT ON COLUMN evidence_manifest.created_at IS 'When it was made.';

COMMENT ON COLUMN evidence_manifest.evidence_hash IS 'Hash of what it says of the evidence, without its number and time.';

COMMENT ON COLUMN evidence_manifest.mark IS 'Counts of what the case rested on; a case with another one may need a new manifest.';

COMMENT ON COLUMN evidence_manifest.audit_id IS 'The audit row that records its making, with a hash over all made with it.';

CREATE INDEX ix_review_case_state_facets ON review_case (state, facets, priority, jurisdiction, queue);

CREATE INDEX ix_rule_hit_first_judged ON rule_hit (first_judged_at, rule_id);

CREATE TABLE run_capture (
    run_id BIGINT NOT NULL,
    capture_id BIGINT NOT NULL,
    fetched_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status INTEGER NOT NULL,
    headers JSONB NOT NULL,
    CONSTRAINT pk_run_capture PRIMARY KEY (run_id, capture_id),
    CONSTRAINT fk_run_capture_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id),
    CONSTRAINT fk_run_capture_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id)
);

CREATE INDEX ix_run_capture_capture_id ON run_capture (capture_id);

COMMENT ON TABLE run_capture IS 'Which nights received which answers; a night''s WARC is written from it.';

COMMENT ON COLUMN run_capture.run_id IS 'The night.';

COMMENT ON COLUMN run_capture.capture_id IS 'An answer that it received and kept.';

COMMENT ON COLUMN run_capture.fetched_at IS 'When this night received it; `capture` tells of the first time.';

COMMENT ON COLUMN run_capture.status IS 'HTTP status this time.';

COMMENT ON COLUMN run_capture.headers IS 'Response headers this time, in order, as pairs.';

CREATE TABLE warc_file (
    id BIGSERIAL NOT NULL,
    run_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    sealed_sha256 VARCHAR(64) NOT NULL,
    size BIGINT NOT NULL,
    records INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_warc_file PRIMARY KEY (id),
    CONSTRAINT uq_warc_file_run_id UNIQUE (run_id),
    CONSTRAINT fk_warc_file_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id)
);

COMMENT ON TABLE warc_file IS 'One sealed WARC for every night that kept an answer; append-only.';

COMMENT ON COLUMN warc_file.id IS 'Surrogate key.';

COMMENT ON COLUMN warc_file.run_id IS 'The night.';

COMMENT ON COLUMN warc_file.name IS 'Its name in the evidence store.';

COMMENT ON COLUMN warc_file.sha256 IS 'Hash of the WARC as it opens.';

COMMENT ON COLUMN warc_file.sealed_sha256 IS 'Seal of the file: hash over the heads of its stretches, which outlive a purge.';

COMMENT ON COLUMN warc_file.size IS 'Bytes of the file as it was written.';

COMMENT ON COLUMN warc_file.records IS 'Records in it.';

COMMENT ON COLUMN warc_file.created_at IS 'When it was written.';

CREATE TABLE timestamp_token (
    id BIGSERIAL NOT NULL,
    manifest_id BIGINT NOT NULL,
    authority TEXT NOT NULL,
    token BYTEA NOT NULL,
    stamped_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_timestamp_token PRIMARY KEY (id),
    CONSTRAINT uq_timestamp_token_manifest_id_authority UNIQUE (manifest_id, authority),
    CONSTRAINT fk_timestamp_token_manifest_id FOREIGN KEY(manifest_id) REFERENCES evidence_manifest (id)
);

CREATE INDEX ix_timestamp_token_manifest_id ON timestamp_token (manifest_id);

COMMENT ON TABLE timestamp_token IS 'RFC 3161 timestamps of manifests; append-only, a token may come later than its manifest.';

COMMENT ON COLUMN timestamp_token.id IS 'Surrogate key.';

COMMENT ON COLUMN timestamp_token.manifest_id IS 'The manifest whose hash it stamps.';

COMMENT ON COLUMN timestamp_token.authority IS 'Address of the authority that answered.';

COMMENT ON COLUMN timestamp_token.token IS 'The authority''s whole answer with the RFC 3161 token (DER).';

COMMENT ON COLUMN timestamp_token.stamped_at IS 'The time in the token.';

COMMENT ON COLUMN timestamp_token.created_at IS 'When it was received.';

CREATE TABLE screenshot (
    id BIGSERIAL NOT NULL,
    item_id BIGINT NOT NULL,
    state VARCHAR(32) NOT NULL,
    sha256 VARCHAR(64),
    masked_sha256 VARCHAR(64),
    width INTEGER,
    height INTEGER,
    browser TEXT NOT NULL,
    collector TEXT NOT NULL,
    detail TEXT NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_screenshot PRIMARY KEY (id),
    CONSTRAINT fk_screenshot_item_id FOREIGN KEY(item_id) REFERENCES item (id),
    CONSTRAINT ck_screenshot_state CHECK (state IN ('lengkap', 'sebagian', 'login_wall', 'hilang', 'gagal')),
    CONSTRAINT fk_screenshot_sha256 FOREIGN KEY(sha256) REFERENCES evidence_file (sha256),
    CONSTRAINT fk_screenshot_masked_sha256 FOREIGN KEY(masked_sha256) REFERENCES evidence_file (sha256)
);

CREATE INDEX ix_screenshot_item_id ON screenshot (item_id);

CREATE INDEX ix_screenshot_item_taken ON screenshot (item_id, taken_at);

COMMENT ON TABLE screenshot IS 'Pictures of public pages; append-only.';

COMMENT ON COLUMN screenshot.id IS 'Surrogate key.';

COMMENT ON COLUMN screenshot.item_id IS 'The text that the page shows.';

COMMENT ON COLUMN screenshot.state IS 'What came of it.';

COMMENT ON COLUMN screenshot.sha256 IS 'The picture as taken, sealed.';

COMMENT ON COLUMN screenshot.masked_sha256 IS 'The readable copy, others masked.';

COMMENT ON COLUMN screenshot.width IS 'Pixels.';

COMMENT ON COLUMN screenshot.height IS 'Pixels.';

COMMENT ON COLUMN screenshot.browser IS 'What took it, with version; empty when an officer brought it.';

COMMENT ON COLUMN screenshot.collector IS 'Officer who brought it; empty for the program.';

COMMENT ON COLUMN screenshot.detail IS 'Why it is not complete.';

COMMENT ON COLUMN screenshot.taken_at IS 'When.';

CREATE TABLE form_issue (
    id BIGSERIAL NOT NULL,
    case_id BIGINT NOT NULL,
    form VARCHAR(32) NOT NULL,
    version INTEGER NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    template_sha256 VARCHAR(64) NOT NULL,
    reason TEXT NOT NULL,
    issued_by BIGINT NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_form_issue PRIMARY KEY (id),
    CONSTRAINT uq_form_issue_case_id_form_version UNIQUE (case_id, form, version),
    CONSTRAINT fk_form_issue_case_id FOREIGN KEY(case_id) REFERENCES review_case (id),
    CONSTRAINT ck_form_issue_form CHECK (form IN ('a', 'b2', 'rekomendasi', 'sbt')),
    CONSTRAINT fk_form_issue_sha256 FOREIGN KEY(sha256) REFERENCES evidence_file (sha256),
    CONSTRAINT fk_form_issue_issued_by FOREIGN KEY(issued_by) REFERENCES app_user (id)
);

CREATE INDEX ix_form_issue_issued_by ON form_issue (issued_by);

COMMENT ON TABLE form_issue IS 'Forms as issued: locked, a change is a new version; append-only.';

COMMENT ON COLUMN form_issue.id IS 'Surrogate key.';

COMMENT ON COLUMN form_issue.case_id IS 'The case.';

COMMENT ON COLUMN form_issue.form IS 'Which form.';

COMMENT ON COLUMN form_issue.version IS '1 for the first that was issued.';

COMMENT ON COLUMN form_issue.sha256 IS 'The document as issued, sealed.';

COMMENT ON COLUMN form_issue.template_sha256 IS 'Hash of the template that it was filled from.';

COMMENT ON COLUMN form_issue.reason IS 'Why a new version was needed; empty for the first.';

COMMENT ON COLUMN form_issue.issued_by IS 'Who issued it.';

COMMENT ON COLUMN form_issue.issued_at IS 'When.';

ALTER TABLE app_user ADD COLUMN password_until TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN app_user.password_until IS 'A password handed out by an admin works until then.';

CREATE TRIGGER evidence_manifest_no_update BEFORE UPDATE ON evidence_manifest
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER evidence_manifest_no_delete BEFORE DELETE ON evidence_manifest
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER evidence_manifest_no_truncate BEFORE TRUNCATE ON evidence_manifest
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER run_capture_no_update BEFORE UPDATE ON run_capture
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER run_capture_no_delete BEFORE DELETE ON run_capture
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER run_capture_no_truncate BEFORE TRUNCATE ON run_capture
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER warc_file_no_update BEFORE UPDATE ON warc_file
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER warc_file_no_delete BEFORE DELETE ON warc_file
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER warc_file_no_truncate BEFORE TRUNCATE ON warc_file
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER timestamp_token_no_update BEFORE UPDATE ON timestamp_token
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER timestamp_token_no_delete BEFORE DELETE ON timestamp_token
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER timestamp_token_no_truncate BEFORE TRUNCATE ON timestamp_token
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER screenshot_no_update BEFORE UPDATE ON screenshot
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER screenshot_no_delete BEFORE DELETE ON screenshot
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER screenshot_no_truncate BEFORE TRUNCATE ON screenshot
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER form_issue_no_update BEFORE UPDATE ON form_issue
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER form_issue_no_delete BEFORE DELETE ON form_issue
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER form_issue_no_truncate BEFORE TRUNCATE ON form_issue
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();
