CREATE TABLE job_run (
    id INTEGER NOT NULL,
    job VARCHAR(32) NOT NULL,
    due_at DATETIME,
    started_at DATETIME,
    finished_at DATETIME,
    state VARCHAR(32) NOT NULL,
    detail TEXT NOT NULL,
    machine VARCHAR(128) NOT NULL,
    run_id INTEGER,
    CONSTRAINT pk_job_run PRIMARY KEY (id),
    CONSTRAINT ck_job_run_state CHECK (state IN ('running', 'ok', 'problems', 'failed', 'refused', 'missed', 'lost')),
    CONSTRAINT fk_job_run_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id)
);

CREATE INDEX ix_job_run_job_id ON job_run (job, id);

CREATE INDEX ix_job_run_run_id ON job_run (run_id);

CREATE TABLE planned_visit (
    run_id INTEGER NOT NULL,
    source VARCHAR(32) NOT NULL,
    direction VARCHAR(16) NOT NULL,
    target TEXT NOT NULL,
    position INTEGER NOT NULL,
    since DATETIME,
    shard VARCHAR(16) NOT NULL,
    lane VARCHAR(64) NOT NULL,
    planned_at DATETIME NOT NULL,
    asked TEXT NOT NULL,
    CONSTRAINT pk_planned_visit PRIMARY KEY (run_id, source, direction, target),
    CONSTRAINT fk_planned_visit_run_id FOREIGN KEY(run_id) REFERENCES scan_run (id),
    CONSTRAINT ck_planned_visit_direction CHECK (direction IN ('candidate', 'subject', 'import'))
);

CREATE TABLE host_pace (
    host VARCHAR(255) NOT NULL,
    next_at DATETIME NOT NULL,
    closed_until DATETIME,
    rest FLOAT NOT NULL,
    booked INTEGER NOT NULL,
    allowance INTEGER,
    allowance_of INTEGER,
    allowance_until DATETIME,
    CONSTRAINT pk_host_pace PRIMARY KEY (host)
);

CREATE TABLE legal_hold (
    id INTEGER NOT NULL,
    asn_id INTEGER,
    case_id INTEGER,
    reason TEXT NOT NULL,
    held_by INTEGER NOT NULL,
    held_at DATETIME NOT NULL,
    released_by INTEGER,
    released_at DATETIME,
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

CREATE TABLE purged_act (
    interaction_id INTEGER NOT NULL,
    purged_at DATETIME NOT NULL,
    CONSTRAINT pk_purged_act PRIMARY KEY (interaction_id),
    CONSTRAINT fk_purged_act_interaction_id FOREIGN KEY(interaction_id) REFERENCES interaction (id)
);

CREATE TABLE pending_removal (
    place VARCHAR(32) NOT NULL,
    name VARCHAR(255) NOT NULL,
    noted_at DATETIME NOT NULL,
    CONSTRAINT pk_pending_removal PRIMARY KEY (place, name),
    CONSTRAINT ck_pending_removal_place CHECK (place IN ('evidence', 'roster'))
);

CREATE TABLE data_incident (
    id INTEGER NOT NULL,
    known_at DATETIME NOT NULL,
    what TEXT NOT NULL,
    how TEXT NOT NULL,
    remedy TEXT NOT NULL,
    noted_by INTEGER NOT NULL,
    noted_at DATETIME NOT NULL,
    subjects_told_at DATETIME,
    agency_told_at DATETIME,
    closed_at DATETIME,
    CONSTRAINT pk_data_incident PRIMARY KEY (id),
    CONSTRAINT fk_data_incident_noted_by FOREIGN KEY(noted_by) REFERENCES app_user (id)
);
