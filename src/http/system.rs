//! What is not about records: authorities, the change feed, health, metrics, the contract and its problems.

use actix_web::HttpResponse;
use actix_web::http::{Method, header};
use serde_json::{Value, json};

use super::operation::{Call, Operation, handler};
use super::problem::{Code, Problem};
use super::query::{Param, ParamKind};
use super::records::next_link;
use super::view::VersionView;
use crate::domain::authority::{Authority, Region};
use crate::domain::caller::Scope;
use crate::domain::fault::Faults;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let changes = vec![
        Param::new(
            "authority",
            "Whose changes. May be left out by a key that reaches one authority only.",
            ParamKind::Authority,
        ),
        Param::new(
            "after",
            "Only entries after this one: the last `seq` you have, or `page.next_cursor`.",
            ParamKind::Whole(0, i64::MAX),
        ),
        Param::new("limit", "How many at most.", ParamKind::Whole(1, 1_000)),
    ];
    let open = |path: &str, id: &str, handler| Operation::new(Method::GET, path, id, None, handler);
    vec![
        open("/v1/authorities", "list_authorities", handler!(authorities))
            .says("authorities", "List the authorities of England", "All 153, by DfE code, with GSS code, former GSS codes and region.")
            .answers(200, "The authorities.", "AuthorityList"),
        open("/v1/authorities/{code}", "get_authority", handler!(authority))
            .says("authorities", "Read one authority", "By DfE code (301) or by present or former GSS code (E09000002).")
            .answers(200, "The authority.", "Authority"),
        Operation::new(Method::GET, "/v1/changes", "list_changes", Some(Scope::RecordsRead), handler!(changes_after))
            .says("changes", "Read the change feed of an authority", "Every accepted change in order and without gaps: the ledger. Keep the last `seq` and ask for what comes after it; a shorter page than `limit` means you are up to date.")
            .takes(changes)
            .answers(200, "Entries in order.", "ChangeList")
            .fails(&[Code::InvalidRecord]),
        Operation::new(Method::GET, "/metrics", "metrics", Some(Scope::MetricsRead), handler!(metrics))
            .says("system", "Metrics for Prometheus", "Text format 0.0.4. Domain gauges come from the same counts as the statistics; a key that reaches some authorities is shown theirs.")
            .answers_with(200, "The metrics.", vec![("text/plain", String::new())]),
        open("/health/live", "health_live", handler!(live))
            .says("system", "Whether the process lives", "Never asks the database: a restart would not mend it.")
            .answers(200, "It lives.", "Health"),
        open("/health/ready", "health_ready", handler!(ready))
            .says("system", "Whether requests can be answered", "Asks the database.")
            .answers(200, "It answers.", "Health"),
        open("/openapi.json", "openapi", handler!(openapi))
            .says("system", "This contract", "OpenAPI 3.1.")
            .answers(200, "The contract.", "OpenApi"),
        open("/problems/{code}", "get_problem", handler!(problem))
            .says("system", "What a problem means", "The page behind the `type` of every problem.")
            .answers_with(200, "In plain words.", vec![("text/plain", String::new())]),
    ]
}

fn authority_view(authority: Authority) -> Value {
    let region: Region = authority.region();
    json!({
        "code": authority.code(),
        "gss_code": authority.gss_code(),
        "former_gss_codes": authority.former_gss_codes(),
        "name": authority.name(),
        "region_code": region.code(),
        "region_name": region.name(),
    })
}

async fn authorities(_call: Call) -> Result<HttpResponse, Problem> {
    let views: Vec<_> = Authority::all().map(authority_view).collect();
    Ok(HttpResponse::Ok().json(json!({ "data": views, "page": { "next_cursor": null } })))
}

async fn authority(call: Call) -> Result<HttpResponse, Problem> {
    let found = Authority::parse(&call.part("code"));
    let missing = || Problem::new(Code::NotFound, "there is no authority of this code; /v1/authorities lists all");
    Ok(HttpResponse::Ok().json(authority_view(found.ok_or_else(missing)?)))
}

async fn changes_after(call: Call) -> Result<HttpResponse, Problem> {
    let named = call.query.authorities("authority").and_then(|list| list.first().copied());
    let authority = call.authority(named, Faults::default())?;
    let after = call.query.whole("after").unwrap_or(0);
    let limit = call.query.whole("limit").unwrap_or(100);
    let versions = call.run(move |app, _| app.changes(authority, after, limit)).await?;
    let full = i64::try_from(versions.len()).is_ok_and(|count| count == limit);
    let last = versions.last().map_or(after, |version| version.entry.seq);
    let views: Vec<_> = versions.iter().map(|version| VersionView { version, changed: None }).collect();
    let mut response = HttpResponse::Ok();
    if full {
        response.insert_header((header::LINK, next_link(&call, &last.to_string())));
    }
    Ok(response.json(json!({ "data": views, "page": { "next_cursor": last.to_string(), "up_to_date": !full } })))
}

async fn metrics(call: Call) -> Result<HttpResponse, Problem> {
    let text = call
        .run(|app, caller| {
            app.refresh_gauges(caller)?;
            Ok::<_, crate::app::AppError>(app.metrics().text(&caller.reach))
        })
        .await?;
    let text = text.map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")).body(text))
}

async fn live(_call: Call) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(json!({ "status": "live" })))
}

async fn ready(call: Call) -> Result<HttpResponse, Problem> {
    call.run(|app, _| app.ready()).await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}

async fn openapi(_call: Call) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/json")).body(super::openapi::text()))
}

async fn problem(call: Call) -> Result<HttpResponse, Problem> {
    let known = Code::ALL.iter().find(|code| code.word() == call.part("code"));
    let code = known.ok_or_else(|| Problem::new(Code::NotFound, "there is no problem of this code"))?;
    let text = format!("{} ({}, status {})\n", code.title(), code.word(), code.status().as_u16());
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8")).body(text))
}
