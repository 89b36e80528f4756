//! How submissions become records: matched with what stands, read, linked, compared, and staged for the ledger.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::companions::Companions;
use crate::domain::authority::Authority;
use crate::domain::fault::{Faults, Refusal};
use crate::domain::field::{FieldType, Given, Shape, found};
use crate::domain::noun::{Cells, External, Kind, Noun, Record, Submission};
use crate::domain::reference::{ExternalId, RecordId, SourceSystem};
use crate::store::{self, Change, Stage, StoreError, Tx};

/// What became of one submission.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A new record.
    Created(Record),
    /// A record that changed.
    Updated(Record),
    /// A record that says so already.
    Unchanged(Record),
    /// Nothing was written; why.
    Rejected(Faults),
}

/// What a batch of submissions has in common.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// What kind of records.
    pub noun: Noun,
    /// Whose.
    pub authority: Authority,
    /// Who submits.
    pub by: &'a str,
    /// When.
    pub at: DateTime<Utc>,
    /// Today, in London.
    pub today: NaiveDate,
}

/// Numbers of records by what links call them.
type Numbers = HashMap<Box<str>, i64>;

/// What stands already and matters to a batch.
struct Known {
    by_external: HashMap<External, Record>,
    by_reference: HashMap<Box<str>, Record>,
    /// By source system, since two systems may call different records the same; ids have none.
    links: HashMap<Noun, HashMap<Option<SourceSystem>, Numbers>>,
    references: HashMap<Noun, HashSet<Box<str>>>,
    among: Companions,
}

/// Submits a batch, one after the other, so that a later row sees an earlier one. Faults reject a row, never the batch.
pub fn submit(tx: &mut Tx<'_>, batch: Batch<'_>, submissions: &[Submission<'_>]) -> Result<Vec<Outcome>, StoreError> {
    let mut known = Known::look_up(tx, batch, None, submissions)?;
    submissions.iter().map(|submission| known.submit(tx.stage(), batch, submission)).collect()
}

/// The same for a long batch, in parts of so many rows: one is submitted, and told to `each`, while the one before is
/// written.
pub fn submit_parts(
    tx: &mut Tx<'_>,
    batch: Batch<'_>,
    submissions: Vec<Submission<'_>>,
    rows: usize,
    mut each: impl FnMut(Vec<Outcome>),
) -> Result<(), StoreError> {
    let mut known = Known::look_up(tx, batch, None, &submissions)?;
    let mut submissions = submissions.into_iter();
    while submissions.len() > 0 {
        tx.flush_while(|stage| {
            let part = submissions.by_ref().take(rows);
            let outcomes = part.map(|submission| known.submit(stage, batch, &submission)).collect::<Result<_, _>>()?;
            each(outcomes);
            Ok::<_, StoreError>(())
        })??;
    }
    Ok(())
}

/// Submits one change of a record that was found already.
pub fn resubmit(
    tx: &mut Tx<'_>,
    batch: Batch<'_>,
    before: &Record,
    submission: &Submission<'_>,
) -> Result<Outcome, StoreError> {
    let mut known = Known::look_up(tx, batch, Some(before), std::slice::from_ref(submission))?;
    submit_one(tx.stage(), batch, &mut known, Some(before), submission)
}

fn submit_one(
    stage: &mut Stage<'_>,
    batch: Batch<'_>,
    known: &mut Known,
    before: Option<&Record>,
    submission: &Submission<'_>,
) -> Result<Outcome, StoreError> {
    let kind = batch.noun.kind();
    let mut faults = submission.faults.clone();
    let base = before.map(|record| &record.cells);
    let cells = (kind.read)(&submission.given, base, batch.today, &mut faults);
    let cells = cells.and_then(|cells| known.link(kind, submission, cells, &mut faults));
    let external = submission.external.clone().or_else(|| before.and_then(|record| record.external.clone()));
    check_identity(kind, before, external.as_ref(), cells.as_ref(), &mut faults);
    if let Some(cells) = cells.as_ref().filter(|_| faults.is_empty()) {
        known.among.check(batch.noun, before.map(|record| record.id.number), cells, &mut faults);
    }
    let (Some(cells), true) = (cells, faults.is_empty()) else {
        return Ok(Outcome::Rejected(faults));
    };
    if let Some(record) = before.filter(|record| record.cells == cells && record.external == external) {
        return Ok(Outcome::Unchanged(record.clone()));
    }
    known.create_named(stage, batch, kind, submission)?;
    let change =
        Change { noun: batch.noun, before: before.map(|record| (record.id.number, record.seq)), external, cells };
    let record = stage.take(batch.authority, batch.by, batch.at, change)?;
    known.learn(kind, &record);
    Ok(if before.is_some() { Outcome::Updated(record) } else { Outcome::Created(record) })
}

/// The text a submission gives for the field at `place`.
pub(super) fn given_text<'a>(submission: &'a Submission<'_>, place: usize) -> Option<&'a str> {
    match submission.given.get(place) {
        Some(Given::Text(text)) => Some(text),
        _ => None,
    }
}

impl Known {
    /// What stands and matters to `submissions`, and to the record that one of them is known to change.
    fn look_up(
        tx: &mut Tx<'_>,
        batch: Batch<'_>,
        before: Option<&Record>,
        submissions: &[Submission<'_>],
    ) -> Result<Self, StoreError> {
        let kind = batch.noun.kind();
        let mut known = Self {
            by_external: HashMap::new(),
            by_reference: HashMap::new(),
            links: HashMap::new(),
            references: HashMap::new(),
            among: Companions::default(),
        };
        let external = submissions.iter().filter_map(|submission| submission.external.as_ref());
        for record in by_externals(tx, batch.noun, batch.authority, external)? {
            known.learn(kind, &record);
        }
        for (place, field) in kind.fields.iter().enumerate() {
            match field.shape {
                Shape::Reference(noun) => {
                    let texts = submissions.iter().filter_map(|submission| given_text(submission, place)).collect();
                    known.look_up_references(tx, batch, noun, texts)?;
                }
                Shape::Link(noun) => {
                    let given = |submission| Some((given_text(submission, place)?, submission.external.as_ref()));
                    known.look_up_links(tx, batch, noun, submissions.iter().filter_map(given))?;
                }
                Shape::Date | Shape::Month | Shape::Flag | Shape::Code(_) | Shape::Number(_) | Shape::Text(_) => {}
            }
        }
        let stand = known.by_external.values().chain(known.by_reference.values()).chain(before);
        known.among = Companions::look_up(tx, batch, stand, submissions)?;
        Ok(known)
    }

    fn look_up_references(
        &mut self,
        tx: &mut Tx<'_>,
        batch: Batch<'_>,
        noun: Noun,
        mut texts: Vec<&str>,
    ) -> Result<(), StoreError> {
        // In the order of the index, which is then walked once.
        texts.sort_unstable();
        texts.dedup();
        if texts.is_empty() {
            return Ok(());
        }
        if noun == batch.noun {
            for record in store::find_by_reference(tx.conn(), noun, batch.authority, &texts)? {
                self.learn(noun.kind(), &record);
            }
        } else {
            let known = store::known_references(tx.conn(), noun, batch.authority, &texts)?;
            self.references.entry(noun).or_default().extend(known);
        }
        Ok(())
    }

    /// Resolves what links to `noun` are given as: an id, or an external id in the same source as the row's own.
    fn look_up_links<'a>(
        &mut self,
        tx: &mut Tx<'_>,
        batch: Batch<'_>,
        noun: Noun,
        given: impl Iterator<Item = (&'a str, Option<&'a External>)>,
    ) -> Result<(), StoreError> {
        let mut externals = Vec::new();
        for (text, own) in given {
            match (RecordId::parse(noun, text), own) {
                (Ok(id), _) if id.authority == batch.authority => {
                    if self.linked(noun, None, text).is_none() && store::find(tx.conn(), id)?.is_some() {
                        self.note_link(noun, None, text.into(), id.number);
                    }
                }
                (Err(_), Some(external)) => {
                    let id = ExternalId::parse(text);
                    externals.extend(id.ok().map(|id| External { source: external.source.clone(), id }));
                }
                (Ok(_), _) | (Err(_), None) => {}
            }
        }
        for record in by_externals(tx, noun, batch.authority, externals.iter())? {
            if let Some(external) = record.external {
                self.note_link(noun, Some(external.source), external.id.cell(), record.id.number);
            }
        }
        Ok(())
    }

    fn note_link(&mut self, noun: Noun, source: Option<SourceSystem>, text: Box<str>, number: i64) {
        self.links.entry(noun).or_default().entry(source).or_default().insert(text, number);
    }

    /// The number of the record that a link given as `text` leads to, in a row of that source.
    fn linked(&self, noun: Noun, own: Option<&External>, text: &str) -> Option<i64> {
        let links = self.links.get(&noun)?;
        let by = |source: Option<SourceSystem>| links.get(&source)?.get(text).copied();
        by(None).or_else(|| by(Some(own?.source.clone())))
    }

    /// True if a record of the noun is called that by its senders.
    fn is_known(&self, noun: Noun, reference: &str) -> bool {
        self.references.get(&noun).is_some_and(|known| known.contains(reference))
    }

    fn submit(
        &mut self,
        stage: &mut Stage<'_>,
        batch: Batch<'_>,
        submission: &Submission<'_>,
    ) -> Result<Outcome, StoreError> {
        let before = self.find(batch.noun.kind(), submission);
        submit_one(stage, batch, self, before.as_ref(), submission)
    }

    /// The record a submission is about, if it stands.
    fn find(&self, kind: &Kind, submission: &Submission<'_>) -> Option<Record> {
        let external = submission.external.as_ref().and_then(|external| self.by_external.get(external));
        let reference = || {
            let text = kind.own_reference().and_then(|place| given_text(submission, place))?;
            self.by_reference.get(text)
        };
        external.or_else(reference).cloned()
    }

    fn learn(&mut self, kind: &Kind, record: &Record) {
        self.among.learn(record);
        if let Some(external) = &record.external {
            self.by_external.insert(external.clone(), record.clone());
        }
        if let Some(reference) = kind.own_reference().and_then(|place| record.cells.at(place)) {
            self.by_reference.insert(reference.into(), record.clone());
            self.references.entry(record.id.noun).or_default().insert(reference.into());
        }
    }

    /// Puts the number of the record in the place of each link, and notes links and references that lead nowhere.
    fn link(
        &self,
        kind: &'static Kind,
        submission: &Submission<'_>,
        mut cells: Cells,
        faults: &mut Faults,
    ) -> Option<Cells> {
        for (place, field) in kind.fields.iter().enumerate() {
            let Some(text) = given_text(submission, place) else { continue };
            match field.shape {
                Shape::Link(noun) => match self.linked(noun, submission.external.as_ref(), text) {
                    Some(number) => {
                        if let Some(cell) = Arc::make_mut(&mut cells.0).get_mut(place) {
                            *cell = Some(number.to_string().into());
                        }
                    }
                    None => faults.refuse(field.name, not_found(noun, text)),
                },
                Shape::Reference(noun)
                    if noun != kind.noun && !noun.is_created_by_reference() && !self.is_known(noun, text) =>
                {
                    faults.refuse(field.name, not_found(noun, text));
                }
                _ => {}
            }
        }
        faults.is_empty().then_some(cells)
    }

    /// Creates the children and providers that a submission names for the first time.
    fn create_named(
        &mut self,
        stage: &mut Stage<'_>,
        batch: Batch<'_>,
        kind: &'static Kind,
        submission: &Submission<'_>,
    ) -> Result<(), StoreError> {
        for (place, field) in kind.fields.iter().enumerate() {
            let (Shape::Reference(noun), Some(text)) = (field.shape, given_text(submission, place)) else { continue };
            if noun == kind.noun || !noun.is_created_by_reference() || self.is_known(noun, text) {
                continue;
            }
            let named = noun.kind();
            let own = named.own_reference();
            let cells = (0..named.fields.len()).map(|place| (Some(place) == own).then(|| text.into())).collect();
            let change = Change { noun, before: None, external: None, cells: Cells(cells) };
            stage.take(batch.authority, batch.by, batch.at, change)?;
            self.references.entry(noun).or_default().insert(text.into());
        }
        Ok(())
    }
}

/// A record keeps its own reference, and one external id leads to one record.
fn check_identity(
    kind: &Kind,
    before: Option<&Record>,
    external: Option<&External>,
    cells: Option<&Cells>,
    faults: &mut Faults,
) {
    let (Some(before), Some(place)) = (before, kind.own_reference()) else { return };
    let field = kind.fields.get(place).map_or("", |field| field.name);
    if cells.is_some_and(|cells| cells.at(place) != before.cells.at(place)) {
        faults.add(
            field,
            "cannot_change",
            format!("cannot be changed; {} keeps the reference it was created with", before.id),
        );
    }
    if before.external.as_ref().is_some_and(|was| Some(was) != external) {
        faults.add(
            "external_id",
            "cannot_change",
            format!("cannot be changed: {} has another external id already", before.id),
        );
    }
}

fn not_found(noun: Noun, text: &str) -> Refusal {
    let kind = noun.kind();
    let by = match kind.own_reference().and_then(|place| kind.fields.get(place)) {
        Some(field) => format!("its {}", field.name),
        None => "its id or by its external id in the same source system".to_owned(),
    };
    let message =
        format!("must name a known {}, by {by}, but {}; send {} first", kind.singular, found(text), kind.plural);
    Refusal::new("not_found", message)
}

fn by_externals<'a>(
    tx: &mut Tx<'_>,
    noun: Noun,
    authority: Authority,
    externals: impl Iterator<Item = &'a External>,
) -> Result<Vec<Record>, StoreError> {
    let mut by_source = BTreeMap::<&str, Vec<&str>>::new();
    for external in externals {
        by_source.entry(external.source.as_str()).or_default().push(external.id.as_str());
    }
    let mut found = Vec::new();
    for (source, ids) in by_source {
        found.extend(store::find_by_external(tx.conn(), noun, authority, source, &ids)?);
    }
    Ok(found)
}

/// For a whole new state: what is not given is cleared.
pub fn replacing(given: Vec<Given<'_>>) -> Vec<Given<'_>> {
    given.into_iter().map(|given| if given == Given::Absent { Given::Clear } else { given }).collect()
}
