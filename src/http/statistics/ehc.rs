//! Statistics of EHC requests and of advice on the wire: flow, three views of timeliness, advice.

use actix_web::HttpResponse;
use actix_web::http::Method;

use crate::app::{App, StatQuery};
use crate::domain::caller::{Caller, Scope};
use crate::domain::statistics::advice::{AdviceCounts, Coverage, OfAdvice};
use crate::domain::statistics::dimension::{Dimension, OfCases};
use crate::domain::statistics::ehc::{EhcFlow, ThreeViews};
use crate::domain::statistics::tally::Breakdown;
use crate::domain::statistics::tenths_of_percent;
use crate::http::definitions;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::publication::prepared::published_advice;
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::answer::{Shape, statistic};
use crate::http::statistics::axes::{
    AREAS_AND_TIMES, common_params, span, span_params, stat_queries, suppression_param,
};
use crate::http::statistics::breakdown::{bounded, breakdown, breakdown_columns, breakdown_params};
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, column, place_cells};
use crate::http::statistics::therapy::{spread_cells, tallied};

use ColumnType::{Count, Days, Percentage, Signed, Text};

const FLOW: &[Column] = &[
    column("requests", Count, "Requests received, or responsibility begun under section 24."),
    column("decided_to_assess", Count, "Decisions to assess."),
    column("refused_to_assess", Count, "Decisions not to assess."),
    column("plans_issued", Count, "Final plans sent."),
    column("refused_a_plan", Count, "Decisions not to issue a plan."),
    column("withdrawn", Count, "Requests withdrawn."),
    column("ended", Count, "Requests that ended, whatever ended them."),
    column("net", Signed, "How much the number of open requests grew: requests less ended."),
];

const VIEWS: &[Column] = &[
    column(
        "issued",
        Count,
        "By plans issued in the period (DfE's view): plans, without cases in which mediation or a tribunal took place.",
    ),
    column("issued_within_20_weeks", Count, "Those of them issued within 140 days."),
    column("pc_issued_within_20_weeks", Percentage, "Share of issued."),
    column("mean_days_to_issue", Days, "Mean of their days from request to plan."),
    column("p50_days_to_issue", Count, "The median."),
    column("received", Count, "By requests received in the period: those that have a plan or are open."),
    column(
        "received_ended_otherwise",
        Count,
        "Received in the period and refused, withdrawn or under an order: left out of the view.",
    ),
    column("received_issued", Count, "Received in the period, and the plan was issued since."),
    column("received_open", Count, "Received in the period, and still open."),
    column(
        "km_pc_within_20_weeks",
        Percentage,
        "Share with a plan within 140 days, open requests taken as unfinished (Kaplan-Meier).",
    ),
    column("km_p50_days", Count, "Days by which half had a plan; null where it is not known yet."),
    column("open", Count, "By the backlog at the end of the period: open requests."),
    column("open_mean_days", Days, "Mean of their days since the request."),
    column("open_p50_days", Count, "The median."),
    column("open_longest_days", Count, "The oldest."),
    column("overdue", Count, "Those of them past twenty weeks without an exception."),
    column("pc_overdue", Percentage, "Share of open."),
    column("deadline_debt_days", Count, "Days overdue, summed."),
];

const ADVICE: &[Column] = &[
    column("requested", Count, "Requests for advice sent in the period."),
    column("returned", Count, "Those of them whose advice is in hand."),
    column("outstanding", Count, "Not returned, not declined, and the assessment goes on."),
    column("outstanding_overdue", Count, "Those of them past the six weeks of reg 8(1) without an exception."),
    column("sent_back", Count, "Sent back as not good enough."),
    column("declined", Count, "Declined by the body."),
    column("within_six_weeks", Count, "Returned within six weeks of the body's receipt."),
    column("late", Count, "Returned later, or not yet and past them; the clock stops when the assessment ends."),
    column("exempt", Count, "Late, and an exception of reg 8(2) excuses it."),
    column("pc_within_six_weeks", Percentage, "within_six_weeks of it and late."),
    column("days_people", Count, "Returned: whom the days are of."),
    column("mean_days", Days, "Mean days from the body's receipt to the advice."),
    column("p50_days", Count, "The median, by nearest rank."),
    column("p75_days", Count, "The 75th percentile."),
    column("p90_days", Count, "The 90th percentile."),
    column("p92_days", Count, "The 92nd percentile."),
    column("longest_days", Count, "The longest."),
];

const COVERAGE: &[Column] = &[
    column("advice_type", Text, "Whose advice."),
    column("assessments", Count, "Decisions to assess in the period."),
    column("asked", Count, "Those of them for which this advice was asked, or earlier advice accepted."),
    column("never_asked", Count, "Those for which it was not."),
    column("plans_issued", Count, "Plans issued in the period."),
    column(
        "plans_without_advice",
        Count,
        "Issued although this advice had been asked for and was not in hand that day.",
    ),
    column("plans_never_asked", Count, "Issued without this advice ever being asked for."),
];

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[
    ("EhcFlow", &[PLACE, FLOW]),
    ("EhcThreeViews", &[PLACE, VIEWS]),
    ("AdviceTimeliness", &[PLACE, ADVICE]),
    ("AdviceCoverage", &[PLACE, COVERAGE]),
];

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let operation =
        |path: &str, id: &str, handler| Operation::new(Method::GET, path, id, Some(Scope::StatsRead), handler);
    let range = |counted| span_params(["from", "to"], counted);
    let group_by =
        Param::new("group_by", "england, region or authority; and a period.", ParamKind::Words(AREAS_AND_TIMES));
    vec![
        operation("/v1/stats/ehc-flow", "stats_ehc_flow", handler!(ehc_flow))
            .says("statistics", "What comes in and what goes out", "EHC requests, decisions, plans and withdrawals, by the day each happened; `every=week` gives ISO weeks.")
            .takes([common_params(), breakdown_params::<OfCases>(true), range("What happened")].concat())
            .reports("One row for each day, group and period.", &["EhcFlow"]),
        operation("/v1/stats/ehc-three-views", "stats_ehc_three_views", handler!(views))
            .says("statistics", "Timeliness from three sides", "By plans issued (as DfE counts), by requests received (open ones as unfinished) and by the open backlog, side by side: clearing old cases lowers the first and not the second.")
            .takes([common_params(), breakdown_params::<OfCases>(true), range("Issued, received or open")].concat())
            .reports("One row for each day, group and period.", &["EhcThreeViews"]),
        operation("/v1/stats/advice-timeliness", "stats_advice_timeliness", handler!(advice))
            .says("statistics", "Advice asked for and returned", "Requests for advice by the day they were sent: returned, outstanding, late, sent back, declined, and the days they took; by advice type, unless `group_by` names another dimension.")
            .takes([common_params(), breakdown_params::<OfAdvice>(true), range("Sent"), vec![suppression_param()]].concat())
            .reports("One row for each day, group and period.", &["AdviceTimeliness", "PublishedAdviceTimeliness"]),
        operation("/v1/stats/advice-coverage", "stats_advice_coverage", handler!(advice_coverage))
            .says("statistics", "Advice never asked for, and plans without it", "For each kind of advice: assessments that asked for it, and plans issued without it.")
            .takes([common_params(), vec![group_by], range("Decided or issued")].concat())
            .reports("One row for each day, area, period and kind of advice.", &["AdviceCoverage"]),
    ]
}

async fn ehc_flow(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["from", "to"])?;
    let breakdown = breakdown::<OfCases>(&call, &[])?;
    bounded(&queries, Some(span), &breakdown)?;
    let shape = Shape {
        name: "ehc-flow",
        definition: &definitions::EHC_FLOW,
        columns: [PLACE, &breakdown_columns(&breakdown), FLOW].concat(),
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.ehc_flow(caller, query, &breakdown, span);
    statistic(&call, shape, queries, measure, |query, measured| tallied(query, measured, flow_cells)).await
}

fn flow_cells(flow: &EhcFlow) -> Vec<Cell> {
    let EhcFlow { requests, assess, refuse, plans, no_plan, withdrawn, ended } = *flow;
    let mut cells: Vec<_> = [requests, assess, refuse, plans, no_plan, withdrawn, ended].map(Cell::Count).into();
    cells.push(Cell::Signed(flow.net()));
    cells
}

async fn views(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["from", "to"])?;
    let breakdown = breakdown::<OfCases>(&call, &[])?;
    bounded(&queries, Some(span), &breakdown)?;
    let shape = Shape {
        name: "ehc-three-views",
        definition: &definitions::EHC_THREE_VIEWS,
        columns: [PLACE, &breakdown_columns(&breakdown), VIEWS].concat(),
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.three_views(caller, query, &breakdown, span);
    statistic(&call, shape, queries, measure, |query, measured| tallied(query, measured, view_cells)).await
}

fn view_cells(views: &ThreeViews) -> Vec<Cell> {
    let ThreeViews { issued, received, ended_otherwise, open, overdue } = views;
    let share = |part, whole| Cell::percentage(tenths_of_percent(part, whole));
    let curve = received.curve();
    vec![
        Cell::Count(issued.people()),
        Cell::Count(views.issued_in_time()),
        share(views.issued_in_time(), issued.people()),
        Cell::percentage(issued.mean_tenths()),
        Cell::count(issued.percentile(50)),
        Cell::Count(received.ended.people() + received.cut_off.people()),
        Cell::Count(*ended_otherwise),
        Cell::Count(received.ended.people()),
        Cell::Count(received.cut_off.people()),
        Cell::share(curve.share_by(140)),
        Cell::count(curve.percentile(50)),
        Cell::Count(open.people()),
        Cell::percentage(open.mean_tenths()),
        Cell::count(open.percentile(50)),
        Cell::count(open.longest()),
        Cell::Count(overdue.people()),
        share(overdue.people(), open.people()),
        Cell::Count(overdue.days_total()),
    ]
}

async fn advice(call: Call) -> Result<HttpResponse, Problem> {
    if call.query.word("suppression") == Some("publish") {
        return published_advice(&call).await;
    }
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["from", "to"])?;
    let breakdown = breakdown::<OfAdvice>(&call, &[Dimension::AdviceType])?;
    bounded(&queries, Some(span), &breakdown)?;
    let shape = Shape {
        name: "advice-timeliness",
        definition: &definitions::ADVICE_TIMELINESS,
        columns: [PLACE, &breakdown_columns(&breakdown), ADVICE].concat(),
    };
    let measure =
        move |app: &App, caller: &Caller, query: &StatQuery| app.advice_counts(caller, query, &breakdown, span);
    statistic(&call, shape, queries, measure, |query, measured| tallied(query, measured, advice_cells)).await
}

fn advice_cells(counts: &AdviceCounts) -> Vec<Cell> {
    let AdviceCounts {
        requested,
        returned,
        outstanding,
        overdue,
        sent_back,
        declined,
        within_six_weeks,
        late,
        exempt,
        ref days,
    } = *counts;
    let mut cells: Vec<_> =
        [requested, returned, outstanding, overdue, sent_back, declined, within_six_weeks, late, exempt]
            .map(Cell::Count)
            .into();
    cells.push(Cell::percentage(tenths_of_percent(within_six_weeks, within_six_weeks + late)));
    cells.extend(spread_cells(days));
    cells
}

async fn advice_coverage(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["from", "to"])?;
    bounded(&queries, Some(span), &Breakdown::default())?;
    let shape = Shape {
        name: "advice-coverage",
        definition: &definitions::ADVICE_COVERAGE,
        columns: [PLACE, COVERAGE].concat(),
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.advice_coverage(caller, query, span);
    statistic(&call, shape, queries, measure, |query, measured| {
        let rows = measured.rows.iter().map(|((area, (period, kind)), count)| {
            let Coverage { assessments, asked, plans, plans_without, plans_never_asked } = *count;
            let mut row = place_cells(query.as_at, *area, *period, &measured.asked);
            row.push(Cell::text(kind.code()));
            let counts = [assessments, asked, assessments - asked, plans, plans_without, plans_never_asked];
            row.extend(counts.map(Cell::Count));
            row
        });
        rows.collect()
    })
    .await
}
