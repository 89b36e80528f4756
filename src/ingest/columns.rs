//! The columns of a file: what each is, and what it is called.

use crate::domain::identifier::identifier_in;
use crate::domain::noun::{Kind, Noun};

use super::kept::{WITHHELD, unguarded};

/// What a column of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Field(usize),
    Authority,
    SourceSystem,
    ExternalId,
    /// What a file of rejected rows says beside its own columns: sent back corrected, it says nothing.
    Report,
    Unknown,
}

/// Columns that a file of rejected rows has beside its own.
pub const ERROR_COLUMNS: [&str; 4] = ["error_code", "error_field", "error_message", "surplus_cells"];

/// The columns of a file of one noun.
#[derive(Clone, Debug)]
pub struct Columns {
    /// What the rows are.
    pub kind: &'static Kind,
    /// What each column is, in the order of the file.
    pub list: Vec<Column>,
    /// The names as the file has them, made fit to be kept.
    pub names: Vec<String>,
}

/// A name without what people vary: case, blanks, hyphens.
pub fn normal(name: &str) -> String {
    unguarded(name.trim()).to_ascii_lowercase().replace([' ', '-'], "_")
}

/// A sender's name of a column or a field, fit to be kept and shown: short, without control characters (which not every
/// engine can keep), and no identifier, as in a file whose header row is missing.
pub fn presentable(name: &str) -> String {
    if identifier_in(name).is_some() {
        return WITHHELD.to_owned();
    }
    let plain = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    name.chars().take(64).map(plain).collect()
}

impl Columns {
    /// No columns yet.
    pub fn new(noun: Noun) -> Self {
        Self { kind: noun.kind(), list: Vec::new(), names: Vec::new() }
    }

    /// The columns in which the fields of a noun are written down.
    pub fn of_fields(noun: Noun) -> Self {
        let mut columns = Self::new(noun);
        for name in
            ["source_system", "external_id"].into_iter().chain(columns.kind.fields.iter().map(|field| field.name))
        {
            columns.add(name);
        }
        columns
    }

    /// Adds the next column of a file, and says what it is.
    pub fn add(&mut self, name: &str) -> Column {
        let column = match normal(name).as_str() {
            "authority" => Column::Authority,
            "source_system" => Column::SourceSystem,
            "external_id" => Column::ExternalId,
            other if ERROR_COLUMNS.contains(&other) => Column::Report,
            other => self.kind.place(other).map_or(Column::Unknown, Column::Field),
        };
        self.list.push(column);
        self.names.push(presentable(name));
        column
    }

    /// True if rows can be found again by the columns.
    pub fn identify(&self) -> bool {
        let own = self.kind.own_reference().map(Column::Field);
        self.list.contains(&Column::ExternalId)
            || own.is_some_and(|own| self.list.contains(&own))
            || self.missing_to_tell_apart().is_some_and(|missing| missing.is_empty())
    }

    /// True if a row's external id is made of what it says.
    pub fn tell_apart(&self) -> bool {
        !self.kind.noun.told_apart_by().is_empty() && !self.list.contains(&Column::ExternalId)
    }

    /// What a file lacks so that its rows are told apart by what they say; `None` for nouns whose rows never are.
    pub fn missing_to_tell_apart(&self) -> Option<Vec<&'static str>> {
        let names = self.kind.noun.told_apart_by();
        let missing = names.iter().copied().filter(|name| {
            let place = self.kind.place(name);
            let required = place.and_then(|place| self.kind.fields.get(place)).is_some_and(|field| field.required);
            required && place.is_none_or(|place| !self.list.contains(&Column::Field(place)))
        });
        (!names.is_empty()).then(|| missing.collect())
    }

    /// The columns that stay in a file of rejected rows, each with its name and the row's cell; cells that a row has not
    /// are empty.
    pub fn own<'a>(&'a self, cells: impl Iterator<Item = &'a str>) -> impl Iterator<Item = (Column, &'a str, &'a str)> {
        let columns = self.list.iter().copied().zip(&self.names);
        let cells = columns.zip(cells.chain(std::iter::repeat("")));
        cells
            .map(|((column, name), cell)| (column, name.as_str(), cell))
            .filter(|(column, ..)| *column != Column::Report)
    }
}
