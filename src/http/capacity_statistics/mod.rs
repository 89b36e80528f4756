//! Capacity on the wire: what teams can offer week by week, what is asked of them, and how that looks from a day.

mod columns;

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::NaiveDate;
use serde_json::Value;

use self::columns::{DELIVERED, DEMAND, OUTLOOK, SERVICE, WEEK, capacity_cells, demand_cells, outlook_cells};
pub use self::columns::{OFFER, offer_cells};
use super::answer::{Shape, statistic_from, told};
use super::axes::{AREAS, common_params, refused, stat_queries};
use super::definitions::{self, Definition};
use super::operation::{Call, Operation, handler};
use super::problem::Problem;
use super::query::{Param, ParamKind};
use super::report::{Cell, Column, PLACE, place_cells};
use crate::app::{App, CapacityAsk, CapacityKey, CapacityWeek, Measured, Outlooks, StatQuery, WithPremises};
use crate::domain::caller::{Caller, Scope};
use crate::domain::capacity::ahead::WEEKS_AHEAD;
use crate::domain::capacity::day_book::monday;
use crate::domain::facts::{Day, date, day};
use crate::domain::field::FieldType;
use crate::domain::service::Discipline;
use crate::domain::statistics::group::Period;

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[
    ("Capacity", &[PLACE, WEEK, SERVICE, OFFER, DELIVERED]),
    ("CapacityDemand", &[PLACE, WEEK, DEMAND]),
    ("CapacityOutlook", &[PLACE, OUTLOOK]),
];

const GROUPS: &[&str] = &["england", "region", "authority", "discipline", "service_ref"];

/// Most weeks one question may ask about: five years.
const MOST_WEEKS: i32 = 260;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let params = |groups: &'static [&'static str], about: &str| {
        let mut params = common_params();
        params.push(Param::new("group_by", about, ParamKind::Words(groups)));
        params.push(Param::new("discipline", "Only these therapies.", ParamKind::Words(Discipline::CODES)));
        params
    };
    let weeks = |mut params: Vec<Param>| {
        params.push(Param::new("from", "From the week of this day on; this week, if left out.", ParamKind::Date));
        params.push(Param::new(
            "to",
            "Up to the week of this day; three weeks after the first, if left out. It may lie ahead.",
            ParamKind::Date,
        ));
        params
    };
    let mut ahead = params(AREAS, "The area.");
    ahead.push(Param::new(
        "weeks",
        "How many weeks ahead load is summed over; 13, if left out.",
        ParamKind::Whole(1, 104),
    ));
    let operation =
        |path: &str, id: &str, handler| Operation::new(Method::GET, path, id, Some(Scope::StatsRead), handler);
    vec![
        operation("/v1/stats/capacity", "stats_capacity", handler!(capacity))
            .says("statistics", "What staff can offer", "For each week and discipline: contracted minutes, every deduction, and the appointments that come of the rest, from posts, who holds them, absences and capacity rules. Weeks that are over show what was delivered beside it.")
            .takes(weeks(params(GROUPS, "The area; a row for each service with service_ref.")))
            .reports("One row for each week, area and discipline.", &["Capacity"]),
        operation("/v1/stats/capacity-demand", "stats_capacity_demand", handler!(demand))
            .says("statistics", "Demand against capacity", "For each week and discipline: minutes that referrals, requests for advice and follow-ups ask for, beside the clinical minutes there are, and the largest list that still meets its deadline.")
            .takes(weeks(params(AREAS, "The area.")))
            .reports("One row for each week, area and discipline.", &["CapacityDemand"]),
        operation("/v1/stats/capacity-outlook", "stats_capacity_outlook", handler!(outlook))
            .says("statistics", "Whether staff is enough", "As at a day, for each discipline: load of the weeks ahead, whether that can be kept up, how long the next child would wait, and the weeks of work that wait.")
            .takes(ahead)
            .reports("One row for each area and discipline.", &["CapacityOutlook"]),
    ]
}

/// What a call asks about, in weeks around the last day asked about.
fn ask(call: &Call, queries: &[StatQuery]) -> Result<CapacityAsk, Problem> {
    let as_at = queries.last().map_or_else(|| call.app.clock().today(), |query| query.as_at);
    let number = |date: NaiveDate| day(Some(date));
    let from = call.query.date("from").unwrap_or(as_at);
    let to = call.query.date("to").map_or(number(from) + 21, number);
    let weeks = (monday(to) - monday(number(from))) / 7 + 1;
    if weeks < 1 {
        return Err(refused("to", "out_of_order", &format!("must not be before from, {from}")));
    }
    if weeks > MOST_WEEKS {
        let message = format!("asks for {weeks} weeks, {MOST_WEEKS} are the most");
        return Err(refused("to", "too_many", &message));
    }
    let words = call.query.words("discipline").iter();
    let disciplines = words.filter_map(|word| Discipline::parse(word).ok()).collect();
    let by_service = call.query.words("group_by").contains(&"service_ref");
    Ok(CapacityAsk { from: number(from), to, disciplines, by_service })
}

fn shape(name: &'static str, definition: &'static Definition, columns: &[&[Column]]) -> Shape {
    Shape { name, definition, columns: columns.concat() }
}

async fn capacity(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let ask = ask(&call, &queries)?;
    let by_service = ask.by_service;
    let service = if by_service { SERVICE } else { &[] };
    let shape = shape("capacity", &definitions::CAPACITY, &[PLACE, WEEK, service, OFFER, DELIVERED]);
    let rows = move |query: &StatQuery, measured: &Measured<WithPremises<CapacityKey, CapacityWeek>>| {
        week_rows(query, measured, |(_, _, _, service), week| {
            let service = service.clone().map_or(Cell::Null, Cell::text);
            [by_service.then_some(service)].into_iter().flatten().chain(capacity_cells(week)).collect()
        })
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.capacity(caller, query, &ask);
    statistic_from(&call, shape, queries, measure, (rows, rests_on)).await
}

async fn demand(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let ask = ask(&call, &queries)?;
    let shape = shape("capacity-demand", &definitions::CAPACITY_DEMAND, &[PLACE, WEEK, DEMAND]);
    let rows = |query: &StatQuery, measured: &Measured<WithPremises<CapacityKey, CapacityWeek>>| {
        week_rows(query, measured, |_, week| demand_cells(week))
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.capacity(caller, query, &ask);
    statistic_from(&call, shape, queries, measure, (rows, rests_on)).await
}

async fn outlook(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let ask = ask(&call, &queries)?;
    let weeks = call.query.whole("weeks").and_then(|weeks| i32::try_from(weeks).ok()).unwrap_or(WEEKS_AHEAD);
    let shape = shape("capacity-outlook", &definitions::CAPACITY_OUTLOOK, &[PLACE, OUTLOOK]);
    let measure =
        move |app: &App, caller: &Caller, query: &StatQuery| app.capacity_outlook(caller, query, (&ask, weeks));
    let rows = move |query: &StatQuery, measured: &Outlooks| {
        let each = measured.rows.0.iter().map(|((area, discipline), outlook)| {
            let mut cells = place_cells(query.as_at, *area, Period::Range, &measured.asked);
            cells.push(Cell::text(discipline.code()));
            cells.extend(outlook_cells(outlook, weeks));
            cells
        });
        each.collect()
    };
    statistic_from(&call, shape, queries, measure, (rows, rests_on)).await
}

/// The rows of weeks: place, Monday and discipline, and what `cells` writes of each.
fn week_rows(
    query: &StatQuery,
    measured: &Measured<WithPremises<CapacityKey, CapacityWeek>>,
    cells: impl Fn(&CapacityKey, &CapacityWeek) -> Vec<Cell>,
) -> Vec<Vec<Cell>> {
    let rows = measured.rows.0.iter().map(|(key, week)| {
        let (area, monday, discipline, _) = key;
        let mut row = place_cells(query.as_at, *area, week_period(*monday), &measured.asked);
        row.extend([Cell::date(date(*monday)), Cell::text(discipline.code())]);
        row.extend(cells(key, week));
        row
    });
    rows.collect()
}

fn week_period(monday: Day) -> Period {
    use chrono::Datelike;
    date(monday).map_or(Period::Range, |date| Period::Week(date.iso_week().year(), date.iso_week().week()))
}

fn rests_on<K, T>(measured: &Measured<WithPremises<K, T>>) -> Value {
    told(&measured.rows.1)
}
