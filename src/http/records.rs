//! The nouns on the wire: what a request says, and what is answered.

use actix_web::HttpResponse;
use actix_web::http::header::{self, EntityTag, HeaderName};
use serde_json::json;

use super::operation::Call;
use super::problem::{Code, Problem};
use super::view::{RecordView, VersionView, differences};
use crate::app::{AppError, CaseRecord, Condition, Expect, History, Idempotency, Listing, Outcome, Page};
use crate::domain::authority::Authority;
use crate::domain::fault::Faults;
use crate::domain::field::{FieldType, Shape};
use crate::domain::noun::{External, Kind, Noun, Submission};
use crate::domain::reference::{ExternalId, RecordId, SourceSystem};
use crate::ingest::Body;

/// The header that makes a POST safe to repeat.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Records of one page unless said otherwise, and at most.
pub const LIMIT: (i64, i64) = (100, 1_000);

fn noun(call: &Call) -> Result<Noun, Problem> {
    call.noun.ok_or_else(|| Problem::new(Code::Internal, "the operation has no noun"))
}

fn conditions(call: &Call, kind: &Kind) -> Result<Vec<Condition>, Problem> {
    let query = &call.query;
    let mut conditions = Vec::new();
    let mut faults = Faults::default();
    conditions.extend(query.authorities("authority").map(|list| Condition::Authorities(list.to_vec())));
    conditions.extend(query.text("source_system").map(|text| Condition::Source(text.to_owned())));
    conditions.extend(query.text("external_id").map(|text| Condition::ExternalId(text.to_owned())));
    for (place, field) in kind.fields.iter().enumerate() {
        let name = field.name;
        match field.shape {
            Shape::Date => {
                let stem = name.strip_suffix("_on").unwrap_or(name);
                let date = |suffix: &str| query.date(&format!("{stem}_{suffix}")).map(|date| date.to_string());
                conditions.extend(date("from").map(|date| Condition::From(place, date)));
                conditions.extend(date("to").map(|date| Condition::To(place, date)));
            }
            Shape::Code(_) => conditions.extend(query.word(name).map(|word| Condition::Equals(place, word.to_owned()))),
            Shape::Flag => conditions.extend(query.flag(name).map(|flag| Condition::Equals(place, flag.to_string()))),
            Shape::Link(linked) => {
                let Some(text) = query.text(name) else { continue };
                let id = faults.note(name, RecordId::parse(linked, text));
                if let Some(id) = id {
                    conditions.push(Condition::Authorities(vec![id.authority]));
                    conditions.push(Condition::Equals(place, id.number.to_string()));
                }
            }
            Shape::Number(_) => {}
            Shape::Month | Shape::Text(_) | Shape::Reference(_) => {
                conditions.extend(query.text(name).map(|text| Condition::Equals(place, text.to_owned())));
            }
        }
    }
    faults.or(conditions).map_err(|faults| Problem::with_faults(Code::InvalidQuery, &faults))
}

/// A place in a list: the authority and number of a record.
type Place = (Authority, i64);

fn write_cursor((authority, number): &Place) -> String {
    format!("{}-{number}", authority.code())
}

fn read_cursor(text: &str) -> Result<Place, Problem> {
    let read = || {
        let (code, number) = text.split_once('-')?;
        Some((Authority::parse(code)?, number.parse().ok().filter(|number| *number > 0)?))
    };
    read().filter(|place| write_cursor(place) == text).ok_or_else(not_a_cursor)
}

/// A cursor that is not one this service wrote.
pub fn not_a_cursor() -> Problem {
    let mut faults = Faults::default();
    faults.add("cursor", "not_a_cursor", "must be page.next_cursor of an earlier page, unchanged");
    Problem::with_faults(Code::InvalidQuery, &faults)
}

pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    let noun = noun(&call)?;
    let limit = call.query.whole("limit").unwrap_or(LIMIT.0);
    let after = call.query.text("cursor").map(read_cursor).transpose()?;
    let listing = Listing { noun, conditions: conditions(&call, noun.kind())?, page: Page { after, limit: limit + 1 } };
    let mut cases = call.run(move |app, caller| app.list(caller, listing)).await?;
    let more = i64::try_from(cases.len()).is_ok_and(|count| count > limit);
    cases.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = cases.last().filter(|_| more).map(|case| case.record.id);
    let next_cursor = last.map(|id| write_cursor(&(id.authority, id.number)));
    let views: Vec<_> = cases.iter().map(RecordView).collect();
    let mut response = HttpResponse::Ok();
    if let Some(cursor) = &next_cursor {
        response.insert_header((header::LINK, next_link(&call, cursor)));
    }
    Ok(response.json(json!({ "data": views, "page": { "next_cursor": next_cursor } })))
}

/// The `Link` header of a page that is not the last.
pub fn next_link(call: &Call, cursor: &str) -> String {
    let kept = form_urlencoded::parse(call.request.query_string().as_bytes())
        .filter(|(name, _)| name != "cursor" && name != "after");
    let name = if call.request.path() == "/v1/changes" { "after" } else { "cursor" };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept).append_pair(name, cursor);
    format!("<{}?{}>; rel=\"next\"", call.request.path(), query.finish())
}

fn respond(mut response: actix_web::HttpResponseBuilder, case: &CaseRecord) -> HttpResponse {
    response.insert_header(header::ETag(EntityTag::new_strong(case.record.seq.to_string())));
    response.json(RecordView(case))
}

/// What a body submits. If no authority is known, what is wrong with the fields is told as well.
fn submission(call: &Call, noun: Noun, body: Body, external: Option<External>) -> Result<Submission<'static>, Problem> {
    let Body { authority: named, given, mut faults, .. } = body;
    if named.or_else(|| call.caller.reach.only_one()).is_none() {
        faults = call.app.faults_of(noun, &given, faults);
    }
    let authority = call.authority(named, faults.clone())?;
    Ok(Submission { authority, external, given, faults })
}

pub async fn create(mut call: Call) -> Result<HttpResponse, Problem> {
    let noun = noun(&call)?;
    let key = call.header(&IDEMPOTENCY_KEY)?.map(str::to_owned);
    if key.as_ref().is_some_and(|key| key.is_empty() || key.len() > 128) {
        return Err(Problem::new(Code::InvalidHeader, "Idempotency-Key must have 1 to 128 characters"));
    }
    let (mut body, bytes) = call.record_body(noun).await?;
    let external = body.external.take();
    let submission = submission(&call, noun, body, external)?;
    let idempotency = key.map(|key| Idempotency { key, request: [noun.kind().plural.as_bytes(), &bytes].concat() });
    let (case, replayed) = call
        .run(move |app, caller| {
            let created = app.create(caller, noun, submission, idempotency)?;
            Ok::<_, AppError>((app.case_record(created.record)?, created.replayed))
        })
        .await?;
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, format!("/v1/{}/{}", noun.kind().plural, case.record.id)));
    if replayed {
        response.insert_header((REPLAYED, "true"));
    }
    Ok(respond(response, &case))
}

pub async fn get(call: Call) -> Result<HttpResponse, Problem> {
    let id = call.record_id(noun(&call)?)?;
    let case = call.run(move |app, _| app.get(id)).await?;
    Ok(respond(HttpResponse::Ok(), &case))
}

/// What an `If-Match` header expects: a version, or with `*` any.
fn if_match(call: &Call) -> Result<Option<Expect>, Problem> {
    let Some(text) = call.header(&header::IF_MATCH)?.map(str::trim) else { return Ok(None) };
    if text == "*" {
        return Ok(Some(Expect::Something));
    }
    let number = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    let version = number.filter(|version: &i64| format!("\"{version}\"") == text);
    version.map(|version| Some(Expect::Version(version))).ok_or_else(|| {
        let detail = "If-Match must be the ETag of the record, with its quotes, such as \"42\", or * for any version";
        Problem::new(Code::InvalidHeader, detail)
    })
}

/// What the conditional headers of a PUT expect.
fn expected(call: &Call) -> Result<Expect, Problem> {
    let refuse = |detail: &str| Err(Problem::new(Code::InvalidHeader, detail));
    match (if_match(call)?, call.header(&header::IF_NONE_MATCH)?.map(str::trim)) {
        (_, Some(text)) if text != "*" => {
            refuse("If-None-Match must be *, to create only; to change the version you read, send its ETag as If-Match")
        }
        (Some(_), Some(_)) => refuse("If-Match only changes and If-None-Match only creates: send one of them"),
        (Some(expect), None) => Ok(expect),
        (None, Some(_)) => Ok(Expect::Nothing),
        (None, None) => Ok(Expect::Any),
    }
}

pub async fn change(mut call: Call) -> Result<HttpResponse, Problem> {
    let noun = noun(&call)?;
    let id = call.record_id(noun)?;
    let Some(expect) = if_match(&call)? else {
        let detail = "send the ETag of the version you read as If-Match, so that nobody's change is overwritten unseen";
        return Err(Problem::new(Code::PreconditionRequired, detail));
    };
    let (mut body, _) = call.record_body(noun).await?;
    refuse_identity(&mut body, id.authority);
    let submission = Submission { authority: id.authority, external: None, given: body.given, faults: body.faults };
    let case = call
        .run(move |app, caller| {
            let record = app.change(caller, id, expect, submission)?;
            app.case_record(record)
        })
        .await?;
    Ok(respond(HttpResponse::Ok(), &case))
}

/// A change cannot move a record to another authority or another external id.
fn refuse_identity(body: &mut Body, authority: Authority) {
    if body.authority.is_some_and(|named| named != authority) {
        body.faults.add(
            "authority",
            "cannot_change",
            format!("cannot be changed; the record belongs to {}", authority.code()),
        );
    }
    if body.external.is_some() {
        body.faults.add(
            "external_id",
            "cannot_change",
            "cannot be changed here; leave source_system and external_id out",
        );
    }
}

pub async fn upsert(mut call: Call) -> Result<HttpResponse, Problem> {
    let noun = noun(&call)?;
    let external = path_external(&call)?;
    let expect = expected(&call)?;
    let (mut body, _) = call.record_body(noun).await?;
    if body.external.take().is_some_and(|said| said != external) {
        body.faults.add("external_id", "contradiction", "must be the one in the path, or left out");
    }
    let submission = submission(&call, noun, body, Some(external))?;
    let (case, created) = call
        .run(move |app, caller| {
            let (record, created) = match app.upsert(caller, noun, submission, expect)? {
                Outcome::Created(record) => (record, true),
                Outcome::Updated(record) | Outcome::Unchanged(record) => (record, false),
                Outcome::Rejected(faults) => return Err(faults.into()),
            };
            Ok::<_, AppError>((app.case_record(record)?, created))
        })
        .await?;
    let mut response = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    response.insert_header((header::LOCATION, format!("/v1/{}/{}", noun.kind().plural, case.record.id)));
    Ok(respond(response, &case))
}

fn path_external(call: &Call) -> Result<External, Problem> {
    let mut faults = Faults::default();
    let source = faults.note("source_system", SourceSystem::parse(&call.part("source_system")));
    let id = faults.note("external_id", ExternalId::parse(&call.part("external_id")));
    match (source, id) {
        (Some(source), Some(id)) => Ok(External { source, id }),
        _ => Err(Problem::with_faults(Code::InvalidRecord, &faults)),
    }
}

pub async fn history(call: Call) -> Result<HttpResponse, Problem> {
    let id = call.record_id(noun(&call)?)?;
    let from = call.query.whole("cursor");
    let limit = call.query.whole("limit").unwrap_or(LIMIT.0);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let History { versions, before } = call.run(move |app, _| app.history(id, from, limit)).await?;
    let earlier = versions.iter().skip(1).map(Some).chain([before.as_ref()]);
    let views: Vec<_> = versions
        .iter()
        .zip(earlier)
        .map(|(version, before)| VersionView { version, changed: Some(differences(before, version)) })
        .collect();
    let next_cursor = before.as_ref().map(|version| version.entry.seq.to_string());
    let mut response = HttpResponse::Ok();
    if let Some(cursor) = &next_cursor {
        response.insert_header((header::LINK, next_link(&call, cursor)));
    }
    Ok(response.json(json!({ "data": views, "page": { "next_cursor": next_cursor } })))
}
