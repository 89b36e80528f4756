//! `suppression=publish`: the same tables as open data, for those who prepare a publication.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, Utc};

use crate::app::{App, AppError, Publication, Quarter, bounds_of_year};
use crate::domain::authority::Authority;
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::group::Period;
use crate::domain::statistics::publication::{Advice, Contacts, DIMENSIONS, Plans, Published, Waiting};
use crate::http::definitions::{
    Definition, PUBLISHED_ADVICE, PUBLISHED_TIMELINESS, PUBLISHED_WAITING_LIST, PUBLISHED_WAITING_TIMES,
};
use crate::http::operation::Call;
use crate::http::problem::Problem;
use crate::http::publication::asked::{FIRST_YEAR, only_published, part, part_or, quarters, years};
use crate::http::publication::published::{Part, Shape, columns, rows};
use crate::http::statistics::answer::published;
use crate::http::statistics::axes::refused;
use crate::http::statistics::report::{Cell, Report};

/// The waiting list on some days as it may be published: month ends of finished quarters, by one dimension at most.
///
/// # Errors
/// Days that are not published, and whatever is asked beside them: what is published has no free filters.
pub async fn published_waiting_list(call: &Call) -> Result<HttpResponse, Problem> {
    only_published(call, &["as_at", "authority", "group_by", "suppression", "format"])?;
    let last = call.app.last_published_quarter();
    let listed = call.query.dates("as_at").iter().copied();
    let days: BTreeSet<_> =
        if listed.len() > 0 { listed.collect() } else { last.month_ends().pop().into_iter().collect() };
    let part = part_or(call, &DIMENSIONS, None, Dimension::Discipline)?;
    let is_published = |day: &NaiveDate| {
        let quarter = Quarter::of(*day);
        quarter.year >= FIRST_YEAR && quarter <= last && quarter.month_ends().contains(day)
    };
    let free = days.iter().find(|day| !is_published(day));
    if let Some(day) = free {
        let message = format!(
            "must be month ends of quarters that have ended, but {day} is none: free days would give away who came and went"
        );
        return Err(refused("as_at", "not_published", &message));
    }
    let quarters: BTreeSet<_> = days.iter().map(|day| Quarter::of(*day)).collect();
    let mut found = Found::new(&part);
    for quarter in quarters {
        let publication = call.run(move |app: &App, _| app.published_waiting(quarter)).await?;
        found.take(&publication, &month_ends(quarter));
    }
    let asked = |row: &Vec<Cell>| days.iter().any(|day| row.first() == Some(&Cell::date(Some(*day))));
    found.rows.retain(asked);
    found.days.retain(|day| days.contains(day));
    found.answer::<Waiting>(call, "published-waiting-list", &PUBLISHED_WAITING_LIST)
}

/// First contacts as they may be published: by finished quarters.
///
/// # Errors
/// As [`published_waiting_list`].
pub async fn published_waiting_times(call: &Call) -> Result<HttpResponse, Problem> {
    only_published(call, &["authority", "group_by", "from", "to", "suppression", "format"])?;
    let quarters = quarters(call, ["from", "to"])?;
    let part = part_or(call, &DIMENSIONS, Some("quarter"), Dimension::Discipline)?;
    contacts_of(call, quarters, &part).await
}

/// Plans issued as they may be published: by finished years.
///
/// # Errors
/// As [`published_waiting_list`].
pub async fn published_timeliness(call: &Call) -> Result<HttpResponse, Problem> {
    only_published(call, &["authority", "group_by", "issued_from", "issued_to", "suppression", "format"])?;
    let years = years(call, ["issued_from", "issued_to"])?;
    plans_of(call, years, &part(call, &[], Some("year"))?).await
}

/// Requests for advice as they may be published: by finished years.
///
/// # Errors
/// As [`published_waiting_list`].
pub async fn published_advice(call: &Call) -> Result<HttpResponse, Problem> {
    only_published(call, &["authority", "group_by", "from", "to", "suppression", "format"])?;
    let years = years(call, ["from", "to"])?;
    let part = part_or(call, &[Dimension::AdviceType], Some("year"), Dimension::AdviceType)?;
    advice_of(call, years, &part).await
}

/// The waiting list of a quarter.
///
/// # Errors
/// When it cannot be made or written.
pub async fn waiting_of(call: &Call, quarter: Quarter, part: &Part<'_>) -> Result<HttpResponse, Problem> {
    let publication = call.run(move |app: &App, _| app.published_waiting(quarter)).await?;
    let mut found = Found::new(part);
    found.take(&publication, &month_ends(quarter));
    found.answer::<Waiting>(call, "published-waiting-list", &PUBLISHED_WAITING_LIST)
}

/// The first contacts of some quarters.
///
/// # Errors
/// As [`waiting_of`].
pub async fn contacts_of(
    call: &Call,
    quarters: impl IntoIterator<Item = Quarter>,
    part: &Part<'_>,
) -> Result<HttpResponse, Problem> {
    let periods = quarters.into_iter().map(|quarter| {
        let end = quarter.month_ends().pop().unwrap_or_default();
        (quarter, (end, Period::Quarter(quarter.year, quarter.number)))
    });
    let found = each::<_, Contacts>(call, periods, part, App::published_contacts).await?;
    found.answer::<Contacts>(call, "published-waiting-times", &PUBLISHED_WAITING_TIMES)
}

/// The plans of some years.
///
/// # Errors
/// As [`waiting_of`].
pub async fn plans_of(
    call: &Call,
    years: impl IntoIterator<Item = i32>,
    part: &Part<'_>,
) -> Result<HttpResponse, Problem> {
    let found = each::<_, Plans>(call, years.into_iter().map(of_year), part, App::published_plans).await?;
    found.answer::<Plans>(call, "published-ehc-timeliness", &PUBLISHED_TIMELINESS)
}

/// The requests for advice of some years.
///
/// # Errors
/// As [`waiting_of`].
pub async fn advice_of(
    call: &Call,
    years: impl IntoIterator<Item = i32>,
    part: &Part<'_>,
) -> Result<HttpResponse, Problem> {
    let found = each::<_, Advice>(call, years.into_iter().map(of_year), part, App::published_advice).await?;
    found.answer::<Advice>(call, "published-advice-timeliness", &PUBLISHED_ADVICE)
}

/// The month ends of a quarter, each a row without a period.
pub fn month_ends(quarter: Quarter) -> Vec<(NaiveDate, Period)> {
    quarter.month_ends().into_iter().map(|end| (end, Period::Range)).collect()
}

/// A year with its last day.
pub fn of_year(year: i32) -> (i32, (NaiveDate, Period)) {
    let end = bounds_of_year(year).map(|[_, last]| last).unwrap_or_default();
    (year, (end, Period::Year(year)))
}

type Make<K, T> = fn(&App, K) -> Result<Arc<Publication<Published<T>>>, AppError>;

/// The rows of a publication for each period.
async fn each<'a, K: Copy + Send + 'static, T: Shape>(
    call: &Call,
    periods: impl IntoIterator<Item = (K, (NaiveDate, Period))>,
    part: &'a Part<'a>,
    make: Make<K, T>,
) -> Result<Found<'a>, Problem> {
    let mut found = Found::new(part);
    for (key, date) in periods {
        let publication = call.run(move |app: &App, _| make(app, key)).await?;
        found.take(&publication, &[date]);
    }
    Ok(found)
}

/// What has been found of one or several publications.
struct Found<'a> {
    part: &'a Part<'a>,
    rows: Vec<Vec<Cell>>,
    days: Vec<NaiveDate>,
    made: Option<(DateTime<Utc>, BTreeMap<Authority, i64>)>,
}

impl<'a> Found<'a> {
    fn new(part: &'a Part<'a>) -> Self {
        Self { part, rows: Vec::new(), days: Vec::new(), made: None }
    }

    fn take<T: Shape>(&mut self, publication: &Publication<Published<T>>, dates: &[(NaiveDate, Period)]) {
        self.rows.extend(rows(publication, dates, self.part));
        self.days.extend(dates.iter().map(|(day, _)| *day));
        self.made = Some((publication.known_at, publication.ledger_seq.clone()));
    }

    fn answer<T: Shape>(
        self,
        call: &Call,
        name: &'static str,
        definition: &'static Definition,
    ) -> Result<HttpResponse, Problem> {
        let report = Report { name, definition, columns: columns::<T>(self.part.dimension), rows: self.rows };
        let (known_at, positions) = self.made.unwrap_or_else(|| (call.app.clock().now(), BTreeMap::new()));
        published(call, &report, self.days, known_at, &positions)
    }
}
