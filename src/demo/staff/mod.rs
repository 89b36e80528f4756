//! Synthetic staff: posts that are paid for, who holds them, and the vacancies, absences, rounds of recruiting, trainees
//! and rules that go with them. The numbers are invented; how many posts stand empty is near what surveys found.

mod absences;
mod establishment;
mod people;
mod rules;
mod schools;
mod vacancies;

use chrono::NaiveDate;

use super::dice::Dice;
use super::{Records, therapy};
use crate::domain::facts::{Day, day};
use crate::domain::fault::Refusal;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::reference::{TraineeRef, WorkerRef};
use crate::domain::service::Discipline;
use crate::domain::trainee::{Programme, Trainee};

use establishment::Team;

/// Year, month and day.
type Ymd = (i32, u32, u32);

/// The day of a date.
fn on((year, month, of_month): Ymd) -> Day {
    day(NaiveDate::from_ymd_opt(year, month, of_month))
}

/// The date of a year, a month and a day.
fn dated(ymd: Ymd) -> NaiveDate {
    super::date(on(ymd))
}

/// A number that is kept in hundredths.
fn hundredths<T: FieldType>(units: u32) -> Result<T, Refusal> {
    T::parse(&format!("{}.{:02}", units / 100, units % 100))
}

/// Hands out pseudonyms.
#[derive(Default)]
struct Roster {
    workers: u32,
    trainees: u32,
}

impl Roster {
    fn worker(&mut self) -> Result<WorkerRef, Refusal> {
        self.workers += 1;
        WorkerRef::parse(&format!("W-{:03}", self.workers))
    }

    fn trainee(&mut self) -> Result<TraineeRef, Refusal> {
        self.trainees += 1;
        TraineeRef::parse(&format!("T-{:03}", self.trainees))
    }
}

/// Makes the staff of an authority; `requests` is how large it is.
pub fn staff(made: &mut Records, requests: u64, census: Day, dice: &mut Dice) -> Result<(), Refusal> {
    schools::terms(made)?;
    let mut roster = Roster::default();
    for discipline in Discipline::ALL {
        let team = Team::draw(*discipline, requests, dice);
        for post in &team.posts {
            let record = post.record(&team, therapy::service(made.authority, *discipline)?)?;
            made.add_planned(Noun::Post, &record.to_cells());
            people::holders(made, &team, post, &mut roster, dice)?;
            vacancies::vacancies(made, &team, post, &mut roster, (census, dice))?;
        }
        trainees(made, &team, &mut roster, dice)?;
    }
    rules::rules(made)
}

/// Programmes in turn, with the day of qualification.
const PROGRAMMES: [(Programme, Ymd, Ymd); 3] = [
    (Programme::Apprenticeship, (2022, 9, 19), (2026, 7, 17)),
    (Programme::Postgraduate, (2023, 9, 18), (2025, 7, 18)),
    (Programme::Undergraduate, (2023, 9, 18), (2026, 7, 10)),
];

/// Makes those in training with a team: one for six whole-time equivalents.
fn trainees(made: &mut Records, team: &Team, roster: &mut Roster, dice: &mut Dice) -> Result<(), Refusal> {
    let count = usize::try_from(team.funded / 600).unwrap_or_default();
    for (programme, started, qualifies) in PROGRAMMES.into_iter().cycle().take(count) {
        let stays = dice.between(8, 16) * 5;
        let record = Trainee {
            trainee_ref: roster.trainee()?,
            discipline: team.discipline,
            programme,
            qualifies_on: dated(qualifies),
            retention_probability: hundredths(stays.unsigned_abs())?,
            wte: hundredths(if dice.chance(70) { 100 } else { 80 })?,
            started_on: Some(dated(started)),
            left_on: None,
            service_ref: Some(therapy::service(made.authority, team.discipline)?),
        };
        made.add_planned(Noun::Trainee, &record.to_cells());
    }
    Ok(())
}
