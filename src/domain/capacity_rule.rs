//! Capacity rules: the parameters that turn contracted minutes into appointments, each with its source.

use chrono::NaiveDate;

use super::among::{Among, Others, read};
use super::check;
use super::fault::Faults;
use super::field::codes;
use super::noun::{Cells, Noun, noun};
use super::number::{RuleValue, WeeksSince};
use super::post::Band;
use super::reference::OrganisationName;
use super::service::Discipline;

codes! {
    /// What a slot in a clinic is for.
    AppointmentType {
        /// A first contact after a referral.
        FirstContact = "first_contact",
        /// Advice to an EHC assessment: contact, writing and sign-off.
        EhcAdvice = "ehc_advice",
        /// A further contact with a child already seen.
        FollowUp = "follow_up",
    }
}

codes! {
    /// What a rule sets. In brackets: the unit of its value, and whether it is told apart by appointment type or by week.
    Setting {
        /// Minutes one appointment takes, with administration, report and travel (minutes; by appointment).
        AppointmentMinutes = "appointment_minutes",
        /// Share of clinical minutes kept for an appointment type, after follow-ups (share; by appointment).
        JobPlanShare = "job_plan_share",
        /// Lowest band that may give an appointment (band number; by appointment).
        LowestBand = "lowest_band",
        /// Share of minutes for supervision, meetings, development and administration not tied to a contact (share).
        NonClinicalShare = "non_clinical_share",
        /// Share of appointments the child does not come to (share; by appointment).
        DidNotAttendRate = "did_not_attend_rate",
        /// Follow-ups a start needs so many weeks later (contacts; by week).
        FollowUpsPerStart = "follow_ups_per_start",
        /// Least share of clinical minutes left for new children whatever follow-ups ask (share).
        NewWorkShareMinimum = "new_work_share_minimum",
        /// Expected share of minutes lost to sickness beyond recorded spells (share).
        SicknessRate = "sickness_rate",
        /// Study days a year (days of 253).
        StudyDays = "study_days",
        /// Working days of leave in a year of those whose entitlement is not recorded (days).
        LeaveEntitlementDays = "leave_entitlement_days",
        /// Month in which the leave year begins (1 to 12).
        LeaveYearMonth = "leave_year_month",
        /// How much likelier leave is on a day of school holidays than on one of term (times).
        LeaveWeightInHolidays = "leave_weight_in_holidays",
        /// Minutes a week a starter takes of a band 6 or higher, until fully productive (minutes).
        SupervisionMinutes = "supervision_minutes",
        /// Productivity so many weeks after starting with experience (share; by week).
        RampExperienced = "ramp_experienced",
        /// Productivity so many weeks after starting newly qualified (share; by week).
        RampNewlyQualified = "ramp_newly_qualified",
        /// Productivity so many weeks after starting from an agency or bank (share; by week).
        RampAgency = "ramp_agency",
    }
}

impl Setting {
    /// True if a rule of it is for one appointment type.
    pub fn is_of_appointments(self) -> bool {
        matches!(self, Self::AppointmentMinutes | Self::JobPlanShare | Self::LowestBand | Self::DidNotAttendRate)
    }

    /// True if a rule of it is for one week since a start.
    pub fn is_of_weeks(self) -> bool {
        self.is_ramp() || self == Self::FollowUpsPerStart
    }

    /// True for points of a ramp.
    pub fn is_ramp(self) -> bool {
        matches!(self, Self::RampExperienced | Self::RampNewlyQualified | Self::RampAgency)
    }

    /// The least and the most its value may be, both inclusive.
    pub fn bounds(self) -> (f64, f64) {
        let (least, most, _) = self.allowed();
        (least, most)
    }

    /// The least and the most its value may be, both inclusive, and what that is called.
    fn allowed(self) -> (f64, f64, &'static str) {
        match self {
            Self::AppointmentMinutes => (1.0, 1_440.0, "1 to 1,440 minutes"),
            Self::LowestBand => (2.0, 9.0, "a whole band number, 2 to 9; 8 means 8a"),
            Self::StudyDays | Self::LeaveEntitlementDays => (0.0, 100.0, "at most 100 days"),
            Self::LeaveYearMonth => (1.0, 12.0, "a month, 1 to 12"),
            Self::LeaveWeightInHolidays => (0.1, 100.0, "0.1 to 100 times"),
            Self::FollowUpsPerStart => (0.0, 100.0, "at most 100 contacts a week"),
            Self::SupervisionMinutes => (0.0, 2_250.0, "at most 2,250 minutes a week"),
            Self::JobPlanShare
            | Self::NonClinicalShare
            | Self::DidNotAttendRate
            | Self::NewWorkShareMinimum
            | Self::SicknessRate
            | Self::RampExperienced
            | Self::RampNewlyQualified
            | Self::RampAgency => (0.0, 1.0, "a share, 0 to 1"),
        }
    }
}

noun! {
    /// One parameter of the capacity of a discipline, for a span of days. What no rule sets is an assumption that every answer names.
    CapacityRule: "cap", "capacity rule", "capacity-rules", "capacity_rules" {
        /// The therapy.
        required discipline: Discipline,
        /// What it sets.
        required setting: Setting,
        /// How much, in the unit of the setting.
        required value: RuleValue,
        /// First day it applies.
        required starts_on: NaiveDate,
        /// Last day it applies, inclusive; empty while nobody knows one.
        optional ends_on: NaiveDate,
        /// For which appointments, where the setting is told apart by them.
        optional appointment_type: AppointmentType,
        /// How many weeks after the start, where the setting is told apart by weeks.
        optional week: WeeksSince,
        /// Where the figure comes from, such as job plans of 2026.
        optional source: OrganisationName,
    }
}

impl Draft {
    fn check(&self, _today: NaiveDate, faults: &mut Faults) {
        check::in_order(&[("starts_on", self.starts_on)], &[("ends_on", self.ends_on)], faults);
        let Some(setting) = self.setting else { return };
        belongs("appointment_type", self.appointment_type.is_some(), setting.is_of_appointments(), setting, faults);
        belongs("week", self.week.is_some(), setting.is_of_weeks(), setting, faults);
        if setting == Setting::JobPlanShare && self.appointment_type == Some(AppointmentType::FollowUp) {
            let message = "must be first_contact or ehc_advice: follow-ups take what past starts need";
            faults.add("appointment_type", "contradiction", message);
        }
        if let Some(value) = self.value {
            check_value(setting, value, faults);
        }
    }
}

/// Notes a field that the setting needs and lacks, or has and cannot use.
fn belongs(name: &'static str, given: bool, wanted: bool, setting: Setting, faults: &mut Faults) {
    if wanted && !given {
        faults.add(name, "required", format!("is required for {}", setting.code()));
    }
    if given && !wanted {
        faults.add(name, "contradiction", format!("must be empty for {}", setting.code()));
    }
}

fn check_value(setting: Setting, value: RuleValue, faults: &mut Faults) {
    let (least, most, words) = setting.allowed();
    let must_be_whole = matches!(setting, Setting::LowestBand | Setting::LeaveYearMonth);
    let is_whole = !must_be_whole || value.value().fract() == 0.0;
    if !is_whole || !(least..=most).contains(&value.value()) {
        faults.add("value", "number_out_of_range", format!("must be {words} for {}, but is {value}", setting.code()));
    }
}

impl CapacityRule {
    /// True if it applies on the day.
    pub fn applies(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| last >= day)
    }

    fn overlaps(&self, other: &Self) -> bool {
        let ends = |rule: &Self| rule.ends_on.unwrap_or(NaiveDate::MAX);
        self.starts_on <= ends(other) && other.starts_on <= ends(self)
    }

    /// The lowest band it asks for, where it asks for one.
    pub fn lowest_band(&self) -> Option<Band> {
        let number = self.value.units() / 1_000_000;
        let named = |band: &&Band| band.code().trim_end_matches('a') == number.to_string();
        (self.setting == Setting::LowestBand).then(|| Band::ALL.iter().find(named).copied()).flatten()
    }
}

/// The rules of a discipline are checked together.
pub const AMONG: Among = Among { noun: Noun::CapacityRule, field: "discipline", check: fits_discipline };

/// Notes a second rule for the same thing on one day, job-plan shares that add up to more than one, and a ramp that goes
/// down.
fn fits_discipline(cells: &Cells, others: Others<'_>, faults: &mut Faults) {
    let Some(own) = read(faults, CapacityRule::from_cells(cells)) else { return };
    let others = others.filter_map(|cells| CapacityRule::from_cells(cells).ok());
    let with: Vec<_> = others.filter(|other| other.setting == own.setting && own.overlaps(other)).collect();
    let same = |other: &&CapacityRule| other.appointment_type == own.appointment_type && other.week == own.week;
    if let Some(other) = with.iter().find(same) {
        let until = other.ends_on.map_or_else(|| "on".to_owned(), |last| format!("to {last}"));
        let message = format!(
            "must not overlap another rule for the same thing, but one of {} applies from {} {until}; end that one first",
            other.value, other.starts_on
        );
        faults.add("starts_on", "overlaps", message);
        return;
    }
    if own.setting == Setting::JobPlanShare {
        check_shares(&own, &with, faults);
    }
    if own.setting.is_ramp() {
        check_ramp(&own, &with, faults);
    }
}

fn check_shares(own: &CapacityRule, with: &[CapacityRule], faults: &mut Faults) {
    let on = |day| with.iter().filter(move |other| other.applies(day)).map(|other| other.value.units()).sum::<i64>();
    let starts = with.iter().map(|other| other.starts_on.max(own.starts_on)).chain([own.starts_on]);
    let most = starts.map(|day| on(day) + own.value.units()).max().unwrap_or(0);
    if most > 1_000_000 {
        let left = (1_000_000 - (most - own.value.units())) / 100;
        let message = format!(
            "must leave the job-plan shares of all appointments at 1 or less, but is {}; at most 0.{left:04} is left",
            own.value
        );
        faults.add("value", "shares_over_one", message);
    }
}

fn check_ramp(own: &CapacityRule, with: &[CapacityRule], faults: &mut Faults) {
    let is_down = |other: &&CapacityRule| match other.week.cmp(&own.week) {
        std::cmp::Ordering::Less => other.value > own.value,
        std::cmp::Ordering::Greater => other.value < own.value,
        std::cmp::Ordering::Equal => false,
    };
    if let Some(other) = with.iter().find(is_down) {
        let week = other.week.map_or(0, WeeksSince::units);
        let message =
            format!("must not make productivity go down, but is {} where week {week} has {}", own.value, other.value);
        faults.add("value", "ramp_goes_down", message);
    }
}
