//! When workers are away: leave that is booked, sickness, maternity and study.

use super::people::{Holding, maternity};
use super::{Ymd, on};
use crate::demo::dice::Dice;
use crate::demo::docket::weekday;
use crate::demo::{Records, census_day, date, some_date};
use crate::domain::absence::{Absence, AbsenceKind};
use crate::domain::facts::{Day, day};
use crate::domain::noun::Noun;

use AbsenceKind::{BookedLeave, Maternity, Sickness, Study};

/// Leave as it is booked around school holidays, in a hundred workers, and two weeks in term that some take.
const LEAVE: [(Ymd, Ymd, u32); 6] = [
    ((2024, 10, 28), (2024, 11, 1), 30),
    ((2024, 12, 23), (2025, 1, 3), 40),
    ((2025, 1, 27), (2025, 1, 31), 8),
    ((2025, 2, 17), (2025, 2, 21), 35),
    ((2025, 3, 10), (2025, 3, 14), 8),
    ((2025, 4, 7), (2025, 4, 17), 35),
];

/// The Monday of the first week of the summer holiday.
const SUMMER: Ymd = (2025, 7, 21);

/// Somebody who may be away.
pub struct Worker<'a> {
    /// The post, and since when.
    pub holding: &'a Holding,
    /// True while on maternity leave.
    pub on_maternity: bool,
}

impl Worker<'_> {
    fn add(&self, made: &mut Records, kind: AbsenceKind, first: Day, last: Option<Day>) {
        let has_left = self.holding.ends.is_some_and(|ends| last.unwrap_or(first) > ends);
        if first < self.holding.starts || has_left {
            return;
        }
        let worker_ref = self.holding.worker.clone();
        let record = Absence { worker_ref, kind, starts_on: date(first), ends_on: some_date(last) };
        made.add_planned(Noun::Absence, &record.to_cells());
    }
}

/// Makes the absences of one worker.
pub fn absences(made: &mut Records, worker: &Worker<'_>, dice: &mut Dice) {
    sickness(made, worker, dice);
    if worker.on_maternity {
        let (first, last) = maternity();
        worker.add(made, Maternity, day(Some(first)), Some(day(Some(last))));
        return;
    }
    if worker.holding.newly_qualified {
        worker.add(made, Study, on((2025, 3, 4)), Some(on((2025, 3, 6))));
    }
    if worker.holding.term_time_only {
        return;
    }
    for (first, last, percent) in LEAVE {
        if dice.chance(percent) {
            worker.add(made, BookedLeave, on(first), Some(on(last)));
        }
    }
    if dice.chance(75) {
        let first = on(SUMMER) + dice.between(0, 5) * 7;
        let days = if dice.chance(70) { 11 } else { 4 };
        worker.add(made, BookedLeave, first, Some(first + days));
    }
}

/// Spells of sickness of the year before the census: short ones, and a few that go on.
fn sickness(made: &mut Records, worker: &Worker<'_>, dice: &mut Dice) {
    let census = day(Some(census_day()));
    // Before a maternity leave, and clear of one another.
    let (long, spells) = (dice.chance(3) && !worker.on_maternity, [(90, 150, 50), (200, 330, 45)]);
    for (nearest, farthest, percent) in spells {
        if dice.chance(percent) {
            let first = weekday(census - dice.between(nearest, farthest));
            worker.add(made, Sickness, first, Some(first + dice.nearer(0, 7)));
        }
    }
    if long {
        worker.add(made, Sickness, weekday(census - dice.between(15, 60)), None);
    }
}
