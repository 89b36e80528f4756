//! Timeliness of EHC decisions and plans, as DfE counts it.
//!
//! Definitions: DfE, "Education, health and care plans", data guidance of the 2025 release. Plans of cases in which
//! mediation or a tribunal took place are outside the twenty-week measure; a plan whose start nobody knows counts in
//! the denominator and in no band; `_ex` leaves out plans with an exception, in time or not.

use super::group::{Periods, Sum};
use crate::domain::clock::Clock;
use crate::domain::facts::{CaseFacts, Day, NEVER};

/// Longest time in the first band: twenty weeks. That DfE counts day 140 as in time is a reading.
pub const TWENTY_WEEKS: Day = 140;

/// Longest time in the second band: 52 weeks. Day 365 is over.
pub const FIFTY_TWO_WEEKS: Day = 364;

/// The bands of time from request to plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// Up to 140 days.
    Within20Weeks,
    /// 141 to 364 days.
    From20To52Weeks,
    /// 365 days and more.
    Over52Weeks,
}

impl Band {
    /// The band of an elapsed time in days.
    pub fn of(elapsed_days: Day) -> Self {
        if elapsed_days <= TWENTY_WEEKS {
            Self::Within20Weeks
        } else if elapsed_days <= FIFTY_TWO_WEEKS {
            Self::From20To52Weeks
        } else {
            Self::Over52Weeks
        }
    }

    /// The word of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::Within20Weeks => "within_20_weeks",
            Self::From20To52Weeks => "20_to_52_weeks",
            Self::Over52Weeks => "over_52_weeks",
        }
    }
}

/// Plans issued, by band, once with exceptions and once without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlansIssued {
    /// All plans measured.
    pub all: PlansByBand,
    /// Those without an exception.
    pub without_exceptions: PlansByBand,
}

/// Counts of plans by band; the bands need not add up to `plans`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlansByBand {
    /// The denominator.
    pub plans: u64,
    /// Up to 140 days.
    pub within_20_weeks: u64,
    /// 141 to 364 days.
    pub from_20_to_52_weeks: u64,
    /// 365 days and more.
    pub over_52_weeks: u64,
}

impl Sum for PlansByBand {
    fn add(&mut self, other: &Self) {
        self.plans += other.plans;
        self.within_20_weeks += other.within_20_weeks;
        self.from_20_to_52_weeks += other.from_20_to_52_weeks;
        self.over_52_weeks += other.over_52_weeks;
    }
}

impl Sum for PlansIssued {
    fn add(&mut self, other: &Self) {
        self.all.add(&other.all);
        self.without_exceptions.add(&other.without_exceptions);
    }
}

/// Counts the plans issued in each period, as known at the end of `as_at`.
pub fn plans_issued(cases: &CaseFacts, periods: &Periods, as_at: Day) -> Vec<PlansIssued> {
    match periods.single() {
        Some((first, last)) => vec![plans_between(cases, first, last.min(as_at), as_at)],
        None => plans_by_period(cases, periods, as_at),
    }
}

/// Counts the plans issued from `first` to `last` by comparing only: the processor takes several rows at once.
#[expect(clippy::needless_bitwise_bool, reason = "with && each row is a branch, and takes four times as long")]
fn plans_between(cases: &CaseFacts, first: Day, last: Day, as_at: Day) -> PlansIssued {
    // For plain and exempt plans: all, over 20 weeks, over 52 weeks, no start known. Each includes what follows.
    let (mut plain, mut exempt) = ([0_u32; 4], [0_u32; 4]);
    let columns = cases.issued.iter().zip(&cases.started).zip(&cases.exempt_from).zip(&cases.contested);
    for (((issued, started), exempt_from), contested) in columns {
        let counts = !contested & (*issued >= first) & (*issued <= last);
        let is_exempt = *exempt_from <= as_at;
        let elapsed = if *started == NEVER { NEVER } else { issued - started };
        let over = [true, elapsed > TWENTY_WEEKS, elapsed > FIFTY_TWO_WEEKS, elapsed == NEVER];
        for ((over, plain), exempt) in over.into_iter().zip(&mut plain).zip(&mut exempt) {
            *plain += u32::from(over & counts & !is_exempt);
            *exempt += u32::from(over & counts & is_exempt);
        }
    }
    let bands = |[all, over_20, over_52, unknown]: [u32; 4]| {
        [all - over_20, over_20 - over_52, over_52 - unknown, unknown].map(u64::from)
    };
    PlansIssued::from_cells(&bands(plain), &bands(exempt))
}

fn plans_by_period(cases: &CaseFacts, periods: &Periods, as_at: Day) -> Vec<PlansIssued> {
    // A cell for each period, exempt or not, and band; the fourth band is "no start known".
    let mut cells = vec![[[0_u64; 4]; 2]; periods.len()];
    let columns = cases.issued.iter().zip(&cases.started).zip(&cases.exempt_from).zip(&cases.contested);
    for (((issued, started), exempt_from), contested) in columns {
        if *contested || *issued > as_at {
            continue;
        }
        let Some([plain, exempt]) = periods.place(*issued).and_then(|place| cells.get_mut(place)) else { continue };
        let elapsed = if *started == NEVER { NEVER } else { issued - started };
        let band = usize::from(elapsed > TWENTY_WEEKS)
            + usize::from(elapsed > FIFTY_TWO_WEEKS)
            + usize::from(elapsed == NEVER);
        let bands = if *exempt_from <= as_at { exempt } else { plain };
        if let Some(count) = bands.get_mut(band) {
            *count += 1;
        }
    }
    cells.iter().map(|[plain, exempt]| PlansIssued::from_cells(plain, exempt)).collect()
}

impl PlansIssued {
    fn from_cells(plain: &[u64; 4], exempt: &[u64; 4]) -> Self {
        let count = |[within, middle, over, unknown]: [u64; 4]| PlansByBand {
            plans: within + middle + over + unknown,
            within_20_weeks: within,
            from_20_to_52_weeks: middle,
            over_52_weeks: over,
        };
        let mut all = count(*plain);
        all.add(&count(*exempt));
        Self { all, without_exceptions: count(*plain) }
    }
}

/// Decisions made in time and late; they need not add up to `measured`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// The denominator.
    pub measured: u64,
    /// In time: on the due date or before.
    pub within: u64,
    /// Late.
    pub over: u64,
}

impl Sum for Decisions {
    fn add(&mut self, other: &Self) {
        self.measured += other.measured;
        self.within += other.within;
        self.over += other.over;
    }
}

/// Which decision is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionStage {
    /// Whether to assess, six weeks: reg 5(1).
    ToAssess,
    /// Not to issue a plan, sixteen weeks: reg 10(1).
    NotToIssue,
}

/// Counts the decisions made in each period, as known at the end of `as_at`.
///
/// A decision whether to assess counts in the denominator even where nobody knows when the case started; a decision not
/// to issue does not. So DfE's percentages of 2024 have it.
pub fn decisions(cases: &CaseFacts, stage: DecisionStage, periods: &Periods, as_at: Day) -> Vec<Decisions> {
    let (clock, made) = match stage {
        DecisionStage::ToAssess => (Clock::DecideToAssess, &cases.decided),
        DecisionStage::NotToIssue => (Clock::DecideNotToIssue, &cases.refused_plan),
    };
    let limit = clock.rule(None).limit.days().and_then(|days| Day::try_from(days).ok()).unwrap_or(NEVER);
    let mut counts = vec![Decisions::default(); periods.len()];
    for (made, started) in made.iter().zip(&cases.started) {
        let dated = *started != NEVER;
        if *made > as_at || !(dated || stage == DecisionStage::ToAssess) {
            continue;
        }
        let Some(count) = periods.place(*made).and_then(|place| counts.get_mut(place)) else { continue };
        count.measured += 1;
        if !dated {
            continue;
        }
        let in_time = made - started <= limit;
        count.within += u64::from(in_time);
        count.over += u64::from(!in_time);
    }
    counts
}
