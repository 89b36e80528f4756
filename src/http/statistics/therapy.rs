//! Statistics of therapy on the wire: the waiting list, waiting times and flow.

use actix_web::HttpResponse;
use actix_web::http::Method;

use crate::app::{App, Cells, Measured, StatQuery};
use crate::domain::caller::{Caller, Scope};
use crate::domain::facts::date;
use crate::domain::statistics::dimension::{Dimension, OfReferrals};
use crate::domain::statistics::spread::Spread;
use crate::domain::statistics::tenths_of_percent;
use crate::domain::statistics::therapy::{Flow, WaitingTimes};
use crate::domain::statistics::waiting::{EIGHTEEN_WEEKS, WaitingList};
use crate::http::definitions;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::publication::prepared::{published_waiting_list, published_waiting_times};
use crate::http::statistics::answer::{Shape, statistic};
use crate::http::statistics::axes::{
    common_params, series_params, series_queries, span, span_params, stat_queries, suppression_param,
};
use crate::http::statistics::breakdown::{bounded, breakdown, breakdown_columns, breakdown_params, label_cells};
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, column, place_cells};

use ColumnType::{Count, Date, Days, Percentage, Signed};

const WAITING: &[Column] = &[
    column("waiting", Count, "Referrals waiting."),
    column("waiting_0_1_weeks", Count, "0 to 7 days."),
    column("waiting_1_2_weeks", Count, "8 to 14 days."),
    column("waiting_2_4_weeks", Count, "15 to 28 days."),
    column("waiting_4_12_weeks", Count, "29 to 84 days."),
    column("waiting_12_18_weeks", Count, "85 to 126 days."),
    column("waiting_18_52_weeks", Count, "127 to 364 days."),
    column("waiting_over_52_weeks", Count, "365 days and more."),
    column("waiting_over_18_weeks", Count, "127 days and more."),
    column("pc_waiting_within_18_weeks", Percentage, "Share waiting 126 days or less."),
    column("mean_days_waiting", Days, "Mean of the days waited so far."),
    column("p50_days_waiting", Count, "Half of them have waited so many days or fewer: the nearest rank."),
    column("p75_days_waiting", Count, "Three quarters of them."),
    column("p90_days_waiting", Count, "Nine tenths of them."),
    column("p92_days_waiting", Count, "92 in a hundred of them."),
    column("longest_wait_days", Count, "The longest wait in days."),
    column("longest_wait_received_on", Date, "When that referral was received."),
];

const TIMES: &[Column] = &[
    column("seen", Count, "First contacts in the period."),
    column("mean_days_to_contact", Days, "Mean of their days from receipt to first contact."),
    column("p50_days_to_contact", Count, "The median, by nearest rank."),
    column("p75_days_to_contact", Count, "The 75th percentile."),
    column("p90_days_to_contact", Count, "The 90th percentile."),
    column("p92_days_to_contact", Count, "The 92nd percentile."),
    column("longest_days_to_contact", Count, "The longest."),
    column("seen_within_18_weeks", Count, "Seen within 126 days."),
    column("pc_seen_within_18_weeks", Percentage, "Share of seen."),
    column("assessed", Count, "Assessments completed in the period."),
    column("mean_days_to_assessment", Days, "Mean of their days from receipt to the completed assessment."),
    column("p50_days_to_assessment", Count, "The median."),
    column("p75_days_to_assessment", Count, "The 75th percentile."),
    column("p90_days_to_assessment", Count, "The 90th percentile."),
    column("p92_days_to_assessment", Count, "The 92nd percentile."),
    column("longest_days_to_assessment", Count, "The longest."),
    column("received", Count, "Referrals received in the period."),
    column("still_waiting", Count, "Those of them who still wait: in none of the figures above."),
    column("p50_days_still_waiting", Count, "The median of their days so far."),
    column("longest_days_still_waiting", Count, "The longest of them."),
    column(
        "km_p50_days",
        Count,
        "Days by which half of those received were seen, those still waiting taken as unfinished (Kaplan-Meier); null where it is not known yet.",
    ),
    column("km_p90_days", Count, "Days by which nine tenths were."),
    column("km_pc_within_18_weeks", Percentage, "Share seen within 126 days, estimated the same way."),
];

const FLOW: &[Column] = &[
    column("received", Count, "Referrals received: waits that began."),
    column("seen", Count, "First contacts."),
    column("rejected", Count, "Rejected."),
    column("withdrawn", Count, "Withdrawn, seen before or not."),
    column("discharged", Count, "Discharged, seen before or not."),
    column("waits_ended", Count, "Waits that ended, whatever ended them."),
    column("net", Signed, "How much the list grew: received less waits_ended."),
];

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] =
    &[("WaitingList", &[PLACE, WAITING]), ("WaitingTimes", &[PLACE, TIMES]), ("Flow", &[PLACE, FLOW])];

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let operation =
        |path: &str, id: &str, handler| Operation::new(Method::GET, path, id, Some(Scope::StatsRead), handler);
    let params = |with_times| [common_params(), breakdown_params::<OfReferrals>(with_times)].concat();
    let over_time = |counted| [params(true), span_params(["from", "to"], counted)].concat();
    vec![
        operation("/v1/stats/waiting-list", "stats_waiting_list", handler!(waiting_list))
            .says("statistics", "The therapy waiting list", "Who waits, in the seven bands of the NHS community situation report, with percentiles of the wait so far; by discipline, unless `group_by` names another dimension.")
            .takes([params(false), series_params(), vec![suppression_param()]].concat())
            .reports("One row for each day, group and member.", &["WaitingList", "PublishedWaitingList"]),
        operation("/v1/stats/waiting-times", "stats_waiting_times", handler!(waiting_times))
            .says("statistics", "Waiting times of those seen", "Days from receipt to the first contact and to the completed assessment, by the day of each; those still waiting apart, and once more with those still waiting taken as unfinished.")
            .takes([over_time("Seen, assessed or received"), vec![suppression_param()]].concat())
            .reports("One row for each day, group and period.", &["WaitingTimes", "PublishedWaitingTimes"]),
        operation("/v1/stats/flow", "stats_flow", handler!(flow))
            .says("statistics", "What goes into the waiting list and what comes out", "Referrals received, seen, rejected, withdrawn and discharged, by the day it happened.")
            .takes(over_time("What happened"))
            .reports("One row for each day, group and period.", &["Flow"]),
    ]
}

/// The rows of cells: place, members, and what `cells` writes of each.
pub fn tallied<A>(query: &StatQuery, measured: &Measured<Cells<A>>, cells: impl Fn(&A) -> Vec<Cell>) -> Vec<Vec<Cell>> {
    let row = |(key, counted): &(_, A)| {
        let key: &crate::domain::statistics::tally::Key = key;
        let mut row = place_cells(query.as_at, key.area, key.period, &measured.asked);
        row.extend(label_cells(key));
        row.extend(cells(counted));
        row
    };
    measured.rows.iter().map(row).collect()
}

async fn waiting_list(call: Call) -> Result<HttpResponse, Problem> {
    if call.query.word("suppression") == Some("publish") {
        return published_waiting_list(&call).await;
    }
    let queries = series_queries(&call)?;
    let breakdown = breakdown::<OfReferrals>(&call, &[Dimension::Discipline])?;
    bounded(&queries, None, &breakdown)?;
    let shape = Shape {
        name: "waiting-list",
        definition: &definitions::WAITING_LIST,
        columns: [PLACE, &breakdown_columns(&breakdown), WAITING].concat(),
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.waiting_list(caller, query, &breakdown);
    statistic(&call, shape, queries, measure, |query, measured| tallied(query, measured, waiting_cells)).await
}

/// Percentiles that are asked about: the median, and what services are held to.
const PERCENTILES: [u64; 4] = [50, 75, 90, 92];

fn waiting_cells(list: &WaitingList) -> Vec<Cell> {
    let total = list.total();
    let mut cells = vec![Cell::Count(total)];
    cells.extend(list.by_band().map(Cell::Count));
    cells.push(Cell::Count(list.over_18_weeks()));
    cells.push(Cell::percentage(tenths_of_percent(total - list.over_18_weeks(), total)));
    cells.push(Cell::percentage(list.days.mean_tenths()));
    cells.extend(list.days.percentiles(PERCENTILES).map(Cell::count));
    cells.push(Cell::count(list.days.longest()));
    cells.push(Cell::date(list.first_received.and_then(date)));
    cells
}

async fn waiting_times(call: Call) -> Result<HttpResponse, Problem> {
    if call.query.word("suppression") == Some("publish") {
        return published_waiting_times(&call).await;
    }
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["from", "to"])?;
    let breakdown = breakdown::<OfReferrals>(&call, &[Dimension::Discipline])?;
    bounded(&queries, Some(span), &breakdown)?;
    let shape = Shape {
        name: "waiting-times",
        definition: &definitions::WAITING_TIMES,
        columns: [PLACE, &breakdown_columns(&breakdown), TIMES].concat(),
    };
    let measure =
        move |app: &App, caller: &Caller, query: &StatQuery| app.waiting_times(caller, query, &breakdown, span);
    statistic(&call, shape, queries, measure, |query, measured| tallied(query, measured, times_cells)).await
}

/// People, mean, percentiles and the longest of a spread of days.
pub fn spread_cells(spread: &Spread) -> Vec<Cell> {
    let mut cells = vec![Cell::Count(spread.people()), Cell::percentage(spread.mean_tenths())];
    cells.extend(spread.percentiles(PERCENTILES).map(Cell::count));
    cells.push(Cell::count(spread.longest()));
    cells
}

fn times_cells(times: &WaitingTimes) -> Vec<Cell> {
    let WaitingTimes { to_contact, to_assessment, still_waiting, of_received } = times;
    let (within, curve) = (to_contact.up_to(EIGHTEEN_WEEKS), of_received.curve());
    let mut cells = spread_cells(to_contact);
    cells.extend([Cell::Count(within), Cell::percentage(tenths_of_percent(within, to_contact.people()))]);
    cells.extend(spread_cells(to_assessment));
    cells.extend([
        Cell::Count(of_received.ended.people() + of_received.cut_off.people()),
        Cell::Count(still_waiting.people()),
        Cell::count(still_waiting.percentile(50)),
        Cell::count(still_waiting.longest()),
        Cell::count(curve.percentile(50)),
        Cell::count(curve.percentile(90)),
        Cell::share(curve.share_by(126)),
    ]);
    cells
}

async fn flow(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["from", "to"])?;
    let breakdown = breakdown::<OfReferrals>(&call, &[Dimension::Discipline])?;
    bounded(&queries, Some(span), &breakdown)?;
    let shape = Shape {
        name: "flow",
        definition: &definitions::FLOW,
        columns: [PLACE, &breakdown_columns(&breakdown), FLOW].concat(),
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.flow(caller, query, &breakdown, span);
    statistic(&call, shape, queries, measure, |query, measured| tallied(query, measured, flow_cells)).await
}

fn flow_cells(flow: &Flow) -> Vec<Cell> {
    let Flow { received, seen, rejected, withdrawn, discharged, waits_ended } = *flow;
    let mut cells: Vec<_> = [received, seen, rejected, withdrawn, discharged, waits_ended].map(Cell::Count).into();
    cells.push(Cell::Signed(flow.net()));
    cells
}
