//! Links: records that belong to another, found by the number of that other.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use smallvec::SmallVec;

/// Records by their numbers, ascending: a new record has the highest number, so it comes last.
#[derive(Clone, Debug)]
pub struct Numbered<T> {
    numbers: Vec<i64>,
    records: Vec<T>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { numbers: Vec::new(), records: Vec::new() }
    }
}

impl<T> Numbered<T> {
    /// Takes in a record; answers with what it was before.
    pub fn put(&mut self, number: i64, record: T) -> Option<T> {
        match self.place(number) {
            Ok(place) => self.records.get_mut(place).map(|slot| std::mem::replace(slot, record)),
            Err(place) => {
                self.numbers.insert(place, number);
                self.records.insert(place, record);
                None
            }
        }
    }

    /// Room for so many records more.
    pub fn reserve(&mut self, more: usize) {
        self.numbers.reserve_exact(more);
        self.records.reserve_exact(more);
    }

    fn place(&self, number: i64) -> Result<usize, usize> {
        match self.numbers.last() {
            Some(last) if *last > number => self.numbers.binary_search(&number),
            Some(last) if *last == number => Ok(self.numbers.len() - 1),
            _ => Err(self.numbers.len()),
        }
    }

    /// The record with that number.
    pub fn get(&self, number: i64) -> Option<&T> {
        self.records.get(self.place(number).ok()?)
    }

    /// Every record with its number, in the order of the numbers.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &T)> {
        self.numbers.iter().copied().zip(&self.records)
    }

    /// Every number, ascending.
    pub fn numbers(&self) -> &[i64] {
        &self.numbers
    }
}

/// Numbers of records are counted one by one by this service: to scatter them it needs no secret.
#[derive(Clone, Debug, Default)]
pub struct Scattered(u64);

impl Hasher for Scattered {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// Records by their numbers, and the numbers of those that belong to each other record: rarely more than two.
#[derive(Clone, Debug)]
pub struct Links<T> {
    records: Numbered<(i64, T)>,
    of: HashMap<i64, SmallVec<[i64; 2]>, BuildHasherDefault<Scattered>>,
}

impl<T> Default for Links<T> {
    fn default() -> Self {
        Self { records: Numbered::default(), of: HashMap::default() }
    }
}

impl<T> Links<T> {
    /// Takes in a record that belongs to `owner`; answers with every owner whose records have changed: the one the record
    /// belonged to before, if that was another, and this one.
    pub fn put(&mut self, number: i64, owner: i64, record: T) -> SmallVec<[i64; 2]> {
        let before = self.records.put(number, (owner, record)).map(|(before, _)| before);
        let former = before.filter(|former| *former != owner);
        if let Some(former) = former {
            self.of.entry(former).or_default().retain(|other| *other != number);
        }
        if before != Some(owner) {
            self.of.entry(owner).or_default().push(number);
        }
        former.into_iter().chain([owner]).collect()
    }

    /// Room for so many records more, each of which may belong to another.
    pub fn reserve(&mut self, more: usize) {
        self.records.reserve(more);
        self.of.reserve(more);
    }

    /// The records that belong to `owner`, with their numbers.
    pub fn of(&self, owner: i64) -> impl Iterator<Item = (i64, &T)> {
        let numbers = self.of.get(&owner).map_or(&[][..], SmallVec::as_slice);
        numbers.iter().filter_map(|number| self.find(*number).map(|record| (*number, record)))
    }

    /// The record with that number.
    pub fn find(&self, number: i64) -> Option<&T> {
        self.records.get(number).map(|(_, record)| record)
    }

    /// The owner of a record.
    pub fn owner(&self, number: i64) -> Option<i64> {
        self.records.get(number).map(|(owner, _)| *owner)
    }

    /// Every record with its number, in the order of the numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (i64, &T)> {
        self.records.iter().map(|(number, (_, record))| (number, record))
    }

    /// Every record, with the number of its owner, in the order of owner and record.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &T)> {
        let mut all: Vec<_> = self.records.iter().map(|(_, (owner, record))| (*owner, record)).collect();
        all.sort_by_key(|(owner, _)| *owner);
        all.into_iter()
    }
}
