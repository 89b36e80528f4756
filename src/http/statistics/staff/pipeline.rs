//! The training pipeline: who is in training at the end of a day, and when that adds capacity.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::Method;

use crate::app::{Ahead, App, Measured, StatQuery, TrainingPipeline};
use crate::domain::caller::{Caller, Scope};
use crate::domain::facts::date;
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::group::Every;
use crate::domain::statistics::workforce::training::{OfTrainees, Pipeline};
use crate::http::definitions;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::answer::{Shape, statistic_from, told};
use crate::http::statistics::axes::{common_params, refused, series_params, series_queries};
use crate::http::statistics::breakdown::{bounded, breakdown, breakdown_columns, breakdown_params, label_cells};
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, column, place_cells};

use ColumnType::{Count, Date, Decimal};

/// The columns of the training pipeline.
pub const PIPELINE: &[Column] = &[
    column("trainees", Count, "In training at the end of the day; with a period, those who qualify in it."),
    column("wte", Decimal, "Whole-time equivalents they would work."),
    column("expected_wte", Decimal, "The same, each weighted by the probability of staying that is recorded."),
    column("productive_wte_at_qualification", Decimal, "expected_wte, weighted by productivity at qualification."),
    column("productive_wte_after_12_weeks", Decimal, "By productivity 12 weeks later."),
    column("productive_wte_after_26_weeks", Decimal, "26 weeks later."),
    column("productive_wte_after_52_weeks", Decimal, "52 weeks later."),
    column("first_qualifies_on", Date, "The first day on which one of them qualifies."),
];

/// How many years ahead periods of qualification reach, and how many at most: a first degree takes three or four.
const YEARS: u32 = 5;
const MOST_YEARS: i64 = 20;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let years = Param::new(
        "years_ahead",
        "How many years of qualification are looked ahead where `group_by` names a period: 5, if left out. Whoever qualifies later is in no period, and in the row without one.",
        ParamKind::Whole(1, MOST_YEARS),
    );
    let params = [common_params(), breakdown_params::<OfTrainees>(true), series_params(), vec![years]];
    vec![
        Operation::new(
            Method::GET,
            "/v1/stats/training-pipeline",
            "stats_training_pipeline",
            Some(Scope::StatsRead),
            handler!(training_pipeline),
        )
        .says("statistics", "Who is being trained, and from when that helps", "Trainees in training at the end of a day, by discipline unless `group_by` names another dimension; a period in `group_by` is that of qualification, while `every` makes a series of days. `meta.assumptions` names the ramps of productivity.")
        .takes(params.concat())
        .reports("One row for each day, group and period of qualification.", &["TrainingPipeline"]),
    ]
}

async fn training_pipeline(call: Call) -> Result<HttpResponse, Problem> {
    let queries = series_queries(&call)?;
    let ahead = ahead(&call)?;
    let breakdown = breakdown::<OfTrainees>(&call, &[Dimension::Discipline])?;
    bounded(&queries, queries.first().map(|query| ahead.span(query)), &breakdown)?;
    let shape = Shape {
        name: "training-pipeline",
        definition: &definitions::TRAINING_PIPELINE,
        columns: [PLACE, &breakdown_columns(&breakdown), PIPELINE].concat(),
    };
    let measure =
        move |app: &App, caller: &Caller, query: &StatQuery| app.training_pipeline(caller, query, &breakdown, ahead);
    let rests_on = |measured: &Measured<TrainingPipeline>| told(&measured.rows.premises);
    statistic_from(&call, shape, queries, measure, (rows, rests_on)).await
}

/// The periods of qualification that `group_by` names.
fn ahead(call: &Call) -> Result<Ahead, Problem> {
    let words: BTreeSet<_> =
        call.query.words("group_by").iter().copied().filter(|word| Every::CODES.contains(word)).collect();
    if words.len() > 1 {
        let message = format!("must name one period, but names {}", Vec::from_iter(words).join(" and "));
        return Err(refused("group_by", "contradiction", &message));
    }
    let every = words.first().and_then(|word| Every::parse(word)).unwrap_or(Every::Range);
    let years = call.query.whole("years_ahead").and_then(|years| u32::try_from(years).ok()).unwrap_or(YEARS);
    Ok(Ahead { every, years })
}

fn rows(query: &StatQuery, measured: &Measured<TrainingPipeline>) -> Vec<Vec<Cell>> {
    let cells = measured.rows.cells.iter();
    cells
        .map(|(key, counted)| {
            let mut row = place_cells(query.as_at, key.area, key.period, &measured.asked);
            row.extend(label_cells(key));
            row.extend(pipeline_cells(counted));
            row
        })
        .collect()
}

fn pipeline_cells(counted: &Pipeline) -> Vec<Cell> {
    let mut cells = vec![
        Cell::Count(counted.trainees),
        Cell::hundredths(counted.wte),
        Cell::decimal(i64::try_from(counted.expected).ok(), 6),
    ];
    cells.extend(counted.productive().map(|millionths| Cell::Decimal(millionths, 6)));
    cells.push(Cell::date(counted.first.and_then(date)));
    cells
}
