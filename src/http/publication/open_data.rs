//! Open data: published figures for everyone, as data and as a piece of a page for a council's Local Offer.

use actix_web::HttpResponse;
use actix_web::http::Method;

use crate::app::App;
use crate::domain::statistics::dimension::Dimension;
use crate::domain::statistics::group::Level;
use crate::domain::statistics::publication::{DIMENSIONS, Plans, Waiting};
use crate::http::format::Format;
use crate::http::operation::{Call, Operation, handler};
use crate::http::problem::Problem;
use crate::http::publication::asked::{part, quarter, year};
use crate::http::publication::fragment::{Table, fragment, say_day};
use crate::http::publication::prepared::{advice_of, contacts_of, month_ends, of_year, plans_of, waiting_of};
use crate::http::publication::published::{Part, columns, rows};
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::answer::piece;
use crate::http::statistics::axes::AREAS;
use crate::http::statistics::report::Cell;

/// What the published waiting list and the first contacts can be told apart by.
const GROUPS: &[&str] = &["england", "region", "authority", "discipline", "age_band", "primary_need", "sex"];

/// What the published requests for advice can be told apart by.
const GROUPS_OF_ADVICE: &[&str] = &["england", "region", "authority", "advice_type"];

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let authority = Param::new(
        "authority",
        "Only these authorities: DfE or GSS codes, separated by commas.",
        ParamKind::Authorities,
    );
    let format = Param::new("format", "json, csv, ndjson, parquet or arrow.", ParamKind::Word(Format::CODES));
    let quarter =
        Param::new("quarter", "A finished quarter, such as 2024-Q4; the last one, if left out.", ParamKind::Text(7));
    let year = Param::new("year", "A finished calendar year; the last one, if left out.", ParamKind::Whole(2014, 2099));
    let waiting = Param::new(
        "group_by",
        "england, region or authority; and one of discipline, age_band, primary_need and sex.",
        ParamKind::Words(GROUPS),
    );
    let area = Param::new("group_by", "england, region or authority.", ParamKind::Word(AREAS));
    let kinds =
        Param::new("group_by", "england, region or authority; and advice_type.", ParamKind::Words(GROUPS_OF_ADVICE));
    let one = Param::required("authority", "The authority: DfE or GSS code.", ParamKind::Authority);
    let operation = |path: &str, id: &str, handler| Operation::new(Method::GET, path, id, None, handler);
    let html = |about| vec![("text/html; charset=utf-8", about)];
    vec![
        operation("/open/v1/waiting-times", "open_waiting_times", handler!(waiting_times))
            .says("open data", "The therapy waiting list, for everyone", "Published figures of the month ends of a finished quarter: no key, disclosure control always on, for any page to show; made at the beginning of each month.")
            .takes(vec![quarter.clone(), authority.clone(), waiting.clone(), format.clone()])
            .reports("One row for each month end, area and member.", &["PublishedWaitingList"]),
        operation("/open/v1/ehc-timeliness", "open_ehc_timeliness", handler!(ehc_timeliness))
            .says("open data", "Timeliness of EHC plans, for everyone", "Published figures of a finished year: no key, disclosure control always on; made at the beginning of each month.")
            .takes(vec![year.clone(), authority.clone(), area, format.clone()])
            .reports("One row for each area.", &["PublishedEhcTimeliness"]),
        operation("/open/v1/first-contacts", "open_first_contacts", handler!(first_contacts))
            .says("open data", "How long those seen had waited, for everyone", "Published figures of the first contacts of a finished quarter: no key, disclosure control always on; made at the beginning of each month.")
            .takes(vec![quarter.clone(), authority.clone(), waiting, format.clone()])
            .reports("One row for each area and member.", &["PublishedWaitingTimes"]),
        operation("/open/v1/advice-timeliness", "open_advice_timeliness", handler!(advice_timeliness))
            .says("open data", "Advice asked for and returned, for everyone", "Published figures of the requests for advice of a finished year: no key, disclosure control always on; made at the beginning of each month.")
            .takes(vec![year.clone(), authority, kinds, format])
            .reports("One row for each area and kind of advice.", &["PublishedAdviceTimeliness"]),
        operation("/open/v1/waiting-times.html", "open_waiting_times_fragment", handler!(waiting_fragment))
            .says("open data", "The waiting list as a piece of a page", "A section with a heading, a sentence and a table, to be put into a council's Local Offer page; it reads well in a screen reader and needs no script.")
            .takes(vec![one.clone(), quarter])
            .answers_tagged("The piece of a page.", html(String::new())),
        operation("/open/v1/ehc-timeliness.html", "open_ehc_timeliness_fragment", handler!(plans_fragment))
            .says("open data", "Timeliness of EHC plans as a piece of a page", "The same for the plans issued within twenty weeks.")
            .takes(vec![one, year])
            .answers_tagged("The piece of a page.", html(String::new())),
    ]
}

async fn waiting_times(call: Call) -> Result<HttpResponse, Problem> {
    waiting_of(&call, quarter(&call)?, &part(&call, &DIMENSIONS, None)?).await
}

async fn first_contacts(call: Call) -> Result<HttpResponse, Problem> {
    contacts_of(&call, [quarter(&call)?], &part(&call, &DIMENSIONS, None)?).await
}

async fn ehc_timeliness(call: Call) -> Result<HttpResponse, Problem> {
    plans_of(&call, [year(&call)?], &part(&call, &[], None)?).await
}

async fn advice_timeliness(call: Call) -> Result<HttpResponse, Problem> {
    advice_of(&call, [year(&call)?], &part(&call, &[Dimension::AdviceType], None)?).await
}

async fn waiting_fragment(call: Call) -> Result<HttpResponse, Problem> {
    let quarter = quarter(&call)?;
    let publication = call.run(move |app: &App, _| app.published_waiting(quarter)).await?;
    let authorities = call.query.authorities("authority");
    let part = Part { level: Level::Authority, authorities, dimension: Some(Dimension::Discipline) };
    let rows = rows(&publication, &month_ends(quarter), &part);
    let end = quarter.month_ends().pop();
    let last = rows.iter().filter(|row| row.first() == Some(&Cell::date(end)));
    let wanted = ["discipline", "waiting", "waiting_over_18_weeks", "waiting_over_52_weeks", "mean_weeks_waiting"];
    let heads = ["Therapy", "Referrals waiting", "Over 18 weeks", "Over a year", "Mean wait in weeks"];
    let table = Table { columns: &columns::<Waiting>(part.dimension), wanted: &wanted, heads: &heads };
    let name = name_of(&call);
    let day = end.map(say_day).unwrap_or_default();
    let caption = format!("Referrals waiting for therapy in {name} on {day}");
    piece(&call, fragment("waiting for therapy", &caption, &table.write(last)))
}

async fn plans_fragment(call: Call) -> Result<HttpResponse, Problem> {
    let year = year(&call)?;
    let publication = call.run(move |app: &App, _| app.published_plans(year)).await?;
    let part = Part { level: Level::Authority, authorities: call.query.authorities("authority"), dimension: None };
    let rows = rows(&publication, &[of_year(year).1], &part);
    let wanted = ["time_period", "plans_issued_den", "plans_issued_within_20_weeks", "pc_plans_issued_within_20_weeks"];
    let heads = ["Year", "Plans issued", "Within 20 weeks", "Per cent within 20 weeks"];
    let table = Table { columns: &columns::<Plans>(None), wanted: &wanted, heads: &heads };
    let caption = format!("EHC plans issued in {} in {year}", name_of(&call));
    piece(&call, fragment("EHC plans", &caption, &table.write(rows.iter())))
}

fn name_of(call: &Call) -> &'static str {
    call.query.authorities("authority").and_then(<[_]>::first).map_or("England", |authority| authority.name())
}
