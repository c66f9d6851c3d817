CREATE VIEW analyst_indications AS
SELECT h.id AS indication, h.interaction_id AS act_number, ch.case_id AS case_number, c.asn_id AS person,
    ch.joined_at AS noted_at, i.platform, i.act, i.occurred_at, i.bracket_lo AS after_at, i.bracket_hi AS until_at,
    i.seen_first_at AS first_seen_at, i.withdrawn_seen_at AS withdrawn_at, h.rule_id AS rule, h.rule_version, h.level,
    h.tier, h.law, h.law_row, h.stage, h.candidate_id AS candidate, h.contest_id AS contest, c.jurisdiction,
    p.employment, h.active AS standing
FROM case_hit ch
JOIN rule_hit h ON h.id = ch.hit_id
JOIN interaction i ON i.id = h.interaction_id
JOIN review_case c ON c.id = ch.case_id
JOIN asn p ON p.id = c.asn_id;

CREATE VIEW analyst_cases AS
SELECT c.id AS case_number, c.asn_id AS person, p.employment, c.jurisdiction, c.contest_id AS contest,
    c.candidate_id AS candidate, c.law, c.law_row, c.stage, c.state, c.hit_count AS indications,
    c.created_at AS opened_at, c.first_seen_at, c.last_hit_at AS last_indication_at,
    c.first_opened_at AS first_read_at, c.known_at, c.due_at, c.changed_at, c.linked_case_id AS continues_case
FROM review_case c
JOIN asn p ON p.id = c.asn_id;

CREATE VIEW analyst_events AS
SELECT e.id AS event, e.case_id AS case_number, e.case_version, e.kind, e.from_state, e.to_state, e.reason,
    e.undoes_id AS undoes, e.at, c.jurisdiction
FROM review_event e
JOIN review_case c ON c.id = e.case_id;

CREATE VIEW analyst_verdicts AS
SELECT v.id AS verdict_number, v.hit_id AS indication, h.rule_id AS rule, h.rule_version, v.verdict, v.reason, v.at,
    p.jurisdiction
FROM hit_verdict v
JOIN rule_hit h ON h.id = v.hit_id
JOIN asn p ON p.id = h.asn_id;

CREATE VIEW analyst_acts AS
SELECT i.id AS act_number, i.platform, i.act, i.occurred_at, i.bracket_lo AS after_at, i.bracket_hi AS until_at,
    i.seen_first_at AS first_seen_at, i.withdrawn_seen_at AS withdrawn_at, j.outcome
FROM interaction i
LEFT JOIN judgement j ON j.interaction_id = i.id AND j.current;

CREATE VIEW analyst_candidates AS
SELECT k.id AS candidate, k.contest_id AS contest, t.name AS contest_name, t.region, t.office, t.regime,
    n.year AS election_year, k.number, k.label,
    (SELECT count(*) FROM candidate_account a WHERE a.candidate_id = k.id) AS accounts, k.removed_at
FROM candidate k
JOIN contest t ON t.id = k.contest_id
JOIN election n ON n.id = t.election_id;

CREATE VIEW analyst_stages AS
SELECT s.contest_id AS contest, s.kind AS stage, s.starts_at
FROM stage s
JOIN contest t ON t.id = s.contest_id;

CREATE VIEW analyst_regions AS
SELECT r.code, r.parent_code AS parent, r.name, r.timezone, u.name AS parent_name
FROM jurisdiction r
LEFT JOIN jurisdiction u ON u.code = r.parent_code;

CREATE VIEW analyst_visits AS
SELECT v.id AS visit, v.run_id AS night, r.started_at AS night_at, v.source, v.direction, v.outcome, v.requests,
    v.items AS texts, v.interactions AS acts, v.bystanders_discarded AS others_dropped, v.started_at, v.finished_at
FROM target_run v
JOIN scan_run r ON r.id = v.run_id;

CREATE VIEW analyst_coverage AS
SELECT v.id AS visit, v.run_id AS night, r.started_at AS night_at, v.source, v.direction, c.act, c.coverage
FROM target_coverage c
JOIN target_run v ON v.id = c.target_run_id
JOIN scan_run r ON r.id = v.run_id;
