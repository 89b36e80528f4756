//! Bodies: read whole up to a limit, and refused with words.

use actix_web::error::PayloadError;
use actix_web::http::header;
use futures_util::StreamExt;
use serde_json::{Map, Value};

use super::operation::Call;
use super::problem::{Code, Problem};
use crate::domain::fault::Faults;
use crate::domain::noun::Noun;
use crate::ingest::{Body, JsonObject, read_body, read_object};

/// Longest JSON body, in bytes.
pub const JSON_BYTES_MAX: usize = 256 * 1024;

/// Why a body could not be read to its end, in words for its sender.
pub fn in_words(error: &PayloadError) -> String {
    match error {
        PayloadError::Incomplete(_) => "the connection closed before all of it had arrived".to_owned(),
        PayloadError::EncodingCorrupted => "it is not in the Content-Encoding that its header names".to_owned(),
        other => other.to_string(),
    }
}

impl Call {
    /// The media type of the body, without its parameters.
    ///
    /// # Errors
    /// When the header is not text.
    pub fn media_type(&self) -> Result<String, Problem> {
        let text = self.header(&header::CONTENT_TYPE)?.unwrap_or("");
        Ok(text.split(';').next().unwrap_or("").trim().to_ascii_lowercase())
    }

    /// Lets pass a body that is not packed.
    ///
    /// # Errors
    /// `UnsupportedMediaType`.
    pub fn not_packed(&self) -> Result<(), Problem> {
        let encoding = self.header(&header::CONTENT_ENCODING)?.unwrap_or("identity").trim();
        if encoding.eq_ignore_ascii_case("identity") {
            return Ok(());
        }
        let detail = format!(
            "Content-Encoding must be identity or left out, but {}; send the file unpacked",
            crate::domain::field::found(encoding)
        );
        Err(Problem::new(Code::UnsupportedMediaType, detail))
    }

    /// Reads the body as JSON of a record, and its bytes.
    ///
    /// # Errors
    /// `UnsupportedMediaType`, `TooLarge`, or `MalformedBody`.
    pub async fn record_body(&mut self, noun: Noun) -> Result<(Body, Vec<u8>), Problem> {
        let (object, bytes) = self.json().await?;
        Ok((read_body(noun, object), bytes))
    }

    /// Reads the body as a JSON object whose names all differ, and its bytes.
    ///
    /// # Errors
    /// `UnsupportedMediaType`, `TooLarge`, or `MalformedBody`.
    pub async fn json_object(&mut self) -> Result<(Map<String, Value>, Vec<u8>), Problem> {
        let (object, bytes) = self.json().await?;
        let mut faults = Faults::default();
        object.note_repeated(&mut faults);
        faults.or((object.fields, bytes)).map_err(|faults| Problem::with_faults(Code::MalformedBody, &faults))
    }

    async fn json(&mut self) -> Result<(JsonObject, Vec<u8>), Problem> {
        let media_type = self.media_type()?;
        if media_type != "application/json" && media_type != "application/merge-patch+json" {
            let detail = format!(
                "Content-Type must be application/json, but is {}",
                if media_type.is_empty() { "missing" } else { "another" }
            );
            return Err(Problem::new(Code::UnsupportedMediaType, detail));
        }
        let bytes = self.bytes().await?;
        let malformed = |detail: String| Problem::new(Code::MalformedBody, detail);
        let text = std::str::from_utf8(&bytes).map_err(|error| malformed(format!("the body is not UTF-8: {error}")))?;
        if text.contains('\0') || text.contains("\\u0000") {
            return Err(malformed("the body contains a NUL character, which no field may hold".to_owned()));
        }
        let object = read_object(text).map_err(|problem| malformed(format!("the body {problem}")))?;
        Ok((object, bytes))
    }

    async fn bytes(&mut self) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        let Some(mut payload) = self.payload.take() else { return Ok(bytes) };
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| {
                Problem::new(Code::CutOff, format!("the body could not be read to its end: {}", in_words(&error)))
            })?;
            if bytes.len() + chunk.len() > JSON_BYTES_MAX {
                let detail =
                    format!("the body must have at most {JSON_BYTES_MAX} bytes; send many records as an import");
                return Err(Problem::new(Code::TooLarge, detail));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}
