//! The demonstration: synthetic records for every authority of England whose totals of 2024 are DfE's published ones.
//!
//! No record is a real child's. The same seed gives the same records, byte for byte, on every machine.

mod advice;
mod case;
mod child;
mod dice;
mod docket;
mod review;
mod staff;
mod story;
mod therapy;

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::domain::authority::Authority;
use crate::domain::facts::{Day, day};
use crate::domain::fault::{Faults, Refusal};
use crate::domain::field::{FieldType, Given};
use crate::domain::noun::{Cells, External, Noun, Submission};
use crate::domain::planner;
use crate::domain::published::{YEAR, figures};
use crate::domain::reference::{ExternalId, SourceSystem};

use dice::Dice;
use docket::{Docket, Year};
use story::Story;

/// The seed of the demonstration as everybody sees it.
pub const SEED: u64 = 20;

/// Records of one noun, in the order in which they were made.
pub type Batch = (Noun, Vec<Submission<'static>>);

/// The census day of the published figures, 16 January 2025: the synthetic records know nothing later.
pub fn census_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(YEAR + 1, 1, 16).unwrap_or_default()
}

/// Makes the records of one authority, nouns that others refer to first.
///
/// # Errors
/// When a record is not what its noun may be: a mistake in the making.
pub fn records(authority: Authority, seed: u64) -> Result<Vec<Batch>, Refusal> {
    let Some(figures) = figures(authority) else { return Ok(Vec::new()) };
    let year = Year {
        first: day(NaiveDate::from_ymd_opt(YEAR, 1, 1)),
        last: day(NaiveDate::from_ymd_opt(YEAR, 12, 31)),
        census: day(Some(census_day())),
    };
    let dice = |stream| Dice::new(seed, authority, stream);
    let story = Story::of(authority, &mut dice(1));
    let sketches = Docket::draw(figures, year, &mut dice(2));
    let mut made = Records::of(authority);
    therapy::services(&mut made)?;
    let issued = case::cases(&mut made, &sketches, &story, year.census, &mut dice(3))?;
    therapy::referrals(&mut made, figures.requests.received, &story, year.census, &mut dice(4))?;
    review::plans(&mut made, issued, figures.reviews.as_ref(), year, &mut dice(5))?;
    staff::staff(&mut made, figures.requests.received, year.census, &mut dice(6))?;
    Ok(made.batches)
}

/// What has been made so far of one authority.
struct Records {
    authority: Authority,
    batches: Vec<Batch>,
}

impl Records {
    fn of(authority: Authority) -> Self {
        Self { authority, batches: Noun::ALL.iter().map(|noun| (*noun, Vec::new())).collect() }
    }

    /// Takes in one record.
    fn add(&mut self, noun: Noun, external_id: &str, cells: &Cells) -> Result<(), Refusal> {
        let external = External { source: SourceSystem::parse("demo")?, id: ExternalId::parse(external_id)? };
        self.take(noun, Some(external), cells);
        Ok(())
    }

    /// Takes in one record as a planner's sheet would have it: told apart by what it says.
    fn add_planned(&mut self, noun: Noun, cells: &Cells) {
        self.take(noun, planner::external(noun.kind(), |place| cells.at(place)), cells);
    }

    fn take(&mut self, noun: Noun, external: Option<External>, cells: &Cells) {
        let given = cells.0.iter().map(|cell| match cell {
            Some(text) => Given::Text(Cow::Owned(text.to_string())),
            None => Given::Absent,
        });
        let submission =
            Submission { authority: self.authority, external, given: given.collect(), faults: Faults::default() };
        if let Some((_, batch)) = self.batches.iter_mut().find(|(known, _)| *known == noun) {
            batch.push(submission);
        }
    }

    /// A name that is this authority's: `EHC-301-00042`.
    fn name(&self, prefix: &str, number: usize) -> String {
        format!("{prefix}-{}-{number:05}", self.authority.code())
    }
}

/// The date of a day; the first day of the calendar, if there is none.
fn date(day: Day) -> NaiveDate {
    crate::domain::facts::date(day).unwrap_or_default()
}

/// The date of a day that may not have come.
fn some_date(day: Option<Day>) -> Option<NaiveDate> {
    day.map(date)
}
