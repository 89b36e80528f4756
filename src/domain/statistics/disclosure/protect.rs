//! Primary and secondary suppression, and the audit that hides more until every hidden count has a witness.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::table::{Net, Table};
use super::witness::Search;
use super::{Reason, Shown, is_small, round_to_five};

/// Decides for every cell what is shown on each date. The same table gives the same answer, in whatever order it was given.
///
/// 1. A cell that counts 1 to 7 on any date is hidden. What is hidden is so on every date where it is not 0; 0 is shown.
/// 2. No line has exactly one hidden number on any date: else its smallest part that is not 0 is hidden too, or, where
///    there is no such part, its total. So a line whose total is shown has no hidden part or at least two.
/// 3. Every hidden count has a witness on its date (see the [module](super)): else a shown count in its lines is hidden
///    too, or, where those show none, in the lines next to them; the smallest of those at the edge of their rounding, else
///    of all; after sixteen in vain twice as many each time.
pub fn protect<K: Ord + Clone>(table: &Table<K>) -> BTreeMap<K, Vec<Shown>> {
    let cells = table.keys.len();
    let mut decision = Decision {
        net: &table.net,
        counts: &table.counts,
        hidden: vec![false; cells],
        waiting: VecDeque::new(),
        in_order: Vec::new(),
    };
    for cell in 0..cells {
        let small = table.counts.iter().any(|column| column.get(cell).is_some_and(|count| is_small(*count)));
        if small || table.small.get(cell).is_some_and(|small| *small) {
            decision.hide(cell);
        }
    }
    decision.settle();
    decision.audit();
    let shown = |cell: usize, hidden: bool| {
        let of_date = |column: &Vec<u64>| match column.get(cell).copied().unwrap_or(0) {
            1.. if hidden => Shown::Suppressed(Reason::SmallNumbers),
            count => Shown::Count(round_to_five(count)),
        };
        table.counts.iter().map(of_date).collect::<Vec<_>>()
    };
    let decided = table.keys.iter().zip(decision.hidden.iter().enumerate());
    decided.map(|(key, (cell, hidden))| (key.clone(), shown(cell, *hidden))).collect()
}

/// Larger than every count and its cell.
const NOTHING: (u64, usize) = (u64::MAX, usize::MAX);

/// So many counts are hidden around one that has no witness before twice as many are hidden each time: where it takes more,
/// it takes thousands, and a search after each of them would take minutes.
const ONE_BY_ONE: u32 = 16;

struct Decision<'a> {
    net: &'a Net,
    counts: &'a [Vec<u64>],
    hidden: Vec<bool>,
    /// Lines in which something has been hidden since they were looked at.
    waiting: VecDeque<usize>,
    /// Cells in the order in which they were hidden.
    in_order: Vec<usize>,
}

impl Decision<'_> {
    fn hide(&mut self, cell: usize) {
        if let Some(hidden) = self.hidden.get_mut(cell).filter(|hidden| !**hidden) {
            *hidden = true;
            self.in_order.push(cell);
            self.waiting.extend(self.net.lines(cell).iter().map(|(line, _)| line));
        }
    }

    /// Hides until no line that waits has exactly one hidden number on a date.
    fn settle(&mut self) {
        while let Some(line) = self.waiting.pop_front() {
            for column in self.counts {
                while let Some(cell) = self.accomplice(line, column) {
                    self.hide(cell);
                }
            }
        }
    }

    /// The cell to hide beside the only hidden one of a line.
    fn accomplice(&self, line: usize, column: &[u64]) -> Option<usize> {
        let (mut hidden, mut smallest, mut total) = (0_u32, NOTHING, None);
        for (cell, sign) in self.net.members(line) {
            let count = column.get(*cell).copied().unwrap_or(0);
            if count == 0 {
                continue;
            }
            match (self.is_hidden(*cell), *sign) {
                (true, _) => hidden += 1,
                (false, 1..) => smallest = smallest.min((count, *cell)),
                (false, _) => total = Some((count, *cell)),
            }
        }
        let part = Some(smallest).filter(|part| *part != NOTHING);
        part.or(total).filter(|_| hidden == 1).map(|(_, cell)| cell)
    }

    fn is_hidden(&self, cell: usize) -> bool {
        self.hidden.get(cell).is_some_and(|hidden| *hidden)
    }

    /// Looks for a witness of every hidden count. What was found for one stays true when more is hidden, so nothing is looked
    /// for twice.
    fn audit(&mut self) {
        let (net, counts) = (self.net, self.counts);
        let mut searches: Vec<_> = counts.iter().map(|column| Search::new(net, column)).collect();
        let mut audited = 0;
        while let Some(cell) = self.in_order.get(audited).copied() {
            audited += 1;
            for (search, column) in searches.iter_mut().zip(counts) {
                let mut in_vain = 0_u32;
                while !search.witness(&self.hidden, cell) {
                    let most = 1_usize << in_vain.saturating_sub(ONE_BY_ONE).min(16);
                    let more = self.nearest_shown(cell, column, most);
                    if more.is_empty() {
                        break;
                    }
                    for cell in more {
                        self.hide(cell);
                    }
                    self.settle();
                    in_vain += 1;
                }
            }
        }
    }

    /// Shown counts, 0 left out, in the lines of a cell, else in the lines of their cells, and so on: so many at most.
    fn nearest_shown(&self, cell: usize, column: &[u64], most: usize) -> Vec<usize> {
        let (mut seen, mut ring) = (BTreeSet::new(), BTreeSet::from([cell]));
        while !ring.is_empty() {
            let lines = ring.iter().flat_map(|cell| self.net.lines(*cell)).map(|(line, _)| *line);
            let fresh: BTreeSet<usize> = lines.filter(|line| !seen.contains(line)).collect();
            ring = fresh.iter().flat_map(|line| self.net.members(*line)).map(|(cell, _)| *cell).collect();
            seen.extend(fresh);
            let shown = ring.iter().filter(|cell| !self.is_hidden(**cell));
            let counted = shown.filter_map(|cell| Some((*column.get(*cell)?, *cell))).filter(|(count, _)| *count > 0);
            // A count at the edge of what rounds to its number bars the way in one direction; hidden it bars none.
            let is_free = |count: u64| round_to_five(count).abs_diff(count) < 2;
            let mut nearest: Vec<_> = counted.map(|(count, cell)| (is_free(count), count, cell)).collect();
            nearest.sort_unstable();
            if !nearest.is_empty() {
                return nearest.into_iter().take(most).map(|(_, _, cell)| cell).collect();
            }
        }
        Vec::new()
    }
}
