//! Recruiting over a range of days.

use actix_web::HttpResponse;
use actix_web::http::Method;

use crate::app::{App, StatQuery};
use crate::domain::caller::{Caller, Scope};
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::spread::Spread;
use crate::domain::statistics::tenths_of_percent;
use crate::domain::statistics::workforce::recruiting::{OfRounds, Recruiting};
use crate::http::definitions;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::statistics::answer::{Shape, statistic};
use crate::http::statistics::axes::{common_params, span, span_params, stat_queries};
use crate::http::statistics::breakdown::{bounded, breakdown, breakdown_columns, breakdown_params};
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, column};
use crate::http::statistics::therapy::tallied;

use ColumnType::{Count, Days, Decimal, Percentage};

/// The columns of recruiting.
pub const RECRUITING: &[Column] = &[
    column("started", Count, "Rounds approved in the period."),
    column("ended", Count, "Rounds that ended in the period, whatever became of them."),
    column("appointed", Count, "Those of them that filled a post."),
    column("nobody_suitable", Count, "Those that found nobody."),
    column("offer_declined", Count, "Those whose offer was declined, or withdrawn after checks."),
    column("withdrawn", Count, "Those whose post was withdrawn or frozen."),
    column("pc_succeeded", Percentage, "appointed of ended."),
    column("rounds_per_filled", Decimal, "Rounds it took to fill a post, the mean of those appointed."),
    column("hired", Count, "Of those appointed, with both days known: approval and start."),
    column("mean_days_to_hire", Days, "Mean of their days from approval to start."),
    column("p50_days_to_hire", Count, "The median, by nearest rank."),
    column("p75_days_to_hire", Count, "The 75th percentile."),
    column("p90_days_to_hire", Count, "The 90th percentile."),
    column("longest_days_to_hire", Count, "The longest."),
    column("mean_days_to_advert", Days, "Mean of days from approval to advert, of those appointed."),
    column("p50_days_to_advert", Count, "The median."),
    column("p75_days_to_advert", Count, "The 75th percentile."),
    column("p90_days_to_advert", Count, "The 90th percentile."),
    column("longest_days_to_advert", Count, "The longest."),
    column("mean_days_to_offer", Days, "Mean of days from advert to offer, of those appointed."),
    column("p50_days_to_offer", Count, "The median."),
    column("p75_days_to_offer", Count, "The 75th percentile."),
    column("p90_days_to_offer", Count, "The 90th percentile."),
    column("longest_days_to_offer", Count, "The longest."),
    column("mean_days_to_start", Days, "Mean of days from offer to start, of those appointed."),
    column("p50_days_to_start", Count, "The median."),
    column("p75_days_to_start", Count, "The 75th percentile."),
    column("p90_days_to_start", Count, "The 90th percentile."),
    column("longest_days_to_start", Count, "The longest."),
    column(
        "running",
        Count,
        "Rounds that run at the end of the period, or of the day asked about if that comes first.",
    ),
    column("mean_days_running", Days, "Mean of their days since approval."),
    column("p50_days_running", Count, "The median."),
    column("longest_days_running", Count, "The longest."),
];

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let params = [common_params(), breakdown_params::<OfRounds>(true), span_params(["from", "to"], "Began or ended")];
    vec![
        Operation::new(Method::GET, "/v1/stats/recruitment", "stats_recruitment", Some(Scope::StatsRead), handler!(recruiting))
            .says("statistics", "How long it takes to fill a post", "Rounds of recruiting that began or ended in a range of days: how many succeeded, how many it took, days by stage, and those that run at its end; by discipline, unless `group_by` names another dimension.")
            .takes(params.concat())
            .reports("One row for each day, group and period.", &["Recruitments"]),
    ]
}

async fn recruiting(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let span = span(&call, &queries, ["from", "to"])?;
    let breakdown = breakdown::<OfRounds>(&call, &[Dimension::Discipline])?;
    bounded(&queries, Some(span), &breakdown)?;
    let shape = Shape {
        name: "recruitment",
        definition: &definitions::RECRUITMENT,
        columns: [PLACE, &breakdown_columns(&breakdown), RECRUITING].concat(),
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.recruiting(caller, query, &breakdown, span);
    statistic(&call, shape, queries, measure, |query, measured| tallied(query, measured, cells)).await
}

fn cells(counted: &Recruiting) -> Vec<Cell> {
    let mut cells = vec![Cell::Count(counted.started), Cell::Count(counted.ended())];
    cells.extend(counted.by_outcome.map(Cell::Count));
    cells.push(Cell::percentage(tenths_of_percent(counted.appointed(), counted.ended())));
    cells.push(Cell::decimal(counted.rounds_per_filled(), 2));
    cells.push(Cell::Count(counted.to_hire.people()));
    for stage in [&counted.to_hire, &counted.to_advert, &counted.to_offer, &counted.to_start] {
        cells.extend(days(stage));
    }
    let running = &counted.running;
    cells.extend([
        Cell::Count(running.people()),
        Cell::percentage(running.mean_tenths()),
        Cell::count(running.percentile(50)),
        Cell::count(running.longest()),
    ]);
    cells
}

/// Mean, percentiles and the longest of a stage.
fn days(stage: &Spread) -> [Cell; 5] {
    let [half, three_quarters, nine_tenths] = stage.percentiles([50, 75, 90]).map(Cell::count);
    [Cell::percentage(stage.mean_tenths()), half, three_quarters, nine_tenths, Cell::count(stage.longest())]
}
