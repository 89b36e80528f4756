//! Definitions of staff: the workforce, vacancies, absence, caseload, recruiting, and the training pipeline.

use super::{Definition, some, whole};

const STAFF: &str = "/v1/stats/workforce";
const CASES: &str = "/v1/stats/caseload";
const ROUNDS: &str = "/v1/stats/recruitment";
const TRAINING: &str = "/v1/stats/training-pipeline";

/// Who works.
pub static WORKFORCE: Definition = Definition {
    id: "workforce",
    title: "Workforce",
    counted: "Whole-time equivalents at the end of the day: funded, filled (permanent and fixed term), covered (agency and bank), trainees, absent; and workers. Groups of fewer than three staff may identify a worker.",
    formula: "Sums of exact hundredths. in_post = filled + covered + trainees. vacant = funded − filled, below 0 where more is filled than funded. One whole-time equivalent is 37.5 hours a week.",
    includes: "Posts and post-holdings whose first and last day include the day. An absent worker is in post and absent. A holding of a post that is no longer funded is in post, and filled if permanent or fixed term. newly_qualified: marked so, less than twelve months after the first day in the post.",
    excludes: "Agency and bank staff cover a vacancy and do not fill it; trainees do neither. Funding and vacancies are not divided by engagement: null there. What work costs is not recorded. Nothing is hidden here, and suppression=publish is not offered: nothing of it may leave the council as it is.",
    source: "Agenda for Change section 10 for the hours; terms as surveys of the Royal College of Speech and Language Therapists ask for them: at a stated day, in whole-time equivalents.",
    shown: &[whole(STAFF, "Workforce")],
};

/// Vacancies.
pub static VACANCY_RATE: Definition = Definition {
    id: "vacancy-rate",
    title: "Vacancy rate",
    counted: "Share of the funded whole-time equivalents that no permanent or fixed-term worker fills at the end of the day.",
    formula: "(funded − filled) ÷ funded, in percent with one decimal, rounded half up. Posts with more filled than funded are set against the others.",
    includes: "Posts funded on the day. Who is absent fills a post all the same.",
    excludes: "Agency and bank staff do not lower it: see covered_wte. Empty where nothing is funded, and by engagement.",
    source: "Surveys of the Royal College of Speech and Language Therapists; NHS England vacancy statistics. Neither headcount nor posts: whole-time equivalents.",
    shown: &[some(STAFF, "Workforce", &["vacant_wte", "pc_vacant"])],
};

/// Vacancies of three months.
pub static THREE_MONTH_VACANCIES: Definition = Definition {
    id: "three-month-vacancies",
    title: "Vacant for three months",
    counted: "Whole-time equivalents of posts that stood vacant on every day of the last three months, and their share.",
    formula: "A post is vacant from the day on which filled fell below funded. Counted is its least vacancy on any of those days, post by post. Share = vacant three months ÷ (vacant three months + filled), in percent with one decimal.",
    includes: "Vacant since 15 January counts on 15 April and not on 14 April: the same day of the month, three months later, or the last of a month that is too short. A post that began to be funded is vacant at the earliest from that day.",
    excludes: "A vacancy of which part was filled meanwhile counts for what was not. A vacancy that agency staff cover counts. Empty by engagement.",
    source: "The former Department of Health vacancy survey: posts vacant for three months or more, of them and staff in post. There posts, here whole-time equivalents.",
    shown: &[some(STAFF, "Workforce", &["vacant_3_months_wte", "pc_vacant_3_months"])],
};

/// Absence.
pub static ABSENCE: Definition = Definition {
    id: "absence",
    title: "Absent from work",
    counted: "Whole-time equivalents held by workers who are absent at the end of the day, in all and by kind.",
    formula: "All that an absent worker holds on the day, in whatever posts. A worker who is absent for two reasons counts under both kinds, and once in absent_wte.",
    includes: "The first and the last day of an absence; one without a last day goes on.",
    excludes: "Days on which a worker does not work by pattern, weekends and closures: they are no absence.",
    source: "Our own, of what is recorded.",
    shown: &[some(
        STAFF,
        "Workforce",
        &["absent_wte", "absent_sickness_wte", "absent_maternity_wte", "absent_booked_leave_wte", "absent_study_wte"],
    )],
};

/// Cases for each whole-time equivalent.
pub static CASELOAD: Definition = Definition {
    id: "caseload",
    title: "Caseload for each whole-time equivalent",
    counted: "By discipline at the end of the day: referrals seen and neither discharged nor withdrawn, referrals waiting, and open EHC requests whose advice of that discipline is asked for and not in hand.",
    formula: "Each ÷ (in_post_wte − trainee_wte), with one decimal, rounded half up.",
    includes: "Whole-time equivalents of permanent, fixed-term, agency and bank staff, whatever their band, absent or not. An EHC request counts once, whatever was asked of whom.",
    excludes: "Advice to re-assessments. Trainees in the divisor. A service or a band: a referral names neither. Empty where nobody is in post.",
    source: "Asked of councils and services for years; a paper of 2012 on three children's occupational therapy services had 40.9 to 49.1 a whole-time equivalent.",
    shown: &[whole(CASES, "Caseload")],
};

/// How posts are filled.
pub static RECRUITMENT: Definition = Definition {
    id: "recruitment",
    title: "Filling posts",
    counted: "Rounds of recruiting: approved in the period, ended in it by outcome, and running at its end; days by stage of those that filled a post.",
    formula: "pc_succeeded = appointed ÷ ended. rounds_per_filled = mean of the numbers of the rounds that filled a post. Stages: approval to advert, advert to offer, offer to start, and approval to start (to hire). Age of a round = day − day of approval.",
    includes: "Both ends of the period. A round belongs to the period of its approval as started, to that of its outcome as ended. A start that is agreed may lie ahead.",
    excludes: "Stages one of whose days was not recorded: the mean of a stage is of those known. Rounds without success are in no stage. Rounds of periods that have not begun. Who applied is not recorded.",
    source: "Asked of councils by freedom of information; no law defines it. NHS bodies differ in where they begin to count: here with approval.",
    shown: &[whole(ROUNDS, "Recruitments")],
};

/// Who is being trained.
pub static TRAINING_PIPELINE: Definition = Definition {
    id: "training-pipeline",
    title: "Training pipeline",
    counted: "Trainees in training at the end of the day, by when they qualify; what they would work, weighted by the recorded probability of staying, and by productivity so many weeks after qualification.",
    formula: "expected_wte = Σ wte × probability, exact in millionths. productive_wte = Σ wte × probability × share of full productivity at 0, 12, 26 or 52 weeks, by the ramp_newly_qualified rule of the discipline in force on the day, or the assumed ramp; straight lines between its points, level beyond them, to a millionth; the sum rounded half up to a millionth.",
    includes: "Whose training has begun, or where its beginning is not recorded. A period is that of qualification, from the day after the day asked about.",
    excludes: "Who qualified on the day or earlier, or has left. Who qualifies after years_ahead is in no period. Whether a post is there for them.",
    source: "The ramp is an assumption where no rule sets it, named in meta.assumptions; of it only the first year has a source: the framework of the Royal College of Speech and Language Therapists for newly qualified practitioners.",
    shown: &[whole(TRAINING, "TrainingPipeline")],
};
