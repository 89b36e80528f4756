//! Query strings: only parameters that the operation declares, each once, each of its kind; every fault at once.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::problem::{Code, Problem};
use crate::domain::authority::Authority;
use crate::domain::fault::{Faults, Refusal};
use crate::domain::field::{FieldType, found, parse_code};
use crate::ingest::read_authority;

/// What a parameter may be.
#[derive(Clone, Copy, Debug)]
pub enum ParamKind {
    /// A day.
    Date,
    /// At most so many days, separated by commas.
    Dates(usize),
    /// An instant with its offset from UTC.
    Instant,
    /// At most so many instants, separated by commas.
    Instants(usize),
    /// Authorities by their codes, separated by commas.
    Authorities,
    /// One authority by its code.
    Authority,
    /// One word of a list.
    Word(&'static [&'static str]),
    /// Words of a list, separated by commas.
    Words(&'static [&'static str]),
    /// Text of at most so many characters.
    Text(usize),
    /// A whole number of a range, both ends included.
    Whole(i64, i64),
    /// A number of a range, both ends included.
    Number(f64, f64),
    /// At most so many numbers of a range, both ends included, separated by commas.
    Numbers(usize, f64, f64),
    /// True or false.
    Flag,
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// What it means.
    pub about: String,
    /// What it may be.
    pub kind: ParamKind,
    /// True if the operation cannot do without.
    pub required: bool,
    /// One that can be given.
    pub example: Option<&'static str>,
    /// With which words of another parameter it is taken; always, if none.
    pub with: Option<With>,
}

/// The words of another parameter with which a parameter is taken. With all others it is refused.
#[derive(Clone, Copy, Debug)]
pub struct With {
    /// The other parameter, which takes one word.
    pub param: &'static str,
    /// The words with which it must be given.
    pub needed: &'static [&'static str],
    /// The words with which it may be given.
    pub taken: &'static [&'static str],
}

impl With {
    fn check(self, name: &str, values: &HashMap<String, Value>, faults: &mut Faults) {
        let Some(Value::Words(words)) = values.get(self.param) else { return };
        let Some(word) = words.first() else { return };
        let is_given = values.contains_key(name);
        if self.needed.contains(word) {
            if !is_given {
                faults.add(name.to_owned(), "required", format!("is required with {}={word}", self.param));
            }
        } else if is_given && !self.taken.contains(word) {
            let with: Vec<_> = self.needed.iter().chain(self.taken).copied().collect();
            let message =
                format!("is not taken with {}={word}, only with {}: leave it out", self.param, with.join(", "));
            faults.add(name.to_owned(), "not_taken", message);
        }
    }
}

impl Param {
    /// A parameter that may be left out.
    pub fn new(name: &str, about: &str, kind: ParamKind) -> Self {
        Self { name: name.to_owned(), about: about.to_owned(), kind, required: false, example: None, with: None }
    }

    /// A parameter the operation cannot do without.
    pub fn required(name: &str, about: &str, kind: ParamKind) -> Self {
        Self { required: true, ..Self::new(name, about, kind) }
    }

    /// Gives an example.
    #[must_use]
    pub fn such_as(self, example: &'static str) -> Self {
        Self { example: Some(example), ..self }
    }

    /// Is taken with these words of another parameter only, and says so.
    #[must_use]
    pub fn only_with(self, with: With) -> Self {
        let say = |how: &str, words: &[&str]| match words {
            [] => String::new(),
            words => format!(" {how} with {}={}.", with.param, words.join(", ")),
        };
        let about = self.about + &say("Needed", with.needed) + &say("Taken", with.taken);
        Self { about, with: Some(with), ..self }
    }
}

#[derive(Clone, Debug)]
enum Value {
    Date(NaiveDate),
    Dates(Vec<NaiveDate>),
    Instants(Vec<DateTime<Utc>>),
    Authorities(Vec<Authority>),
    Words(Vec<&'static str>),
    Text(String),
    Whole(i64),
    Number(f64),
    Numbers(Vec<f64>),
    Flag(bool),
}

/// The parameters of one request, read.
#[derive(Clone, Debug, Default)]
pub struct Query(HashMap<String, Value>);

impl Query {
    /// Reads a query string against the parameters an operation declares.
    ///
    /// # Errors
    /// Every parameter that is unknown, repeated, missing or not of its kind.
    pub fn read(text: &str, params: &[Param]) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let mut values = HashMap::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
            let Some(param) = params.iter().find(|param| param.name == name) else {
                let names: Vec<_> = params.iter().map(|param| param.name.as_str()).collect();
                let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                faults.add(
                    shown,
                    "unknown_parameter",
                    format!("is not a parameter of this operation; its parameters are: {known}"),
                );
                continue;
            };
            let Some(value) = faults.note(param.name.clone(), read(param.kind, &value)) else { continue };
            if values.insert(param.name.clone(), value).is_some() {
                faults.add(
                    param.name.clone(),
                    "repeated",
                    "must be given once; separate several values by commas where allowed",
                );
            }
        }
        for param in params.iter().filter(|param| param.required && !values.contains_key(&param.name)) {
            faults.add(param.name.clone(), "required", format!("is required: {}", param.about));
        }
        for param in params {
            if let Some(with) = param.with {
                with.check(&param.name, &values, &mut faults);
            }
        }
        faults.or(Self(values)).map_err(|faults| Problem::with_faults(Code::InvalidQuery, &faults))
    }

    /// The names of the parameters that are given, in the order of the alphabet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<_> = self.0.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.into_iter()
    }

    /// What was given of words, numbers and days, to be shown again, in the order of the alphabet.
    pub fn shown(&self) -> serde_json::Map<String, serde_json::Value> {
        let shown = |name: &str| match self.0.get(name)? {
            Value::Words(words) => words.first().map(|word| (*word).into()),
            Value::Whole(number) => Some((*number).into()),
            Value::Number(number) => Some((*number).into()),
            Value::Numbers(numbers) => Some(numbers.clone().into()),
            Value::Flag(flag) => Some((*flag).into()),
            Value::Date(date) => Some(date.to_string().into()),
            Value::Dates(dates) => Some(dates.iter().map(NaiveDate::to_string).collect::<Vec<_>>().into()),
            Value::Instants(_) | Value::Authorities(_) | Value::Text(_) => None,
        };
        self.names().filter_map(|name| Some((name.to_owned(), shown(name)?))).collect()
    }

    /// A day.
    pub fn date(&self, name: &str) -> Option<NaiveDate> {
        match self.0.get(name) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// Days; none if the parameter is not given.
    pub fn dates(&self, name: &str) -> &[NaiveDate] {
        match self.0.get(name) {
            Some(Value::Dates(dates)) => dates,
            _ => &[],
        }
    }

    /// An instant.
    pub fn instant(&self, name: &str) -> Option<DateTime<Utc>> {
        self.instants(name).first().copied()
    }

    /// Instants; none if the parameter is not given.
    pub fn instants(&self, name: &str) -> &[DateTime<Utc>] {
        match self.0.get(name) {
            Some(Value::Instants(instants)) => instants,
            _ => &[],
        }
    }

    /// Authorities.
    pub fn authorities(&self, name: &str) -> Option<&[Authority]> {
        match self.0.get(name) {
            Some(Value::Authorities(list)) => Some(list),
            _ => None,
        }
    }

    /// One word.
    pub fn word(&self, name: &str) -> Option<&'static str> {
        self.words(name).first().copied()
    }

    /// Words; none if the parameter is not given.
    pub fn words(&self, name: &str) -> &[&'static str] {
        match self.0.get(name) {
            Some(Value::Words(words)) => words,
            _ => &[],
        }
    }

    /// Text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A whole number.
    pub fn whole(&self, name: &str) -> Option<i64> {
        match self.0.get(name) {
            Some(Value::Whole(number)) => Some(*number),
            _ => None,
        }
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.0.get(name) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Numbers; none if the parameter is not given.
    pub fn numbers(&self, name: &str) -> &[f64] {
        match self.0.get(name) {
            Some(Value::Numbers(numbers)) => numbers,
            _ => &[],
        }
    }

    /// True or false; false if not given.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.0.get(name) {
            Some(Value::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }
}

fn read(kind: ParamKind, text: &str) -> Result<Value, Refusal> {
    match kind {
        ParamKind::Date => NaiveDate::parse(text).map(Value::Date),
        ParamKind::Dates(most) => Ok(Value::Dates(at_most(most, text, NaiveDate::parse)?)),
        ParamKind::Instant => Ok(Value::Instants(vec![read_instant(text)?])),
        ParamKind::Instants(most) => Ok(Value::Instants(at_most(most, text, read_instant)?)),
        ParamKind::Authority => Ok(Value::Authorities(vec![read_authority(text)?])),
        ParamKind::Authorities => {
            let list = text.split(',').map(read_authority).collect::<Result<_, _>>();
            list.map(Value::Authorities)
        }
        ParamKind::Word(words) => read_word(words, text).map(|word| Value::Words(vec![word])),
        ParamKind::Words(words) => {
            let list = text.split(',').map(|text| read_word(words, text)).collect::<Result<_, _>>();
            list.map(Value::Words)
        }
        ParamKind::Text(longest) => {
            let length = text.chars().count();
            if length == 0 || length > longest {
                return Err(Refusal::new(
                    "wrong_length",
                    format!("must have 1 to {longest} characters, but has {length}"),
                ));
            }
            if text.chars().any(char::is_control) {
                return Err(Refusal::new("character_not_allowed", "must not contain control characters"));
            }
            Ok(Value::Text(text.to_owned()))
        }
        ParamKind::Whole(first, last) => match text.parse::<i64>() {
            Ok(number) if (first..=last).contains(&number) => Ok(Value::Whole(number)),
            _ => Err(Refusal::new(
                "out_of_range",
                format!("must be a whole number from {first} to {last}, but {}", found(text)),
            )),
        },
        ParamKind::Number(first, last) => read_number(first, last, text).map(Value::Number),
        ParamKind::Numbers(most, first, last) => {
            Ok(Value::Numbers(at_most(most, text, |text| read_number(first, last, text))?))
        }
        ParamKind::Flag => bool::parse(text).map(Value::Flag),
    }
}

/// Values separated by commas.
fn at_most<T>(most: usize, text: &str, read: impl Fn(&str) -> Result<T, Refusal>) -> Result<Vec<T>, Refusal> {
    let values: Vec<_> = text.split(',').map(read).collect::<Result<_, _>>()?;
    if values.len() > most {
        return Err(Refusal::new("too_many", format!("must hold at most {most}, but has {}", values.len())));
    }
    Ok(values)
}

fn read_number(first: f64, last: f64, text: &str) -> Result<f64, Refusal> {
    match text.parse::<f64>() {
        Ok(number) if (first..=last).contains(&number) => Ok(number),
        _ => Err(Refusal::new(
            "out_of_range",
            format!("must be a number from {first} to {last}, with a point before decimals, but {}", found(text)),
        )),
    }
}

fn read_instant(text: &str) -> Result<DateTime<Utc>, Refusal> {
    DateTime::parse_from_rfc3339(text).map(|instant| instant.to_utc()).map_err(|_error| {
        let message =
            format!("must be an instant such as 2025-03-31T17:00:00Z, with + written as %2B, but {}", found(text));
        Refusal::new("not_an_instant", message)
    })
}

fn read_word(words: &'static [&'static str], text: &str) -> Result<&'static str, Refusal> {
    parse_code(words, words, text)
}
