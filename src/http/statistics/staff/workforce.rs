//! The workforce and its caseload, at the end of a day.

use actix_web::HttpResponse;
use actix_web::http::Method;

use crate::app::{App, StatQuery};
use crate::domain::caller::{Caller, Scope};
use crate::domain::post_holding::Engagement;
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::workforce::caseload::{Caseload, OfDisciplines};
use crate::domain::statistics::workforce::{OfStaff, Workforce};
use crate::http::definitions;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::statistics::answer::{Shape, statistic};
use crate::http::statistics::axes::{common_params, series_params, series_queries};
use crate::http::statistics::breakdown::{bounded, breakdown, breakdown_columns, breakdown_params};
use crate::http::statistics::report::{Cell, Column, ColumnType, PLACE, column};
use crate::http::statistics::therapy::tallied;

use ColumnType::{Count, Decimal, Percentage};

/// The columns of the workforce.
pub const WORKFORCE: &[Column] = &[
    column(
        "posts",
        Count,
        "Records of posts funded on the day; one may stand for several posts alike. Null by engagement.",
    ),
    column(
        "funded_wte",
        Decimal,
        "Whole-time equivalents paid for. Null where rows are told apart or chosen by engagement: funding is not divided by it.",
    ),
    column("in_post_wte", Decimal, "Held on the day, on whatever terms: filled, covered and trainees together."),
    column("filled_wte", Decimal, "Held by permanent and fixed-term staff."),
    column("covered_wte", Decimal, "Covered by agency and bank staff, who do not fill a vacancy."),
    column(
        "vacant_wte",
        Decimal,
        "funded_wte less filled_wte; below 0 where more is filled than funded. Null by engagement.",
    ),
    column("pc_vacant", Percentage, "Vacancy rate: vacant_wte of funded_wte."),
    column(
        "vacant_3_months_wte",
        Decimal,
        "What stood vacant on every day of the last three months, post by post. Null by engagement.",
    ),
    column("pc_vacant_3_months", Percentage, "vacant_3_months_wte of it and filled_wte together."),
    column("absent_wte", Decimal, "Held by workers who are absent on the day, each once; part of in_post_wte."),
    column("absent_sickness_wte", Decimal, "Absent through sickness."),
    column("absent_maternity_wte", Decimal, "On maternity, paternity, adoption or shared parental leave."),
    column("absent_booked_leave_wte", Decimal, "On annual leave that is booked."),
    column("absent_study_wte", Decimal, "On study leave."),
    column("agency_wte", Decimal, "Held by agency staff."),
    column("bank_wte", Decimal, "Held by bank staff."),
    column("trainee_wte", Decimal, "Held by trainees, who neither fill nor cover."),
    column(
        "newly_qualified_wte",
        Decimal,
        "Held by those marked newly qualified, less than twelve months after their first day in the post.",
    ),
    column("headcount", Count, "Workers who hold a post on the day, each once in a row."),
];

/// The columns of the caseload.
pub const CASELOAD: &[Column] = &[
    column("caseload", Count, "Referrals seen for the first time, and neither discharged nor withdrawn."),
    column("waiting", Count, "Referrals waiting for their first contact."),
    column(
        "ehc_requests_awaiting_advice",
        Count,
        "Open EHC requests for which this discipline's advice was asked and is not in hand, each once.",
    ),
    column("in_post_wte", Decimal, "Whole-time equivalents held on the day, on whatever terms, absent or not."),
    column("trainee_wte", Decimal, "The trainees' among them."),
    column(
        "caseload_per_wte",
        Decimal,
        "caseload for each whole-time equivalent in post without trainees; null where there is none.",
    ),
    column("waiting_per_wte", Decimal, "waiting, divided alike."),
    column("ehc_requests_per_wte", Decimal, "ehc_requests_awaiting_advice, divided alike."),
];

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let operation =
        |path: &str, id: &str, handler| Operation::new(Method::GET, path, id, Some(Scope::StatsRead), handler);
    vec![
        operation("/v1/stats/workforce", "stats_workforce", handler!(workforce))
            .says("statistics", "The workforce", "At the end of a day, in whole-time equivalents: funded, filled, covered, vacant, absent, and for how long vacant; by discipline, unless `group_by` names another dimension. By `engagement` nothing is said of funding. Groups of fewer than three staff may identify a worker: for the council's own use.")
            .takes([common_params(), breakdown_params::<OfStaff>(false), series_params()].concat())
            .reports("One row for each day, group and member.", &["Workforce"]),
        operation("/v1/stats/caseload", "stats_caseload", handler!(caseload))
            .says("statistics", "Caseload for each whole-time equivalent", "At the end of a day, by discipline: children on the caseload, waiting, and EHC requests that wait for advice, each for a whole-time equivalent in post. Referrals and advice name no service's post and no band, so neither has a caseload.")
            .takes([common_params(), breakdown_params::<OfDisciplines>(false), series_params()].concat())
            .reports("One row for each day, group and discipline.", &["Caseload"]),
    ]
}

async fn workforce(call: Call) -> Result<HttpResponse, Problem> {
    let queries = series_queries(&call)?;
    let breakdown = breakdown::<OfStaff>(&call, &[Dimension::Discipline])?;
    bounded(&queries, None, &breakdown)?;
    let shape = Shape {
        name: "workforce",
        definition: &definitions::WORKFORCE,
        columns: [PLACE, &breakdown_columns(&breakdown), WORKFORCE].concat(),
    };
    let with_posts = !breakdown.uses(Dimension::Engagement);
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.workforce(caller, query, &breakdown);
    let cells = move |counted: &Workforce| workforce_cells(counted, with_posts);
    statistic(&call, shape, queries, measure, |query, measured| tallied(query, measured, cells)).await
}

fn workforce_cells(counted: &Workforce, with_posts: bool) -> Vec<Cell> {
    let of_posts = |cell: Cell| if with_posts { cell } else { Cell::Null };
    let [booked_leave, sickness, maternity, study] = counted.absent_by_kind.map(Cell::hundredths);
    vec![
        of_posts(Cell::Count(counted.posts)),
        of_posts(Cell::hundredths(counted.funded)),
        Cell::hundredths(counted.in_post()),
        Cell::hundredths(counted.filled()),
        Cell::hundredths(counted.covered()),
        of_posts(Cell::Decimal(counted.vacant(), 2)),
        of_posts(Cell::decimal(counted.vacancy_rate(), 1)),
        of_posts(Cell::hundredths(counted.vacant_three_months)),
        of_posts(Cell::decimal(counted.three_month_rate(), 1)),
        Cell::hundredths(counted.absent),
        sickness,
        maternity,
        booked_leave,
        study,
        Cell::hundredths(counted.held_as(Engagement::Agency)),
        Cell::hundredths(counted.held_as(Engagement::Bank)),
        Cell::hundredths(counted.held_as(Engagement::Trainee)),
        Cell::hundredths(counted.newly_qualified),
        Cell::Count(counted.workers),
    ]
}

async fn caseload(call: Call) -> Result<HttpResponse, Problem> {
    let queries = series_queries(&call)?;
    let breakdown = breakdown::<OfDisciplines>(&call, &[Dimension::Discipline])?;
    bounded(&queries, None, &breakdown)?;
    let shape = Shape {
        name: "caseload",
        definition: &definitions::CASELOAD,
        columns: [PLACE, &breakdown_columns(&breakdown), CASELOAD].concat(),
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.caseload(caller, query, &breakdown);
    statistic(&call, shape, queries, measure, |query, measured| tallied(query, measured, caseload_cells)).await
}

fn caseload_cells(counted: &Caseload) -> Vec<Cell> {
    let cases = [counted.seen, counted.waiting, counted.awaiting_advice];
    let mut cells: Vec<_> = cases.map(Cell::Count).into();
    cells.extend([counted.in_post, counted.trainees].map(Cell::hundredths));
    cells.extend(cases.map(|cases| Cell::decimal(counted.per_wte(cases), 1)));
    cells
}
