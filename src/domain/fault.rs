//! What is wrong with an input: every fault, not only the first.

use std::borrow::Cow;
use std::fmt;

/// Why one text cannot be one value: a stable code, and a sentence that says what must be and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable word for programs.
    pub code: &'static str,
    /// Sentence for people. Never repeats a child's identifier.
    pub message: String,
}

impl Refusal {
    /// A refusal from its two halves.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// A refusal, and the field it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field at fault, as the wire names it.
    pub field: Cow<'static, str>,
    /// Why it is refused.
    pub refusal: Refusal,
}

/// All that is wrong with one input, in the order found; at most one fault a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Notes a fault, unless the field has one already: a consequence of the first would only confuse.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, code: &'static str, message: impl Into<String>) {
        self.refuse(field, Refusal::new(code, message));
    }

    /// Notes a refusal of one field.
    pub fn refuse(&mut self, field: impl Into<Cow<'static, str>>, refusal: Refusal) {
        let field = field.into();
        if !self.0.iter().any(|fault| fault.field == field) {
            self.0.push(Fault { field, refusal });
        }
    }

    /// Unpacks a result, and notes its refusal.
    pub fn note<T>(&mut self, field: impl Into<Cow<'static, str>>, result: Result<T, Refusal>) -> Option<T> {
        result.map_err(|refusal| self.refuse(field, refusal)).ok()
    }

    /// True when nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults in the order found.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// `value` when nothing is wrong.
    ///
    /// # Errors
    /// The faults themselves.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.0.iter().enumerate() {
            let gap = if place == 0 { "" } else { "; " };
            write!(f, "{gap}{} {}", fault.field, fault.refusal.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
