//! Posts that stand empty because people leave and hiring takes time; and a year's minutes of one person, by hand.
//!
//! A post is filled for a mean of `1 / hazard` years and then empty for the time a refill takes: an alternating renewal process (D. R.
//! Cox, "Renewal Theory", 1962, chapter 7), of whose lengths only the means matter.

/// Weeks to a year, as rates of leaving are counted here.
pub const WEEKS_PER_YEAR: f64 = 52.0;

/// The share of the time in which a post is empty: `h t / (1 + h t)`. The hazard is by year, the refill in weeks, from the day
/// one left to the day the next began.
pub fn long_run_vacancy(leavers_per_year: f64, refill_weeks: f64) -> f64 {
    let empty = leavers_per_year * refill_weeks / WEEKS_PER_YEAR;
    empty / (1.0 + empty)
}

/// How many weeks refills take where so large a share of posts stands empty: from 0, included, to 1. `None` outside that,
/// and where nobody leaves.
pub fn refill_weeks(vacancy: f64, leavers_per_year: f64) -> Option<f64> {
    ((0.0..1.0).contains(&vacancy) && leavers_per_year > 0.0)
        .then(|| vacancy / ((1.0 - vacancy) * leavers_per_year) * WEEKS_PER_YEAR)
}

/// A year of one person, in round figures. A ledger of days is exact; this is what fits on the back of an envelope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Year {
    /// Days of the week that are worked, over the year, before anything is taken off.
    pub working_days: f64,
    /// Bank holidays, in days.
    pub bank_holidays: f64,
    /// Annual leave, in days.
    pub leave: f64,
    /// Study leave, in days.
    pub study: f64,
    /// The share of what is left that is lost to sickness, 0 to 1.
    pub sickness: f64,
    /// Minutes contracted a day.
    pub minutes_per_day: f64,
    /// The share of the time at work that is not for children: supervision, meetings, training. 0 to 1.
    pub non_clinical: f64,
}

impl Year {
    /// Days at work, 0 and more.
    pub fn available_days(&self) -> f64 {
        let planned = self.working_days - self.bank_holidays - self.leave - self.study;
        planned.max(0.0) * (1.0 - self.sickness)
    }

    /// Minutes for children.
    pub fn clinical_minutes(&self) -> f64 {
        self.available_days() * self.minutes_per_day * (1.0 - self.non_clinical)
    }

    /// Appointments of so many minutes, not whole; `None` for appointments that take no time.
    pub fn slots(&self, minutes_per_appointment: f64) -> Option<f64> {
        (minutes_per_appointment > 0.0).then(|| self.clinical_minutes() / minutes_per_appointment)
    }
}
