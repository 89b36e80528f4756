//! Records, clocks and versions as JSON.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Number;

use crate::app::{CaseRecord, Import, Version};
use crate::domain::clock::{CaseClocks, Reading, State};
use crate::domain::field::Shape;
use crate::domain::ledger::hex;
use crate::domain::noun::{Cells, External, Kind};
use crate::domain::reference::RecordId;

/// The fields of a record in their order, with `null` for no value.
struct Fields<'a> {
    id: RecordId,
    version: i64,
    external: Option<&'a External>,
    cells: &'a Cells,
}

impl Fields<'_> {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("id", &self.id.to_string())?;
        map.serialize_entry("version", &self.version)?;
        map.serialize_entry("authority", self.id.authority.code())?;
        map.serialize_entry("source_system", &self.external.map(|external| external.source.as_str()))?;
        map.serialize_entry("external_id", &self.external.map(|external| external.id.as_str()))?;
        let kind: &Kind = self.id.noun.kind();
        for (field, cell) in kind.fields.iter().zip(self.cells.0.iter()) {
            match (field.shape, cell.as_deref()) {
                (_, None) => map.serialize_entry(field.name, &())?,
                (Shape::Flag, Some(flag)) => map.serialize_entry(field.name, &(flag == "true"))?,
                (Shape::Link(noun), Some(number)) => {
                    let text = format!("{}_{}_{number}", noun.kind().prefix, self.id.authority.code());
                    map.serialize_entry(field.name, &text)?;
                }
                (Shape::Number(_), Some(number)) => map.serialize_entry(field.name, &as_number(number))?,
                (_, Some(text)) => map.serialize_entry(field.name, text)?,
            }
        }
        Ok(())
    }
}

/// A decimal as JSON writes it: the shortest double that reads the same.
fn as_number(decimal: &str) -> Option<Number> {
    let whole = decimal.parse::<i64>().ok().map(Number::from);
    whole.or_else(|| Number::from_f64(decimal.parse().ok()?))
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.write(&mut map)?;
        map.end()
    }
}

/// A record as it stands.
pub struct RecordView<'a>(pub &'a CaseRecord);

impl Serialize for RecordView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let CaseRecord { record, clocks } = self.0;
        let mut map = serializer.serialize_map(None)?;
        let fields =
            Fields { id: record.id, version: record.seq, external: record.external.as_ref(), cells: &record.cells };
        fields.write(&mut map)?;
        if let Some(clocks) = clocks {
            map.serialize_entry("clocks", &clock_views(clocks))?;
        }
        map.end()
    }
}

/// One clock of a case.
#[derive(Serialize)]
pub struct ClockView {
    clock: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice_type: Option<&'static str>,
    state: &'static str,
    due_on: Option<String>,
    done_on: Option<String>,
    days_left: Option<i64>,
    days_late: Option<i64>,
    days_past_nominal_due: Option<i64>,
    exception: Option<&'static str>,
    must: &'static str,
    regulation: &'static str,
    force: &'static str,
    rule: &'static str,
    certainty: &'static str,
    ambiguity: Option<&'static str>,
}

fn clock_views(clocks: &CaseClocks) -> Vec<ClockView> {
    let council = clocks.council.iter().map(|reading| ClockView::new(None, reading));
    let advice = clocks.advice.iter().map(|clock| ClockView::new(Some(clock.advice_type.code()), &clock.reading));
    council.chain(advice).collect()
}

impl ClockView {
    /// The view of a reading; an adviser's clock says whose advice it is.
    pub fn new(advice_type: Option<&'static str>, reading: &Reading) -> Self {
        let rule = reading.rule;
        let (mut days_left, mut days_late, mut days_past) = (None, None, None);
        match reading.state {
            State::Open { days_left: days } => days_left = Some(days),
            State::Overdue { days_late: days } | State::Breached { days_late: days } => days_late = Some(days),
            State::Exempt { days_past: days } => days_past = Some(days),
            State::NotStarted
            | State::NotApplicable
            | State::Stopped
            | State::Replaced
            | State::Lapsed
            | State::Met
            | State::CutShort { .. }
            | State::Elapsed => {}
        }
        Self {
            clock: rule.clock.code(),
            advice_type,
            state: reading.state.code(),
            due_on: reading.due_on.map(|date| date.to_string()),
            done_on: reading.done_on.map(|date| date.to_string()),
            days_left,
            days_late,
            days_past_nominal_due: days_past,
            exception: reading.ground.and_then(|ground| rule.excuse(ground)).map(|excuse| excuse.provision),
            must: rule.act,
            regulation: rule.regulation,
            force: rule.force.code(),
            rule: rule.id,
            certainty: rule.certainty.code(),
            ambiguity: rule.reading,
        }
    }
}

/// One version of a record: who made it, when, and what differs from the version before.
pub struct VersionView<'a> {
    /// The version.
    pub version: &'a Version,
    /// Names of the fields that differ from the version before; `None` if that is not known here.
    pub changed: Option<Vec<&'static str>>,
}

impl Serialize for VersionView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Version { entry, external, cells } = self.version;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("authority", entry.authority.code())?;
        map.serialize_entry("seq", &entry.seq)?;
        map.serialize_entry("recorded_at", &instant(entry.recorded_at))?;
        map.serialize_entry("change", if entry.replaces.is_none() { "created" } else { "changed" })?;
        map.serialize_entry("replaces", &entry.replaces)?;
        map.serialize_entry("type", entry.noun.kind().plural)?;
        map.serialize_entry("by", &entry.by)?;
        if let Some(changed) = &self.changed {
            map.serialize_entry("changed_fields", changed)?;
        }
        map.serialize_entry("hash", &hex(&entry.hash))?;
        let record = Fields { id: entry.record(), version: entry.seq, external: external.as_ref(), cells };
        map.serialize_entry("record", &record)?;
        map.end()
    }
}

/// The names of the fields in which a version differs from the one before, if there was one.
pub fn differences(before: Option<&Version>, after: &Version) -> Vec<&'static str> {
    let source = |external: &External| external.source.clone();
    let id = |external: &External| external.id.clone();
    let (was, is) = (before.and_then(|before| before.external.as_ref()), after.external.as_ref());
    let identity = [("source_system", was.map(source) != is.map(source)), ("external_id", was.map(id) != is.map(id))];
    let fields = after.entry.noun.kind().fields.iter().enumerate().map(|(place, field)| {
        let was = before.and_then(|before| before.cells.at(place));
        (field.name, was != after.cells.at(place))
    });
    identity.into_iter().chain(fields).filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// An instant as the wire writes it: UTC, microseconds.
pub fn instant(at: chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

/// An import as it stands.
#[derive(Serialize)]
pub struct ImportView {
    id: Option<String>,
    authority: &'static str,
    r#type: &'static str,
    state: &'static str,
    dry_run: bool,
    rows: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    rejected: i64,
    unknown_columns: Vec<String>,
    started_at: String,
    last_block_at: String,
    finished_at: Option<String>,
    problem: Option<String>,
    by: String,
    receipts: Option<String>,
    rejected_rows: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_csv: Option<String>,
}

impl ImportView {
    /// The view of an import; a dry run carries its rejected rows itself, since they are kept nowhere.
    pub fn new(import: Import, rejected_csv: Option<String>) -> Self {
        let path = |part: &str| (!import.dry_run).then(|| format!("/v1/imports/{}/{part}", import.id));
        Self {
            id: (!import.dry_run).then(|| import.id.to_string()),
            authority: import.id.authority.code(),
            r#type: import.noun.kind().plural,
            state: if import.dry_run { "finished" } else { import.state.code() },
            dry_run: import.dry_run,
            rows: import.counts.rows(),
            created: import.counts.created,
            updated: import.counts.updated,
            unchanged: import.counts.unchanged,
            rejected: import.counts.rejected,
            receipts: path("receipts"),
            rejected_rows: path("rejected"),
            unknown_columns: import.unknown_columns,
            started_at: instant(import.started_at),
            last_block_at: instant(import.last_block_at),
            finished_at: import.finished_at.map(instant),
            problem: import.problem,
            by: import.by,
            rejected_csv,
        }
    }
}
