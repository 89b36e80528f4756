//! What is asked of a discipline, set against what its people can offer: week by week, and as at a day.

use std::collections::HashMap;

use super::day_book::{DayBook, monday, weekday};
use super::expected::Expected;
use super::ledger::{Ledger, Week, Weeks};
use super::parameters::{Parameters, Premise};
use super::realisation::Realisation;
use super::rounding::as_real;
use super::team::{Services, Team, advice_of, by_week, of_referrals};
use crate::domain::capacity_rule::{AppointmentType, Setting};
use crate::domain::facts::{Day, Facts, Place};
use crate::domain::service::Discipline;

/// Weeks from which the demand to expect is taken: their mean.
pub const DEMAND_WEEKS: i32 = 13;
/// Weeks ahead within which waits are looked for.
pub const HORIZON_WEEKS: i32 = 104;
/// The eighteen weeks of community services, in days.
pub const FIRST_CONTACT_DEADLINE: Day = 126;
/// The six weeks of advice to EHC assessments, reg 8, in days.
pub const ADVICE_DEADLINE: Day = 42;

/// Capacity and demand of one discipline of one authority in some weeks.
#[derive(Debug)]
pub struct Outlook {
    /// Which therapy.
    pub discipline: Discipline,
    /// Weeks by Monday and service, from a year before the day asked about, or the first week, if that is earlier.
    pub ledger: Ledger,
    /// First contacts on record by the Monday of their week.
    pub delivered: HashMap<Day, u32>,
    /// What was learned from the weeks of term that are over, and from those of school holidays.
    pub realised: [Realisation; 2],
    /// The team.
    pub team: Team,
    /// What the parameters of the weeks asked about rest on.
    pub premises: Vec<Premise>,
    asked: Asked,
    weeks: Weeks,
    book: DayBook,
}

/// What was asked for, by the Monday of the week.
#[derive(Debug, Default)]
struct Asked {
    referrals: HashMap<Day, u32>,
    advice: HashMap<Day, u32>,
}

/// What is asked for in one week.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Demand {
    /// Referrals: received, or to be expected.
    pub referrals: f64,
    /// Requests for advice: sent, or to be expected.
    pub advice_requests: f64,
    /// Follow-ups that past starts need.
    pub follow_ups: f64,
    /// Minutes of first contacts, EHC advice and follow-ups.
    pub minutes: [f64; 3],
    /// True of a week that is not over: demand is expected, not on record.
    pub is_expected: bool,
}

impl Demand {
    /// Minutes of all of it.
    pub fn total(&self) -> f64 {
        self.minutes.iter().sum()
    }

    /// Its minutes by the minutes for children that are offered; `None` where none are. Over 1, what is left undone grows.
    pub fn load(&self, offered: &Week) -> Option<f64> {
        let clinical = offered.minutes.clinical();
        (clinical > 0.0).then(|| self.total() / clinical)
    }

    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        self.referrals += other.referrals;
        self.advice_requests += other.advice_requests;
        self.follow_ups += other.follow_ups;
        self.minutes.iter_mut().zip(other.minutes).for_each(|(minutes, more)| *minutes += more);
        self.is_expected |= other.is_expected;
    }
}

/// Children who wait, and how long the next one will.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Queue {
    /// Waiting at the end of the day.
    pub waiting: u64,
    /// Days until one more child can be seen, after all who wait; `None` beyond [`HORIZON_WEEKS`].
    pub next_wait: Option<Day>,
    /// The most who may wait so that all of them are seen within the deadline.
    pub largest_list: u64,
}

impl Outlook {
    /// Works out the outlook of each of these disciplines in which anybody ever held a post, from the first week asked about to
    /// the last, with a year of the past to learn from.
    pub fn of_all(facts: &Facts, weeks: Weeks, disciplines: &[Discipline]) -> Vec<Self> {
        let now = monday(weeks.as_at);
        let asked = (weeks.first, weeks.last + 6);
        // Whatever is asked about, the same past is learned from.
        let weeks = Weeks { first: weeks.first.min(now - 7 * 52), last: weeks.last.max(now), ..weeks };
        let services = Services::new(facts, weeks);
        let outlook = |discipline: &Discipline| Self::new(facts, &services, *discipline, (weeks, asked));
        disciplines.iter().filter_map(outlook).collect()
    }

    fn new(
        facts: &Facts,
        services: &Services<'_>,
        discipline: Discipline,
        (weeks, asked_about): (Weeks, (Day, Day)),
    ) -> Option<Self> {
        let team = services.team(discipline)?;
        let mut outlook = Self {
            premises: team.timetable.premises_within(asked_about),
            discipline,
            ledger: services.ledger(discipline, &team),
            delivered: services.first_contacts(discipline),
            realised: Default::default(),
            asked: Asked::of(facts, discipline, weeks.as_at),
            team,
            weeks,
            book: services.book().clone(),
        };
        outlook.learn();
        Some(outlook)
    }

    /// Learns from the year of weeks that are over by the day asked about, from the first for which any referral or first contact is
    /// on record: before it nothing was recorded, which is not to say that nothing was delivered.
    fn learn(&mut self) {
        let Some(first) = self.delivered.keys().chain(self.asked.referrals.keys()).copied().min() else { return };
        let first = first.max(monday(self.weeks.as_at) - 7 * 52);
        let past: Vec<_> = (first..).step_by(7).take_while(|monday| self.is_over(*monday)).collect();
        for monday in past {
            let planned = self.week(monday).first_contacts().attended;
            let delivered = f64::from(self.delivered.get(&monday).copied().unwrap_or(0));
            let class = usize::from(self.is_holiday(monday));
            if let Some(realised) = self.realised.get_mut(class) {
                realised.learn(delivered, planned);
            }
        }
    }

    /// True if the whole week from that Monday on has passed by the end of the day asked about.
    pub fn is_over(&self, monday: Day) -> bool {
        monday + 6 <= self.weeks.as_at
    }

    /// True if schools are closed on three of its weekdays or more.
    fn is_holiday(&self, monday: Day) -> bool {
        (monday..monday + 5).filter(|day| self.book.kind(*day).is_school_holiday).count() >= 3
    }

    /// What is delivered of what is planned in such a week.
    pub fn realisation(&self, monday: Day) -> Realisation {
        self.realised.get(usize::from(self.is_holiday(monday))).copied().unwrap_or_default()
    }

    /// A week of all services.
    pub fn week(&self, monday: Day) -> Week {
        let mut week = Week::default();
        for (_, service) in self.ledger.range((monday, Place::MIN)..=(monday, Place::MAX)) {
            week.add(service);
        }
        week
    }

    /// The settings that are assumed and not ruled on a day.
    pub fn assumed(&self, day: Day) -> impl Iterator<Item = Setting> {
        self.team
            .timetable
            .premises_on(day)
            .iter()
            .filter(|premise| premise.is_assumed())
            .map(|premise| premise.setting)
    }

    /// What is asked for in the week from that Monday on.
    pub fn demand(&self, monday: Day) -> Demand {
        let is_expected = !self.is_over(monday);
        let of = |counts: &HashMap<Day, u32>| {
            if is_expected { self.mean(counts) } else { f64::from(counts.get(&monday).copied().unwrap_or(0)) }
        };
        let (referrals, advice_requests) = (of(&self.asked.referrals), of(&self.asked.advice));
        let follow_ups = self.week(monday).follow_ups_needed;
        let parameters = self.team.timetable.on(monday);
        let minutes = [
            referrals * parameters.minutes_attended(AppointmentType::FirstContact),
            advice_requests * parameters.minutes_attended(AppointmentType::EhcAdvice),
            follow_ups * parameters.minutes(AppointmentType::FollowUp),
        ];
        Demand { referrals, advice_requests, follow_ups, minutes, is_expected }
    }

    /// The mean of the last weeks that are over, from the first with anything on record.
    fn mean(&self, counts: &HashMap<Day, u32>) -> f64 {
        let last = monday(self.weeks.as_at + 1) - 7;
        let on_record = counts.keys().min().map_or(0, |first| (last - first) / 7 + 1);
        let weeks = on_record.clamp(1, DEMAND_WEEKS);
        let asked = (0..weeks).map(|back| counts.get(&(last - 7 * back)).copied().unwrap_or(0));
        f64::from(asked.sum::<u32>()) / f64::from(weeks)
    }

    /// The parameters on the day asked about.
    pub fn parameters(&self) -> &Parameters {
        self.team.timetable.on(self.weeks.as_at)
    }

    /// The day asked about.
    pub fn as_at(&self) -> Day {
        self.weeks.as_at
    }

    /// Appointments of a kind to expect from the first of two days to the last, both inclusive.
    pub fn expected(&self, appointment: AppointmentType, (first, last): (Day, Day)) -> Expected {
        let weeks = (monday(first)..=last).step_by(7);
        let days = weeks.flat_map(|monday| (monday..).zip(self.expected_in(monday, appointment)));
        Expected::new(first, days.filter(|(day, _)| (first..=last).contains(day)).map(|(_, expected)| expected))
    }

    /// How a list of so many children fares by the appointments of one kind that can be expected after the day asked about, all
    /// first come, first served.
    pub fn queue(&self, waiting: u64, appointment: AppointmentType, deadline: Day) -> Queue {
        self.expected(appointment, (self.weeks.as_at + 1, self.weeks.last + 6)).queue(waiting, deadline)
    }

    /// Appointments of a kind to expect on each day of a week: whole slots spread over its open days, less those not attended,
    /// times what is delivered of what is planned.
    fn expected_in(&self, monday: Day, appointment: AppointmentType) -> [f64; 7] {
        let week = self.week(monday);
        let offer = if appointment == AppointmentType::EhcAdvice { week.advice() } else { week.first_contacts() };
        let attends = 1.0 - self.team.timetable.on(monday).did_not_attend(appointment);
        let delivered = self.realisation(monday).mean();
        let is_open = |day: &Day| weekday(*day) < 5 && !self.book.kind(*day).is_bank_holiday;
        let open = u64::try_from((monday..monday + 7).filter(is_open).count()).unwrap_or(0).max(1);
        let mut days = [0.0; 7];
        let open_days = (monday..).zip(&mut days).filter(|(day, _)| is_open(day));
        for (before, (_, expected)) in (0..).zip(open_days) {
            let slots = (before + 1) * offer.slots / open - before * offer.slots / open;
            *expected = as_real(slots) * attends * delivered;
        }
        days
    }
}

impl Asked {
    fn of(facts: &Facts, discipline: Discipline, as_at: Day) -> Self {
        let received = of_referrals(facts, discipline, &facts.referrals.received);
        let kind = advice_of(discipline);
        let asked = facts.advice.sent.iter().zip(&facts.advice.advice_type);
        let asked = asked.filter(|(sent, of)| **sent <= as_at && **of == kind);
        Self {
            referrals: by_week(received.filter(|received| *received <= as_at)),
            advice: by_week(asked.map(|(sent, _)| *sent)),
        }
    }
}
