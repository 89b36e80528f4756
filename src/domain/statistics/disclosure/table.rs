//! A table to be published: raw counts of cells on some dates, and the lines in which they add up.

use std::collections::{BTreeMap, BTreeSet};

/// A line of a table: on every date the total is the sum of the parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<K> {
    /// The cell that is the sum.
    pub total: K,
    /// The cells that are added, each once.
    pub parts: Vec<K>,
}

/// Why something is no table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableFault<K> {
    /// A line names a cell that has no counts.
    UnknownCell(K),
    /// A cell has counts for more or fewer dates than the first one.
    OtherDates(K),
    /// A line names this cell twice.
    Repeated(K),
    /// The parts of this total do not add up to it on some date.
    Unequal(K),
}

/// A cell of a line, and what it counts there: 1 as a part, -1 as the total, so that a line adds up to 0.
pub(super) type Member = (usize, i64);

/// Which cells stand in which lines, by their places.
#[derive(Clone, Debug)]
pub(super) struct Net {
    /// For each line its members, the total first.
    pub members: Vec<Vec<Member>>,
    /// For each cell the lines it stands in.
    pub lines: Vec<Vec<Member>>,
}

impl Net {
    fn new(cells: usize, members: Vec<Vec<Member>>) -> Self {
        let mut lines = vec![Vec::new(); cells];
        for (line, members) in members.iter().enumerate() {
            for (cell, sign) in members {
                if let Some(of_cell) = lines.get_mut(*cell) {
                    of_cell.push((line, *sign));
                }
            }
        }
        Self { members, lines }
    }

    /// The members of a line.
    pub fn members(&self, line: usize) -> &[Member] {
        self.members.get(line).map_or(&[], Vec::as_slice)
    }

    /// The lines of a cell.
    pub fn lines(&self, cell: usize) -> &[Member] {
        self.lines.get(cell).map_or(&[], Vec::as_slice)
    }
}

/// Counts of all cells that are published about the same people, with every line that a reader can add up.
///
/// A cell may be a part of several lines (row, column, area) and the total of several.
#[derive(Clone, Debug)]
pub struct Table<K> {
    pub(super) keys: Vec<K>,
    /// By date, then by cell.
    pub(super) counts: Vec<Vec<u64>>,
    /// Cells that are small though their counts are not.
    pub(super) small: Vec<bool>,
    pub(super) net: Net,
}

impl<K: Ord + Clone> Table<K> {
    /// A table of cells (a raw count for each date, in one order of dates) and lines. Neither the order of lines nor that
    /// of their parts matters.
    ///
    /// # Errors
    /// When a line does not add up or names a cell that is unknown or named twice, or when cells have different dates.
    pub fn new(cells: BTreeMap<K, Vec<u64>>, lines: &[Line<K>]) -> Result<Self, TableFault<K>> {
        let dates = cells.values().next().map_or(0, Vec::len);
        let mut keys = Vec::with_capacity(cells.len());
        let mut counts = vec![Vec::with_capacity(cells.len()); dates];
        for (key, of_cell) in cells {
            if of_cell.len() != dates {
                return Err(TableFault::OtherDates(key));
            }
            keys.push(key);
            for (column, count) in counts.iter_mut().zip(of_cell) {
                column.push(count);
            }
        }
        let mut members = lines.iter().map(|line| members(&keys, line)).collect::<Result<Vec<_>, _>>()?;
        members.sort_unstable();
        members.dedup();
        for line in &members {
            check(&keys, &counts, line)?;
        }
        let net = Net::new(keys.len(), members);
        Ok(Self { small: vec![false; keys.len()], keys, counts, net })
    }

    /// The same table in which these cells are small whatever they count: they count things of which few people have many.
    #[must_use]
    pub fn with_small(mut self, cells: &BTreeSet<K>) -> Self {
        for (key, small) in self.keys.iter().zip(&mut self.small) {
            *small = cells.contains(key);
        }
        self
    }
}

fn members<K: Ord + Clone>(keys: &[K], line: &Line<K>) -> Result<Vec<Member>, TableFault<K>> {
    let place = |key: &K| keys.binary_search(key).map_err(|_place| TableFault::UnknownCell(key.clone()));
    let total = place(&line.total)?;
    let mut parts = line.parts.iter().map(|key| Ok((place(key)?, 1))).collect::<Result<Vec<Member>, _>>()?;
    parts.sort_unstable();
    parts.insert(0, (total, -1));
    Ok(parts)
}

fn check<K: Clone>(keys: &[K], counts: &[Vec<u64>], line: &[Member]) -> Result<(), TableFault<K>> {
    let Some(((total, _), parts)) = line.split_first() else { return Ok(()) };
    let Some(key) = keys.get(*total) else { return Ok(()) };
    let mut before = None;
    for (part, _) in parts {
        if part == total || before == Some(part) {
            return Err(TableFault::Repeated(keys.get(*part).unwrap_or(key).clone()));
        }
        before = Some(part);
    }
    for column in counts {
        let count = |cell: &usize| column.get(*cell).copied().unwrap_or(0);
        let sum = parts.iter().try_fold(0_u64, |sum, (part, _)| sum.checked_add(count(part)));
        if sum != Some(count(total)) {
            return Err(TableFault::Unequal(key.clone()));
        }
    }
    Ok(())
}
