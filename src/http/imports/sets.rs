//! Sets on the wire: the sheets of a planner as the parts of one form, answered row by row.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::HttpResponse;
use actix_web::http::Method;
use futures_util::StreamExt;
use serde::Serialize;
use serde_json::{Value, json};

use crate::app::ImportCounts;
use crate::domain::caller::Scope;
use crate::domain::fault::Faults;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::reference::SourceSystem;
use crate::http::body::in_words;
use crate::http::operation::{BodyDoc, Call, Operation, handler};
use crate::http::problem::{Code, Problem};
use crate::http::query::{Param, ParamKind};
use crate::ingest::{DateFormat, SetJob, Sheet, SheetAnswer, presentable, run_set, sheet_named};

/// Longest body of a set, in bytes: more than all sheets of the largest council.
const SET_BYTES_MAX: usize = 16 << 20;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let params = vec![
        Param::new(
            "authority",
            "Whose rows they are. May be left out by a key that reaches one authority only.",
            ParamKind::Authority,
        ),
        Param::new(
            "source_system",
            "The source system of rows that have an external id and do not name theirs; `import` if left out.",
            ParamKind::Text(32),
        ),
        Param::new(
            "date_format",
            "How the sheets write dates: never guessed.",
            ParamKind::Word(&["yyyy-mm-dd", "dd/mm/yyyy"]),
        ),
        Param::new("dry_run", "True to answer every row and write nothing.", ParamKind::Flag),
    ];
    let mut set = Operation::new(
        Method::POST,
        "/v1/imports/set",
        "import_set",
        Some(Scope::RecordsWrite),
        handler!(import_set),
    )
    .says("imports", "Import a planner's sheets", "Takes the sheets of a planner in one form, each a CSV file in a part of its name: providers, services, calendars, posts, post-holdings, absences, recruitments, trainees, capacity-rules; any of them may be missing. Whatever their order, those are read first that others refer to. Rows of staff need no external id: without that column, a row is told apart by what it says (a post-holding by post_ref, worker_ref and starts_on; an absence by worker_ref, kind and starts_on; a recruitment by post_ref, round and approved_on; a capacity rule by discipline, setting, appointment_type, week and starts_on; a calendar entry by kind and starts_on), in the source system `planner`; two rows of one sheet that say the same are a fault of the second. A sheet whose header cannot be used stops the set before anything is written; a bad row never stops the rest, and the same set again is all unchanged. With dry_run every row is answered as if the sheets before it had been taken in, and nothing is written.")
    .takes(params)
    .answers(200, "A dry run: what would have happened, for every row.", "ImportSet")
    .answers(201, "Done. Each sheet is an import whose receipts are kept.", "ImportSet")
    .fails(&[Code::CutOff, Code::InvalidSet, Code::InvalidRecord]);
    set.body = Some(BodyDoc {
        content: vec![("multipart/form-data", "ImportSetForm".to_owned())],
        about: "One part for each sheet.",
    });
    vec![set]
}

async fn import_set(mut call: Call) -> Result<HttpResponse, Problem> {
    let job = job(&call)?;
    let sheets = sheets(&mut call).await?;
    let (authority, dry_run) = (job.authority, job.dry_run);
    let answers = call.run(move |app, caller| run_set(app, caller, &job, sheets)).await?;
    let mut response = if dry_run { HttpResponse::Ok() } else { HttpResponse::Created() };
    Ok(response.json(SetView::new(authority.code(), dry_run, answers)))
}

fn job(call: &Call) -> Result<SetJob, Problem> {
    if call.media_type()? != "multipart/form-data" {
        let detail = "Content-Type must be multipart/form-data with one part for each sheet";
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    call.not_packed()?;
    let mut faults = Faults::default();
    let source_system = call.query.text("source_system").unwrap_or("import");
    faults.note("source_system", SourceSystem::parse(source_system));
    faults.or(()).map_err(|faults| Problem::with_faults(Code::InvalidQuery, &faults))?;
    let named = call.query.authorities("authority").and_then(|list| list.first().copied());
    let date_format = match call.query.word("date_format") {
        Some("dd/mm/yyyy") => DateFormat::DayMonthYear,
        _ => DateFormat::Iso,
    };
    Ok(SetJob {
        authority: call.authority(named, Faults::default())?,
        source_system: source_system.to_owned(),
        date_format,
        dry_run: call.query.flag("dry_run") == Some(true),
    })
}

/// Reads the parts of the form.
async fn sheets(call: &mut Call) -> Result<Vec<Sheet>, Problem> {
    let Some(payload) = call.payload.take() else { return Ok(Vec::new()) };
    let mut form = Multipart::new(call.request.headers(), payload);
    let (mut sheets, mut faults, mut left) = (Vec::new(), Faults::default(), SET_BYTES_MAX);
    while let Some(part) = form.next().await {
        let part = part.map_err(|error| unreadable(&error))?;
        let noun = sheet_of(&part, &mut faults);
        let file = bytes(part, &mut left).await?;
        sheets.extend(noun.map(|noun| Sheet { noun, file }));
    }
    faults.or(sheets).map_err(|faults| Problem::with_faults(Code::InvalidSet, &faults))
}

/// What a part holds: its own name says it, or that of its file.
fn sheet_of(part: &Field, faults: &mut Faults) -> Option<Noun> {
    let name = part.name().unwrap_or_default();
    let file = part.content_disposition().and_then(|said| said.get_filename());
    match (sheet_named(name), file.map(sheet_named)) {
        (Ok(noun), _) | (Err(_), Some(Ok(noun))) => Some(noun),
        (Err(refusal), _) => {
            faults.refuse(presentable(name), refusal);
            None
        }
    }
}

async fn bytes(mut part: Field, left: &mut usize) -> Result<Vec<u8>, Problem> {
    let mut file = Vec::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|error| unreadable(&error))?;
        let Some(rest) = left.checked_sub(chunk.len()) else {
            let detail =
                format!("the sheets have more than {SET_BYTES_MAX} bytes; send long files one by one to /v1/imports");
            return Err(Problem::new(Code::TooLarge, detail));
        };
        *left = rest;
        file.extend_from_slice(&chunk);
    }
    Ok(file)
}

fn unreadable(error: &MultipartError) -> Problem {
    match error {
        MultipartError::Payload(error) => {
            let detail = format!("the form could not be read to its end: {}; nothing was written", in_words(error));
            Problem::new(Code::CutOff, detail)
        }
        MultipartError::Incomplete => {
            Problem::new(Code::CutOff, "the form ends in the middle of a part; nothing was written")
        }
        other => Problem::new(Code::MalformedBody, format!("the form cannot be read: {other}")),
    }
}

/// What became of a set.
#[derive(Serialize)]
struct SetView {
    authority: &'static str,
    dry_run: bool,
    rows: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    rejected: i64,
    sheets: Vec<SheetView>,
    faults: Vec<FaultView>,
}

#[derive(Serialize)]
struct SheetView {
    sheet: &'static str,
    import: Option<String>,
    rows: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    rejected: i64,
    unknown_columns: Vec<String>,
    receipts: Option<String>,
    rejected_rows: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<Vec<Value>>,
}

/// One fault of one row.
#[derive(Serialize)]
struct FaultView {
    sheet: &'static str,
    line: u64,
    external_id: Option<String>,
    field: String,
    code: String,
    message: String,
}

impl SetView {
    fn new(authority: &'static str, dry_run: bool, answers: Vec<SheetAnswer>) -> Self {
        let mut sum = ImportCounts::default();
        for answer in &answers {
            sum.add(answer.import.counts);
        }
        let faults = answers.iter().flat_map(faults_of).collect();
        Self {
            authority,
            dry_run,
            rows: sum.rows(),
            created: sum.created,
            updated: sum.updated,
            unchanged: sum.unchanged,
            rejected: sum.rejected,
            sheets: answers.into_iter().map(SheetView::new).collect(),
            faults,
        }
    }
}

fn faults_of(answer: &SheetAnswer) -> impl Iterator<Item = FaultView> {
    let sheet = answer.import.noun.kind().plural;
    answer.rows.iter().flat_map(move |row| {
        row.errors.iter().map(move |error| FaultView {
            sheet,
            line: row.line,
            external_id: row.external_id.clone(),
            field: error.field.clone(),
            code: error.code.clone(),
            message: error.message.clone(),
        })
    })
}

impl SheetView {
    fn new(SheetAnswer { import, rows }: SheetAnswer) -> Self {
        let kept = !import.dry_run;
        let path = |part: &str| kept.then(|| format!("/v1/imports/{}/{part}", import.id));
        let answers = (!kept).then(|| {
            let answer = |row: &crate::ingest::RowAnswer| json!({ "line": row.line, "external_id": row.external_id, "outcome": row.outcome });
            rows.iter().map(answer).collect()
        });
        Self {
            sheet: import.noun.kind().plural,
            import: kept.then(|| import.id.to_string()),
            rows: import.counts.rows(),
            created: import.counts.created,
            updated: import.counts.updated,
            unchanged: import.counts.unchanged,
            rejected: import.counts.rejected,
            receipts: path("receipts"),
            rejected_rows: path("rejected"),
            unknown_columns: import.unknown_columns,
            answers,
        }
    }
}
