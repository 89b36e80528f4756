//! What the calculator of one member of staff takes: the columns of a post-holding, and rates of capacity.

use crate::domain::capacity_rule::{AppointmentType, Setting};
use crate::domain::post::Band;
use crate::domain::post_holding::Engagement;
use crate::http::query::{Param, ParamKind};

/// The word for a parameter that was given.
pub const GIVEN: &str = "given";

/// A rate of capacity that can be given.
pub struct Rate {
    /// The parameter.
    pub param: &'static str,
    /// What it sets.
    pub setting: Setting,
    /// For which appointments, where they are told apart.
    pub appointment: Option<AppointmentType>,
    about: &'static str,
    example: &'static str,
}

const fn rate(param: &'static str, setting: Setting, about: &'static str, example: &'static str) -> Rate {
    Rate { param, setting, appointment: None, about, example }
}

impl Rate {
    const fn of(self, appointment: AppointmentType) -> Self {
        Self { appointment: Some(appointment), ..self }
    }
}

/// Every rate that can be given.
pub const RATES: &[Rate] = &[
    rate(
        "minutes_per_first_contact",
        Setting::AppointmentMinutes,
        "Minutes of a first contact, with its notes, report and travel.",
        "110",
    )
    .of(AppointmentType::FirstContact),
    rate(
        "minutes_per_ehc_advice",
        Setting::AppointmentMinutes,
        "Minutes of one piece of advice, with the assessment and the report.",
        "330",
    )
    .of(AppointmentType::EhcAdvice),
    rate("minutes_per_follow_up", Setting::AppointmentMinutes, "Minutes of a follow-up.", "60")
        .of(AppointmentType::FollowUp),
    rate(
        "first_contact_share",
        Setting::JobPlanShare,
        "Share of the time for new children that goes to first contacts, 0 to 1.",
        "0.7",
    )
    .of(AppointmentType::FirstContact),
    rate(
        "ehc_advice_share",
        Setting::JobPlanShare,
        "Share of the time for new children that goes to EHC advice, 0 to 1.",
        "0.3",
    )
    .of(AppointmentType::EhcAdvice),
    rate(
        "first_contact_did_not_attend_rate",
        Setting::DidNotAttendRate,
        "Share of first contacts that are not attended, 0 to 1.",
        "0.1",
    )
    .of(AppointmentType::FirstContact),
    rate(
        "ehc_advice_did_not_attend_rate",
        Setting::DidNotAttendRate,
        "Share of assessments for EHC advice that are not attended, 0 to 1.",
        "0",
    )
    .of(AppointmentType::EhcAdvice),
    rate(
        "non_clinical_share",
        Setting::NonClinicalShare,
        "Share of the time at work that is not for children, 0 to 1.",
        "0.3",
    ),
    rate("sickness_rate", Setting::SicknessRate, "Share of the time that is lost to sickness, 0 to 1.", "0.045"),
    rate("study_days", Setting::StudyDays, "Study days a year.", "5"),
];

/// Everything it takes.
pub fn params() -> Vec<Param> {
    let rates = RATES.iter().map(|rate| {
        let (least, most) = rate.setting.bounds();
        let about = format!("{} Assumed, if left out: see parameters.", rate.about);
        Param::new(rate.param, &about, ParamKind::Number(least, most)).such_as(rate.example)
    });
    weeks_and_row().into_iter().chain(rates).collect()
}

fn weeks_and_row() -> Vec<Param> {
    let days = ParamKind::Date;
    vec![
        Param::new("from", "From the week of this day on; this week, if left out.", days).such_as("2026-11-23"),
        Param::new("to", "Up to the week of this day; thirteen weeks in all, if left out, and 104 at most.", days)
            .such_as("2027-02-15"),
        Param::new(
            "wte",
            "Whole-time equivalents, spread evenly over Monday to Friday; 1, if no weekday_minutes are given.",
            ParamKind::Number(0.01, 1.0),
        )
        .such_as("0.6"),
        Param::new(
            "weekday_minutes",
            "Instead of wte: seven numbers, contracted minutes from Monday to Sunday.",
            ParamKind::Numbers(7, 0.0, 1_440.0),
        )
        .such_as("450,450,0,450,0,0,0"),
        Param::new("band", "Pay band of the post; 6, if left out.", ParamKind::Word(Band::CODES)).such_as("6"),
        Param::new(
            "engagement",
            "On what terms; permanent, if left out. Agency and bank staff start faster, trainees offer nothing.",
            ParamKind::Word(Engagement::CODES),
        )
        .such_as("permanent"),
        Param::new("newly_qualified", "True for somebody in the first year after qualification.", ParamKind::Flag)
            .such_as("false"),
        Param::new("starts_on", "First day in the post; if left out, somebody who has been there for years.", days)
            .such_as("2026-09-01"),
        Param::new(
            "productive_from_on",
            "First day on which appointments can be booked; from the first day on, if left out.",
            days,
        )
        .such_as("2026-09-15"),
        Param::new("ends_on", "Last day in the post, inclusive.", days).such_as("2027-08-31"),
        Param::new(
            "leave_entitlement_days",
            "Working days of leave in a whole leave year; 29, if left out.",
            ParamKind::Number(0.0, 100.0),
        )
        .such_as("29"),
        Param::new("term_time_only", "True if no work is done while schools are closed.", ParamKind::Flag)
            .such_as("false"),
        Param::new(
            "school_holidays",
            "First and last days of school holidays in turn, both inclusive; at most thirty.",
            ParamKind::Dates(60),
        )
        .such_as("2026-12-21,2027-01-01,2027-02-15,2027-02-19"),
        Param::new(
            "follow_ups_per_start",
            "Follow-ups a child needs in the week it is first seen, in the week after, and so on; none, if left out.",
            ParamKind::Numbers(53, 0.0, 100.0),
        )
        .such_as("0,0.5,0.5,0.25"),
    ]
}
