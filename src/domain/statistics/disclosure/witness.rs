//! The search for a second table that would be published with the same numbers.
//!
//! A hidden count is changed by one. That leaves its lines out of balance; a line is balanced by changing another of its
//! numbers by one, which may leave others out of balance, until all are balanced or too much has changed. Every cell
//! changes at most once, and only as far as its published number allows. What balances most comes first; among equals
//! each attempt takes another one, counted out and not by chance, so the same table gives the same answer.
//!
//! Most searches succeed so at once. Where a hundred attempts lead nowhere, the search takes back: it balances the line first that
//! leaves least choice, and where a line has none left, takes the last change back and tries the next best. One child more
//! in a rare group is one more in every total above it, and one less in another group of the same place: a way of
//! twenty changes of which the first is never the one that balances most.

use super::table::Net;
use super::{LARGEST_SMALL, round_to_five};

/// Attempts that take what balances most and take nothing back.
const STRAIGHT: usize = 120;
/// Attempts in all before a search is given up.
const MOST_ATTEMPTS: usize = 400;
/// Cells changed in a straight attempt, and in one of the others.
const MOST_CHANGES: [usize; 2] = [40, 64];
/// Changes tried in an attempt that takes back.
const MOST_TRIED: usize = 150;
/// Changes tried for one line.
const MOST_WAYS: usize = 3;
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
    /// Lines that were out of balance since the attempt began, each at least once.
    open: Vec<usize>,
    turn: usize,
    keeps_small: bool,
    /// Changes that may still be tried in an attempt that takes back.
    left: usize,
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
            open: Vec::new(),
            turn: 0,
            keeps_small: true,
            left: 0,
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
            self.keeps_small = attempt < STRAIGHT / 2;
            self.attempt(hidden, (cell, if attempt % 2 == 0 { 1 } else { -1 }), attempt < STRAIGHT)
        })
    }

    fn attempt(&mut self, hidden: &[bool], (cell, change): (usize, i64), straight: bool) -> bool {
        if !self.may_change(hidden, cell, change) {
            return false;
        }
        self.apply(cell, change);
        self.left = MOST_TRIED;
        let found = if straight { self.balance(hidden) } else { self.balance_or_take_back(hidden) };
        while let Some(changed) = self.changed.last().copied() {
            if let Some(has) = self.has_witness.get_mut(changed) {
                *has |= found;
            }
            self.undo(changed);
        }
        self.open.clear();
        found
    }

    fn balance(&mut self, hidden: &[bool]) -> bool {
        let [most, _] = MOST_CHANGES;
        while let Some(line) = self.unbalanced() {
            match self.choice(hidden, line) {
                Some((cell, change)) if self.changed.len() < most => self.apply(cell, change),
                _ => return false,
            }
        }
        true
    }

    /// Balances the line that leaves least choice by the best change after which all others can be balanced, too.
    fn balance_or_take_back(&mut self, hidden: &[bool]) -> bool {
        let [_, most] = MOST_CHANGES;
        let Some(line) = self.tightest(hidden) else { return true };
        if self.changed.len() >= most {
            return false;
        }
        self.turn = next(self.turn);
        let mut ways: Vec<_> = self.ways(hidden, line).collect();
        ways.sort_by_key(|(cell, change)| self.cost(*cell, *change) + self.whim(*cell));
        for (cell, change) in ways.into_iter().take(MOST_WAYS) {
            let Some(left) = self.left.checked_sub(1) else { return false };
            self.left = left;
            self.apply(cell, change);
            if self.balance_or_take_back(hidden) {
                return true;
            }
            self.undo(cell);
        }
        false
    }

    /// The line out of balance that fewest changes could balance.
    fn tightest(&mut self, hidden: &[bool]) -> Option<usize> {
        self.forget_balanced();
        let mut tightest = None;
        let mut fewest = usize::MAX;
        for line in &self.open {
            let ways = self.ways(hidden, *line).take(fewest).count();
            if ways < fewest {
                (tightest, fewest) = (Some(*line), ways);
            }
        }
        tightest
    }

    /// The shortest line that is out of balance: it leaves least choice.
    fn unbalanced(&mut self) -> Option<usize> {
        self.forget_balanced();
        self.open.iter().copied().min_by_key(|line| (self.net.members(*line).len(), *line))
    }

    fn forget_balanced(&mut self) {
        let Self { open, imbalance, .. } = self;
        open.retain(|line| imbalance.get(*line).is_some_and(|imbalance| *imbalance != 0));
    }

    /// The change of a member that balances most lines, beginning at a place that the attempt chooses.
    fn choice(&mut self, hidden: &[bool], line: usize) -> Option<(usize, i64)> {
        self.turn = next(self.turn);
        let ways = self.ways(hidden, line).take(MOST_COMPARED);
        ways.min_by_key(|(cell, change)| self.cost(*cell, *change))
    }

    /// The changes of members that bring a line nearer to balance, beginning at a place that the attempt chooses.
    fn ways(&self, hidden: &[bool], line: usize) -> impl Iterator<Item = (usize, i64)> {
        let direction = -self.imbalance(line).signum();
        let members = self.net.members(line);
        let start = (self.turn / 16).checked_rem(members.len()).unwrap_or(0);
        let (before, from) = members.split_at(start);
        let changes = from.iter().chain(before).map(move |(cell, sign)| (*cell, direction * sign));
        changes
            .filter(move |(cell, change)| self.change.get(*cell) == Some(&0) && self.may_change(hidden, *cell, *change))
    }

    /// How much further from balance the lines of a cell are after the change.
    fn cost(&self, cell: usize, change: i64) -> i64 {
        let cost = |(line, sign): &(usize, i64)| {
            let before = self.imbalance(*line);
            (before + sign * change).abs() - before.abs()
        };
        self.net.lines(cell).iter().map(cost).sum()
    }

    /// By how much this turn likes a cell less than what it balances: 0 to 3. Without it every attempt would go the same way.
    fn whim(&self, cell: usize) -> i64 {
        i64::try_from(next(cell.wrapping_mul(31).wrapping_add(self.turn)) / 64 % 4).unwrap_or(0)
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
                if *imbalance == 0 {
                    self.open.push(*line);
                }
                *imbalance += sign * change;
            }
        }
    }
}

/// The next of a row of numbers without a pattern that matters.
fn next(turn: usize) -> usize {
    turn.wrapping_mul(25_173).wrapping_add(13_849) % 65_536
}
