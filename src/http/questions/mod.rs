//! The question book: what is asked of councils again and again, each with the call that answers it, or why none does yet.
//!
//! Calls are written for the demonstration (authority 301, 16 January 2025); for another council its code and days are put in.

mod advice;
mod capacity;
mod cases;
mod therapy;

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::{Value, json};

use super::operation::{Call, Operation, handler};
use super::problem::Problem;

/// A question of the book.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    number: u8,
    words: &'static str,
    asked_by: &'static str,
    answer: Answered,
    also: &'static [&'static str],
    note: Option<&'static str>,
}

#[derive(Clone, Copy, Debug)]
enum Answered {
    By { call: &'static str, columns: &'static [&'static str] },
    NotYet { reason: &'static str },
}

/// A question that one call answers, shown by these columns.
const fn answered(
    number: u8,
    words: &'static str,
    asked_by: &'static str,
    call: &'static str,
    columns: &'static [&'static str],
) -> Question {
    Question { number, words, asked_by, answer: Answered::By { call, columns }, also: &[], note: None }
}

/// A question that nothing answers yet, and why.
const fn not_yet(number: u8, words: &'static str, asked_by: &'static str, reason: &'static str) -> Question {
    Question { number, words, asked_by, answer: Answered::NotYet { reason }, also: &[], note: None }
}

impl Question {
    /// Calls that say more about it.
    const fn also(mut self, also: &'static [&'static str]) -> Self {
        self.also = also;
        self
    }

    /// What to know when reading the answer, and what of the question it leaves open.
    const fn note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }
}

const CHAPTERS: [&[Question]; 4] = [therapy::QUESTIONS, advice::QUESTIONS, cases::QUESTIONS, capacity::QUESTIONS];

/// The operation of this folder.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v1/questions", "list_questions", None, handler!(list))
            .says("statistics", "The question book", "Real questions asked of councils, each with the call that answers it on the demonstration (authority 301, 16 January 2025; put in your own code and days), the columns to look at, and `note`: what the answer leaves open. Where `answered` is false, `reason` says why.")
            .answers(200, "The questions, by number.", "QuestionList"),
    ]
}

async fn list(_call: Call) -> Result<HttpResponse, Problem> {
    let data: Vec<_> = CHAPTERS.iter().copied().flatten().map(view).collect();
    Ok(HttpResponse::Ok().json(json!({ "data": data })))
}

fn view(question: &Question) -> Value {
    let (call, columns, reason) = match question.answer {
        Answered::By { call, columns } => (Some(call), columns, None),
        Answered::NotYet { reason } => (None, [].as_slice(), Some(reason)),
    };
    json!({
        "number": question.number,
        "question": question.words,
        "asked_by": question.asked_by,
        "answered": call.is_some(),
        "call": call,
        "columns": columns,
        "also": question.also,
        "note": question.note,
        "reason": reason,
    })
}
