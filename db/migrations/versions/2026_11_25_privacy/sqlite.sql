ALTER TABLE legal_hold ADD COLUMN release_asked_by INTEGER CONSTRAINT fk_legal_hold_release_asked_by REFERENCES app_user (id);

ALTER TABLE legal_hold ADD COLUMN release_asked_at DATETIME CONSTRAINT ck_legal_hold_two_people CHECK (release_asked_by IS NULL OR released_by IS NULL OR release_asked_by <> released_by);

CREATE TRIGGER legal_hold_asked BEFORE UPDATE ON legal_hold
WHEN NEW.released_at IS NOT NULL AND OLD.released_at IS NULL AND (NEW.release_asked_by IS NULL OR NEW.released_by IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'legal_hold ends by two people');
END;

ALTER TABLE data_incident ADD COLUMN jurisdiction VARCHAR(32);

CREATE INDEX ix_item_threadless ON item (parent_id, root_id) WHERE root_id IS NULL AND parent_id IS NOT NULL;

ALTER TABLE scan_run ADD COLUMN database_since DATETIME;
