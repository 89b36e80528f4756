//! The terms of schools, by halves: what lies between them is holidays.

use super::{Ymd, dated};
use crate::demo::Records;
use crate::domain::calendar_entry::{CalendarEntry, CalendarKind};
use crate::domain::fault::Refusal;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::reference::OrganisationName;

/// What half a term is called, its first day and its last.
const HALVES: [(&str, Ymd, Ymd); 18] = [
    ("autumn term 2023, first half", (2023, 9, 4), (2023, 10, 20)),
    ("autumn term 2023, second half", (2023, 10, 30), (2023, 12, 21)),
    ("spring term 2024, first half", (2024, 1, 8), (2024, 2, 9)),
    ("spring term 2024, second half", (2024, 2, 19), (2024, 3, 28)),
    ("summer term 2024, first half", (2024, 4, 15), (2024, 5, 24)),
    ("summer term 2024, second half", (2024, 6, 3), (2024, 7, 23)),
    ("autumn term 2024, first half", (2024, 9, 3), (2024, 10, 25)),
    ("autumn term 2024, second half", (2024, 11, 4), (2024, 12, 20)),
    ("spring term 2025, first half", (2025, 1, 6), (2025, 2, 14)),
    ("spring term 2025, second half", (2025, 2, 24), (2025, 4, 4)),
    ("summer term 2025, first half", (2025, 4, 22), (2025, 5, 23)),
    ("summer term 2025, second half", (2025, 6, 2), (2025, 7, 22)),
    ("autumn term 2025, first half", (2025, 9, 2), (2025, 10, 24)),
    ("autumn term 2025, second half", (2025, 11, 3), (2025, 12, 19)),
    ("spring term 2026, first half", (2026, 1, 5), (2026, 2, 13)),
    ("spring term 2026, second half", (2026, 2, 23), (2026, 3, 27)),
    ("summer term 2026, first half", (2026, 4, 13), (2026, 5, 22)),
    ("summer term 2026, second half", (2026, 6, 1), (2026, 7, 21)),
];

/// Makes the terms of an authority's schools.
pub fn terms(made: &mut Records) -> Result<(), Refusal> {
    for (name, first, last) in HALVES {
        let record = CalendarEntry {
            kind: CalendarKind::SchoolTerm,
            starts_on: dated(first),
            ends_on: dated(last),
            name: Some(OrganisationName::parse(name)?),
        };
        made.add_planned(Noun::CalendarEntry, &record.to_cells());
    }
    Ok(())
}
