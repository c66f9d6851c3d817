ALTER TABLE rule_hit ADD COLUMN stance VARCHAR(16) CONSTRAINT ck_rule_hit_stance CHECK (stance IN ('dukungan', 'celaan', 'netral'));

ALTER TABLE rule_hit ADD COLUMN stance_spans JSON;

ALTER TABLE rule_hit ADD COLUMN raised JSON DEFAULT '[]' NOT NULL;

ALTER TABLE alias ADD COLUMN requires JSON DEFAULT '[]' NOT NULL;

ALTER TABLE alias ADD COLUMN excludes JSON DEFAULT '[]' NOT NULL;

ALTER TABLE suppression ADD COLUMN account_id INTEGER CONSTRAINT fk_suppression_account_id REFERENCES account (id);

ALTER TABLE suppression ADD COLUMN jurisdiction VARCHAR(32);

ALTER TABLE suppression ADD COLUMN ended_by INTEGER CONSTRAINT fk_suppression_ended_by REFERENCES app_user (id);

ALTER TABLE suppression ADD COLUMN ended_at DATETIME;

CREATE TABLE rule_backtest (
    id INTEGER NOT NULL,
    rule_id VARCHAR(128) NOT NULL,
    rule_version INTEGER NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    ruleset_hash VARCHAR(64) NOT NULL,
    ran_at DATETIME NOT NULL,
    ran_by TEXT NOT NULL,
    figures JSON NOT NULL,
    passed BOOLEAN NOT NULL,
    CONSTRAINT pk_rule_backtest PRIMARY KEY (id)
);

CREATE INDEX ix_rule_backtest_rule ON rule_backtest (rule_id, rule_version, id);

CREATE TABLE pattern (
    id INTEGER NOT NULL,
    ruleset_id INTEGER NOT NULL,
    rule_id VARCHAR(128) NOT NULL,
    rule_version INTEGER NOT NULL,
    asn_id INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL,
    first_at DATETIME NOT NULL,
    last_at DATETIME NOT NULL,
    weight INTEGER NOT NULL,
    members JSON NOT NULL,
    level VARCHAR(16) NOT NULL,
    within_seconds INTEGER NOT NULL,
    active BOOLEAN NOT NULL,
    found_at DATETIME NOT NULL,
    changed_at DATETIME NOT NULL,
    CONSTRAINT pk_pattern PRIMARY KEY (id),
    CONSTRAINT uq_pattern_once UNIQUE (rule_id, rule_version, asn_id, candidate_id, first_at),
    CONSTRAINT fk_pattern_ruleset_id FOREIGN KEY(ruleset_id) REFERENCES ruleset (id),
    CONSTRAINT fk_pattern_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT fk_pattern_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT ck_pattern_level CHECK (level IN ('rendah', 'menengah', 'tinggi'))
);

CREATE INDEX ix_pattern_active ON pattern (asn_id, candidate_id) WHERE active;

CREATE INDEX ix_pattern_ruleset_id ON pattern (ruleset_id);

ALTER TABLE rule_activation ADD COLUMN content_hash VARCHAR(64);

ALTER TABLE rule_activation ADD COLUMN backtest_id INTEGER CONSTRAINT fk_rule_activation_backtest_id REFERENCES rule_backtest (id);

ALTER TABLE rule_activation ADD COLUMN ended_by INTEGER CONSTRAINT fk_rule_activation_ended_by REFERENCES app_user (id);

ALTER TABLE rule_activation ADD COLUMN ended_at DATETIME;

CREATE TRIGGER rule_backtest_no_update BEFORE UPDATE ON rule_backtest
BEGIN
    SELECT RAISE(ABORT, 'rule_backtest is append-only');
END;

CREATE TRIGGER rule_backtest_no_delete BEFORE DELETE ON rule_backtest
BEGIN
    SELECT RAISE(ABORT, 'rule_backtest is append-only');
END;

CREATE INDEX ix_item_version_content_hash ON item_version (content_hash);
