//! Imports on the wire: a file streamed in, its progress and its receipts streamed out.

use std::io::{self, Read};

use actix_web::http::{Method, header};
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpResponse, web};
use futures_util::StreamExt;
use serde_json::json;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::app::BlockTexts;
use crate::domain::caller::Scope;
use crate::domain::fault::Faults;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::reference::SourceSystem;
use crate::http::body::in_words;
use crate::http::operation::{BodyDoc, Call, Operation, handler};
use crate::http::problem::{Code, Problem};
use crate::http::query::{Param, ParamKind};
use crate::http::view::ImportView;
use crate::ingest::{self, DateFormat, FileFormat, ImportJob};

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let (read, write) = (Some(Scope::RecordsRead), Some(Scope::RecordsWrite));
    let params = vec![
        Param::required("type", "What the rows are.", ParamKind::Word(Noun::PLURALS)),
        Param::new(
            "authority",
            "Whose rows they are. May be left out by a key that reaches one authority only.",
            ParamKind::Authority,
        ),
        Param::new(
            "source_system",
            "The source system of rows that do not name theirs; `import` if left out.",
            ParamKind::Text(32),
        ),
        Param::new(
            "date_format",
            "How a CSV file writes dates: never guessed.",
            ParamKind::Word(&["yyyy-mm-dd", "dd/mm/yyyy"]),
        ),
        Param::new("dry_run", "True to answer every row and write nothing.", ParamKind::Flag),
    ];
    let files = vec![("text/csv", String::new()), ("application/x-ndjson", String::new())];
    let mut start = Operation::new(Method::POST, "/v1/imports", "import", write, handler!(import))
        .says("imports", "Import a file", "Streams CSV or NDJSON of any size. Every row is answered created, updated, unchanged or rejected under its external id; a bad row never stops the rest, and the same file again is all unchanged. A row changes the fields whose columns the file has; an empty cell clears one. Rows of staff and calendars are told apart by what they say where the file has no column external_id: see /v1/imports/set. An import that was cut off is finished by sending the file again. While it runs, GET /v1/imports shows how far it is.")
        .takes(params)
        .answers(200, "A dry run: what would have happened.", "Import")
        .answers(201, "Done. `Location` says where its receipts are.", "Import")
        .fails(&[Code::InvalidHeaderRow, Code::CutOff, Code::InvalidRecord]);
    start.body = Some(BodyDoc { content: files, about: "The file." });
    // Whoever may import must be able to see what became of it.
    let shown = [
        Operation::new(Method::GET, "/v1/imports", "list_imports", read, handler!(list))
            .says("imports", "List imports", "The latest hundred, newest first, with how far each has come.")
            .answers(200, "The imports.", "ImportList"),
        Operation::new(Method::GET, "/v1/imports/{id}", "get_import", read, handler!(get))
            .says("imports", "Read how far an import has come", "An import without a row for a minute is `interrupted`: sending the file again finishes it.")
            .answers(200, "The import.", "Import"),
        Operation::new(Method::GET, "/v1/imports/{id}/receipts", "get_import_receipts", read, handler!(receipts))
            .says("imports", "Read the answer to every row", "One JSON object a line: line, external_id, outcome, id; errors for a rejected row.")
            .answers_with(200, "The receipts so far.", vec![("application/x-ndjson", String::new())]),
        Operation::new(Method::GET, "/v1/imports/{id}/rejected", "get_import_rejected", read, handler!(rejected))
            .says("imports", "Download the rejected rows", "CSV with the file's own columns plus error_code, error_field, error_message, and surplus_cells for what stood beyond the header. Correct it and import it as it is. A cell that could name a child, and every cell of a column the record has no field for, reads (withheld); cells are cut to 300 bytes.")
            .answers_with(200, "The rejected rows so far.", vec![("text/csv", String::new())]),
    ];
    let shown = shown.into_iter().map(|operation| operation.also_by(Scope::RecordsWrite));
    std::iter::once(start).chain(shown).collect()
}

/// Bytes from the event loop, read by a thread.
struct Chunks {
    receiver: Receiver<io::Result<Bytes>>,
    chunk: Bytes,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            match self.receiver.recv() {
                Ok(chunk) => self.chunk = chunk?,
                Err(_) => return Ok(0),
            }
        }
        let part = self.chunk.split_to(self.chunk.len().min(buffer.len()));
        buffer.get_mut(..part.len()).unwrap_or_default().copy_from_slice(&part);
        Ok(part.len())
    }
}

/// Chunks waiting between the event loop and the thread that reads them.
const CHUNKS: usize = 64;

async fn forward(payload: Option<Payload>, sender: SyncSender<io::Result<Bytes>>) {
    let Some(mut payload) = payload else { return };
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| io::Error::other(in_words(&error)));
        let failed = chunk.is_err();
        let mut waiting = Some(chunk);
        while let Some(chunk) = waiting.take() {
            match sender.try_send(chunk) {
                Ok(()) => {}
                Err(std::sync::mpsc::TrySendError::Full(chunk)) => {
                    waiting = Some(chunk);
                    actix_web::rt::time::sleep(std::time::Duration::from_millis(1)).await;
                }
                Err(std::sync::mpsc::TrySendError::Disconnected(_)) => return,
            }
        }
        if failed {
            return;
        }
    }
}

fn job(call: &Call) -> Result<ImportJob, Problem> {
    let format = match call.media_type()?.as_str() {
        "text/csv" => FileFormat::Csv,
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => FileFormat::Ndjson,
        _ => {
            return Err(Problem::new(
                Code::UnsupportedMediaType,
                "Content-Type must be text/csv or application/x-ndjson",
            ));
        }
    };
    call.not_packed()?;
    let named = call.query.authorities("authority").and_then(|list| list.first().copied());
    let mut faults = Faults::default();
    let noun = call.query.word("type").and_then(Noun::from_plural);
    let source_system = call.query.text("source_system").unwrap_or("import");
    faults.note("source_system", SourceSystem::parse(source_system));
    let Some(noun) = noun.filter(|_| faults.is_empty()) else {
        return Err(Problem::with_faults(Code::InvalidQuery, &faults));
    };
    Ok(ImportJob {
        noun,
        authority: call.authority(named, Faults::default())?,
        source_system: source_system.to_owned(),
        format,
        date_format: if call.query.word("date_format") == Some("dd/mm/yyyy") {
            DateFormat::DayMonthYear
        } else {
            DateFormat::Iso
        },
        dry_run: call.query.flag("dry_run") == Some(true),
    })
}

async fn import(mut call: Call) -> Result<HttpResponse, Problem> {
    let job = job(&call)?;
    let (sender, receiver) = sync_channel(CHUNKS);
    let payload = call.payload.take();
    let chunks = Chunks { receiver, chunk: Bytes::new() };
    let running = call.run(move |app, caller| ingest::run(app, caller, &job, chunks, &mut |_| {}));
    let (done, ()) = futures_util::future::join(running, forward(payload, sender)).await;
    let (import, texts) = done?;
    let id = import.id;
    let dry_run = import.dry_run;
    let view = ImportView::new(import, dry_run.then_some(texts.rejected));
    let mut response = if dry_run { HttpResponse::Ok() } else { HttpResponse::Created() };
    if !dry_run {
        response.insert_header((header::LOCATION, format!("/v1/imports/{id}")));
    }
    Ok(response.json(view))
}

async fn list(call: Call) -> Result<HttpResponse, Problem> {
    let imports = call.run(|app, caller| app.imports(caller, 100)).await?;
    let views: Vec<_> = imports.into_iter().map(|import| ImportView::new(import, None)).collect();
    Ok(HttpResponse::Ok().json(json!({ "data": views })))
}

async fn get(call: Call) -> Result<HttpResponse, Problem> {
    let id = call.import_id()?;
    let import = call.run(move |app, _| app.import(id)).await?;
    Ok(HttpResponse::Ok().json(ImportView::new(import, None)))
}

async fn receipts(call: Call) -> Result<HttpResponse, Problem> {
    stream(call, "application/x-ndjson", |texts| texts.receipts).await
}

async fn rejected(call: Call) -> Result<HttpResponse, Problem> {
    stream(call, "text/csv; charset=utf-8", |texts| texts.rejected).await
}

/// Streams one of the texts of every block, a few blocks at a time.
async fn stream(call: Call, media_type: &str, text: fn(BlockTexts) -> String) -> Result<HttpResponse, Problem> {
    let id = call.import_id()?;
    call.run(move |app, _| app.import(id)).await?;
    let app = call.app.clone();
    let blocks = futures_util::stream::try_unfold(0, move |after| {
        let app = app.clone();
        async move {
            let read = web::block(move || app.import_texts(id, after)).await.map_err(io::Error::other)?;
            let blocks = read.map_err(io::Error::other)?;
            let Some((last, _)) = blocks.last() else { return Ok::<_, io::Error>(None) };
            let last = *last;
            let chunk: String = blocks.into_iter().map(|(_, texts)| text(texts)).collect();
            Ok(Some((Bytes::from(chunk), last)))
        }
    });
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, media_type)).streaming(blocks))
}
