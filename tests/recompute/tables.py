"""The exported records as tables, and as views of what had happened by the end of one day.

The one rule of the past: a date after the day asked about has not happened. So each view first takes all later dates away,
and everything else is defined on what is left, as if it were the present.
"""

import csv
import pathlib
import tempfile

# The columns that are read, by noun. Those that end in `_on` are days and so is `directed_by`, those in FLAGS yes or no.
NOUNS = {
    "children": ["child_ref", "birth_month", "sex", "ethnicity_group", "primary_need", "sen_status"],
    "referrals": [
        "child_ref", "discipline", "provider_ref", "priority", "referral_source", "purpose", "received_on", "rejected_on",
        "first_contact_on", "assessment_completed_on", "discharged_on", "withdrawn_on",
    ],
    "ehc-requests": [
        "child_ref", "request_source", "received_on", "became_responsible_on", "decision", "decision_on", "outcome",
        "outcome_on", "draft_served_on", "final_sent_on", "withdrawn_on", "request_mediation", "request_tribunal",
        "assessment_mediation", "assessment_tribunal", "detained",
    ],
    "advice-requests": [
        "ehc_request_id", "reassessment_id", "advice_type", "provider_ref", "sent_on", "received_by_body_on", "returned_on",
        "sent_back_on", "declined_on", "missed_appointment_on", "existing_advice_accepted_on", "own_adviser",
    ],
    "timescale-exceptions": [
        "ehc_request_id", "reassessment_id", "ground", "starts_on", "ends_on", "advice_requested_on",
    ],
    "orders": [
        "source", "kind", "made_on", "ehc_request_id", "directed_by", "notified_on", "refused_plan_on", "draft_issued_on",
        "final_sent_on", "complied_on",
    ],
    "reassessments": [
        "ehc_plan_id", "requested_on", "own_motion_on", "decision", "decision_on", "final_sent_on", "stopped_on",
    ],
    "ehc-plans": [
        "issued_on", "ceased_on", "transferred_out_on", "transferred_in_on", "phase_transfer", "phase_transfer_on",
        "phase_transfer_final_on", "move_known_on", "moves_on", "transfer_informed_on", "icb_change_known_on",
        "new_icb_told_on", "icb_review_asked_on",
    ],
    "annual-reviews": [
        "ehc_plan_id", "meeting_on", "decision", "decision_on", "notice_sent_on", "report_sent_on", "amendment_notice_sent_on",
        "final_sent_on", "not_amended_on",
    ],
    "plan-amendments": ["ehc_plan_id", "notice_sent_on", "final_sent_on", "not_amended_on"],
    "consultations": ["ehc_request_id", "ehc_plan_id", "consulted_on", "replied_on", "withdrawn_on"],
    "disputes": [
        "decision", "notice_sent_on", "adviser_contacted_on", "mediation_declined_on", "mediation_requested_on",
        "mediation_about", "icb_informed_on", "mediation_held_on", "certificate_issued_on", "agreed_without_council_on",
        "council_told_on", "appealed_on", "settled_on",
    ],
    "calendars": ["kind", "starts_on"],
    "posts": ["post_ref", "discipline", "band", "service_ref", "funded_wte", "starts_on", "ends_on"],
    "post-holdings": ["worker_ref", "post_ref", "wte", "engagement", "newly_qualified", "starts_on", "ends_on"],
    "absences": ["worker_ref", "kind", "starts_on", "ends_on"],
    "recruitments": ["post_ref", "round", "approved_on", "advertised_on", "offered_on", "starts_on", "outcome", "outcome_on"],
    "trainees": [
        "discipline", "programme", "service_ref", "wte", "qualifies_on", "retention_probability", "started_on", "left_on",
    ],
    "capacity-rules": ["discipline", "setting", "week", "value", "starts_on", "ends_on"],
}
FLAGS = {
    "request_mediation", "request_tribunal", "assessment_mediation", "assessment_tribunal", "detained", "own_adviser",
    "newly_qualified",
}

MACROS = """
CREATE MACRO today() AS getvariable('as_at');
CREATE MACRO happened(on_day) AS CASE WHEN on_day <= today() THEN on_day END;
-- A share in percent with one decimal, rounded half up; a mean of days likewise. Nothing of nobody.
CREATE MACRO percent(part, whole) AS
    CASE WHEN whole > 0 THEN CAST(((2000 * part + whole) // (2 * whole)) / 10.0 AS DECIMAL(18, 1)) END;
CREATE MACRO mean_days(total, people) AS
    CASE WHEN people > 0 THEN CAST(((20 * total + people) // (2 * people)) / 10.0 AS DECIMAL(18, 1)) END;
-- The nearest rank: the smallest number that so many in a hundred do not exceed.
CREATE MACRO nearest_rank(numbers, hundredths) AS
    list_sort(numbers)[greatest(1, (len(numbers) * hundredths + 99) // 100)];
-- Advice is in hand on a day if it had been returned and not been sent back since, or if earlier advice had been accepted.
CREATE MACRO in_hand(returned_on, sent_back_on, accepted_on, by_day) AS CASE
    WHEN returned_on <= by_day AND (sent_back_on IS NULL OR sent_back_on > by_day OR sent_back_on < returned_on)
    THEN returned_on WHEN accepted_on <= by_day THEN accepted_on END;
CREATE MACRO known(word) AS coalesce(word, 'not_recorded');
CREATE MACRO age_band(birth_month) AS CASE
    WHEN birth_month IS NULL THEN 'not_recorded'
    WHEN date_diff('month', CAST(birth_month || '-01' AS DATE), date_trunc('month', today())) < 5 * 12 THEN 'under_5'
    WHEN date_diff('month', CAST(birth_month || '-01' AS DATE), date_trunc('month', today())) < 11 * 12 THEN '5_to_10'
    WHEN date_diff('month', CAST(birth_month || '-01' AS DATE), date_trunc('month', today())) < 16 * 12 THEN '11_to_15'
    WHEN date_diff('month', CAST(birth_month || '-01' AS DATE), date_trunc('month', today())) < 20 * 12 THEN '16_to_19'
    WHEN date_diff('month', CAST(birth_month || '-01' AS DATE), date_trunc('month', today())) < 26 * 12 THEN '20_to_25'
    ELSE 'over_25' END;
"""

VIEWS = """
CREATE VIEW child AS SELECT child_ref, age_band(birth_month) AS age_band, known(sex) AS sex,
    known(ethnicity_group) AS ethnicity_group, known(primary_need) AS primary_need, known(sen_status) AS sen_status
FROM children;

-- A wait ends with rejection, the first contact, discharge or withdrawal, whichever is first.
CREATE VIEW referral AS SELECT number, discipline, known(provider_ref) AS provider_ref, known(priority) AS priority,
    known(referral_source) AS referral_source, known(purpose) AS purpose, child.* EXCLUDE (child_ref), received_on,
    happened(rejected_on) AS rejected_on, happened(first_contact_on) AS seen_on,
    happened(assessment_completed_on) AS assessed_on, happened(discharged_on) AS discharged_on,
    happened(withdrawn_on) AS withdrawn_on,
    least(happened(rejected_on), happened(first_contact_on), happened(discharged_on), happened(withdrawn_on)) AS ended_on
FROM referrals JOIN child USING (child_ref) WHERE received_on <= today();

-- An exception with the first day on which its conditions are all fulfilled for a time that runs from `first` to `last`
-- (both null: nobody knows, and what is recorded is taken as stated), regs 8(2), 10(4), 27(3).
CREATE MACRO fulfilled_on(ground, starts_on, ends_on, asked_on, first, last, away := 28) AS CASE
    -- Advice asked for outside the time cannot be why it was not kept.
    WHEN asked_on < first OR asked_on > last THEN NULL
    -- Closed for four weeks or more; advice asked for from a week before the closure to a week before it opens again.
    WHEN ground IN ('school_closure', 'early_years_closure') AND ends_on - starts_on + 1 >= 28
        AND asked_on BETWEEN starts_on - 7 AND ends_on + 1 - 7 THEN asked_on
    WHEN ground = 'exceptional_personal_circumstances'
        AND greatest(starts_on, first) <= least(coalesce(ends_on, DATE '9999-01-01'), last) THEN greatest(starts_on, first)
    -- Away for 28 days within the time, of an order for 14: on the last of them.
    WHEN ground = 'absent_from_area'
        AND greatest(starts_on, first) + away - 1 <= least(coalesce(ends_on, DATE '9999-01-01'), last)
        THEN greatest(starts_on, first) + away - 1
    WHEN ground = 'missed_appointment'
        AND starts_on BETWEEN coalesce(first, starts_on) AND coalesce(last, starts_on) THEN starts_on
    END;

CREATE VIEW exemption AS SELECT r.number, happened(min(fulfilled_on(e.ground, e.starts_on, e.ends_on,
        e.advice_requested_on, coalesce(r.received_on, r.became_responsible_on),
        coalesce(r.received_on, r.became_responsible_on) + 140))) AS exempt_on
FROM ehc_requests r JOIN timescale_exceptions e ON e.ehc_request_id = r.id
-- The grounds of reg 10(4), without absence for detained persons.
WHERE e.ground IN ('school_closure', 'early_years_closure', 'exceptional_personal_circumstances')
    OR (e.ground = 'absent_from_area' AND NOT coalesce(r.detained, FALSE))
GROUP BY r.number;

-- A request ends with its plan, a refusal, a decision not to issue or its withdrawal, whichever is first; an order to
-- assess, to make a plan or to reconsider replaces its limits. What came later than the plan excuses nothing.
CREATE VIEW any_request AS
WITH dated AS (
    SELECT id, number, child_ref, known(request_source) AS request_source,
        coalesce(received_on, became_responsible_on) AS started_on, happened(decision_on) AS decided_on,
        CASE WHEN decision_on <= today() THEN decision END AS decision,
        CASE WHEN outcome = 'no_plan' THEN happened(outcome_on) END AS no_plan_on,
        happened(draft_served_on) AS draft_on, happened(final_sent_on) AS issued_on,
        happened(withdrawn_on) AS withdrawn_on,
        coalesce(request_mediation, FALSE) OR coalesce(request_tribunal, FALSE) OR coalesce(assessment_mediation, FALSE)
            OR coalesce(assessment_tribunal, FALSE) AS contested
    FROM ehc_requests
), replaced AS (
    SELECT ehc_request_id AS id, min(happened(made_on)) AS replaced_on FROM orders
    WHERE kind IN ('assess', 'make_plan', 'reconsider') GROUP BY ehc_request_id
)
SELECT dated.*, child.* EXCLUDE (child_ref), started_on + 140 AS due_on, replaced_on,
    least(issued_on, withdrawn_on, no_plan_on, CASE WHEN decision = 'do_not_assess' THEN decided_on END) AS ended_on,
    CASE WHEN issued_on IS NULL OR exempt_on <= issued_on THEN exempt_on END AS exempt_on
FROM dated JOIN child USING (child_ref) LEFT JOIN replaced USING (id) LEFT JOIN exemption USING (number);
CREATE VIEW begun_request AS SELECT * FROM any_request WHERE started_on IS NULL OR started_on <= today();

CREATE VIEW advice AS
WITH dated AS (
    SELECT number, ehc_request_id, reassessment_id, advice_type, known(provider_ref) AS provider_ref,
        happened(sent_on) AS sent_on, happened(received_by_body_on) AS received_on, happened(returned_on) AS returned_on,
        happened(sent_back_on) AS sent_back_on, happened(declined_on) AS declined_on,
        happened(missed_appointment_on) AS missed_on, happened(existing_advice_accepted_on) AS accepted_on
    FROM advice_requests
)
SELECT *, in_hand(returned_on, sent_back_on, accepted_on, today()) AS in_hand_on FROM dated;

CREATE VIEW plan AS SELECT id, number, issued_on, happened(transferred_in_on) AS came_on, transferred_in_on AS comes_on,
    least(happened(ceased_on), CASE WHEN transferred_in_on IS NULL OR transferred_in_on <= transferred_out_on
        THEN happened(transferred_out_on) END) AS ended_on,
    phase_transfer, phase_transfer_on, happened(phase_transfer_final_on) AS named_on
FROM ehc_plans WHERE issued_on <= today();
"""


def load(connection, source, authorities):
    """Exports every noun of some authorities and makes the tables and views. Numbers and pseudonyms are an authority's own."""
    connection.execute("CREATE TABLE authorities AS SELECT unnest(?) AS authority", [authorities])
    connection.execute("CREATE TABLE counted AS FROM authorities")
    with tempfile.TemporaryDirectory() as folder:
        for noun, columns in NOUNS.items():
            file = pathlib.Path(folder) / f"{noun}.csv"
            with file.open("w", newline="", encoding="utf-8") as out:
                writer = csv.writer(out)
                writer.writerow(["id", *columns])
                for authority in authorities:
                    for record in source.rows(noun, authority):
                        writer.writerow([record["id"], *(plain(record[column]) for column in columns)])
            selected = ", ".join(cast(column) for column in columns)
            table = noun.replace("-", "_")
            connection.execute(
                f"CREATE TABLE {table}_read AS SELECT id, split_part(id, '_', 2) AS authority, "
                f"CAST(split_part(id, '_', 2) || lpad(split_part(id, '_', 3), 9, '0') AS BIGINT) AS number, "
                f"{selected} FROM read_csv('{file}', all_varchar = true, header = true, nullstr = '')"
            )
            connection.execute(
                f"CREATE VIEW {table} AS SELECT * EXCLUDE (authority) FROM {table}_read WHERE authority IN (FROM counted)"
            )
    connection.execute(MACROS)
    connection.execute(VIEWS)


def count(connection, authorities):
    """From now on only the records of these authorities are counted."""
    connection.execute("CREATE OR REPLACE TABLE counted AS SELECT unnest(?) AS authority", [authorities])


def plain(value):
    """A value as CSV has it."""
    return str(value).lower() if isinstance(value, bool) else value


def cast(column):
    """A column with its type."""
    if column in ("child_ref", "post_ref", "worker_ref"):
        return f"split_part(id, '_', 2) || ':' || {column} AS {column}"
    kind = "DATE" if column.endswith("_on") or column == "directed_by" else "BOOLEAN" if column in FLAGS else "VARCHAR"
    return f"CAST({column} AS {kind}) AS {column}"


LABELS = {
    "range": "''",
    "year": "strftime(day, '%Y')",
    "quarter": "year(day) || '-Q' || quarter(day)",
    "month": "strftime(day, '%Y-%m')",
    "week": "strftime(day, '%G-W%V')",
    "day": "strftime(day, '%Y-%m-%d')",
}


def cut(connection, first, last, every):
    """The days of a span with the period of each, and the periods with their last days."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE span AS SELECT CAST(day AS DATE) AS day, "
        f"{LABELS[every]} AS period FROM generate_series(DATE '{first}', DATE '{last}', INTERVAL 1 DAY) AS days(day)"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE periods AS SELECT period, min(day) AS first_day, least(max(day), today()) AS last_day "
        "FROM span "
        "GROUP BY period"
    )
