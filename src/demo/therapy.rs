//! Synthetic therapy: providers, services, and referrals that wait or were seen.

use super::advice::Advice;
use super::child::child;
use super::dice::Dice;
use super::docket::weekday;
use super::story::Story;
use super::{Records, date, some_date};
use crate::domain::advice_request::AdviceType;
use crate::domain::authority::Authority;
use crate::domain::child::SenStatus;
use crate::domain::facts::Day;
use crate::domain::fault::Refusal;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::provider::{Provider, ProviderType};
use crate::domain::reference::{ChildRef, EhcRequestLink, OrganisationName, ProviderRef, ServiceRef};
use crate::domain::referral::{Priority, Purpose, Referral, ReferralSource};
use crate::domain::service::{Discipline, Service};

const SOURCES: [(ReferralSource, u32); 6] = [
    (ReferralSource::Education, 38),
    (ReferralSource::HealthVisitor, 22),
    (ReferralSource::GeneralPractitioner, 16),
    (ReferralSource::ParentOrYoungPerson, 14),
    (ReferralSource::OtherHealth, 9),
    (ReferralSource::SocialCare, 1),
];

/// For each request to the council, in a hundred: children who wait for the therapy, and who were seen in the year.
const LISTS: [(Discipline, u64, u64); 3] = [
    (Discipline::SpeechAndLanguageTherapy, 44, 34),
    (Discipline::OccupationalTherapy, 20, 16),
    (Discipline::Physiotherapy, 9, 14),
];

/// A short word for the advice, as casework systems use it in their numbers.
pub fn advice_code(advice_type: AdviceType) -> &'static str {
    match advice_type {
        AdviceType::SpeechAndLanguageTherapy => "SLT",
        AdviceType::OccupationalTherapy => "OT",
        AdviceType::Physiotherapy => "PT",
        AdviceType::EducationalPsychology => "EP",
        AdviceType::Medical => "MED",
        AdviceType::Education => "EDU",
        AdviceType::SocialCare => "SC",
        AdviceType::Parental => "PAR",
        AdviceType::Other => "OTH",
    }
}

/// The therapy that gives the advice, if one does.
pub fn discipline(advice_type: AdviceType) -> Option<Discipline> {
    match advice_type {
        AdviceType::SpeechAndLanguageTherapy => Some(Discipline::SpeechAndLanguageTherapy),
        AdviceType::OccupationalTherapy => Some(Discipline::OccupationalTherapy),
        AdviceType::Physiotherapy => Some(Discipline::Physiotherapy),
        _ => None,
    }
}

/// The provider of an authority: its NHS trust, or the council itself.
pub fn provider(authority: Authority, health: bool) -> Result<ProviderRef, Refusal> {
    let kind = if health { "NHS" } else { "LA" };
    ProviderRef::parse(&format!("DEMO-{kind}-{}", authority.code()))
}

/// A short word for the therapy.
pub fn code(discipline: Discipline) -> &'static str {
    match discipline {
        Discipline::SpeechAndLanguageTherapy => "SLT",
        Discipline::OccupationalTherapy => "OT",
        Discipline::Physiotherapy => "PT",
    }
}

/// The service of an authority that gives the therapy.
pub fn service(authority: Authority, discipline: Discipline) -> Result<ServiceRef, Refusal> {
    ServiceRef::parse(&format!("DEMO-{}-{}", code(discipline), authority.code()))
}

/// Makes the providers and services of an authority.
pub fn services(made: &mut Records) -> Result<(), Refusal> {
    let authority = made.authority;
    let bodies = [
        (true, "Demonstration NHS trust", ProviderType::NhsTrust),
        (false, "Demonstration council service", ProviderType::LocalAuthority),
    ];
    for (health, name, provider_type) in bodies {
        let provider_ref = provider(authority, health)?;
        let name = OrganisationName::parse(&format!("{name}, {}", authority.name()))?;
        let record =
            Provider { provider_ref: provider_ref.clone(), name: Some(name), provider_type: Some(provider_type) };
        made.add(Noun::Provider, provider_ref.as_str(), &record.to_cells())?;
    }
    for discipline in Discipline::ALL {
        let service_ref = service(authority, *discipline)?;
        let name = OrganisationName::parse(&format!("Children's {}", discipline.code().replace('_', " ")))?;
        let record = Service {
            service_ref: service_ref.clone(),
            provider_ref: provider(authority, true)?,
            discipline: *discipline,
            name: Some(name),
            opened_on: None,
            closed_on: None,
        };
        made.add(Noun::Service, service_ref.as_str(), &record.to_cells())?;
    }
    Ok(())
}

/// The days of one referral.
#[derive(Clone, Copy, Default)]
struct Pathway {
    received: Day,
    accepted: Option<Day>,
    rejected: Option<Day>,
    seen: Option<Day>,
    assessed: Option<Day>,
    discharged: Option<Day>,
    withdrawn: Option<Day>,
}

/// Makes the ordinary referrals of an authority; `requests` is how large it is.
pub fn referrals(
    made: &mut Records,
    requests: u64,
    story: &Story,
    census: Day,
    dice: &mut Dice,
) -> Result<(), Refusal> {
    let mut number = 50_000;
    for (discipline, waiting, seen) in LISTS {
        let mean = story.waits.iter().find(|(known, _)| *known == discipline).map_or(100, |(_, mean)| *mean);
        for (per_hundred, waits) in [(waiting, true), (seen, false)] {
            for _ in 0..(requests * per_hundred).div_ceil(100) {
                number += 1;
                let status = if dice.chance(30) { SenStatus::SenSupport } else { SenStatus::NoSen };
                let child_ref = child(made, number, status, (1, 14), dice)?;
                let pathway = if waits { waiting_since(mean, census, dice) } else { been_seen(mean, census, dice) };
                let referral = Referral {
                    priority: Some(if dice.chance(88) { Priority::Routine } else { Priority::Urgent }),
                    referral_source: dice.weighted(&SOURCES),
                    purpose: Some(Purpose::Core),
                    ..pathway.referral(made.authority, discipline, child_ref)?
                };
                made.add(Noun::Referral, &made.name("REF", number), &referral.to_cells())?;
            }
        }
    }
    Ok(())
}

fn waiting_since(mean: Day, census: Day, dice: &mut Dice) -> Pathway {
    let received = weekday(census - dice.wait(mean));
    let accepted = weekday(received + dice.between(2, 14));
    Pathway { received, accepted: (accepted <= census).then_some(accepted), ..Pathway::default() }
}

/// A referral whose wait ended within a year of the census: seen, or rejected, or withdrawn.
fn been_seen(mean: Day, census: Day, dice: &mut Dice) -> Pathway {
    let ended = weekday(census - dice.between(1, 365));
    match dice.below(100) {
        0..=9 => {
            let received = weekday(ended - dice.between(3, 21));
            Pathway { received, rejected: Some(ended), ..Pathway::default() }
        }
        10..=15 => {
            let received = weekday(ended - dice.wait(mean));
            Pathway { received, withdrawn: Some(ended), ..Pathway::default() }
        }
        _ => {
            let received = weekday(ended - dice.wait(mean) - 1);
            let happened = |day: Day| Some(weekday(day).max(ended)).filter(|day| *day <= census);
            let assessed = happened(ended + dice.between(0, 42));
            let discharged = assessed.and_then(|day| happened(day + dice.between(30, 200))).filter(|_| dice.chance(55));
            let accepted = Some((received + 7).min(ended));
            Pathway { received, accepted, seen: Some(ended), assessed, discharged, ..Pathway::default() }
        }
    }
}

/// Makes the referral that a request for advice is to a therapy service.
pub fn advice_referral(
    made: &mut Records,
    (discipline, advice, case_ended): (Discipline, Advice, bool),
    (name, ehc_request_id, child_ref): (&str, EhcRequestLink, &ChildRef),
    census: Day,
    dice: &mut Dice,
) -> Result<(), Refusal> {
    let received = advice.received;
    let assessed = advice.returned.map(|returned| returned.max(received));
    let seen = assessed.map(|day| (day - dice.between(4, 21)).max(received));
    let discharged = assessed.map(|day| weekday(day + 14).max(day)).filter(|day| case_ended && *day <= census);
    let pathway = Pathway { received, accepted: Some(received), seen, assessed, discharged, ..Pathway::default() };
    let referral = Referral {
        priority: Some(Priority::Routine),
        referral_source: Some(ReferralSource::EhcTeam),
        purpose: Some(Purpose::EhcAdvice),
        ehc_request_id: Some(ehc_request_id),
        ..pathway.referral(made.authority, discipline, child_ref.clone())?
    };
    made.add(Noun::Referral, &format!("REF-{name}"), &referral.to_cells())
}

impl Pathway {
    fn referral(self, authority: Authority, discipline: Discipline, child_ref: ChildRef) -> Result<Referral, Refusal> {
        Ok(Referral {
            child_ref,
            discipline,
            received_on: date(self.received),
            provider_ref: Some(provider(authority, true)?),
            service_ref: Some(service(authority, discipline)?),
            priority: None,
            referral_source: None,
            purpose: None,
            ehc_request_id: None,
            accepted_on: some_date(self.accepted),
            rejected_on: some_date(self.rejected),
            first_contact_on: some_date(self.seen),
            assessment_completed_on: some_date(self.assessed),
            discharged_on: some_date(self.discharged),
            withdrawn_on: some_date(self.withdrawn),
        })
    }
}
