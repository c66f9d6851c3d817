ALTER TABLE rule_hit ADD COLUMN stance VARCHAR(16) CONSTRAINT ck_rule_hit_stance CHECK (stance IN ('dukungan', 'celaan', 'netral'));

COMMENT ON COLUMN rule_hit.stance IS 'How the text seems to speak of the pair; a hint only.';

ALTER TABLE rule_hit ADD COLUMN stance_spans JSONB;

COMMENT ON COLUMN rule_hit.stance_spans IS 'Words that say so; NULL when purged.';

ALTER TABLE rule_hit ADD COLUMN raised JSONB DEFAULT '[]' NOT NULL;

COMMENT ON COLUMN rule_hit.raised IS 'Reasons for which its level was raised.';

ALTER TABLE alias ADD COLUMN requires JSONB DEFAULT '[]' NOT NULL;

COMMENT ON COLUMN alias.requires IS 'Words of which one must stand in the text too.';

ALTER TABLE alias ADD COLUMN excludes JSONB DEFAULT '[]' NOT NULL;

COMMENT ON COLUMN alias.excludes IS 'Words of which none may stand in the text.';

ALTER TABLE suppression ADD COLUMN account_id BIGINT CONSTRAINT fk_suppression_account_id REFERENCES account (id);

COMMENT ON COLUMN suppression.account_id IS 'Of those, only acts of this account; NULL for all.';

ALTER TABLE suppression ADD COLUMN jurisdiction VARCHAR(32);

COMMENT ON COLUMN suppression.jurisdiction IS 'Of those, only people of this place or below; NULL for all.';

ALTER TABLE suppression ADD COLUMN ended_by BIGINT CONSTRAINT fk_suppression_ended_by REFERENCES app_user (id);

COMMENT ON COLUMN suppression.ended_by IS 'User who ended it early, or refused it.';

ALTER TABLE suppression ADD COLUMN ended_at TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN suppression.ended_at IS 'When it was ended early or refused; NULL while it runs.';

CREATE TABLE rule_backtest (
    id BIGSERIAL NOT NULL,
    rule_id VARCHAR(128) NOT NULL,
    rule_version INTEGER NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    ruleset_hash VARCHAR(64) NOT NULL,
    ran_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ran_by TEXT NOT NULL,
    figures JSONB NOT NULL,
    passed BOOLEAN NOT NULL,
    CONSTRAINT pk_rule_backtest PRIMARY KEY (id)
);

CREATE INDEX ix_rule_backtest_rule ON rule_backtest (rule_id, rule_version, id);

COMMENT ON TABLE rule_backtest IS 'Trials of rules on stored acts.';

COMMENT ON COLUMN rule_backtest.id IS 'Surrogate key.';

COMMENT ON COLUMN rule_backtest.rule_id IS 'Name of the rule.';

COMMENT ON COLUMN rule_backtest.rule_version IS 'Version of the rule.';

COMMENT ON COLUMN rule_backtest.content_hash IS 'Hash of the rule''s file.';

COMMENT ON COLUMN rule_backtest.ruleset_hash IS 'Hash of the rule set it was tried in.';

COMMENT ON COLUMN rule_backtest.ran_at IS 'When.';

COMMENT ON COLUMN rule_backtest.ran_by IS 'User who ran it, or the program.';

COMMENT ON COLUMN rule_backtest.figures IS 'What it would have hit: counts, overlap, judged before, reviewer hours, budget.';

COMMENT ON COLUMN rule_backtest.passed IS 'Whether it stayed within the rule''s budget.';

CREATE TABLE pattern (
    id BIGSERIAL NOT NULL,
    ruleset_id BIGINT NOT NULL,
    rule_id VARCHAR(128) NOT NULL,
    rule_version INTEGER NOT NULL,
    asn_id BIGINT NOT NULL,
    candidate_id BIGINT NOT NULL,
    first_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    weight INTEGER NOT NULL,
    members JSONB NOT NULL,
    level VARCHAR(16) NOT NULL,
    within_seconds BIGINT NOT NULL,
    active BOOLEAN NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_pattern PRIMARY KEY (id),
    CONSTRAINT uq_pattern_once UNIQUE (rule_id, rule_version, asn_id, candidate_id, first_at),
    CONSTRAINT fk_pattern_ruleset_id FOREIGN KEY(ruleset_id) REFERENCES ruleset (id),
    CONSTRAINT fk_pattern_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT fk_pattern_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidate (id),
    CONSTRAINT ck_pattern_level CHECK (level IN ('rendah', 'menengah', 'tinggi'))
);

CREATE INDEX ix_pattern_active ON pattern (asn_id, candidate_id) WHERE active;

CREATE INDEX ix_pattern_ruleset_id ON pattern (ruleset_id);

COMMENT ON TABLE pattern IS 'Repeated acts of one person for one pair within a time.';

COMMENT ON COLUMN pattern.id IS 'Surrogate key.';

COMMENT ON COLUMN pattern.ruleset_id IS 'The rule set that last found it.';

COMMENT ON COLUMN pattern.rule_id IS 'Name of the pattern rule.';

COMMENT ON COLUMN pattern.rule_version IS 'Version of the rule.';

COMMENT ON COLUMN pattern.asn_id IS 'The person.';

COMMENT ON COLUMN pattern.candidate_id IS 'The pair.';

COMMENT ON COLUMN pattern.first_at IS 'Latest possible time of its first act.';

COMMENT ON COLUMN pattern.last_at IS 'Latest possible time of its last act.';

COMMENT ON COLUMN pattern.weight IS 'Sum of the weights of its acts.';

COMMENT ON COLUMN pattern.members IS 'Numbers of its acts, in order of time.';

COMMENT ON COLUMN pattern.level IS 'Order of attention the rule asks for.';

COMMENT ON COLUMN pattern.within_seconds IS 'Width of the window.';

COMMENT ON COLUMN pattern.active IS 'Whether the stored acts still give it.';

COMMENT ON COLUMN pattern.found_at IS 'When it was first found.';

COMMENT ON COLUMN pattern.changed_at IS 'When it last changed.';

ALTER TABLE rule_activation ADD COLUMN content_hash VARCHAR(64);

COMMENT ON COLUMN rule_activation.content_hash IS 'Hash of the rule''s file that was looked at.';

ALTER TABLE rule_activation ADD COLUMN backtest_id BIGINT CONSTRAINT fk_rule_activation_backtest_id REFERENCES rule_backtest (id);

COMMENT ON COLUMN rule_activation.backtest_id IS 'Figures the proposal rests on.';

ALTER TABLE rule_activation ADD COLUMN ended_by BIGINT CONSTRAINT fk_rule_activation_ended_by REFERENCES app_user (id);

COMMENT ON COLUMN rule_activation.ended_by IS 'User who refused it or took it back before it held.';

ALTER TABLE rule_activation ADD COLUMN ended_at TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN rule_activation.ended_at IS 'When it was refused or taken back.';

CREATE TRIGGER rule_backtest_no_update BEFORE UPDATE ON rule_backtest
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER rule_backtest_no_delete BEFORE DELETE ON rule_backtest
FOR EACH ROW EXECUTE FUNCTION pantau_append_only();

CREATE TRIGGER rule_backtest_no_truncate BEFORE TRUNCATE ON rule_backtest
FOR EACH STATEMENT EXECUTE FUNCTION pantau_append_only();

CREATE INDEX ix_item_version_content_hash ON item_version (content_hash);
