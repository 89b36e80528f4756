//! The records that submissions must fit: a worker's other holdings, a discipline's other rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::submit::{Batch, given_text};
use crate::domain::among::Among;
use crate::domain::fault::Faults;
use crate::domain::noun::{Cells, Noun, Record, Submission};
use crate::store::{self, StoreError, Tx};

/// Records by the text that they share, and by their numbers.
#[derive(Debug, Default)]
pub struct Companions {
    by_text: HashMap<Box<str>, BTreeMap<i64, Cells>>,
    texts: HashMap<i64, Box<str>>,
}

impl Companions {
    /// Those of everything the submissions give, and of the records they may change.
    pub fn look_up<'a>(
        tx: &mut Tx<'_>,
        batch: Batch<'_>,
        stand: impl Iterator<Item = &'a Record>,
        submissions: &[Submission<'_>],
    ) -> Result<Self, StoreError> {
        let mut companions = Self::default();
        let Some(among) = batch.noun.among() else { return Ok(companions) };
        let Some(place) = batch.noun.kind().place(among.field) else { return Ok(companions) };
        let given = submissions.iter().filter_map(|submission| given_text(submission, place));
        let standing = stand.filter_map(|record| record.cells.at(place));
        let texts: BTreeSet<_> = given.chain(standing).collect();
        let texts: Vec<_> = texts.into_iter().collect();
        for record in store::find_by_text(tx.conn(), among.noun, batch.authority, among.field, &texts)? {
            companions.put(among, &record);
        }
        Ok(companions)
    }

    /// Notes what does not fit between a record as it would be and those it must fit; `number` is its own, if it stands.
    pub fn check(&self, noun: Noun, number: Option<i64>, cells: &Cells, faults: &mut Faults) {
        let Some(among) = noun.among() else { return };
        let text = noun.kind().place(among.field).and_then(|place| cells.at(place));
        let others = text.and_then(|text| self.by_text.get(text)).into_iter().flatten();
        let own = number.filter(|_| among.noun == noun);
        let mut others = others.filter(|(other, _)| Some(**other) != own).map(|(_, cells)| cells);
        (among.check)(cells, &mut others, faults);
    }

    /// Takes in a record as it now stands.
    pub fn learn(&mut self, record: &Record) {
        if let Some(among) = record.id.noun.among().filter(|among| among.noun == record.id.noun) {
            self.put(among, record);
        }
    }

    fn put(&mut self, among: &Among, record: &Record) {
        let number = record.id.number;
        if let Some(group) = self.texts.remove(&number).and_then(|former| self.by_text.get_mut(&former)) {
            group.remove(&number);
        }
        let text = among.noun.kind().place(among.field).and_then(|place| record.cells.at(place));
        if let Some(text) = text {
            self.by_text.entry(text.into()).or_default().insert(number, record.cells.clone());
            self.texts.insert(number, text.into());
        }
    }
}
