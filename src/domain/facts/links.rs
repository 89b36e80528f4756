//! Links: records that belong to another, found by the number of that other.

use std::collections::HashMap;

/// Records by their numbers, and the numbers of those that belong to each other record.
#[derive(Clone, Debug)]
pub struct Links<T> {
    records: HashMap<i64, (i64, T)>,
    of: HashMap<i64, Vec<i64>>,
}

impl<T> Default for Links<T> {
    fn default() -> Self {
        Self { records: HashMap::new(), of: HashMap::new() }
    }
}

impl<T> Links<T> {
    /// Takes in a record that belongs to `owner`; answers with every owner whose records have changed: this one, and the
    /// one the record belonged to before.
    pub fn put(&mut self, number: i64, owner: i64, record: T) -> Vec<i64> {
        let former = self.records.insert(number, (owner, record)).map(|(former, _)| former);
        if let Some(former) = former.filter(|former| *former != owner) {
            self.of.entry(former).or_default().retain(|other| *other != number);
            self.of.entry(owner).or_default().push(number);
            return vec![former, owner];
        }
        if former.is_none() {
            self.of.entry(owner).or_default().push(number);
        }
        vec![owner]
    }

    /// The records that belong to `owner`, with their numbers.
    pub fn of(&self, owner: i64) -> impl Iterator<Item = (i64, &T)> {
        let numbers = self.of.get(&owner).map_or(&[][..], Vec::as_slice);
        numbers.iter().filter_map(|number| self.records.get(number).map(|(_, record)| (*number, record)))
    }

    /// The record with that number.
    pub fn find(&self, number: i64) -> Option<&T> {
        self.records.get(&number).map(|(_, record)| record)
    }

    /// The owner of a record.
    pub fn owner(&self, number: i64) -> Option<i64> {
        self.records.get(&number).map(|(owner, _)| *owner)
    }

    /// Every record with its number, in no order.
    pub fn numbered(&self) -> impl Iterator<Item = (i64, &T)> {
        self.records.iter().map(|(number, (_, record))| (*number, record))
    }

    /// Every record, with the number of its owner, in the order of owner and record.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &T)> {
        let mut all: Vec<_> = self.records.iter().map(|(number, (owner, record))| (*owner, *number, record)).collect();
        all.sort_unstable_by_key(|(owner, number, _)| (*owner, *number));
        all.into_iter().map(|(owner, _, record)| (owner, record))
    }
}
