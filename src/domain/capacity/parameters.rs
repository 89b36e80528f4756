//! The parameters of a discipline's capacity: what its rules say, and what is assumed where there is no rule.
//!
//! No public figure stands behind the assumptions: each answer that rests on one names it.

use chrono::NaiveDate;

use crate::domain::capacity_rule::{AppointmentType, CapacityRule, Setting};
use crate::domain::field::FieldType;
use crate::domain::number::WeeksSince;
use crate::domain::post::Band;
use crate::domain::service::Discipline;

/// Productivity by whole weeks since a start: straight lines between points, level after the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Ramp(Vec<(f64, f64)>);

impl Ramp {
    /// From points of weeks and productivity, 0 to 1, in the order of weeks. Without points, productive at once.
    pub fn new(points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self(points.into_iter().collect())
    }

    /// Productivity `weeks` whole weeks after the start. Before the first point, that of the first.
    pub fn at(&self, weeks: i32) -> f64 {
        let weeks = f64::from(weeks);
        let Some(next) = self.0.iter().position(|(week, _)| *week > weeks) else {
            return self.0.last().map_or(1.0, |(_, share)| *share);
        };
        let to = self.0.get(next).copied().unwrap_or((0.0, 1.0));
        let from = next.checked_sub(1).and_then(|place| self.0.get(place)).copied().unwrap_or(to);
        let run = to.0 - from.0;
        if run > 0.0 { from.1 + (to.1 - from.1) * (weeks - from.0) / run } else { to.1 }
    }

    /// Whole weeks until nothing changes any more.
    pub fn weeks(&self) -> i32 {
        #[expect(clippy::cast_possible_truncation, clippy::as_conversions, reason = "a week of a rule is at most 520")]
        self.0.last().map_or(0, |(week, _)| week.ceil() as i32)
    }
}

/// What ramp somebody is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// With experience.
    Experienced,
    /// Newly qualified.
    NewlyQualified,
    /// From an agency or bank.
    Agency,
    /// In training: no capacity before the day of qualification.
    Trainee,
}

/// The parameters of one discipline on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// Share of minutes not spent on children.
    pub non_clinical: f64,
    /// Expected share of minutes lost to sickness.
    pub sickness: f64,
    /// Study days a year.
    pub study_days: f64,
    /// Working days of leave a year of those whose entitlement is not recorded.
    pub leave_days: f64,
    /// How many times as likely leave is on a day of school holidays.
    pub leave_weight: f64,
    /// The month in which the leave year begins.
    pub leave_year_month: u32,
    /// Minutes a week a starter takes of others.
    pub supervision: f64,
    /// Least share of clinical minutes for new children.
    pub new_work_minimum: f64,
    /// Minutes an appointment takes, by its type.
    pub by_minutes: [f64; 3],
    /// Share of the minutes for new children, by the type of appointment; 0 for follow-ups.
    pub by_share: [f64; 3],
    /// Share of appointments not attended, by type.
    pub by_not_attended: [f64; 3],
    /// The lowest band for each type.
    pub lowest_band: [Option<Band>; 3],
    /// Follow-ups a start needs, by whole weeks after it.
    pub follow_ups: Vec<(i32, f64)>,
    /// With experience, newly qualified, from an agency.
    pub ramps: [Ramp; 3],
}

/// The place of an appointment type in what is kept by type.
fn place(appointment: AppointmentType) -> usize {
    usize::from(AppointmentType::byte(Some(appointment))) - 1
}

impl Parameters {
    /// Minutes an appointment takes.
    pub fn minutes(&self, appointment: AppointmentType) -> f64 {
        self.by_minutes.get(place(appointment)).copied().unwrap_or(0.0)
    }

    /// Minutes it takes until an appointment is attended: those that are not are taken again.
    pub fn minutes_attended(&self, appointment: AppointmentType) -> f64 {
        let attended = 1.0 - self.did_not_attend(appointment);
        if attended > 0.0 { self.minutes(appointment) / attended } else { 0.0 }
    }

    /// Share of the minutes for new children.
    pub fn share(&self, appointment: AppointmentType) -> f64 {
        self.by_share.get(place(appointment)).copied().unwrap_or(0.0)
    }

    /// Share of appointments not attended.
    pub fn did_not_attend(&self, appointment: AppointmentType) -> f64 {
        self.by_not_attended.get(place(appointment)).copied().unwrap_or(0.0)
    }

    /// True if a band may give such an appointment.
    pub fn may_give(&self, band: Band, appointment: AppointmentType) -> bool {
        self.lowest_band.get(place(appointment)).copied().flatten().is_none_or(|lowest| band >= lowest)
    }

    /// Productivity so many whole weeks after a start.
    pub fn productivity(&self, entry: Entry, weeks: i32) -> f64 {
        self.ramp(entry).map_or(0.0, |ramp| ramp.at(weeks))
    }

    /// The ramp of those who have one: not of trainees.
    pub fn ramp(&self, entry: Entry) -> Option<&Ramp> {
        let [experienced, newly_qualified, agency] = &self.ramps;
        match entry {
            Entry::Experienced => Some(experienced),
            Entry::NewlyQualified => Some(newly_qualified),
            Entry::Agency => Some(agency),
            Entry::Trainee => None,
        }
    }
}

/// What is assumed of a setting that no rule sets: for each appointment type or week, if it is told apart by them.
struct Assumed {
    setting: Setting,
    appointment: Option<AppointmentType>,
    week: Option<u32>,
    value: f64,
}

const fn plain(setting: Setting, value: f64) -> Assumed {
    Assumed { setting, appointment: None, week: None, value }
}

const fn of(setting: Setting, appointment: AppointmentType, value: f64) -> Assumed {
    Assumed { setting, appointment: Some(appointment), week: None, value }
}

const fn at(setting: Setting, week: u32, value: f64) -> Assumed {
    Assumed { setting, appointment: None, week: Some(week), value }
}

/// The assumptions. Agenda for Change gives 27, 29 and 33 days of leave; twelve months for the newly qualified have a source
/// in the first-year framework of the Royal College; nothing else has one.
const ASSUMED: &[Assumed] = &[
    of(Setting::AppointmentMinutes, AppointmentType::FirstContact, 110.0),
    of(Setting::AppointmentMinutes, AppointmentType::EhcAdvice, 330.0),
    of(Setting::AppointmentMinutes, AppointmentType::FollowUp, 60.0),
    of(Setting::JobPlanShare, AppointmentType::FirstContact, 0.7),
    of(Setting::JobPlanShare, AppointmentType::EhcAdvice, 0.3),
    of(Setting::DidNotAttendRate, AppointmentType::FirstContact, 0.1),
    of(Setting::DidNotAttendRate, AppointmentType::EhcAdvice, 0.0),
    plain(Setting::NonClinicalShare, 0.3),
    at(Setting::FollowUpsPerStart, 0, 0.0),
    plain(Setting::NewWorkShareMinimum, 0.2),
    plain(Setting::SicknessRate, 0.045),
    plain(Setting::StudyDays, 5.0),
    plain(Setting::LeaveEntitlementDays, 29.0),
    plain(Setting::LeaveYearMonth, 4.0),
    plain(Setting::LeaveWeightInHolidays, 3.0),
    plain(Setting::SupervisionMinutes, 60.0),
    at(Setting::RampExperienced, 0, 0.3),
    at(Setting::RampExperienced, 8, 1.0),
    at(Setting::RampNewlyQualified, 0, 0.0),
    at(Setting::RampNewlyQualified, 2, 0.0),
    at(Setting::RampNewlyQualified, 12, 0.6),
    at(Setting::RampNewlyQualified, 26, 0.8),
    at(Setting::RampNewlyQualified, 52, 1.0),
    at(Setting::RampAgency, 0, 0.7),
    at(Setting::RampAgency, 2, 1.0),
];

/// One parameter an answer rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Premise {
    /// The therapy.
    pub discipline: Discipline,
    /// What it sets.
    pub setting: Setting,
    /// For which appointments.
    pub appointment: Option<AppointmentType>,
    /// How many weeks after a start.
    pub week: Option<u32>,
    /// How much, in the unit of the setting.
    pub value: f64,
    /// First day of the rule; `None` of an assumption.
    pub starts_on: Option<NaiveDate>,
    /// Last day of the rule, inclusive; `None` while nobody knows one, and of an assumption.
    pub ends_on: Option<NaiveDate>,
    /// Where it comes from: the rule's source, or that the rule names none, or that it is assumed.
    pub source: String,
}

/// The word for what no rule says.
pub const ASSUMED_SOURCE: &str = "assumed";

impl Premise {
    /// True if no rule says so.
    pub fn is_assumed(&self) -> bool {
        self.source == ASSUMED_SOURCE
    }

    fn of_rule(rule: &CapacityRule) -> Self {
        Self {
            discipline: rule.discipline,
            setting: rule.setting,
            appointment: rule.appointment_type,
            week: rule.week.and_then(|week: WeeksSince| u32::try_from(week.units()).ok()),
            value: rule.value.value(),
            starts_on: Some(rule.starts_on),
            ends_on: rule.ends_on,
            source: rule
                .source
                .as_ref()
                .map_or_else(|| "a rule without a source".to_owned(), |source| source.cell().into()),
        }
    }
}

/// What is assumed of a discipline of which no rule says anything; the same of all.
pub fn assumptions(discipline: Discipline) -> impl Iterator<Item = Premise> {
    ASSUMED.iter().map(move |assumed| Premise {
        discipline,
        setting: assumed.setting,
        appointment: assumed.appointment,
        week: assumed.week,
        value: assumed.value,
        starts_on: None,
        ends_on: None,
        source: ASSUMED_SOURCE.to_owned(),
    })
}

/// The premises of a discipline on a day: every rule in force, and every assumption that no rule replaces.
pub fn premises(discipline: Discipline, rules: &[&CapacityRule], on: NaiveDate) -> Vec<Premise> {
    let in_force: Vec<_> =
        rules.iter().copied().filter(|rule| rule.discipline == discipline && rule.applies(on)).collect();
    let assumed = assumptions(discipline).filter(|assumed| !is_replaced(assumed, &in_force));
    let mut premises: Vec<_> = in_force.iter().copied().map(Premise::of_rule).chain(assumed).collect();
    premises.sort_by_key(|premise| (premise.setting, premise.appointment, premise.week));
    premises
}

/// True if a rule stands in the place of an assumption. A split of time, or the follow-ups of a start, are ruled as a whole. Points
/// of a ramp that lie after the last one ruled stay where productivity rises to them: whoever says how somebody
/// begins has not said that nothing comes after it.
fn is_replaced(assumed: &Premise, in_force: &[&CapacityRule]) -> bool {
    let mut of_setting = in_force.iter().filter(|rule| rule.setting == assumed.setting);
    if assumed.setting.is_ramp() {
        let last = of_setting.map(|rule| Premise::of_rule(rule)).max_by_key(|ruled| ruled.week);
        return last.is_some_and(|last| assumed.week <= last.week || assumed.value <= last.value);
    }
    if matches!(assumed.setting, Setting::JobPlanShare | Setting::FollowUpsPerStart) {
        return of_setting.next().is_some();
    }
    of_setting.any(|rule| rule.appointment_type == assumed.appointment)
}

/// Premises of several authorities, each with how many of them share it, in the order in which they are met.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Premises(pub Vec<(Premise, usize)>);

impl Premises {
    /// Takes in those of one more authority.
    pub fn add(&mut self, premises: &[Premise]) {
        for premise in premises {
            match self.0.iter_mut().find(|(known, _)| known == premise) {
                Some((_, authorities)) => *authorities += 1,
                None => self.0.push((premise.clone(), 1)),
            }
        }
    }
}

impl Parameters {
    /// What premises of one discipline amount to.
    pub fn of(premises: &[Premise]) -> Self {
        let plain = |setting| find(premises, setting, None);
        let by_type = |setting| AppointmentType::ALL.iter().map(move |kind| find(premises, setting, Some(*kind)));
        let of_types = |setting| {
            let mut values = [0.0; 3];
            values.iter_mut().zip(by_type(setting)).for_each(|(slot, value)| *slot = value);
            values
        };
        let ramp = |setting| Ramp::new(weekly(premises, setting).map(|(week, share)| (f64::from(week), share)));
        let mut lowest_band = [None; 3];
        for (slot, number) in lowest_band.iter_mut().zip(by_type(Setting::LowestBand)) {
            *slot = Band::of_number(number);
        }
        Self {
            non_clinical: plain(Setting::NonClinicalShare),
            sickness: plain(Setting::SicknessRate),
            study_days: plain(Setting::StudyDays),
            leave_days: plain(Setting::LeaveEntitlementDays),
            leave_weight: plain(Setting::LeaveWeightInHolidays),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::as_conversions,
                reason = "1 to 12"
            )]
            leave_year_month: plain(Setting::LeaveYearMonth) as u32,
            supervision: plain(Setting::SupervisionMinutes),
            new_work_minimum: plain(Setting::NewWorkShareMinimum),
            by_minutes: of_types(Setting::AppointmentMinutes),
            by_share: of_types(Setting::JobPlanShare),
            by_not_attended: of_types(Setting::DidNotAttendRate),
            lowest_band,
            follow_ups: weekly(premises, Setting::FollowUpsPerStart).collect(),
            ramps: [Setting::RampExperienced, Setting::RampNewlyQualified, Setting::RampAgency].map(ramp),
        }
    }
}

fn find(premises: &[Premise], setting: Setting, appointment: Option<AppointmentType>) -> f64 {
    let is = |premise: &&Premise| premise.setting == setting && premise.appointment == appointment;
    premises.iter().find(is).map_or(0.0, |premise| premise.value)
}

fn weekly(premises: &[Premise], setting: Setting) -> impl Iterator<Item = (i32, f64)> {
    let of_setting = premises.iter().filter(move |premise| premise.setting == setting);
    of_setting.filter_map(|premise| Some((i32::try_from(premise.week?).ok()?, premise.value)))
}
