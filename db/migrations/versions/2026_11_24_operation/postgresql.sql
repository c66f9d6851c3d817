CREATE TABLE job_run (
    id BIGSERIAL NOT NULL,
    job VARCHAR(32) NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    state VARCHAR(32) NOT NULL,
    detail TEXT NOT NULL,
    machine VARCHAR(128) NOT NULL,
    run_id BIGINT,
    CONSTRAINT pk_job_run PRIMARY KEY (id),
    CONSTRAINT ck_job_run_state CHECK (state IN ('running', 'ok', 'problems', 'failed', 'refused', 'missed', 'lost')),
    CONSTRAINT fk_job_run_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id)
);

CREATE INDEX ix_job_run_job_id ON job_run (job, id);

CREATE INDEX ix_job_run_run_id ON job_run (run_id);

COMMENT ON TABLE job_run IS 'Runs of scheduled jobs, with those that were missed.';

COMMENT ON COLUMN job_run.id IS 'Surrogate key.';

COMMENT ON COLUMN job_run.job IS 'Name of the job in the schedule.';

COMMENT ON COLUMN job_run.due_at IS 'When it was due; NULL when a person started it.';

COMMENT ON COLUMN job_run.started_at IS 'When it began; NULL when it was missed.';

COMMENT ON COLUMN job_run.finished_at IS 'When it ended; NULL while it runs, and for ever when its process was killed.';

COMMENT ON COLUMN job_run.state IS 'How it went.';

COMMENT ON COLUMN job_run.detail IS 'What a person should know; never a person''s data.';

COMMENT ON COLUMN job_run.machine IS 'Name of the machine and number of the process.';

COMMENT ON COLUMN job_run.run_id IS 'The night it made.';

CREATE TABLE planned_visit (
    run_id BIGINT NOT NULL,
    source VARCHAR(32) NOT NULL,
    direction VARCHAR(16) NOT NULL,
    target TEXT NOT NULL,
    position INTEGER NOT NULL,
    since TIMESTAMP WITH TIME ZONE,
    shard VARCHAR(16) NOT NULL,
    lane VARCHAR(64) NOT NULL,
    planned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    asked TEXT NOT NULL,
    CONSTRAINT pk_planned_visit PRIMARY KEY (run_id, source, direction, target),
    CONSTRAINT fk_planned_visit_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id),
    CONSTRAINT ck_planned_visit_direction CHECK (direction IN ('candidate', 'subject', 'import'))
);

COMMENT ON TABLE planned_visit IS 'Visits of a night that several workers share; done when the night has a visit to that target.';

COMMENT ON COLUMN planned_visit.run_id IS 'The night.';

COMMENT ON COLUMN planned_visit.source IS 'Source name.';

COMMENT ON COLUMN planned_visit.direction IS 'From which side it is read.';

COMMENT ON COLUMN planned_visit.target IS 'Stable id of the account.';

COMMENT ON COLUMN planned_visit.position IS 'Its turn in the plan.';

COMMENT ON COLUMN planned_visit.since IS 'How far back it is read.';

COMMENT ON COLUMN planned_visit.shard IS 'Region code of those who work at it; empty for anybody.';

COMMENT ON COLUMN planned_visit.lane IS 'Lock under which it is worked at.';

COMMENT ON COLUMN planned_visit.planned_at IS 'When it was planned.';

COMMENT ON COLUMN planned_visit.asked IS 'What the night was asked for, as JSON.';

CREATE TABLE host_pace (
    host VARCHAR(255) NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_until TIMESTAMP WITH TIME ZONE,
    rest FLOAT NOT NULL,
    booked BIGINT NOT NULL,
    allowance INTEGER,
    allowance_of INTEGER,
    allowance_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_host_pace PRIMARY KEY (host)
);

COMMENT ON TABLE host_pace IS 'The pace of hosts, kept by all workers together.';

COMMENT ON COLUMN host_pace.host IS 'Scheme, host and port, or the name of a credential.';

COMMENT ON COLUMN host_pace.next_at IS 'No call may begin before then.';

COMMENT ON COLUMN host_pace.closed_until IS 'Until when the host asked to be left alone.';

COMMENT ON COLUMN host_pace.rest IS 'Seconds added to each pause while the host labours.';

COMMENT ON COLUMN host_pace.booked IS 'How many calls were booked so far.';

COMMENT ON COLUMN host_pace.allowance IS 'Calls that the host still grants, those under way taken off.';

COMMENT ON COLUMN host_pace.allowance_of IS 'How many it grants at a time.';

COMMENT ON COLUMN host_pace.allowance_until IS 'When it grants more.';

CREATE TABLE legal_hold (
    id BIGSERIAL NOT NULL,
    asn_id BIGINT,
    case_id BIGINT,
    reason TEXT NOT NULL,
    held_by BIGINT NOT NULL,
    held_at TIMESTAMP WITH TIME ZONE NOT NULL,
    released_by BIGINT,
    released_at TIMESTAMP WITH TIME ZONE,
    release_reason TEXT,
    CONSTRAINT pk_legal_hold PRIMARY KEY (id),
    CONSTRAINT ck_legal_hold_one_subject CHECK ((asn_id IS NULL) <> (case_id IS NULL)),
    CONSTRAINT fk_legal_hold_asn_id FOREIGN KEY(asn_id) REFERENCES asn (id),
    CONSTRAINT fk_legal_hold_case_id FOREIGN KEY(case_id) REFERENCES review_case (id),
    CONSTRAINT fk_legal_hold_held_by FOREIGN KEY(held_by) REFERENCES app_user (id),
    CONSTRAINT fk_legal_hold_released_by FOREIGN KEY(released_by) REFERENCES app_user (id)
);

CREATE INDEX ix_legal_hold_asn_id ON legal_hold (asn_id);

CREATE INDEX ix_legal_hold_case_id ON legal_hold (case_id);

COMMENT ON TABLE legal_hold IS 'Whose data no retention may touch, and why.';

COMMENT ON COLUMN legal_hold.id IS 'Surrogate key.';

COMMENT ON COLUMN legal_hold.asn_id IS 'Whose data is held; NULL when a case is held.';

COMMENT ON COLUMN legal_hold.case_id IS 'Which case is held; NULL when a person is held.';

COMMENT ON COLUMN legal_hold.reason IS 'On what ground; never a person''s data.';

COMMENT ON COLUMN legal_hold.held_by IS 'Who asked for it.';

COMMENT ON COLUMN legal_hold.held_at IS 'When.';

COMMENT ON COLUMN legal_hold.released_by IS 'Who ended it.';

COMMENT ON COLUMN legal_hold.released_at IS 'When it ended; NULL while it holds.';

COMMENT ON COLUMN legal_hold.release_reason IS 'Why it ended.';

CREATE TABLE purged_act (
    interaction_id BIGINT NOT NULL,
    purged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_purged_act PRIMARY KEY (interaction_id),
    CONSTRAINT fk_purged_act_interaction_id FOREIGN KEY(interaction_id) REFERENCES interaction (id)
);

COMMENT ON TABLE purged_act IS 'Acts whose words are gone: what was judged of them stands, since nobody can judge them anew.';

COMMENT ON COLUMN purged_act.interaction_id IS 'The act.';

COMMENT ON COLUMN purged_act.purged_at IS 'When retention first emptied words that it rests on.';

CREATE TABLE pending_removal (
    place VARCHAR(32) NOT NULL,
    name VARCHAR(255) NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_pending_removal PRIMARY KEY (place, name),
    CONSTRAINT ck_pending_removal_place CHECK (place IN ('evidence', 'roster'))
);

COMMENT ON TABLE pending_removal IS 'Files whose removal is recorded and not done yet; whoever purges next ends it.';

COMMENT ON COLUMN pending_removal.place IS 'Where the file lies.';

COMMENT ON COLUMN pending_removal.name IS 'Hash of an answer, or name of a register copy.';

COMMENT ON COLUMN pending_removal.noted_at IS 'When its removal was recorded.';

CREATE TABLE data_incident (
    id BIGSERIAL NOT NULL,
    known_at TIMESTAMP WITH TIME ZONE NOT NULL,
    what TEXT NOT NULL,
    how TEXT NOT NULL,
    remedy TEXT NOT NULL,
    noted_by BIGINT NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    subjects_told_at TIMESTAMP WITH TIME ZONE,
    agency_told_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_data_incident PRIMARY KEY (id),
    CONSTRAINT fk_data_incident_noted_by FOREIGN KEY(noted_by) REFERENCES app_user (id)
);

COMMENT ON TABLE data_incident IS 'Failures of the protection of personal data and their written notices (UU 27/2022, Pasal 46).';

COMMENT ON COLUMN data_incident.id IS 'Surrogate key.';

COMMENT ON COLUMN data_incident.known_at IS 'When the office learnt that protection had failed; the 3 x 24 hours begin here.';

COMMENT ON COLUMN data_incident.what IS 'Which kinds of data were disclosed; never a person''s data.';

COMMENT ON COLUMN data_incident.how IS 'When and how it happened.';

COMMENT ON COLUMN data_incident.remedy IS 'What was done to mend it.';

COMMENT ON COLUMN data_incident.noted_by IS 'Who entered it.';

COMMENT ON COLUMN data_incident.noted_at IS 'When it was entered.';

COMMENT ON COLUMN data_incident.subjects_told_at IS 'When the people concerned were told in writing.';

COMMENT ON COLUMN data_incident.agency_told_at IS 'When the agency was told in writing.';

COMMENT ON COLUMN data_incident.closed_at IS 'When nothing was left to do.';
