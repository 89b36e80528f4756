//! Which part of which publication a call asks for: finished periods, fixed groups, and nothing else.

use chrono::{Datelike, NaiveDate};

use crate::app::{Quarter, bounds_of_year};
use crate::domain::fault::Faults;
use crate::domain::field::FieldType;
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::group::Level;
use crate::http::operation::Call;
use crate::http::problem::{Code, Problem};
use crate::http::publication::published::Part;
use crate::http::statistics::axes::{AREAS, refused};

/// The year in which Part 3 of the Act came into force.
pub const FIRST_YEAR: i32 = 2014;

/// Which areas and which dimension a call asks for; `period` is the word of the periods that are published anyway.
///
/// # Errors
/// A dimension or a period that is not published, and more than one: their cross is not published.
pub fn part<'a>(call: &'a Call, dimensions: &[Dimension], period: Option<&str>) -> Result<Part<'a>, Problem> {
    let words = call.query.words("group_by");
    let named: Vec<_> = words.iter().filter_map(|word| Dimension::parse(word).ok()).collect();
    if named.len() > 1 {
        return Err(refused("group_by", "too_many", "must name one dimension: their cross is not published"));
    }
    let is_published = |word: &&str| {
        AREAS.contains(word) || period == Some(*word) || dimensions.iter().any(|known| known.code() == *word)
    };
    if let Some(word) = words.iter().find(|word| !is_published(word)) {
        let codes: Vec<_> = dimensions.iter().map(|dimension| dimension.code()).collect();
        let also = if codes.is_empty() { String::new() } else { format!("; and one of {}", codes.join(", ")) };
        let message = format!("must be england, region or authority{also}: what is published is not grouped by {word}");
        return Err(refused("group_by", "not_published", &message));
    }
    let authorities = call.query.authorities("authority");
    let level = match () {
        () if words.contains(&"england") => Level::England,
        () if words.contains(&"region") => Level::Region,
        () if words.contains(&"authority") || authorities.is_some() => Level::Authority,
        () => Level::England,
    };
    Ok(Part { level, authorities, dimension: named.first().copied() })
}

/// The same by `usual`, where the call names no groups.
///
/// # Errors
/// As [`part`].
pub fn part_or<'a>(
    call: &'a Call,
    dimensions: &[Dimension],
    period: Option<&str>,
    usual: Dimension,
) -> Result<Part<'a>, Problem> {
    let mut part = part(call, dimensions, period)?;
    if call.query.words("group_by").is_empty() {
        part.dimension = Some(usual);
    }
    Ok(part)
}

/// Refuses every parameter but `allowed`.
///
/// # Errors
/// With every other parameter.
pub fn only_published(call: &Call, allowed: &[&str]) -> Result<(), Problem> {
    let mut faults = Faults::default();
    for name in call.query.names().filter(|name| !allowed.contains(name)) {
        let message =
            "must be left out with suppression=publish: what is published has fixed days, groups and no filters";
        faults.add(name.to_owned(), "not_published", message);
    }
    faults.or(()).map_err(|faults| Problem::with_faults(Code::InvalidQuery, &faults))
}

/// The finished quarter a call asks about.
///
/// # Errors
/// What is no quarter, or has not ended.
pub fn quarter(call: &Call) -> Result<Quarter, Problem> {
    let last = call.app.last_published_quarter();
    let Some(text) = call.query.text("quarter") else { return Ok(last) };
    let read = text.split_once("-Q").and_then(|(year, number)| {
        let year = year.parse().ok().filter(|year| (FIRST_YEAR..=2099).contains(year))?;
        Some(Quarter { year, number: number.parse().ok().filter(|number| (1..=4).contains(number))? })
    });
    let Some(quarter) = read else {
        return Err(refused("quarter", "not_a_quarter", "must be a quarter written as 2024-Q4"));
    };
    if quarter > last {
        let message = format!("must have ended: the last one is {}-Q{}", last.year, last.number);
        return Err(refused("quarter", "in_the_future", &message));
    }
    Ok(quarter)
}

/// The finished year a call asks about.
///
/// # Errors
/// One that has not ended.
pub fn year(call: &Call) -> Result<i32, Problem> {
    let last = call.app.last_published_year();
    match call.query.whole("year").and_then(|year| i32::try_from(year).ok()) {
        Some(year) if year > last => {
            Err(refused("year", "in_the_future", &format!("must have ended: the last one is {last}")))
        }
        year => Ok(year.unwrap_or(last)),
    }
}

/// The finished years that two parameters bound; the last one without them.
///
/// # Errors
/// Days that do not bound whole years, and years that have not ended.
pub fn years(call: &Call, [from, to]: [&'static str; 2]) -> Result<Vec<i32>, Problem> {
    let last = call.app.last_published_year();
    let year = |name: &'static str, bound: usize| {
        let Some(given) = call.query.date(name) else { return Ok(last) };
        let bounds = bounds_of_year(given.year());
        if bounds.is_some_and(|bounds| bounds.get(bound) == Some(&given)) {
            return Ok(given.year());
        }
        let message = format!("must be 1 January in {from} and 31 December in {to}: finished years are published");
        Err(refused(name, "not_published", &message))
    };
    let (first, end) = (year(from, 0)?, year(to, 1)?);
    if first < FIRST_YEAR || end > last || first > end {
        let message = format!("must lie within finished years, {FIRST_YEAR} to {last}, in their order");
        return Err(refused(from, "not_published", &message));
    }
    Ok((first..=end).collect())
}

/// Most quarters one question may ask about: ten years.
const MOST_QUARTERS: usize = 40;

/// The finished quarters that two parameters bound; the last one without them.
///
/// # Errors
/// Days that do not bound whole quarters, quarters that have not ended, and too many of them.
pub fn quarters(call: &Call, [from, to]: [&'static str; 2]) -> Result<Vec<Quarter>, Problem> {
    let last = call.app.last_published_quarter();
    let quarter = |name: &'static str, bound: usize| {
        let Some(given) = call.query.date(name) else { return Ok(last) };
        let quarter = Quarter::of(given);
        let is_bound = |bounds: [NaiveDate; 2]| bounds.get(bound) == Some(&given);
        if quarter.bounds().is_some_and(is_bound) {
            return Ok(quarter);
        }
        let message = format!(
            "must be the first day of a quarter in {from} and the last day of one in {to}: finished quarters are published"
        );
        Err(refused(name, "not_published", &message))
    };
    let (first, end) = (quarter(from, 0)?, quarter(to, 1)?);
    let quarters: Vec<_> = std::iter::successors(Some(first), |quarter| Some(quarter.next()))
        .take_while(|quarter| *quarter <= end)
        .take(MOST_QUARTERS + 1)
        .collect();
    if first.year < FIRST_YEAR || end > last || quarters.is_empty() || quarters.len() > MOST_QUARTERS {
        let message = format!(
            "must lie within finished quarters, {FIRST_YEAR}-Q1 to {}-Q{}, in their order and at most {MOST_QUARTERS} of them",
            last.year, last.number
        );
        return Err(refused(from, "not_published", &message));
    }
    Ok(quarters)
}
