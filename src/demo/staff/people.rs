//! Who holds the posts: full-time and part-time, on which weekdays, since when and on what terms.

use super::absences::{self, Worker};
use super::establishment::{Posts, Team};
use super::{Roster, dated, hundredths, on};
use crate::demo::dice::Dice;
use crate::demo::docket::weekday;
use crate::demo::{Records, date};
use crate::domain::facts::Day;
use crate::domain::fault::Refusal;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::post::Band;
use crate::domain::post_holding::{Engagement, PostHolding};
use crate::domain::reference::WorkerRef;

/// Whole-time equivalents of one worker, by weight.
const SHARES: [(u32, u32); 5] = [(100, 45), (80, 25), (60, 20), (50, 4), (40, 6)];

/// Least that somebody holds of a post, where there is a choice.
const LEAST: u32 = 20;

/// Minutes of a whole working day.
const WORKING_DAY: u32 = 450;

/// Minutes of a weekday, Monday to Friday.
type Week = [u32; 5];

/// Spreads what is held of a post over workers.
fn spread(held: u32, dice: &mut Dice) -> Vec<u32> {
    let (mut left, mut shares) = (held, Vec::new());
    while left > 0 {
        let share = dice.weighted(&SHARES).unwrap_or(100).min(left);
        let share = match left - share {
            1..LEAST if left <= 100 => left,
            1..LEAST => left - 60,
            _ => share,
        };
        shares.push(share);
        left -= share;
    }
    shares
}

/// The weekdays of somebody who works part of a week: whole days, and what is left of one.
fn weekdays(wte: u32, dice: &mut Dice) -> Option<Week> {
    if wte >= 100 {
        return None;
    }
    let mut left = wte * 45 / 2;
    let mut week = Week::default();
    let first = usize::try_from(dice.below(5)).unwrap_or_default();
    for place in 0..5 {
        if let Some(minutes) = week.get_mut((first + place) % 5) {
            *minutes = left.min(WORKING_DAY);
            left -= *minutes;
        }
    }
    Some(week)
}

/// Days of leave of somebody who works on so many days a week, in tenths: 27, 29 or 33 days by years of service.
fn leave(started: Day, week: Option<&Week>, dice: &mut Dice) -> u32 {
    let days = match on((2025, 1, 16)) - started {
        ..1_826 => 270,
        1_826..3_652 => 290,
        _ => 330,
    };
    let worked = week.map_or(5, |week| week.iter().filter(|minutes| **minutes > 0).count());
    // Some have bought or sold a day.
    let bought = if dice.chance(10) { 10 } else { 0 };
    (days + bought) * u32::try_from(worked).unwrap_or(5) / 5
}

/// One worker in a post.
pub struct Holding {
    pub worker: WorkerRef,
    pub wte: u32,
    pub engagement: Engagement,
    pub starts: Day,
    pub ends: Option<Day>,
    pub newly_qualified: bool,
    pub term_time_only: bool,
}

impl Holding {
    /// Somebody with a permanent contract.
    pub fn permanent(worker: WorkerRef, wte: u32, starts: Day) -> Self {
        Self {
            worker,
            wte,
            engagement: Engagement::Permanent,
            starts,
            ends: None,
            newly_qualified: false,
            term_time_only: false,
        }
    }

    /// Makes the record.
    pub fn add(&self, made: &mut Records, (team, post): (&Team, &Posts), dice: &mut Dice) -> Result<(), Refusal> {
        let week = weekdays(self.wte, dice);
        let agency = self.engagement == Engagement::Agency;
        let leave = if self.term_time_only { 0 } else { leave(self.starts, week.as_ref(), dice) };
        let minutes = |place: usize| {
            let minutes = week.as_ref().and_then(|week| week.get(place)).filter(|minutes| **minutes > 0);
            minutes.map(|minutes| FieldType::parse(&minutes.to_string())).transpose()
        };
        let record = PostHolding {
            post_ref: post.reference(team)?,
            worker_ref: self.worker.clone(),
            wte: hundredths(self.wte)?,
            engagement: self.engagement,
            starts_on: date(self.starts),
            ends_on: self.ends.map(date),
            productive_from_on: None,
            newly_qualified: self.newly_qualified.then_some(true),
            term_time_only: self.term_time_only.then_some(true),
            leave_entitlement_days: if agency {
                None
            } else {
                Some(FieldType::parse(&format!("{}.{}", leave / 10, leave % 10))?)
            },
            monday_minutes: minutes(0)?,
            tuesday_minutes: minutes(1)?,
            wednesday_minutes: minutes(2)?,
            thursday_minutes: minutes(3)?,
            friday_minutes: minutes(4)?,
            saturday_minutes: None,
            sunday_minutes: None,
        };
        made.add_planned(Noun::PostHolding, &record.to_cells());
        Ok(())
    }
}

/// Makes those who hold a post today, and their absences.
pub fn holders(
    made: &mut Records,
    team: &Team,
    post: &Posts,
    roster: &mut Roster,
    dice: &mut Dice,
) -> Result<(), Refusal> {
    let shares = spread(post.funded - post.empty - post.agency, dice);
    let last = shares.len().saturating_sub(1);
    for (place, wte) in shares.into_iter().enumerate() {
        let started = weekday(on((2024, 6, 3)) - dice.nearer(0, 3_600));
        let mut holding = Holding::permanent(roster.worker()?, wte, started);
        if post.band == Band::Five && place == 0 {
            (holding.starts, holding.newly_qualified) = (on((2024, 9, 2)), true);
        }
        holding.term_time_only = match post.band {
            Band::Four => place == 0,
            Band::Five | Band::Six => wte < 100 && dice.chance(25),
            _ => false,
        };
        // Somebody has given notice.
        if post.band == Band::Seven && place == last && team.funded >= 800 {
            holding.ends = Some(on((2025, 3, 31)));
        }
        holding.add(made, (team, post), dice)?;
        let worker =
            Worker { holding: &holding, on_maternity: post.band == Band::Six && place == 1 && team.funded >= 500 };
        absences::absences(made, &worker, dice);
    }
    if post.agency > 0 {
        let holding = Holding {
            engagement: Engagement::Agency,
            ends: Some(on((2025, 3, 28))),
            ..Holding::permanent(roster.worker()?, post.agency, on((2024, 11, 4)))
        };
        holding.add(made, (team, post), dice)?;
    }
    Ok(())
}

/// Makes somebody who is known to start.
pub fn starter(
    made: &mut Records,
    (team, post): (&Team, &Posts),
    (wte, starts): (u32, super::Ymd),
    roster: &mut Roster,
    dice: &mut Dice,
) -> Result<(), Refusal> {
    Holding::permanent(roster.worker()?, wte, on(starts)).add(made, (team, post), dice)
}

/// The date a maternity leave of the demonstration begins and ends.
pub fn maternity() -> (chrono::NaiveDate, chrono::NaiveDate) {
    (dated((2024, 10, 21)), dated((2025, 7, 20)))
}
