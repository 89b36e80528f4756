//! The docket: which EHC cases an authority's year is made of, so that its totals are the published ones.
//!
//! Published totals say how many plans were issued in each band, how many decisions were made in time, what became of
//! the requests received. A docket is a list of cases that has all these totals at once; within them chance decides.

use super::dice::Dice;
use crate::domain::facts::Day;
use crate::domain::published::Figures;

/// How a case ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The final plan was sent.
    Plan(Day),
    /// No plan was made.
    NoPlan(Day),
    /// No assessment was made; the day is that of the decision.
    Refused,
    /// The request was withdrawn.
    Withdrawn(Day),
    /// It has not ended.
    Open,
}

/// One case in outline.
#[derive(Clone, Copy, Debug)]
pub struct Sketch {
    /// The request was received; `None` where the published figures count a case with unusable dates.
    pub started: Option<Day>,
    /// The decision whether to assess was notified.
    pub decided: Option<Day>,
    /// How it ends.
    pub ending: Ending,
    /// It has an exception.
    pub exempt: bool,
    /// Mediation or a tribunal about the assessment took place.
    pub contested: bool,
    decides: Deciding,
}

/// In which year the decision whether to assess falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deciding {
    Never,
    Before,
    InYear,
    After,
}

/// The calendar of a docket.
#[derive(Clone, Copy, Debug)]
pub struct Year {
    /// 1 January.
    pub first: Day,
    /// 31 December.
    pub last: Day,
    /// The day the figures were collected: nothing later has happened.
    pub census: Day,
}

/// Six weeks, the time to decide whether to assess.
const SIX_WEEKS: Day = 42;

/// Days in the year the figures are about.
const YEAR_DAYS: u64 = 366;

/// Shortest and longest time of a kind of ending, and which way chance leans.
#[derive(Clone, Copy)]
struct Span {
    first: Day,
    last: Day,
    leans_to_last: bool,
}

const fn leaning_late(first: Day, last: Day) -> Span {
    Span { first, last, leans_to_last: true }
}

const fn leaning_early(first: Day, last: Day) -> Span {
    Span { first, last, leans_to_last: false }
}

impl Span {
    fn draw(self, dice: &mut Dice) -> Day {
        if self.leans_to_last {
            self.last - dice.nearer(0, self.last - self.first)
        } else {
            dice.nearer(self.first, self.last)
        }
    }
}

/// Draws the cases of one authority.
pub struct Docket<'a> {
    figures: &'a Figures,
    year: Year,
    dice: &'a mut Dice,
    sketches: Vec<Sketch>,
    /// Assessments agreed of requests received in the year, not drawn yet.
    agreed_left: u64,
    /// Decisions in the year about requests received before it, not drawn yet.
    carried_left: u64,
    /// Decisions in the year that may still be of requests received too late to be decided late.
    recent_left: u64,
}

impl<'a> Docket<'a> {
    /// Draws every case.
    pub fn draw(figures: &'a Figures, year: Year, dice: &'a mut Dice) -> Vec<Sketch> {
        let (requests, decisions) = (&figures.requests, &figures.decisions_to_assess);
        let (dated, decided) = (decisions.within + decisions.over, requests.assess + requests.do_not_assess);
        let mut docket = Self {
            figures,
            year,
            dice,
            sketches: Vec::new(),
            agreed_left: requests.assess,
            carried_left: dated.saturating_sub(decided),
            recent_left: decisions.within,
        };
        docket.measured_plans();
        docket.other_outcomes();
        docket.undated();
        docket.decided_without_outcome(decided.saturating_sub(dated));
        docket.not_decided();
        docket.decide();
        docket.sketches.sort_by_key(|sketch| (sketch.started.is_some(), sketch.started));
        docket.sketches
    }

    /// Plans that count in the twenty-week measure, with and without an exception, band by band.
    fn measured_plans(&mut self) {
        let (all, plain) = (&self.figures.plans.all, &self.figures.plans.without_exceptions);
        let bands = [
            (leaning_late(84, 140), all.within_20_weeks, plain.within_20_weeks),
            (leaning_early(141, 364), all.from_20_to_52_weeks, plain.from_20_to_52_weeks),
            (leaning_early(365, 665), all.over_52_weeks, plain.over_52_weeks),
        ];
        for (span, all, plain) in bands {
            for number in 0..all {
                let exempt = number >= plain;
                let (started, issued) = self.started_and_ended(span);
                self.push(Some(started), Ending::Plan(issued), exempt, false);
            }
        }
    }

    /// Plans after mediation or a tribunal, and decisions not to issue.
    fn other_outcomes(&mut self) {
        let contested = self.figures.plans_made.saturating_sub(self.figures.plans.all.plans);
        for _ in 0..contested {
            let (started, issued) = self.started_and_ended(leaning_early(150, 500));
            self.push(Some(started), Ending::Plan(issued), false, true);
        }
        let refusals = &self.figures.decisions_not_to_issue;
        for (span, count) in [(leaning_late(70, 112), refusals.within), (leaning_early(113, 313), refusals.over)] {
            for _ in 0..count {
                let (started, told) = self.started_and_ended(span);
                self.push(Some(started), Ending::NoPlan(told), false, false);
            }
        }
    }

    /// Cases that the figures count although nobody knows when they began.
    fn undated(&mut self) {
        let unknown = |plans: &crate::domain::statistics::timeliness::PlansByBand| {
            plans.plans - plans.within_20_weeks - plans.from_20_to_52_weeks - plans.over_52_weeks
        };
        let (all, plain) = (unknown(&self.figures.plans.all), unknown(&self.figures.plans.without_exceptions));
        let decisions = self.figures.decisions_to_assess;
        let decided = decisions.measured - decisions.within - decisions.over;
        for number in 0..all.max(decided) {
            let day = self.day_of_year();
            let ending = if number < all { Ending::Plan(day) } else { Ending::Refused };
            self.push(None, ending, number < all && number >= plain, false);
            if let Some(sketch) = self.sketches.last_mut().filter(|_| number < decided) {
                sketch.decided = Some(weekday(day - if number < all { 60 } else { 0 }).max(self.year.first));
            }
        }
        let refusals = &self.figures.decisions_not_to_issue;
        for _ in 0..self.figures.plans_refused.saturating_sub(refusals.within + refusals.over) {
            let told = self.day_of_year();
            self.push(None, Ending::NoPlan(told), false, false);
        }
    }

    /// Assessments that still run, and requests refused; so many of them were decided after the year's end.
    fn decided_without_outcome(&mut self, mut after: u64) {
        let (running, refused) = (self.agreed_left, self.figures.requests.do_not_assess);
        // The newest requests are those still being assessed: as many days of them as it took to receive so many.
        let window = window(running, self.figures.requests.assess, 40..=340);
        for number in 0..refused + running {
            let is_refused = number < refused;
            let ending = if is_refused { Ending::Refused } else { Ending::Open };
            if after > 0 {
                after -= 1;
                let started = self.dice.between(self.year.last - SIX_WEEKS + 6, self.year.last - 12);
                self.sketch(Some(weekday(started)), ending, Deciding::After);
                continue;
            }
            let latest = self.year.last - 26;
            let earliest = if is_refused { self.year.first } else { latest - window };
            let started = self.dice.between(earliest.max(self.year.first), latest);
            let started = self.early_enough(started);
            self.sketch(Some(started), ending, Deciding::InYear);
        }
        for _ in 0..std::mem::take(&mut self.carried_left) {
            let started = self.dice.between(self.year.first - SIX_WEEKS, self.year.first - 3);
            let refused = refused > 0 && self.dice.chance(70);
            let ending = if refused { Ending::Refused } else { Ending::Open };
            self.sketch(Some(weekday(started).max(self.year.first - SIX_WEEKS)), ending, Deciding::InYear);
        }
    }

    /// Requests without a decision: withdrawn, waiting for one, or of the year before and still assessed.
    fn not_decided(&mut self) {
        let Year { first, last, census } = self.year;
        let requests = self.figures.requests;
        for _ in 0..requests.withdrawn {
            let started = weekday(self.dice.between(first, last));
            let withdrawn = (started + self.dice.between(3, 60)).min(census);
            self.sketch(Some(started), Ending::Withdrawn(withdrawn), Deciding::Never);
        }
        let window = window(requests.undecided, requests.received, 20..=330);
        for _ in 0..requests.undecided {
            let started = weekday(self.dice.between(last - window, last));
            self.sketch(Some(started), Ending::Open, Deciding::Never);
        }
        let days_since = u64::try_from(census - last).unwrap_or_default();
        for _ in 0..requests.received * days_since / YEAR_DAYS {
            let started = self.dice.between(last + 1, census);
            self.sketch(Some(weekday(started).max(last + 1)), Ending::Open, Deciding::Never);
        }
        for _ in 0..self.figures.plans.all.over_52_weeks * 2 / 5 {
            let started = weekday(self.dice.between(first - 330, first - SIX_WEEKS - 3));
            self.sketch(Some(started), Ending::Open, Deciding::Before);
        }
    }

    /// Gives every case that needs one the day of its decision: exactly so many in time in the year, and late.
    fn decide(&mut self) {
        let decisions = self.figures.decisions_to_assess;
        let late_percent =
            u32::try_from(100 * decisions.over / (decisions.within + decisions.over).max(1)).unwrap_or(0);
        let mut may_be_late: Vec<usize> = Vec::new();
        for (place, sketch) in self.sketches.iter().enumerate() {
            let started = sketch.started.filter(|_| sketch.decides == Deciding::InYear);
            if started.is_some_and(|started| started + SIX_WEEKS < latest_decision(sketch, self.year)) {
                may_be_late.push(place);
            }
        }
        self.dice.shuffle(&mut may_be_late);
        let late_in_year = usize::try_from(decisions.over).unwrap_or(usize::MAX);
        let mut late = vec![false; self.sketches.len()];
        for place in may_be_late.into_iter().take(late_in_year) {
            if let Some(late) = late.get_mut(place) {
                *late = true;
            }
        }
        let year = self.year;
        for (sketch, late) in self.sketches.iter_mut().zip(late) {
            let Some(started) = sketch.started else { continue };
            let late = late || (sketch.decides == Deciding::Before && self.dice.chance(late_percent));
            sketch.decided = decision(self.dice, sketch, started, late, year);
        }
    }

    /// Draws when a case began and ended, within what is left of the year's totals.
    fn started_and_ended(&mut self, span: Span) -> (Day, Day) {
        for _ in 0..60 {
            let ended = self.day_of_year();
            let Some(started) = weekday_within(ended, span.draw(self.dice), span) else { continue };
            if self.takes(started) {
                return (started, ended);
            }
        }
        // Nothing is left of the year's own requests: the case began well before it.
        let ended = weekday(self.year.first + self.dice.between(2, 40));
        let started = (-4..=0).find_map(|less| weekday_within(ended, span.last + less, span));
        (started.unwrap_or(ended - span.last), ended)
    }

    /// True if a case that began on that day fits what is left; it is then taken.
    fn takes(&mut self, started: Day) -> bool {
        let left = if started >= self.year.first {
            &mut self.agreed_left
        } else if started >= self.year.first - SIX_WEEKS {
            &mut self.carried_left
        } else {
            return true;
        };
        let fits = *left > 0;
        *left = left.saturating_sub(1);
        fits
    }

    /// A day on which a request can still be decided late, once no more may be too recent for that.
    fn early_enough(&mut self, started: Day) -> Day {
        let recent = self.year.last - SIX_WEEKS - 4;
        let started = weekday(started);
        if started <= recent {
            return started.max(self.year.first);
        }
        if self.recent_left == 0 {
            return weekday(recent - self.dice.between(0, 100));
        }
        self.recent_left -= 1;
        started
    }

    fn day_of_year(&mut self) -> Day {
        weekday(self.dice.between(self.year.first, self.year.last))
    }

    fn push(&mut self, started: Option<Day>, ending: Ending, exempt: bool, contested: bool) {
        let decides = match started {
            None => Deciding::Never,
            Some(started) if started >= self.year.first - SIX_WEEKS => Deciding::InYear,
            Some(_) => Deciding::Before,
        };
        self.sketches.push(Sketch { started, decided: None, ending, exempt, contested, decides });
    }

    fn sketch(&mut self, started: Option<Day>, ending: Ending, decides: Deciding) {
        self.sketches.push(Sketch { started, decided: None, ending, exempt: false, contested: false, decides });
    }
}

/// How many days it takes to receive `part` of the `whole` of a year, within bounds.
fn window(part: u64, whole: u64, bounds: std::ops::RangeInclusive<Day>) -> Day {
    let days = Day::try_from(part * YEAR_DAYS / whole.max(1)).unwrap_or(Day::MAX);
    days.clamp(*bounds.start(), *bounds.end())
}

/// The last day on which the decision can still have been made.
fn latest_decision(sketch: &Sketch, year: Year) -> Day {
    let before_ending = match sketch.ending {
        Ending::Plan(issued) => issued - 28,
        Ending::NoPlan(told) => told - 10,
        Ending::Withdrawn(_) | Ending::Refused | Ending::Open => year.census,
    };
    let of_year = match sketch.decides {
        Deciding::Before => year.first - 1,
        Deciding::InYear => year.last,
        Deciding::After | Deciding::Never => year.census,
    };
    before_ending.min(of_year)
}

fn decision(dice: &mut Dice, sketch: &Sketch, started: Day, late: bool, year: Year) -> Option<Day> {
    let latest = latest_decision(sketch, year);
    let of_year = match sketch.decides {
        Deciding::Never => return None,
        Deciding::Before => started,
        Deciding::InYear => year.first.max(started),
        Deciding::After => year.last + 2,
    };
    let late = late && started + SIX_WEEKS < latest;
    let (first, last) = if late {
        ((started + SIX_WEEKS + 1).max(of_year), (started + SIX_WEEKS + 1 + dice.nearer(0, 60)).min(latest))
    } else {
        let last = (started + SIX_WEEKS).min(latest);
        ((started + 14).min(last).max(of_year), last)
    };
    let drawn = dice.between(first, last);
    // A working day, where one lies within the bounds.
    Some(
        [0, -1, -2, 1, 2]
            .into_iter()
            .map(|shift| drawn + shift)
            .find(|day| !is_weekend(*day) && first <= *day && *day <= last)
            .unwrap_or(drawn),
    )
}

/// True for Saturdays and Sundays: day 1 is a Monday.
fn is_weekend(day: Day) -> bool {
    (day - 1).rem_euclid(7) >= 5
}

/// The day itself, or the Friday before a weekend.
pub fn weekday(day: Day) -> Day {
    if is_weekend(day) { day - ((day - 1).rem_euclid(7) - 4) } else { day }
}

/// A working day about `elapsed` days before `ended`, still within the span.
fn weekday_within(ended: Day, elapsed: Day, span: Span) -> Option<Day> {
    let near = [0, 1, 2, -1, -2].into_iter().map(|more| elapsed + more);
    near.filter(|elapsed| (span.first..=span.last).contains(elapsed))
        .map(|elapsed| ended - elapsed)
        .find(|day| !is_weekend(*day))
}
