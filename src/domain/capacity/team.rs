//! The people of a discipline, read from the facts of an authority, with the days and parameters they work by.

use std::collections::HashMap;

use super::day_book::{DayBook, monday};
use super::ledger::{Ledger, Weeks, ledger};
use super::parameters::Entry;
use super::person::{Absent, Person};
use super::timetable::Timetable;
use crate::domain::absence::AbsenceKind;
use crate::domain::advice_request::AdviceType;
use crate::domain::facts::{AbsenceFact, Day, Facts, HoldingFact, NEVER, Place, date, day};
use crate::domain::number::DaysAYear;
use crate::domain::post::Band;
use crate::domain::post_holding::{Engagement, PostHolding};
use crate::domain::referral::Purpose;
use crate::domain::service::Discipline;

/// Days for which a spell of sickness without an end is taken to go on after the day asked about: an assumption.
const SICKNESS_GOES_ON: Day = 28;
/// Days of maternity leave without an end, from its first day: the 52 weeks of the statute.
const MATERNITY: Day = 364;
/// Days between two posts that do not make somebody a starter in the second.
const BREAK: Day = 7;

/// The capacity of one authority: what is the same for all its disciplines.
#[derive(Debug)]
pub struct Services<'a> {
    facts: &'a Facts,
    book: DayBook,
    absences: HashMap<Place, Vec<Absent>>,
    sickness_on_record: Option<(Day, Day)>,
    weeks: Weeks,
}

/// What is known of one discipline.
#[derive(Debug)]
pub struct Team {
    /// Who holds posts in it.
    pub people: Vec<Person>,
    /// Its parameters over time.
    pub timetable: Timetable,
}

impl<'a> Services<'a> {
    /// The services of an authority in some weeks.
    pub fn new(facts: &'a Facts, weeks: Weeks) -> Self {
        let book = DayBook::new(weeks.days(), facts.calendar(), facts.staff.schools());
        let known = |absence: &AbsenceFact| absence.kind != AbsenceKind::Sickness || absence.starts <= weeks.as_at;
        let mut absences = HashMap::<_, Vec<_>>::new();
        let mut first_sickness = None;
        for (_, absence) in facts.staff.absences.rows().filter(|(_, absence)| known(absence)) {
            if absence.kind == AbsenceKind::Sickness {
                first_sickness = Some(first_sickness.map_or(absence.starts, |first: Day| first.min(absence.starts)));
            }
            let last = last_day(&absence, weeks.as_at);
            let absent = Absent { first: absence.starts, last, kind: absence.kind };
            absences.entry(absence.worker).or_default().push(absent);
        }
        let sickness_on_record = first_sickness.map(|first| (first, weeks.as_at));
        Self { facts, book, absences, sickness_on_record, weeks }
    }

    /// The days of the ledger.
    pub fn book(&self) -> &DayBook {
        &self.book
    }

    /// The people of a discipline and their parameters; `None` where nobody ever held a post in it.
    pub fn team(&self, discipline: Discipline) -> Option<Team> {
        let people = self.people(discipline);
        let (first, last) = self.weeks.days();
        let (first, last) = (date(first)?, date(last)?);
        let rules: Vec<_> = self.facts.staff.rules().collect();
        (!people.is_empty()).then(|| Team { people, timetable: Timetable::new(discipline, &rules, (first, last)) })
    }

    fn people(&self, discipline: Discipline) -> Vec<Person> {
        let staff = &self.facts.staff;
        let wanted = Discipline::byte(Some(discipline));
        let held = staff.held().zip(staff.holdings.rows()).filter_map(|((_, holding), (_, fact))| {
            let post = staff.post(fact.post).filter(|post| post.discipline == wanted)?;
            let band = Band::ALL.get(usize::from(post.band).checked_sub(1)?)?;
            Some((holding, fact, (post.service, *band)))
        });
        let held: Vec<_> = held.collect();
        let mut spans = HashMap::<_, Vec<_>>::new();
        for (_, fact, _) in held.iter().filter(|(holding, ..)| holding.engagement != Engagement::Trainee) {
            spans.entry(fact.worker).or_default().push((fact.starts, fact.ends));
        }
        for spans in spans.values_mut() {
            spans.sort_unstable();
        }
        let person = |(holding, fact, post): (&PostHolding, HoldingFact, (Place, Band))| Person {
            absences: self.absences.get(&fact.worker).cloned().unwrap_or_default(),
            sickness_on_record: self.sickness_on_record,
            ..person(holding, &fact, post, spans.get(&fact.worker).map_or(&[], Vec::as_slice))
        };
        held.into_iter().map(person).collect()
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
        let seen = of_referrals(self.facts, discipline, &self.facts.referrals.seen);
        by_week(seen.filter(|seen| *seen <= self.weeks.as_at))
    }
}

/// The days of one column of referrals, of those to a discipline that are not for advice to an EHC assessment: requests for advice
/// stand for these.
pub fn of_referrals<'a>(facts: &'a Facts, discipline: Discipline, days: &'a [Day]) -> impl Iterator<Item = Day> + 'a {
    let own = Discipline::byte(Some(discipline));
    let for_advice = Purpose::byte(Some(Purpose::EhcAdvice));
    let rows = days.iter().zip(&facts.referrals.discipline).zip(&facts.referrals.purpose);
    rows.filter(move |((_, of), purpose)| **of == own && **purpose != for_advice).map(|((day, _), _)| *day)
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

/// The last day of an absence: of one without an end, the day that is assumed.
fn last_day(absence: &AbsenceFact, as_at: Day) -> Day {
    match absence.kind {
        _ if absence.ends != NEVER => absence.ends,
        AbsenceKind::Sickness => as_at + SICKNESS_GOES_ON,
        AbsenceKind::Maternity => as_at.max(absence.starts + MATERNITY - 1),
        AbsenceKind::BookedLeave | AbsenceKind::Study => as_at.max(absence.starts),
    }
}

/// Since when somebody has been in a discipline without a break, by the days of all their posts in it, in order: another band
/// or another share of a post does not make a starter of anybody.
fn since(spans: &[(Day, Day)], starts: Day) -> Day {
    let earlier = spans.iter().rev().filter(|(first, _)| *first < starts);
    earlier.fold(starts, |since, (first, last)| if *last + BREAK >= since - 1 { since.min(*first) } else { since })
}

fn person(holding: &PostHolding, fact: &HoldingFact, (service, band): (Place, Band), spans: &[(Day, Day)]) -> Person {
    let productive_from = holding.productive_from_on.map(|on| day(Some(on)));
    Person {
        worker: fact.worker,
        service,
        band,
        pattern: holding.pattern(),
        starts: fact.starts,
        ends: fact.ends,
        productive_from: productive_from.unwrap_or_else(|| since(spans, fact.starts)),
        entry: entry(holding.engagement, holding.newly_qualified == Some(true)),
        term_time_only: holding.term_time_only == Some(true),
        leave_days: holding.leave_entitlement_days.map(DaysAYear::value),
        absences: Vec::new(),
        sickness_on_record: None,
    }
}
