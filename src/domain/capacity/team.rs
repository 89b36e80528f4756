//! The people of a discipline, read from the facts of an authority, with the days and parameters they work by.

use std::collections::HashMap;

use super::day_book::{DayBook, monday};
use super::ledger::{Ledger, Weeks, ledger};
use super::parameters::{Entry, Premise, Timetable, premises};
use super::person::{Absent, Person};
use crate::domain::advice_request::AdviceType;
use crate::domain::facts::{Day, Facts, Place, date};
use crate::domain::number::DaysAYear;
use crate::domain::post::Band;
use crate::domain::post_holding::{Engagement, PostHolding};
use crate::domain::referral::Purpose;
use crate::domain::service::Discipline;

/// The capacity of one authority: what is the same for all its disciplines.
#[derive(Debug)]
pub struct Services<'a> {
    facts: &'a Facts,
    book: DayBook,
    absences: HashMap<Place, Vec<Absent>>,
    weeks: Weeks,
}

/// What is known of one discipline.
#[derive(Debug)]
pub struct Team {
    /// Who holds posts in it.
    pub people: Vec<Person>,
    /// Its parameters over time.
    pub timetable: Timetable,
    /// What its parameters rest on, on the last day known.
    pub premises: Vec<Premise>,
}

impl<'a> Services<'a> {
    /// The services of an authority in some weeks.
    pub fn new(facts: &'a Facts, weeks: Weeks) -> Self {
        let book = DayBook::new(weeks.days(), facts.calendar(), facts.staff.schools());
        let mut absences = HashMap::<_, Vec<_>>::new();
        for (_, absence) in facts.staff.absences.rows() {
            let absent = Absent { first: absence.starts, last: absence.ends, kind: absence.kind };
            absences.entry(absence.worker).or_default().push(absent);
        }
        Self { facts, book, absences, weeks }
    }

    /// The days of the ledger.
    pub fn book(&self) -> &DayBook {
        &self.book
    }

    /// The people of a discipline and their parameters; `None` where nobody ever held a post in it.
    pub fn team(&self, discipline: Discipline) -> Option<Team> {
        let people: Vec<_> = self.people(discipline).collect();
        let (first, last) = self.weeks.days();
        let (first, last, as_at) = (date(first)?, date(last)?, date(self.weeks.as_at)?);
        let rules: Vec<_> = self.facts.staff.rules().collect();
        (!people.is_empty()).then(|| Team {
            people,
            timetable: Timetable::new(discipline, &rules, (first, last)),
            premises: premises(discipline, &rules, as_at),
        })
    }

    fn people(&self, discipline: Discipline) -> impl Iterator<Item = Person> {
        let staff = &self.facts.staff;
        let wanted = Discipline::byte(Some(discipline));
        staff.held().zip(staff.holdings.rows()).filter_map(move |((_, holding), (_, fact))| {
            let post = staff.post(fact.post).filter(|post| post.discipline == wanted)?;
            let band = Band::ALL.get(usize::from(post.band).checked_sub(1)?)?;
            let absences = self.absences.get(&fact.worker).cloned().unwrap_or_default();
            Some(person(holding, (fact.starts, fact.ends), (post.service, *band), absences))
        })
    }

    /// The ledger of a team.
    pub fn ledger(&self, discipline: Discipline, team: &Team) -> Ledger {
        let started = self.first_contacts(discipline);
        let in_week = |monday: Day| started.get(&monday).copied().unwrap_or(0);
        ledger(&team.people, (&self.book, &team.timetable), self.weeks, |monday| f64::from(in_week(monday)))
    }

    /// Children seen for the first time by the end of the day asked about, by the Monday of the week; those seen only to give
    /// advice to an EHC assessment are not among them.
    pub fn first_contacts(&self, discipline: Discipline) -> HashMap<Day, u32> {
        let referrals = &self.facts.referrals;
        let of = |discipline| Discipline::byte(Some(discipline));
        let advice = Purpose::byte(Some(Purpose::EhcAdvice));
        let rows = referrals.seen.iter().zip(&referrals.discipline).zip(&referrals.purpose);
        let seen = rows.filter(|((seen, own), purpose)| {
            **seen <= self.weeks.as_at && **own == of(discipline) && **purpose != advice
        });
        by_week(seen.map(|((seen, _), _)| *seen))
    }
}

/// How many of some days lie in each week, by its Monday.
pub fn by_week(days: impl Iterator<Item = Day>) -> HashMap<Day, u32> {
    let mut weeks = HashMap::new();
    for day in days {
        *weeks.entry(monday(day)).or_default() += 1;
    }
    weeks
}

/// The kind of advice a discipline gives.
pub fn advice_of(discipline: Discipline) -> AdviceType {
    match discipline {
        Discipline::SpeechAndLanguageTherapy => AdviceType::SpeechAndLanguageTherapy,
        Discipline::OccupationalTherapy => AdviceType::OccupationalTherapy,
        Discipline::Physiotherapy => AdviceType::Physiotherapy,
    }
}

/// What ramp somebody is on.
pub fn entry(engagement: Engagement, is_newly_qualified: bool) -> Entry {
    match engagement {
        Engagement::Trainee => Entry::Trainee,
        _ if is_newly_qualified => Entry::NewlyQualified,
        Engagement::Agency | Engagement::Bank => Entry::Agency,
        Engagement::Permanent | Engagement::FixedTerm => Entry::Experienced,
    }
}

fn person(
    holding: &PostHolding,
    (starts, ends): (Day, Day),
    (service, band): (Place, Band),
    absences: Vec<Absent>,
) -> Person {
    let productive_from = crate::domain::facts::day(holding.productive_from_on.or(Some(holding.starts_on)));
    Person {
        service,
        band,
        pattern: holding.pattern(),
        starts,
        ends,
        productive_from,
        entry: entry(holding.engagement, holding.newly_qualified == Some(true)),
        term_time_only: holding.term_time_only == Some(true),
        leave_days: holding.leave_entitlement_days.map(DaysAYear::value),
        absences,
    }
}
