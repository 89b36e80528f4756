//! The ledger of capacity: contracted minutes of every week, each deduction, and the appointments that come of them.
//!
//! Supervision of starters and follow-ups are asked of a discipline as a whole and taken of its people in proportion. Slots are
//! rounded down person by person, with a running sum that begins anew every 52 weeks from the Monday of their first week: so
//! rounding takes no slot from anybody when somebody comes, and the weeks asked about do not matter. What a starter does take is
//! supervision, and it is told.

use std::collections::{BTreeMap, BTreeSet};

use super::day_book::{DayBook, monday};
use super::minutes::{Minutes, Use};
use super::parameters::Parameters;
use super::person::{Person, Reader};
use super::rounding::{WholeSlots, as_real};
use super::timetable::Timetable;
use crate::domain::capacity_rule::AppointmentType;
use crate::domain::facts::{Day, Place};
use crate::domain::post::Band;

/// Weeks after which a running sum of slots begins anew.
pub const ROUND_WEEKS: i32 = 52;

/// Which weeks: those asked about, and where the past ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weeks {
    /// Monday of the first week asked about.
    pub first: Day,
    /// Monday of the last week asked about.
    pub last: Day,
    /// First contacts are known up to the end of this day; after it they are those that are planned.
    pub as_at: Day,
}

impl Weeks {
    /// The Monday from which the ledger must be worked out, so that every running sum is complete.
    fn beginning(self) -> Day {
        self.first.min(monday(self.as_at)) - 7 * ROUND_WEEKS
    }

    /// The days of which weekday and holidays must be known: whole leave years.
    pub fn days(self) -> (Day, Day) {
        // A leave year begins at most 366 days before, and ends at most 366 days after, any of its days.
        (self.beginning() - 366, self.last + 6 + 366)
    }

    /// Mondays from the beginning to the last week.
    fn mondays(self) -> impl Iterator<Item = Day> {
        (self.beginning()..=self.last).step_by(7)
    }
}

/// Appointments of one type in one week.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Offer {
    /// Slots before rounding.
    pub real: f64,
    /// Whole slots.
    pub slots: u64,
    /// Slots that are expected to be attended.
    pub attended: f64,
}

/// One week of one service of a discipline.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Week {
    /// Where the minutes go.
    pub minutes: Minutes,
    /// First contacts and EHC advice.
    pub offers: [Offer; 2],
    /// Follow-up contacts the minutes are enough for.
    pub follow_ups: f64,
    /// Follow-up contacts that past starts need.
    pub follow_ups_needed: f64,
}

impl Week {
    /// First contacts.
    pub fn first_contacts(&self) -> Offer {
        self.offers[0]
    }

    /// Advice to EHC assessments.
    pub fn advice(&self) -> Offer {
        self.offers[1]
    }

    /// Adds another service of the same week.
    pub fn add(&mut self, other: &Self) {
        self.minutes.add(&other.minutes);
        for (offer, more) in self.offers.iter_mut().zip(other.offers) {
            offer.real += more.real;
            offer.slots += more.slots;
            offer.attended += more.attended;
        }
        self.follow_ups += other.follow_ups;
        self.follow_ups_needed += other.follow_ups_needed;
    }
}

/// The weeks of a discipline by Monday and service.
pub type Ledger = BTreeMap<(Day, Place), Week>;

/// Works out the ledger of one discipline of one authority. `started` tells how many children were first seen in the week from
/// a Monday on, as far as is known.
pub fn ledger(
    people: &[Person],
    (book, timetable): (&DayBook, &Timetable),
    weeks: Weeks,
    started: impl Fn(Day) -> f64,
) -> Ledger {
    let mut team: Vec<_> = people.iter().map(|person| Member::new(person, book, timetable)).collect();
    let mut starts = Starts { started, planned: BTreeMap::new(), as_at: weeks.as_at };
    let mut ledger = Ledger::new();
    for monday in weeks.mondays() {
        let parameters = timetable.on(monday);
        for member in &mut team {
            member.read(monday);
        }
        supervise(&mut team, monday, parameters);
        let needed = starts.follow_ups(monday, parameters);
        follow_up(&mut team, needed, parameters);
        let mut attended = 0.0;
        for (share, member) in shares_of(&team).into_iter().zip(&mut team) {
            let mut week = member.offer(monday, parameters);
            week.follow_ups_needed = needed * share;
            attended += week.offers.first().map_or(0.0, |offer| offer.attended);
            if monday >= weeks.first && week.minutes.contracted > 0.0 {
                ledger.entry((monday, member.person.service)).or_default().add(&week);
            }
        }
        starts.planned.insert(monday, attended);
    }
    ledger
}

/// Children who start: those on record, and those planned for the weeks that are not over.
struct Starts<F> {
    started: F,
    planned: BTreeMap<Day, f64>,
    as_at: Day,
}

impl<F: Fn(Day) -> f64> Starts<F> {
    fn in_week(&self, monday: Day) -> f64 {
        let is_over = monday + 6 <= self.as_at;
        if is_over { (self.started)(monday) } else { self.planned.get(&monday).copied().unwrap_or(0.0) }
    }

    /// Follow-up contacts that starts of earlier weeks need in the week from that Monday on.
    fn follow_ups(&self, monday: Day, parameters: &Parameters) -> f64 {
        let of_week =
            |(weeks, each): &(i32, f64)| if *each > 0.0 { each * self.in_week(monday - 7 * weeks) } else { 0.0 };
        parameters.follow_ups.iter().map(of_week).sum()
    }
}

/// One person in the week that is worked out.
struct Member<'a> {
    person: &'a Person,
    reader: Reader<'a>,
    minutes: Minutes,
    running: [WholeSlots; 2],
}

impl<'a> Member<'a> {
    fn new(person: &'a Person, book: &'a DayBook, timetable: &'a Timetable) -> Self {
        let reader = Reader::new(person, book, timetable);
        Self { person, reader, minutes: Minutes::default(), running: Default::default() }
    }

    /// Reads the days of a week: what is left for children is unallocated still.
    fn read(&mut self, monday: Day) {
        self.minutes = Minutes::default();
        for day in monday..monday + 7 {
            self.minutes.add(&self.reader.day(day));
        }
    }

    fn left(&self) -> f64 {
        self.minutes.of(Use::Unallocated)
    }

    /// Moves minutes from what is unallocated to a use.
    fn give(&mut self, what: Use, minutes: f64) {
        self.minutes.spend(what, minutes);
        self.minutes.spend(Use::Unallocated, -minutes);
    }

    /// Makes appointments of the minutes left.
    fn offer(&mut self, monday: Day, parameters: &Parameters) -> Week {
        let first = super::day_book::monday(self.person.starts);
        if (monday - first) / 7 % ROUND_WEEKS == 0 {
            self.running = Default::default();
        }
        let left = self.left();
        let offers = [(AppointmentType::FirstContact, Use::FirstContact), (AppointmentType::EhcAdvice, Use::EhcAdvice)];
        let mut week = Week::default();
        for (((kind, what), offer), place) in offers.into_iter().zip(&mut week.offers).zip(0..) {
            let may = parameters.may_give(self.person.band, kind);
            let minutes = if may { left * parameters.share(kind) } else { 0.0 };
            self.give(what, minutes);
            offer.real = ratio(minutes, parameters.minutes(kind));
            offer.slots = self.running.get_mut::<usize>(place).map_or(0, |running| running.next(offer.real));
            offer.attended = as_real(offer.slots) * (1.0 - parameters.did_not_attend(kind));
        }
        week.follow_ups = ratio(self.minutes.of(Use::FollowUp), parameters.minutes(AppointmentType::FollowUp));
        week.minutes = self.minutes;
        week
    }
}

/// Takes the supervision of starters of those of band 6 and higher who are none, as far as they have the minutes.
fn supervise(team: &mut [Member<'_>], monday: Day, parameters: &Parameters) {
    let is_starter = |member: &Member<'_>| member.person.is_starter(monday, parameters);
    let starters = team.iter().filter(|member| is_starter(member) && member.minutes.contracted > 0.0);
    let starters = starters.map(|member| member.person.worker).collect::<BTreeSet<_>>().len();
    let may = |member: &Member<'_>| member.person.band >= Band::Six && !is_starter(member);
    let supply: f64 = team.iter().filter(|member| may(member)).map(Member::left).sum();
    let share = ratio(as_real(u64::try_from(starters).unwrap_or(0)) * parameters.supervision, supply).min(1.0);
    for member in team.iter_mut().filter(|member| may(member)) {
        member.give(Use::Supervision, member.left() * share);
    }
}

/// Takes what follow-ups need of those who may give them, but never what is kept for new children.
fn follow_up(team: &mut [Member<'_>], needed: f64, parameters: &Parameters) {
    let all: f64 = team.iter().map(Member::left).sum();
    let may = |member: &Member<'_>| parameters.may_give(member.person.band, AppointmentType::FollowUp);
    let supply: f64 = team.iter().filter(|member| may(member)).map(Member::left).sum();
    let each = parameters.minutes(AppointmentType::FollowUp);
    let most = (all * (1.0 - parameters.new_work_minimum)).min(supply);
    let share = ratio((needed * each).min(most), supply);
    for member in team.iter_mut().filter(|member| may(member)) {
        member.give(Use::FollowUp, member.left() * share);
    }
}

/// The share of each in the team's contracted minutes.
fn shares_of(team: &[Member<'_>]) -> Vec<f64> {
    let all: f64 = team.iter().map(|member| member.minutes.contracted).sum();
    team.iter().map(|member| ratio(member.minutes.contracted, all)).collect()
}

/// 0 where there is nothing to divide by.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
