//! The limit of Shapley values: every set of the causes of a case, one after the other.

use std::ops::Range;

use twentyweeks::domain::advice_request::AdviceType;
use twentyweeks::domain::facts::{Day, Facts};

/// The steps a late day is shared among: decision, asking, drafting, consultation, and each adviser by its byte.
pub type Shares = [f64; 4 + 16];

/// The causes of a case: its late steps, of which any set may be set to its standard.
struct Causes<'a> {
    /// Days of the stages beyond the twenty weeks.
    stages: Day,
    /// A step, and what mending it takes from the stages.
    late: Vec<(usize, Day)>,
    /// Days from the decision to each request for advice, the days taken, and the cause of its adviser, if late.
    advice: &'a [(Day, Day, Option<usize>)],
    /// The cause that is the asking.
    asking: Option<usize>,
}

impl Causes<'_> {
    /// Days past due with a set of the causes mended.
    fn delay(&self, mended: usize) -> Day {
        let has = |cause: Option<usize>| cause.is_some_and(|cause| mended >> cause & 1 == 1);
        let back = self.advice.iter().map(|(after, taken, adviser)| {
            let after = if has(self.asking) { (*after).min(0) } else { *after };
            after + if has(*adviser) { (*taken).min(42) } else { *taken }
        });
        let cut: Day =
            self.late.iter().enumerate().filter(|(cause, _)| has(Some(*cause))).map(|(_, (_, cut))| cut).sum();
        (self.stages + back.max().unwrap_or(0).max(0) - cut).max(0)
    }

    /// Adds what each cause takes from the delay, averaged over every order of mending, set by set.
    fn share(&self, weights: &[Vec<f64>], shares: &mut Shares) {
        let weights = &weights[self.late.len()];
        let delays: Vec<_> = (0..1_usize << self.late.len()).map(|mended| self.delay(mended)).collect();
        for (mended, before) in delays.iter().enumerate() {
            for (cause, (step, _)) in self.late.iter().enumerate().filter(|(cause, _)| mended >> cause & 1 == 0) {
                let saved = before - delays[mended | 1 << cause];
                shares[*step] += weights[mended.count_ones() as usize] * f64::from(saved);
            }
        }
    }
}

/// A late case, and where its advice stands.
struct Case<'a> {
    facts: &'a Facts,
    row: usize,
    advice: Range<usize>,
    as_at: Day,
}

impl Case<'_> {
    fn causes(self, asked: &mut Vec<(Day, Day, Option<usize>)>) -> Causes<'_> {
        let Self { facts: Facts { cases, advice, .. }, row, advice: places, as_at } = self;
        let end = cases.issued[row].min(as_at);
        let (decided, draft) = (cases.decided[row].min(as_at), cases.draft_served[row].min(end));
        asked.clear();
        let mut late = Vec::new();
        for place in places.filter(|place| advice.sent[*place] <= as_at) {
            let back = advice.in_hand[place].min(as_at);
            let since = if advice.received[place] <= back { advice.received[place] } else { advice.sent[place] };
            let adviser = (back - since > 42).then_some(late.len());
            if adviser.is_some() {
                late.push((4 + usize::from(AdviceType::byte(Some(advice.advice_type[place]))), 0));
            }
            asked.push((since - decided, back - since, adviser));
        }
        let asking = asked.iter().any(|(after, ..)| *after > 0).then_some(late.len());
        late.extend(asking.map(|_| (1, 0)));
        let back = asked.iter().map(|(after, taken, _)| after + taken).max().unwrap_or(0).max(0);
        let stages = [(0, decided - cases.started[row], 42), (2, draft - decided - back, 21), (3, end - draft, 35)];
        late.extend(stages.iter().filter(|(_, days, most)| days > most).map(|(step, days, most)| (*step, days - most)));
        let stages = stages.iter().map(|(_, days, _)| days).sum::<Day>() - 140;
        Causes { stages, late, advice: asked, asking }
    }
}

/// Late days by step, by Shapley values, as one writes them down. Advice stands in the order of its cases.
pub fn shares(england: &[&Facts], as_at: Day) -> Shares {
    let choose = |n: usize, k: usize| (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>();
    let weights = |n: usize| (0..n).map(|size| 1.0 / (n as f64 * choose(n - 1, size))).collect();
    let weights: Vec<Vec<f64>> = (0..=13).map(weights).collect();
    let mut shares = Shares::default();
    let mut asked = Vec::new();
    for facts in england {
        let (cases, advice) = (&facts.cases, &facts.advice);
        let mut next = 0;
        for (row, number) in cases.number.iter().enumerate() {
            let first = next;
            while advice.case.get(next) == Some(number) {
                next += 1;
            }
            let (issued, ended) = (cases.issued[row], cases.ended[row]);
            let end = issued.min(as_at);
            let no_case = cases.started[row] > as_at || (ended <= as_at && ended < issued);
            if no_case || end <= cases.final_due[row] || cases.exempt_from[row] <= as_at {
                continue;
            }
            let case = Case { facts, row, advice: first..next, as_at };
            case.causes(&mut asked).share(&weights, &mut shares);
        }
    }
    shares
}
