//! The rules that turn minutes into appointments. No public source has them for children's therapy: they are assumed.

use super::dated;
use crate::demo::Records;
use crate::domain::capacity_rule::{AppointmentType, CapacityRule, Setting};
use crate::domain::fault::Refusal;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::number::{RuleValue, WeeksSince};
use crate::domain::reference::OrganisationName;
use crate::domain::service::Discipline;

use AppointmentType::{EhcAdvice, FirstContact, FollowUp};

/// Values for speech and language therapy, occupational therapy and physiotherapy.
type Values = [&'static str; 3];

/// Settings that hold for every appointment and week.
const PLAIN: [(Setting, Values); 8] = [
    (Setting::NonClinicalShare, ["0.28", "0.26", "0.24"]),
    (Setting::NewWorkShareMinimum, ["0.3", "0.3", "0.3"]),
    (Setting::SicknessRate, ["0.035", "0.035", "0.03"]),
    (Setting::StudyDays, ["6", "6", "5"]),
    (Setting::LeaveEntitlementDays, ["29", "29", "29"]),
    (Setting::LeaveYearMonth, ["4", "4", "4"]),
    (Setting::LeaveWeightInHolidays, ["3", "3", "2"]),
    (Setting::SupervisionMinutes, ["60", "60", "60"]),
];

/// Settings by appointment.
const BY_APPOINTMENT: [(Setting, AppointmentType, Values); 11] = [
    (Setting::AppointmentMinutes, FirstContact, ["110", "120", "90"]),
    (Setting::AppointmentMinutes, EhcAdvice, ["390", "360", "300"]),
    (Setting::AppointmentMinutes, FollowUp, ["75", "60", "50"]),
    (Setting::JobPlanShare, FirstContact, ["0.145", "0.16", "0.1"]),
    (Setting::JobPlanShare, EhcAdvice, ["0.61", "0.8", "0.2"]),
    (Setting::LowestBand, FirstContact, ["5", "5", "5"]),
    (Setting::LowestBand, EhcAdvice, ["6", "6", "6"]),
    (Setting::LowestBand, FollowUp, ["4", "4", "4"]),
    (Setting::DidNotAttendRate, FirstContact, ["0.1", "0.09", "0.1"]),
    (Setting::DidNotAttendRate, EhcAdvice, ["0.04", "0.04", "0.04"]),
    (Setting::DidNotAttendRate, FollowUp, ["0.08", "0.08", "0.1"]),
];

/// Settings by week.
const BY_WEEK: [(Setting, &str, Values); 9] = [
    (Setting::RampExperienced, "0", ["0.3", "0.3", "0.3"]),
    (Setting::RampExperienced, "8", ["1", "1", "1"]),
    (Setting::RampNewlyQualified, "0", ["0", "0", "0"]),
    (Setting::RampNewlyQualified, "2", ["0", "0", "0"]),
    (Setting::RampNewlyQualified, "12", ["0.6", "0.6", "0.6"]),
    (Setting::RampNewlyQualified, "26", ["0.8", "0.8", "0.8"]),
    (Setting::RampNewlyQualified, "52", ["1", "1", "1"]),
    (Setting::RampAgency, "0", ["0.7", "0.7", "0.7"]),
    (Setting::RampAgency, "2", ["1", "1", "1"]),
];

/// Follow-ups in every second week of half a year after a start. They stand for the therapy that plans provide, too: it is most
/// of the work, and no setting has it.
const FOLLOW_UPS: Values = ["3.5", "3.5", "2.5"];

/// The weeks of follow-ups.
const FOLLOW_UP_WEEKS: [&str; 13] = ["2", "4", "6", "8", "10", "12", "14", "16", "18", "20", "22", "24", "26"];

/// Makes the rules of each discipline.
pub fn rules(made: &mut Records) -> Result<(), Refusal> {
    let plain = PLAIN.iter().map(|(setting, values)| (*setting, None, None, values));
    let by_appointment = BY_APPOINTMENT.iter().map(|(setting, kind, values)| (*setting, Some(*kind), None, values));
    let by_week = BY_WEEK.iter().map(|(setting, week, values)| (*setting, None, Some(*week), values));
    let follow_ups = FOLLOW_UP_WEEKS.iter().map(|week| (Setting::FollowUpsPerStart, None, Some(*week), &FOLLOW_UPS));
    let rules: Vec<_> = by_appointment.chain(plain).chain(follow_ups).chain(by_week).collect();
    for (place, discipline) in Discipline::ALL.iter().enumerate() {
        for (setting, appointment_type, week, values) in &rules {
            let record = CapacityRule {
                discipline: *discipline,
                setting: *setting,
                value: RuleValue::parse(values.get(place).copied().unwrap_or_default())?,
                starts_on: dated((2014, 4, 1)),
                ends_on: None,
                appointment_type: *appointment_type,
                week: week.map(WeeksSince::parse).transpose()?,
                source: Some(OrganisationName::parse("assumed for the example")?),
            };
            made.add_planned(Noun::CapacityRule, &record.to_cells());
        }
    }
    Ok(())
}
