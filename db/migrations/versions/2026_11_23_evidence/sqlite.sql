DROP TABLE evidence_manifest;

CREATE TABLE evidence_manifest (
    id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    prev_hash VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    created_at DATETIME NOT NULL,
    evidence_hash VARCHAR(64) NOT NULL,
    mark TEXT NOT NULL,
    audit_id INTEGER NOT NULL,
    CONSTRAINT pk_evidence_manifest PRIMARY KEY (id),
    CONSTRAINT uq_evidence_manifest_case_id_sequence UNIQUE (case_id, sequence),
    CONSTRAINT fk_evidence_manifest_case_id FOREIGN KEY(case_id) REFERENCES review_case (id),
    CONSTRAINT uq_evidence_manifest_hash UNIQUE (hash),
    CONSTRAINT fk_evidence_manifest_audit_id FOREIGN KEY(audit_id) REFERENCES audit_log (id)
);

CREATE INDEX ix_evidence_manifest_audit_id ON evidence_manifest (audit_id);

CREATE INDEX ix_review_case_state_facets ON review_case (state, facets, priority, jurisdiction, queue);

CREATE INDEX ix_rule_hit_first_judged ON rule_hit (first_judged_at, rule_id);

CREATE TABLE run_capture (
    run_id INTEGER NOT NULL,
    capture_id INTEGER NOT NULL,
    fetched_at DATETIME NOT NULL,
    status INTEGER NOT NULL,
    headers JSON NOT NULL,
    CONSTRAINT pk_run_capture PRIMARY KEY (run_id, capture_id),
    CONSTRAINT fk_run_capture_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id),
    CONSTRAINT fk_run_capture_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id)
);

CREATE INDEX ix_run_capture_capture_id ON run_capture (capture_id);

CREATE TABLE warc_file (
    id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    sealed_sha256 VARCHAR(64) NOT NULL,
    size BIGINT NOT NULL,
    records INTEGER NOT NULL,
    created_at DATETIME NOT NULL,
    CONSTRAINT pk_warc_file PRIMARY KEY (id),
    CONSTRAINT uq_warc_file_run_id UNIQUE (run_id),
    CONSTRAINT fk_warc_file_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id)
);

CREATE TABLE timestamp_token (
    id INTEGER NOT NULL,
    manifest_id INTEGER NOT NULL,
    authority TEXT NOT NULL,
    token BLOB NOT NULL,
    stamped_at DATETIME NOT NULL,
    created_at DATETIME NOT NULL,
    CONSTRAINT pk_timestamp_token PRIMARY KEY (id),
    CONSTRAINT uq_timestamp_token_manifest_id_authority UNIQUE (manifest_id, authority),
    CONSTRAINT fk_timestamp_token_manifest_id FOREIGN KEY(manifest_id) REFERENCES evidence_manifest (id)
);

CREATE INDEX ix_timestamp_token_manifest_id ON timestamp_token (manifest_id);

CREATE TABLE screenshot (
    id INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    state VARCHAR(32) NOT NULL,
    sha256 VARCHAR(64),
    masked_sha256 VARCHAR(64),
    width INTEGER,
    height INTEGER,
    browser TEXT NOT NULL,
    collector TEXT NOT NULL,
    detail TEXT NOT NULL,
    taken_at DATETIME NOT NULL,
    CONSTRAINT pk_screenshot PRIMARY KEY (id),
    CONSTRAINT fk_screenshot_item_id FOREIGN KEY(item_id) REFERENCES item (id),
    CONSTRAINT ck_screenshot_state CHECK (state IN ('lengkap', 'sebagian', 'login_wall', 'hilang', 'gagal')),
    CONSTRAINT fk_screenshot_sha256 FOREIGN KEY(sha256) REFERENCES evidence_file (sha256),
    CONSTRAINT fk_screenshot_masked_sha256 FOREIGN KEY(masked_sha256) REFERENCES evidence_file (sha256)
);

CREATE INDEX ix_screenshot_item_id ON screenshot (item_id);

CREATE INDEX ix_screenshot_item_taken ON screenshot (item_id, taken_at);

CREATE TABLE form_issue (
    id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    form VARCHAR(32) NOT NULL,
    version INTEGER NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    template_sha256 VARCHAR(64) NOT NULL,
    reason TEXT NOT NULL,
    issued_by INTEGER NOT NULL,
    issued_at DATETIME NOT NULL,
    CONSTRAINT pk_form_issue PRIMARY KEY (id),
    CONSTRAINT uq_form_issue_case_id_form_version UNIQUE (case_id, form, version),
    CONSTRAINT fk_form_issue_case_id FOREIGN KEY(case_id) REFERENCES review_case (id),
    CONSTRAINT ck_form_issue_form CHECK (form IN ('a', 'b2', 'rekomendasi', 'sbt')),
    CONSTRAINT fk_form_issue_sha256 FOREIGN KEY(sha256) REFERENCES evidence_file (sha256),
    CONSTRAINT fk_form_issue_issued_by FOREIGN KEY(issued_by) REFERENCES app_user (id)
);

CREATE INDEX ix_form_issue_issued_by ON form_issue (issued_by);

ALTER TABLE app_user ADD COLUMN password_until DATETIME;

CREATE TRIGGER evidence_manifest_no_update BEFORE UPDATE ON evidence_manifest
BEGIN
    SELECT RAISE(ABORT, 'evidence_manifest is append-only');
END;

CREATE TRIGGER evidence_manifest_no_delete BEFORE DELETE ON evidence_manifest
BEGIN
    SELECT RAISE(ABORT, 'evidence_manifest is append-only');
END;

CREATE TRIGGER run_capture_no_update BEFORE UPDATE ON run_capture
BEGIN
    SELECT RAISE(ABORT, 'run_capture is append-only');
END;

CREATE TRIGGER run_capture_no_delete BEFORE DELETE ON run_capture
BEGIN
    SELECT RAISE(ABORT, 'run_capture is append-only');
END;

CREATE TRIGGER warc_file_no_update BEFORE UPDATE ON warc_file
BEGIN
    SELECT RAISE(ABORT, 'warc_file is append-only');
END;

CREATE TRIGGER warc_file_no_delete BEFORE DELETE ON warc_file
BEGIN
    SELECT RAISE(ABORT, 'warc_file is append-only');
END;

CREATE TRIGGER timestamp_token_no_update BEFORE UPDATE ON timestamp_token
BEGIN
    SELECT RAISE(ABORT, 'timestamp_token is append-only');
END;

CREATE TRIGGER timestamp_token_no_delete BEFORE DELETE ON timestamp_token
BEGIN
    SELECT RAISE(ABORT, 'timestamp_token is append-only');
END;

CREATE TRIGGER screenshot_no_update BEFORE UPDATE ON screenshot
BEGIN
    SELECT RAISE(ABORT, 'screenshot is append-only');
END;

CREATE TRIGGER screenshot_no_delete BEFORE DELETE ON screenshot
BEGIN
    SELECT RAISE(ABORT, 'screenshot is append-only');
END;

CREATE TRIGGER form_issue_no_update BEFORE UPDATE ON form_issue
BEGIN
    SELECT RAISE(ABORT, 'form_issue is append-only');
END;

CREATE TRIGGER form_issue_no_delete BEFORE DELETE ON form_issue
BEGIN
    SELECT RAISE(ABORT, 'form_issue is append-only');
END;
