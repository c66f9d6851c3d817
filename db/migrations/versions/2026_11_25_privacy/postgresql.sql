ALTER TABLE legal_hold ADD COLUMN release_asked_by BIGINT CONSTRAINT fk_legal_hold_release_asked_by REFERENCES app_user (id);

ALTER TABLE legal_hold ADD COLUMN release_asked_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE legal_hold ADD CONSTRAINT ck_legal_hold_two_people CHECK (release_asked_by IS NULL OR released_by IS NULL OR release_asked_by <> released_by);

COMMENT ON COLUMN legal_hold.release_reason IS 'Why it shall end, or ended.';

COMMENT ON COLUMN legal_hold.release_asked_by IS 'Who asked that it end; a trigger lets none end without.';

COMMENT ON COLUMN legal_hold.release_asked_at IS 'When that was asked.';

CREATE FUNCTION pantau_hold_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'legal_hold ends by two people';
END
$$;

CREATE TRIGGER legal_hold_asked BEFORE UPDATE ON legal_hold
FOR EACH ROW WHEN (NEW.released_at IS NOT NULL AND OLD.released_at IS NULL AND (NEW.release_asked_by IS NULL OR NEW.released_by IS NULL)) EXECUTE FUNCTION pantau_hold_asked();

ALTER TABLE data_incident ADD COLUMN jurisdiction VARCHAR(32);

COMMENT ON COLUMN data_incident.jurisdiction IS 'Region code of those whose data it was; NULL for the office''s own region.';

CREATE INDEX CONCURRENTLY ix_item_threadless ON item (parent_id, root_id) WHERE root_id IS NULL AND parent_id IS NOT NULL;

ALTER TABLE scan_run ADD COLUMN database_since TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN scan_run.database_since IS 'Since when the database''s server was up, as the night last looked; NULL where it is a file.';
