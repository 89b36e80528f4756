//! What the calculator of queues takes: its models, and which parameter belongs to which.

use crate::http::query::{Param, ParamKind, With};

/// The models, by the names they have in the field.
pub const MODELS: &[&str] =
    &["erlang_c", "erlang_a", "m_d_1", "m_g_1", "priority", "preemptive_priority", "team_priority", "headroom"];

/// Most classes of children.
pub const CLASSES_MAX: usize = 12;

const TEAMS: &[&str] = &["erlang_c", "erlang_a", "team_priority"];
const CLASSES: &[&str] = &["priority", "preemptive_priority"];
const ALL_CLASSES: &[&str] = &["priority", "preemptive_priority", "team_priority"];

fn with(needed: &'static [&'static str], taken: &'static [&'static str]) -> With {
    With { param: "model", needed, taken }
}

/// The parameters.
pub fn params() -> Vec<Param> {
    let rate = ParamKind::Number(0.0, 100_000.0);
    let hours = ParamKind::Number(0.000_001, 10_000.0);
    let rates = ParamKind::Numbers(CLASSES_MAX, 0.0, 100_000.0);
    let lengths = ParamKind::Numbers(CLASSES_MAX, 0.000_001, 10_000.0);
    let spreads = ParamKind::Numbers(CLASSES_MAX, 0.0, 10_000.0);
    let mut params = vec![
        Param::required(
            "model",
            "erlang_c: several therapists, one list, M/M/c. erlang_a: the same, and children leave the list unseen, M/M/c+M. m_d_1: one stream of appointments of equal length. m_g_1: one stream of appointments, lengths spread as given. priority: classes of children, each seen before the next, nobody is interrupted (Cobham). preemptive_priority: the same, and a class interrupts those after it. team_priority: classes seen by several therapists, M/M/c. headroom: how much must be offered for a share to be seen in time, M/M/1.",
            ParamKind::Word(MODELS),
        )
        .such_as("erlang_c"),
    ];
    let mut add = |name, about, kind, example, with| {
        params.push(Param::new(name, about, kind).such_as(example).only_with(with));
    };
    let one_list = with(&["erlang_c", "erlang_a", "m_d_1", "m_g_1", "headroom"], &[]);
    add("arrivals_per_week", "Children who come in a week.", rate, "30", one_list);
    add("therapists", "How many see children side by side.", ParamKind::Whole(1, 10_000), "12", with(TEAMS, &[]));
    let each = ParamKind::Number(0.000_001, 100_000.0);
    let about = "How many children one therapist sees in a week when there is always somebody to see.";
    add("seen_per_week_each", about, each, "2.6", with(TEAMS, &[]));
    let leaving = ParamKind::Number(0.000_1, 10.0);
    let about = "The rate at which each child that waits leaves the list unseen, in a week: 0.02 is some two in a hundred of the list.";
    add("withdrawal_rate_per_week", about, leaving, "0.02", with(&["erlang_a"], &[]));
    let singles = with(&["m_d_1", "m_g_1"], &[]);
    add("mean_service_hours", "How long a child is seen for, in hours, on average.", hours, "1.25", singles);
    let about = "Standard deviation of how long a child is seen for, in hours; as much as the mean if left out, as of lengths at random.";
    add("sd_service_hours", about, ParamKind::Number(0.0, 10_000.0), "0.5", with(&[], &["m_g_1"]));
    let about = "Hours in which children are seen in a week, all in all.";
    add("hours_per_week", about, hours, "40", with(&["m_d_1", "m_g_1", "priority", "preemptive_priority"], &[]));
    let about = "Children who come in a week, of each class, those seen first before the others.";
    add("class_arrivals_per_week", about, rates, "6,24", with(ALL_CLASSES, &[]));
    let about = "How long a child of each class is seen for, in hours, on average.";
    add("class_mean_service_hours", about, lengths, "3,1.5", with(CLASSES, &[]));
    let about = "Standard deviations of how long children of each class are seen for, in hours; as much as the means if left out.";
    add("class_sd_service_hours", about, spreads, "1,0.5", with(&[], CLASSES));
    let about = "A wait in weeks: answered is the share who wait longer.";
    let deadlines = with(&["headroom"], &["erlang_c", "m_d_1"]);
    add("deadline_weeks", about, ParamKind::Number(0.0, 5_200.0), "6", deadlines);
    let about = "The share to be seen by the deadline, in per cent; 92 if left out.";
    add("pc_in_time", about, ParamKind::Number(0.000_1, 99.999_9), "92", with(&[], &["headroom"]));
    params
}
