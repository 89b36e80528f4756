//! The search for a second table that would be published with the same numbers.
//!
//! A hidden count is changed by one. That leaves its lines out of balance; a line is balanced by changing another of its
//! numbers by one, which may leave others out of balance, until all are balanced or too much has changed. Every cell
//! changes at most once, and only as far as its published number allows. What balances most comes first; among equals
//! each attempt takes another one, counted out and not by chance, so the same table gives the same answer.

use super::table::Net;
use super::{LARGEST_SMALL, round_to_five};

/// Attempts before a search is given up. Most succeed at once.
const MOST_ATTEMPTS: usize = 120;
/// Cells changed in one attempt.
const MOST_CHANGES: usize = 40;
/// Cells of a line that are compared, of those that could change.
const MOST_COMPARED: usize = 24;

/// Searches the table of one date.
pub(super) struct Search<'a> {
    net: &'a Net,
    counts: &'a [u64],
    has_witness: Vec<bool>,
    change: Vec<i64>,
    imbalance: Vec<i64>,
    changed: Vec<usize>,
    turn: usize,
    keeps_small: bool,
}

impl<'a> Search<'a> {
    /// Nothing has been searched.
    pub fn new(net: &'a Net, counts: &'a [u64]) -> Self {
        Self {
            net,
            counts,
            has_witness: vec![false; counts.len()],
            change: vec![0; counts.len()],
            imbalance: vec![0; net.members.len()],
            changed: Vec::new(),
            turn: 0,
            keeps_small: true,
        }
    }

    /// True if a second table has another count in this cell, or if there is nothing to hide there.
    pub fn witness(&mut self, hidden: &[bool], cell: usize) -> bool {
        let nothing = self.counts.get(cell).is_none_or(|count| *count == 0);
        if nothing || self.has_witness.get(cell).is_some_and(|has| *has) {
            return true;
        }
        (0..MOST_ATTEMPTS).any(|attempt| {
            self.turn = attempt.wrapping_mul(7919).wrapping_add(cell);
            self.keeps_small = attempt < MOST_ATTEMPTS / 2;
            self.attempt(hidden, cell, if attempt % 2 == 0 { 1 } else { -1 })
        })
    }

    fn attempt(&mut self, hidden: &[bool], cell: usize, change: i64) -> bool {
        if !self.may_change(hidden, cell, change) {
            return false;
        }
        self.apply(cell, change);
        let found = self.balance(hidden);
        while let Some(changed) = self.changed.last().copied() {
            if let Some(has) = self.has_witness.get_mut(changed) {
                *has |= found;
            }
            self.undo(changed);
        }
        found
    }

    fn balance(&mut self, hidden: &[bool]) -> bool {
        while let Some(line) = self.unbalanced() {
            match self.choice(hidden, line) {
                Some((cell, change)) if self.changed.len() < MOST_CHANGES => self.apply(cell, change),
                _ => return false,
            }
        }
        true
    }

    /// The shortest line that is out of balance: it leaves least choice.
    fn unbalanced(&self) -> Option<usize> {
        let lines = self.changed.iter().flat_map(|cell| self.net.lines(*cell)).map(|(line, _)| *line);
        let open = lines.filter(|line| self.imbalance(*line) != 0);
        open.min_by_key(|line| (self.net.members(*line).len(), *line))
    }

    /// The change of a member that balances most lines, beginning at a place that the attempt chooses.
    fn choice(&mut self, hidden: &[bool], line: usize) -> Option<(usize, i64)> {
        self.turn = self.turn.wrapping_mul(25_173).wrapping_add(13_849) % 65_536;
        let direction = -self.imbalance(line).signum();
        let members = self.net.members(line);
        let (before, from) = members.split_at((self.turn / 16).checked_rem(members.len())?);
        let changes = from.iter().chain(before).map(|(cell, sign)| (*cell, direction * sign));
        let free = changes
            .filter(|(cell, change)| self.change.get(*cell) == Some(&0) && self.may_change(hidden, *cell, *change));
        free.take(MOST_COMPARED).min_by_key(|(cell, change)| self.cost(*cell, *change))
    }

    /// How much further from balance the lines of a cell are after the change.
    fn cost(&self, cell: usize, change: i64) -> i64 {
        let cost = |(line, sign): &(usize, i64)| {
            let before = self.imbalance(*line);
            (before + sign * change).abs() - before.abs()
        };
        self.net.lines(cell).iter().map(cost).sum()
    }

    fn imbalance(&self, line: usize) -> i64 {
        self.imbalance.get(line).copied().unwrap_or(0)
    }

    /// True if the changed count would be published as the true one is.
    fn may_change(&self, hidden: &[bool], cell: usize, change: i64) -> bool {
        let Some(count) = self.counts.get(cell).copied().filter(|count| *count > 0) else { return false };
        let Some(other) = count.checked_add_signed(change) else { return false };
        if hidden.get(cell).is_some_and(|hidden| *hidden) {
            other > 0 && (!self.keeps_small || (other <= LARGEST_SMALL) == (count <= LARGEST_SMALL))
        } else {
            other > LARGEST_SMALL && round_to_five(other) == round_to_five(count)
        }
    }

    fn apply(&mut self, cell: usize, change: i64) {
        self.changed.push(cell);
        if let Some(of_cell) = self.change.get_mut(cell) {
            *of_cell = change;
        }
        self.shift(cell, change);
    }

    fn undo(&mut self, cell: usize) {
        self.changed.pop();
        let change = self.change.get_mut(cell).map(std::mem::take);
        self.shift(cell, -change.unwrap_or(0));
    }

    fn shift(&mut self, cell: usize, change: i64) {
        for (line, sign) in self.net.lines(cell) {
            if let Some(imbalance) = self.imbalance.get_mut(*line) {
                *imbalance += sign * change;
            }
        }
    }
}
