//! Capacity on the wire: what teams can offer week by week, what is asked of them, and how that looks from a day.

mod columns;

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::{NaiveDate, TimeDelta};
use serde_json::Value;

use self::columns::{
    DELIVERED, DEMAND, OUTLOOK, SERVICE, STAFFED, WEEK, capacity_cells, demand_cells, outlook_cells, staffed_cells,
};
pub use self::columns::{OFFER, offer_cells};
use crate::app::{App, CapacityAsk, CapacityKey, CapacityWeek, Measured, Outlooks, Span, StatQuery, WithPremises};
use crate::domain::authority::Authority;
use crate::domain::caller::{Caller, Scope};
use crate::domain::capacity::ahead::WEEKS_AHEAD;
use crate::domain::capacity::day_book::monday;
use crate::domain::capacity::outlook::HORIZON_WEEKS;
use crate::domain::facts::{Day, date, day};
use crate::domain::service::Discipline;
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::group::{Area, Every, Level, Period};
use crate::domain::statistics::tally::Breakdown;
use crate::http::definitions::{self, Definition};
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::answer::{Shape, statistic_from, told};
use crate::http::statistics::axes::{AREAS, common_params, refused, stat_queries};
use crate::http::statistics::breakdown::bounded;
use crate::http::statistics::report::{Cell, Column, PLACE, place_cells};

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[
    ("Capacity", &[PLACE, WEEK, SERVICE, OFFER, DELIVERED, STAFFED]),
    ("CapacityDemand", &[PLACE, WEEK, DEMAND, STAFFED]),
    ("CapacityOutlook", &[PLACE, OUTLOOK, STAFFED]),
];

const GROUPS: &[&str] = &["england", "region", "authority", "discipline", "service_ref"];

/// Most weeks one question may ask about, and how many may lie between a day it asks as at and any of them: five years.
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
        params.push(Param::new(
            "from",
            "From the week of this day on; this week, if left out. At most 260 weeks from as_at.",
            ParamKind::Date,
        ));
        params.push(Param::new(
            "to",
            "Up to the week of this day; three weeks after the first, if left out. It may lie ahead, at most 260 weeks from as_at.",
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
            .takes(weeks(params(GROUPS, "The area; with service_ref a row for each service of each authority, because references are each authority's own: no wider area can be named beside it.")))
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
fn ask(call: &Call, queries: &[StatQuery], with_lists: bool) -> Result<CapacityAsk, Problem> {
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
    near(queries, (number(from), to))?;
    let by_service = call.query.words("group_by").contains(&"service_ref");
    let last = date(to).unwrap_or(from);
    bounded_work(call, queries, Span { first: from, last, every: Every::Week }, by_service)?;
    Ok(CapacityAsk { from: number(from), to, disciplines: disciplines(call), by_service, with_lists })
}

/// The therapies a call names; all, if it names none.
fn disciplines(call: &Call) -> Vec<Discipline> {
    let words = call.query.words("discipline");
    let named = |discipline: &&Discipline| words.is_empty() || words.contains(&discipline.code());
    Discipline::ALL.iter().filter(named).copied().collect()
}

/// Refuses weeks far from a day asked as at: all weeks between are worked out, too, and nobody knows staff so far ahead.
fn near(queries: &[StatQuery], (from, to): (Day, Day)) -> Result<(), Problem> {
    for as_at in queries.iter().map(|query| query.as_at) {
        let number = monday(day(Some(as_at)));
        let far = |day: Day| (monday(day) - number).abs() > 7 * MOST_WEEKS;
        if let Some((name, _)) = [("from", from), ("to", to)].into_iter().find(|(_, day)| far(*day)) {
            let message = format!(
                "must lie within {MOST_WEEKS} weeks of as_at, {as_at}: name nearer weeks, or another as_at; ask about days that lie far apart one by one"
            );
            return Err(refused(name, "out_of_range", &message));
        }
    }
    Ok(())
}

/// Refuses more weeks than anybody waits for. Those of every authority are worked out however wide the areas of the answer
/// are, so each counts as if it had rows of its own.
fn bounded_work(call: &Call, queries: &[StatQuery], weeks: Span, by_service: bool) -> Result<(), Problem> {
    let reached = || Authority::all().filter(|authority| call.caller.reach.includes(*authority)).collect();
    let each = queries.iter().map(|query| StatQuery {
        level: Level::Authority,
        authorities: Some(query.authorities.clone().unwrap_or_else(reached)),
        ..query.clone()
    });
    let by = [Some(Dimension::Discipline), by_service.then_some(Dimension::Service)];
    let breakdown = Breakdown { by: by.into_iter().flatten().collect(), ..Breakdown::default() };
    bounded(&each.collect::<Vec<_>>(), Some(weeks), &breakdown)
}

/// Rows of services are of one authority each: a reference is its own, and another's of the same name is another service.
fn by_authority(call: &Call, queries: Vec<StatQuery>) -> Result<Vec<StatQuery>, Problem> {
    let words = call.query.words("group_by");
    if let Some(word) = ["england", "region"].into_iter().find(|word| words.contains(word)) {
        let message =
            format!("must not name {word} with service_ref: every service is of one authority; leave {word} out");
        return Err(refused("group_by", "contradiction", &message));
    }
    Ok(queries.into_iter().map(|query| StatQuery { level: Level::Authority, ..query }).collect())
}

fn shape(name: &'static str, definition: &'static Definition, columns: &[&[Column]]) -> Shape {
    Shape { name, definition, columns: columns.concat() }
}

async fn capacity(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let ask = ask(&call, &queries, false)?;
    let by_service = ask.by_service;
    let queries = if by_service { by_authority(&call, queries)? } else { queries };
    let service = if by_service { SERVICE } else { &[] };
    let shape = shape("capacity", &definitions::CAPACITY, &[PLACE, WEEK, service, OFFER, DELIVERED, STAFFED]);
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
    let ask = ask(&call, &queries, true)?;
    let shape = shape("capacity-demand", &definitions::CAPACITY_DEMAND, &[PLACE, WEEK, DEMAND, STAFFED]);
    let rows = |query: &StatQuery, measured: &Measured<WithPremises<CapacityKey, CapacityWeek>>| {
        week_rows(query, measured, |_, week| demand_cells(week))
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.capacity(caller, query, &ask);
    statistic_from(&call, shape, queries, measure, (rows, rests_on)).await
}

async fn outlook(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let disciplines = disciplines(&call);
    let today = call.app.clock().today();
    let last = today + TimeDelta::weeks(HORIZON_WEEKS.into());
    bounded_work(&call, &queries, Span { first: today, last, every: Every::Week }, false)?;
    let weeks = call.query.whole("weeks").and_then(|weeks| i32::try_from(weeks).ok()).unwrap_or(WEEKS_AHEAD);
    let shape = shape("capacity-outlook", &definitions::CAPACITY_OUTLOOK, &[PLACE, OUTLOOK, STAFFED]);
    let measure =
        move |app: &App, caller: &Caller, query: &StatQuery| app.capacity_outlook(caller, query, (&disciplines, weeks));
    let rows = move |query: &StatQuery, measured: &Outlooks| {
        let each = measured.rows.0.iter().map(|((area, discipline), outlook)| {
            let mut cells = place_cells(query.as_at, *area, Period::Range, &measured.asked);
            cells.push(Cell::text(discipline.code()));
            cells.extend(outlook_cells(outlook, weeks));
            cells.extend(staffed_cells(outlook.authorities, in_area(query, *area, &measured.asked)));
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
        row.extend(staffed_cells(week.authorities, in_area(query, *area, &measured.asked)));
        row
    });
    rows.collect()
}

/// How many of the authorities asked about lie in an area.
fn in_area(query: &StatQuery, area: Area, asked: &[Authority]) -> usize {
    asked.iter().filter(|authority| query.level.area(**authority) == area).count()
}

fn week_period(monday: Day) -> Period {
    use chrono::Datelike;
    date(monday).map_or(Period::Range, |date| Period::Week(date.iso_week().year(), date.iso_week().week()))
}

fn rests_on<K, T>(measured: &Measured<WithPremises<K, T>>) -> Value {
    told(&measured.rows.1)
}
