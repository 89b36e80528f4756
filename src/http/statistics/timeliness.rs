//! Statistics on the wire: timeliness of EHC plans and decisions, as DfE counts it.

use actix_web::HttpResponse;
use actix_web::http::Method;

use crate::app::{App, StatQuery};
use crate::domain::caller::{Caller, Scope};
use crate::domain::published::Figures;
use crate::domain::statistics::tally::Breakdown;
use crate::domain::statistics::tenths_of_percent;
use crate::domain::statistics::timeliness::{DecisionStage, Decisions, PlansIssued};
use crate::http::definitions;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::publication::prepared::published_timeliness;
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::answer::{Shape, statistic};
use crate::http::statistics::axes::{
    AREAS_AND_TIMES, common_params, last_day, span, span_params, stat_queries, suppression_param,
};
use crate::http::statistics::breakdown::bounded;
use crate::http::statistics::compare::{compare_params, compared_columns, compared_rows, comparison, summed};
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, column, placed};

use ColumnType::{Count, Percentage};

const PLANS: &[Column] = &[
    column("plans_issued_den", Count, "Plans issued, cases with mediation or a tribunal left out."),
    column("plans_issued_den_ex", Count, "The same without plans that have an exception."),
    column("plans_issued_within_20_weeks", Count, "Issued within 140 days of the request."),
    column("plans_issued_20_weeks_ex", Count, "The same without exceptions."),
    column("pc_plans_issued_within_20_weeks", Percentage, "Share of plans_issued_den."),
    column("PC_plans_issued_20_weeks_ex", Percentage, "Share of plans_issued_den_ex: DfE's headline."),
    column("plans_issued_gt20weeks_ltYear", Count, "Issued within 141 to 364 days."),
    column("plans_issued_gt20weeks_ltYear_ex", Count, "The same without exceptions."),
    column("pc_plans_issued_gt20weeks_ltYear", Percentage, "Share of plans_issued_den."),
    column("PC_plans_issued_gt20weeks_ltYear_ex", Percentage, "Share of plans_issued_den_ex."),
    column("plans_issued_gt_1_year", Count, "Issued after 365 days or more."),
    column("plans_issued_gt_1_year_ex", Count, "The same without exceptions."),
    column("pc_plans_issued_gt_1_year", Percentage, "Share of plans_issued_den."),
    column("PC_plans_issued_gt_1_year_ex", Percentage, "Share of plans_issued_den_ex."),
];

const TO_ASSESS: &[Column] = &[
    column(
        "request_outcome_den",
        Count,
        "Decisions whether to assess; one whose start nobody knows is in neither count.",
    ),
    column("request_outcome_six_weeks", Count, "Decisions whether to assess notified within 42 days."),
    column("request_outcome_over_6_weeks", Count, "Notified later."),
    column("request_outcome_six_weeks_pc", Percentage, "Share of request_outcome_den."),
    column("request_outcome_over_6_weeks_pc", Percentage, "Share of request_outcome_den."),
];

const NOT_TO_ISSUE: &[Column] = &[
    column("outcome_decision_den", Count, "Decisions not to issue a plan whose start is known."),
    column("outcome_decision_within_time", Count, "Decisions not to issue a plan notified within 112 days."),
    column("outcome_decision_over_time", Count, "Notified later."),
    column("outcome_decision_within_time_pc", Percentage, "Share of outcome_decision_den."),
    column("outcome_decision_over_time_pc", Percentage, "Share of outcome_decision_den."),
];

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[
    ("EhcTimeliness", &[PLACE, PLANS]),
    ("DecisionTimeliness", &[PLACE, TO_ASSESS]),
    ("RefusalTimeliness", &[PLACE, NOT_TO_ISSUE]),
];

const STAGES: &[&str] = &["plan", "decision_to_assess", "decision_not_to_issue"];

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let mut timeliness = common_params();
    timeliness.extend([
        Param::new(
            "group_by",
            "england, region or authority; a period of issue; or one of each, separated by a comma.",
            ParamKind::Words(AREAS_AND_TIMES),
        ),
        Param::new(
            "stage",
            "plan: twenty weeks; decision_to_assess: six; decision_not_to_issue: sixteen.",
            ParamKind::Word(STAGES),
        ),
    ]);
    timeliness.extend(span_params(["issued_from", "issued_to"], "Issued (or decided)"));
    timeliness.push(suppression_param());
    timeliness.extend(compare_params());
    vec![
        Operation::new(Method::GET, "/v1/stats/ehc-timeliness", "stats_ehc_timeliness", Some(Scope::StatsRead), handler!(ehc_timeliness))
            .says("statistics", "Timeliness of EHC plans and decisions", "DfE's columns and bands, by authority, region, England, year and month of issue. `stage=plan` (the default) answers EhcTimeliness rows, the other stages DecisionTimeliness and RefusalTimeliness rows.")
            .takes(timeliness)
            .reports("One row for each group.", &["EhcTimeliness", "DecisionTimeliness", "RefusalTimeliness", "PublishedEhcTimeliness"]),
    ]
}

async fn ehc_timeliness(call: Call) -> Result<HttpResponse, Problem> {
    if call.query.word("suppression") == Some("publish") {
        return published_timeliness(&call).await;
    }
    let stage = match call.query.word("stage") {
        Some("decision_to_assess") => DecisionStage::ToAssess,
        Some("decision_not_to_issue") => DecisionStage::NotToIssue,
        _ => return plans(&call).await,
    };
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["issued_from", "issued_to"])?;
    bounded(&queries, Some(span), &Breakdown::default())?;
    let (definition, columns) = match stage {
        DecisionStage::ToAssess => (&definitions::DECISIONS_TO_ASSESS, TO_ASSESS),
        DecisionStage::NotToIssue => (&definitions::DECISIONS_NOT_TO_ISSUE, NOT_TO_ISSUE),
    };
    let comparison = comparison(&call)?;
    let shape = Shape { name: "ehc-decisions", definition, columns: compared_columns(comparison.as_ref(), columns) };
    let last = last_day(&queries);
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.decisions(caller, query, stage, span);
    let published = move |figures: &Figures| match stage {
        DecisionStage::ToAssess => figures.decisions_to_assess,
        DecisionStage::NotToIssue => figures.decisions_not_to_issue,
    };
    statistic(&call, shape, queries, measure, |query, measured| {
        let beside = (comparison.as_ref(), query.as_at == last);
        let cells = |area| decision_cells(&summed(area, published));
        compared_rows(beside, placed(query, measured, decision_cells), cells)
    })
    .await
}

async fn plans(call: &Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(call)?;
    let span = span(call, &queries, ["issued_from", "issued_to"])?;
    bounded(&queries, Some(span), &Breakdown::default())?;
    let comparison = comparison(call)?;
    let columns = compared_columns(comparison.as_ref(), PLANS);
    let shape = Shape { name: "ehc-timeliness", definition: &definitions::EHC_TIMELINESS, columns };
    let last = last_day(&queries);
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.plans_issued(caller, query, span);
    statistic(call, shape, queries, measure, |query, measured| {
        let cells = |area| plan_cells(&summed(area, |figures| figures.plans));
        compared_rows((comparison.as_ref(), query.as_at == last), placed(query, measured, plan_cells), cells)
    })
    .await
}

fn plan_cells(plans: &PlansIssued) -> Vec<Cell> {
    let (all, ex) = (&plans.all, &plans.without_exceptions);
    let mut cells = vec![Cell::Count(all.plans), Cell::Count(ex.plans)];
    for (count, count_ex) in [
        (all.within_20_weeks, ex.within_20_weeks),
        (all.from_20_to_52_weeks, ex.from_20_to_52_weeks),
        (all.over_52_weeks, ex.over_52_weeks),
    ] {
        cells.extend([
            Cell::Count(count),
            Cell::Count(count_ex),
            Cell::percentage(tenths_of_percent(count, all.plans)),
            Cell::percentage(tenths_of_percent(count_ex, ex.plans)),
        ]);
    }
    cells
}

fn decision_cells(made: &Decisions) -> Vec<Cell> {
    let share = |part| Cell::percentage(tenths_of_percent(part, made.measured));
    vec![
        Cell::Count(made.measured),
        Cell::Count(made.within),
        Cell::Count(made.over),
        share(made.within),
        share(made.over),
    ]
}
