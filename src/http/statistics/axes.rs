//! What every statistic is asked: as at which days, as known when, about whom, by which areas and periods.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc};

use crate::app::{Span, StatQuery};
use crate::domain::caller::Reach;
use crate::domain::fault::Faults;
use crate::domain::statistics::group::{Every, Level};
use crate::http::format::Format;
use crate::http::operation::Call;
use crate::http::problem::{Code, Problem};
use crate::http::query::{Param, ParamKind};

/// The areas a statistic is grouped by.
pub const AREAS: &[&str] = &["england", "region", "authority"];
/// The areas, and the periods of time.
pub const AREAS_AND_TIMES: &[&str] = &["england", "region", "authority", "year", "quarter", "month", "week", "day"];

/// Most days one question may ask about.
const MOST_DAYS: usize = 400;

fn shared_params() -> Vec<Param> {
    vec![
        Param::new(
            "known_at",
            "What was recorded after this instant is not known: the same as_at and known_at give the same answer for ever. It must have passed.",
            ParamKind::Instant,
        ),
        Param::new(
            "authority",
            "Only these authorities: DfE or GSS codes, separated by commas.",
            ParamKind::Authorities,
        ),
        Param::new(
            "format",
            "json, csv for a spreadsheet, ndjson, parquet or arrow (a stream); an Accept header says the same.",
            ParamKind::Word(Format::CODES),
        ),
    ]
}

/// The parameter of a statistic that may leave the council.
pub fn suppression_param() -> Param {
    Param::new(
        "suppression",
        "publish: only what may leave the council. The days are month ends of finished quarters, the periods finished quarters or years, the groups those of /open/v1, and nothing else can be asked; small counts are hidden, the rest to the nearest 5.",
        ParamKind::Word(&["none", "publish"]),
    )
}

/// The parameters of a list of cases or deadlines, which is as at one day.
pub fn list_params() -> Vec<Param> {
    let as_at = Param::new(
        "as_at",
        "The day: what happened after its end has not happened. Today, if left out.",
        ParamKind::Date,
    );
    [as_at].into_iter().chain(shared_params()).collect()
}

/// The parameters of every statistic.
pub fn common_params() -> Vec<Param> {
    let as_at = Param::new(
        "as_at",
        "The day, or several separated by commas: what happened after its end has not happened. Today, if left out.",
        ParamKind::Dates(MOST_DAYS),
    );
    [as_at].into_iter().chain(shared_params()).collect()
}

/// The parameters of a statistic of what happened within a range of days, which can be cut into periods.
pub fn span_params([from, to]: [&'static str; 2], counted: &str) -> Vec<Param> {
    vec![
        Param::new(from, &format!("{counted} on this day or later."), ParamKind::Date),
        Param::new(to, &format!("{counted} on this day or earlier."), ParamKind::Date),
        Param::new("every", "Cuts the range into periods, one row each.", ParamKind::Word(Every::CODES)),
    ]
}

/// The parameters of a statistic of how things stand on a day: a series of such days.
pub fn series_params() -> Vec<Param> {
    vec![
        Param::new("from", "With every: as at the days from this one on.", ParamKind::Date),
        Param::new("to", "With every: up to this day, inclusive.", ParamKind::Date),
        Param::new(
            "every",
            "One row each day, week, month, quarter or year from from to to, counted back from to; month ends stay month ends.",
            ParamKind::Word(Every::CODES),
        ),
    ]
}

/// What a statistic is asked, once for each day, in the order of the days. Without an area in `group_by`, whoever asks about
/// some authorities, or reaches only some, is answered by authority: a sum of them would be nobody's figure.
///
/// # Errors
/// `Forbidden` for an authority out of the caller's reach, `InvalidQuery` for days that cannot be.
pub fn stat_queries(call: &Call) -> Result<Vec<StatQuery>, Problem> {
    let query = stat_query(call)?;
    let listed = call.query.dates("as_at");
    let days = if listed.is_empty() { vec![query.as_at] } else { listed.to_vec() };
    Ok(as_at_each(&query, days))
}

/// The same for a statistic of how things stand, which can be asked as a series.
///
/// # Errors
/// As [`stat_queries`].
pub fn series_queries(call: &Call) -> Result<Vec<StatQuery>, Problem> {
    let (from, to) = (call.query.date("from"), call.query.date("to"));
    let Some(every) = call.query.word("every").and_then(Every::parse) else {
        if from.or(to).is_some() {
            return Err(refused("every", "required", "is required with from or to: day, week, month, quarter or year"));
        }
        return stat_queries(call);
    };
    let Some(from) = from else { return Err(refused("from", "required", "is required with every")) };
    if !call.query.dates("as_at").is_empty() {
        return Err(refused("as_at", "contradiction", "must be left out when every is given"));
    }
    let query = stat_query(call)?;
    let days = series(from, to.unwrap_or(query.as_at), every)?;
    Ok(as_at_each(&query, days))
}

fn as_at_each(query: &StatQuery, days: impl IntoIterator<Item = NaiveDate>) -> Vec<StatQuery> {
    let days: BTreeSet<_> = days.into_iter().collect();
    days.into_iter().map(|as_at| StatQuery { as_at, ..query.clone() }).collect()
}

/// The days of a series, counted back from the last.
fn series(from: NaiveDate, to: NaiveDate, every: Every) -> Result<Vec<NaiveDate>, Problem> {
    if to < from {
        return Err(refused("to", "out_of_order", &format!("must not be before from, {from}, but is {to}")));
    }
    let is_month_end = to.succ_opt().is_some_and(|next| next.day() == 1);
    let months = |count: u32| {
        let day = to.checked_sub_months(Months::new(count))?;
        if is_month_end { last_of_month(day) } else { Some(day) }
    };
    let step = |count: u32| match every {
        Every::Day | Every::Range => to.checked_sub_days(Days::new(count.into())),
        Every::Week => to.checked_sub_days(Days::new(7 * u64::from(count))),
        Every::Month => months(count),
        Every::Quarter => months(3 * count),
        Every::Year => months(12 * count),
    };
    let days: Vec<_> = (0..).map_while(step).take_while(|day| *day >= from).take(MOST_DAYS + 1).collect();
    if days.len() > MOST_DAYS {
        let message = format!("must lie nearer to to: at most {MOST_DAYS} days can be asked about at once");
        return Err(refused("from", "too_many", &message));
    }
    Ok(days)
}

fn last_of_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// What a statistic is asked as at one day.
///
/// # Errors
/// As [`stat_queries`].
pub fn stat_query(call: &Call) -> Result<StatQuery, Problem> {
    let authorities = call.query.authorities("authority");
    for authority in authorities.unwrap_or_default() {
        call.reaches(*authority)?;
    }
    let known_at = call.query.instant("known_at");
    settled(call, known_at)?;
    let words = call.query.words("group_by");
    if words.iter().filter(|word| AREAS.contains(word)).count() > 1 {
        return Err(refused("group_by", "contradiction", "must name one of england, region and authority"));
    }
    let level = if words.contains(&"authority") {
        Level::Authority
    } else if words.contains(&"region") {
        Level::Region
    } else if words.contains(&"england") || (authorities.is_none() && call.caller.reach == Reach::All) {
        Level::England
    } else {
        Level::Authority
    };
    Ok(StatQuery {
        as_at: call.query.date("as_at").unwrap_or_else(|| call.app.clock().today()),
        known_at,
        authorities: authorities.map(<[_]>::to_vec),
        level,
        on: None,
    })
}

/// Seconds after which whatever was being written at an instant has been written.
const SETTLED_AFTER: TimeDelta = TimeDelta::seconds(60);

/// Refuses an instant about which the answer may still change.
///
/// # Errors
/// One that is less than a minute ago, or has not come.
pub fn settled(call: &Call, known_at: Option<DateTime<Utc>>) -> Result<(), Problem> {
    let last = call.app.clock().now() - SETTLED_AFTER;
    match known_at.filter(|known_at| *known_at > last) {
        None => Ok(()),
        Some(known_at) => {
            let message = format!("must be a minute ago or more, so that the answer stays the same, but is {known_at}");
            Err(refused("known_at", "in_the_future", &message))
        }
    }
}

/// The days a statistic counts, named by two parameters; without them from the day on which Part 3 of the Act came into
/// force to the last day asked about. `every`, or a period in `group_by`, cuts them.
///
/// # Errors
/// When the last day comes before the first, or two different periods are asked for.
pub fn span(call: &Call, queries: &[StatQuery], [from, to]: [&'static str; 2]) -> Result<Span, Problem> {
    let as_at = queries.iter().map(|query| query.as_at).max().unwrap_or_else(|| call.app.clock().today());
    let first = call.query.date(from).or_else(|| NaiveDate::from_ymd_opt(2014, 9, 1)).unwrap_or(as_at);
    let last = call.query.date(to).unwrap_or(as_at);
    if first > last && call.query.date(to).is_some() {
        return Err(refused(to, "out_of_order", &format!("must not be before {from}, {first}, but is {last}")));
    }
    let grouped = call.query.words("group_by").iter().filter(|word| Every::CODES.contains(word));
    let words: BTreeSet<_> = grouped.copied().chain(call.query.word("every")).collect();
    if words.len() > 1 {
        let words: Vec<_> = words.into_iter().collect();
        return Err(refused(
            "every",
            "contradiction",
            &format!("must be one period, but {} are asked for", words.join(" and ")),
        ));
    }
    let every = words.first().and_then(|word| Every::parse(word)).unwrap_or(Every::Range);
    Ok(Span { first, last: last.max(first), every })
}

/// A query refused for one parameter.
pub fn refused(name: &'static str, code: &'static str, message: &str) -> Problem {
    let mut faults = Faults::default();
    faults.add(name, code, message);
    Problem::with_faults(Code::InvalidQuery, &faults)
}

/// The last day asked about.
pub fn last_day(queries: &[StatQuery]) -> NaiveDate {
    queries.iter().map(|query| query.as_at).max().unwrap_or_default()
}
