//! The timeline of one EHC case: every clock on one day, and what follows from the limits.

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::{Value, json};

use super::operation::{Call, Operation, handler};
use super::problem::Problem;
use super::query::{Param, ParamKind};
use super::view::ClockView;
use crate::app::{Timeline, TimelineClock};
use crate::domain::advice_request::AdviceType;
use crate::domain::caller::Scope;
use crate::domain::clock::milestones::{Cause, Milestones};
use crate::domain::clock::{Exception, Possible};
use crate::domain::noun::Noun;
use crate::domain::order::OrderSource;
use crate::domain::reference::RecordId;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let params = vec![
        Param::new(
            "as_at",
            "The day: what happened after its end has not happened. Today, if left out.",
            ParamKind::Date,
        ),
        Param::new(
            "drafting_days",
            "How long a plan takes to draft once all advice is in hand: an assumption, 0 if left out.",
            ParamKind::Whole(0, 125),
        ),
    ];
    vec![
        Operation::new(Method::GET, "/v1/ehc-requests/{id}/timeline", "get_ehc_request_timeline", Some(Scope::RecordsRead), handler!(timeline))
            .says("law", "Read every clock of a case", "The clocks of the request, of its advice, consultations, disputes and orders, and of the plan that came of it with its reviews, amendments and re-assessments, by due date, with the regulation and the working in words; the closures of schools that may be a ground for an exception; then the milestones that follow from the limits, and from which day and by whose step a late plan could no longer be avoided.")
            .takes(params)
            .answers(200, "The timeline.", "Timeline"),
    ]
}

async fn timeline(call: Call) -> Result<HttpResponse, Problem> {
    let id = call.record_id(Noun::EhcRequest)?;
    let as_at = call.query.date("as_at").unwrap_or_else(|| call.app.clock().today());
    let drafting_days = call.query.whole("drafting_days").and_then(|days| u32::try_from(days).ok()).unwrap_or(0);
    let timeline = call.run(move |app, _| app.timeline(id, as_at, drafting_days)).await?;
    Ok(HttpResponse::Ok().json(view(&timeline, drafting_days)))
}

fn view(timeline: &Timeline, drafting_days: u32) -> Value {
    let clocks: Vec<_> = timeline.clocks.iter().map(clock_view).collect();
    json!({
        "ehc_request_id": timeline.record.id.to_string(),
        "as_at": timeline.as_at.to_string(),
        "clocks": clocks,
        "possible_exceptions": timeline.possible.iter().map(possible_view).collect::<Vec<_>>(),
        "milestones": timeline.milestones.as_ref().map(|milestones| milestones_view(milestones, drafting_days)),
    })
}

fn clock_view(clock: &TimelineClock) -> Value {
    let view = ClockView::new(clock.advice.map(AdviceType::code), &clock.reading);
    let mut value = serde_json::to_value(view).unwrap_or_default();
    if let Some(map) = value.as_object_mut() {
        map.insert("record_id".to_owned(), clock.record.to_string().into());
        map.insert("started_on".to_owned(), clock.started_on.map(|day| day.to_string()).into());
        map.insert("working".to_owned(), working(clock).into());
    }
    value
}

fn possible_view((record, possible): &(RecordId, Possible)) -> Value {
    let Exception { ground, starts_on, ends_on, advice_requested_on } = possible.exception;
    json!({
        "record_id": record.to_string(),
        "ground": ground.code(),
        "provision": possible.provision,
        "starts_on": starts_on.to_string(),
        "ends_on": ends_on.map(|day| day.to_string()),
        "advice_requested_on": advice_requested_on.map(|day| day.to_string()),
        "about": "The closure fulfils the words; it excuses only what was impractical because of it, once a timescale exception records that with its evidence.",
    })
}

/// The working of one clock in a sentence.
fn working(clock: &TimelineClock) -> String {
    let rule = clock.reading.rule;
    match (clock.started_on, clock.reading.due_on) {
        (Some(started_on), Some(due_on)) => {
            let (regulation, limit) = (rule.regulation, rule.limit.say());
            let directed = match clock.directed_by {
                None => return format!("{regulation}: from {started_on}, {limit}; the last day is {due_on}."),
                Some(OrderSource::Tribunal) => format!("the Tribunal directed {due_on}"),
                Some(OrderSource::Mediation) => format!("the parties agreed in writing on {due_on}, reg 42(5)"),
                Some(OrderSource::Concession) => format!("the last day was set to {due_on}"),
            };
            format!("{regulation}: from {started_on}; {directed}, in the place of the limit: {limit}.")
        }
        _ => format!("{}: not started.", rule.regulation),
    }
}

fn milestones_view(milestones: &Milestones, drafting_days: u32) -> Value {
    let cause = |cause: &Cause| match cause {
        Cause::Advice(advice) => advice.code(),
        Cause::Council => "council",
    };
    let days = milestones.days.iter();
    json!({
        "days": days.map(|day| json!({ "name": day.name, "on": day.on.to_string(), "about": day.about })).collect::<Vec<_>>(),
        "advice_slack_days": milestones.advice_slack_days,
        "earliest_lawful_final_on": milestones.earliest_lawful_final_on.map(|day| day.to_string()),
        "forced_breach_days": milestones.forced_breach_days,
        "breach_unavoidable_from": milestones.unavoidable.as_ref().map(|(day, _)| day.to_string()),
        "breach_unavoidable_by": milestones.unavoidable.iter().flat_map(|(_, causes)| causes).map(cause).collect::<Vec<_>>(),
        "assumptions": [format!("drafting takes {drafting_days} days once all advice is in hand"), "advice that is still out comes back tomorrow at the earliest".to_owned()],
    })
}
