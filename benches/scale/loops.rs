//! The limits: what is asked of the service, written down as bare loops over the same columns, with a histogram for each
//! cell. Nothing else can be asked of them.

use twentyweeks::domain::advice_request::AdviceType;
use twentyweeks::domain::facts::{Day, Facts, NEVER};
use twentyweeks::domain::statistics::group::Periods;

use crate::england::DAYS;

/// The therapies, and the one nobody recorded before them.
pub const DISCIPLINES: usize = 4;

/// Counts by days in one vector for each cell, all as long as the longest wait there can be.
pub struct Histograms {
    by_days: Vec<u32>,
}

/// People, their days, four percentiles, the longest, and how many over eighteen weeks.
pub type Told = [u64; 8];

/// The percentiles that are told.
pub const PERCENTILES: [u64; 4] = [50, 75, 90, 92];

const LENGTH: usize = DAYS as usize + 500;

impl Histograms {
    fn new(cells: usize) -> Self {
        Self { by_days: vec![0; cells * LENGTH] }
    }

    fn count(&mut self, cell: usize, days: Day) {
        self.by_days[cell * LENGTH + days as usize] += 1;
    }

    /// What is told of each cell.
    pub fn told(&self) -> Vec<Told> {
        self.by_days.chunks(LENGTH).map(told).collect()
    }

    fn cell(&self, cell: usize) -> &[u32] {
        &self.by_days[cell * LENGTH..][..LENGTH]
    }
}

fn told(by_days: &[u32]) -> Told {
    let (mut people, mut days, mut longest) = (0, 0, 0);
    for (day, count) in (0..).zip(by_days).filter(|(_, count)| **count > 0) {
        (people, days, longest) = (people + u64::from(*count), days + day * u64::from(*count), day);
    }
    let ranks = PERCENTILES.map(|percent| (people * percent).div_ceil(100).max(1));
    let (mut found, mut next, mut seen) = ([0; PERCENTILES.len()], 0, 0);
    for (day, count) in (0..).zip(by_days) {
        seen += u64::from(*count);
        while next < ranks.len() && seen >= ranks[next] {
            (found[next], next) = (day, next + 1);
        }
        if next == ranks.len() {
            break;
        }
    }
    let [half, three_quarters, nine_tenths, most] = found;
    let over = by_days[127..].iter().map(|count| u64::from(*count)).sum();
    [people, days, half, three_quarters, nine_tenths, most, longest, over]
}

/// Who waits at the end of a day, by discipline: the seven bands, and count, percentiles and over eighteen weeks.
pub fn waiting_list(england: &[&Facts], as_at: Day) -> (Vec<[u64; 7]>, Vec<Told>) {
    let mut bands = vec![[0; 7]; DISCIPLINES];
    let mut days = Histograms::new(DISCIPLINES);
    for facts in england {
        let referrals = &facts.referrals;
        let rows = referrals.received.iter().zip(&referrals.wait_ended).zip(&referrals.discipline);
        for ((received, ended), discipline) in rows {
            if *received <= as_at && *ended > as_at {
                let (discipline, waited) = (usize::from(*discipline), as_at - received);
                let band = match waited {
                    ..=7 => 0,
                    8..=14 => 1,
                    15..=28 => 2,
                    29..=84 => 3,
                    85..=126 => 4,
                    127..=364 => 5,
                    _ => 6,
                };
                bands[discipline][band] += 1;
                days.count(discipline, waited);
            }
        }
    }
    (bands, days.told())
}

/// The months of a span by day.
pub struct Months {
    first: Day,
    of_day: Vec<u16>,
    pub count: usize,
}

impl Months {
    pub fn new(first: Day, last: Day, periods: &Periods) -> Self {
        let month = |day| u16::try_from(periods.place(day).expect("a day of the span")).expect("few months");
        Self { first, of_day: (first..=last).map(month).collect(), count: periods.len() }
    }

    fn of(&self, day: Day) -> Option<usize> {
        let place = usize::try_from(day.wrapping_sub(self.first)).ok()?;
        self.of_day.get(place).map(|month| usize::from(*month))
    }
}

/// By what waiting times are told apart beside the month.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    Discipline,
    PrimaryNeed,
}

impl By {
    pub fn members(self) -> usize {
        match self {
            Self::Discipline => DISCIPLINES,
            Self::PrimaryNeed => 14,
        }
    }
}

/// Days to the first contact, by month of contact and a dimension.
pub fn to_contact(england: &[&Facts], months: &Months, by: By, as_at: Day) -> Vec<Told> {
    let members = by.members();
    let mut days = Histograms::new(months.count * members);
    for facts in england {
        let referrals = &facts.referrals;
        let rows = referrals.received.iter().zip(&referrals.seen).zip(&referrals.discipline).zip(&referrals.child);
        for (((received, seen), discipline), child) in rows {
            if *seen <= as_at
                && let Some(month) = months.of(*seen)
            {
                let member = match by {
                    By::Discipline => usize::from(*discipline),
                    By::PrimaryNeed => usize::from(facts.children.primary_need[*child as usize]),
                };
                days.count(month * members + member, seen - received);
            }
        }
    }
    days.told()
}

/// All that the service tells with waiting times: contacts and assessments by their month; who still waits, who was seen
/// and who left by the month of receipt.
pub fn waiting_times(england: &[&Facts], months: &Months, by: By, as_at: Day) -> [Vec<Told>; 5] {
    let members = by.members();
    let mut all = [(); 5].map(|()| Histograms::new(months.count * members));
    let [to_contact, to_assessment, still_waiting, ended, cut_off] = &mut all;
    for facts in england {
        let referrals = &facts.referrals;
        let rows = referrals.received.iter().zip(&referrals.seen).zip(&referrals.assessed).zip(&referrals.wait_ended);
        let rows = rows.zip(&referrals.discipline).zip(&referrals.child);
        for (((((received, seen), assessed), wait_ended), discipline), child) in rows {
            if *received > as_at {
                continue;
            }
            let member = match by {
                By::Discipline => usize::from(*discipline),
                By::PrimaryNeed => usize::from(facts.children.primary_need[*child as usize]),
            };
            if let Some(month) = months.of(*received) {
                let (cell, waited) = (month * members + member, as_at.min(*wait_ended) - received);
                if *wait_ended > as_at {
                    still_waiting.count(cell, waited);
                }
                if *seen <= as_at && seen == wait_ended {
                    ended.count(cell, waited);
                } else {
                    cut_off.count(cell, waited);
                }
            }
            if *seen <= as_at
                && let Some(month) = months.of(*seen)
            {
                to_contact.count(month * members + member, seen - received);
            }
            if *assessed <= as_at
                && let Some(month) = months.of(*assessed)
            {
                to_assessment.count(month * members + member, assessed - received);
            }
        }
    }
    all.map(|days| days.told())
}

/// The median by Kaplan and Meier, by month of receipt and discipline; 0 where it is not reached.
pub fn kaplan_meier(england: &[&Facts], months: &Months, as_at: Day) -> Vec<u64> {
    let cells = months.count * DISCIPLINES;
    let (mut ended, mut cut_off) = (Histograms::new(cells), Histograms::new(cells));
    for facts in england {
        let referrals = &facts.referrals;
        let rows = referrals.received.iter().zip(&referrals.seen).zip(&referrals.wait_ended).zip(&referrals.discipline);
        for (((received, seen), wait_ended), discipline) in rows {
            let Some(month) = months.of(*received).filter(|_| *received <= as_at) else { continue };
            let cell = month * DISCIPLINES + usize::from(*discipline);
            let waited = as_at.min(*wait_ended) - received;
            if *seen <= as_at && seen == wait_ended {
                ended.count(cell, waited);
            } else {
                cut_off.count(cell, waited);
            }
        }
    }
    (0..cells).map(|cell| median_of(ended.cell(cell), cut_off.cell(cell))).collect()
}

fn median_of(ended: &[u32], cut_off: &[u32]) -> u64 {
    let mut at_risk: u32 = ended.iter().chain(cut_off).sum();
    let mut share = 1.0;
    for (days, (events, gone)) in (0..).zip(ended.iter().zip(cut_off)) {
        if *events > 0 {
            share *= f64::from(at_risk - events) / f64::from(at_risk);
            if share <= 0.5 + 1e-12 {
                return days;
            }
        }
        at_risk -= events + gone;
    }
    0
}

/// Late cases along their critical path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Late {
    pub cases: u64,
    pub delay_days: i64,
    /// Late cases by whose advice came last.
    pub last_adviser: [u64; 16],
    /// Days past their standard of decision, asking, drafting and consultation.
    pub past: [i64; 4],
}

/// Late cases, their days past due, whose advice came last, and the council's own days past their standards. Advice stands in
/// the order of its cases.
pub fn late_cases(england: &[&Facts], as_at: Day) -> Late {
    let mut late = Late::default();
    for facts in england {
        let (cases, advice) = (&facts.cases, &facts.advice);
        let mut next = 0;
        for (row, number) in cases.number.iter().enumerate() {
            let first = next;
            while advice.case.get(next) == Some(number) {
                next += 1;
            }
            let (issued, ended) = (cases.issued[row], cases.ended[row]);
            let delay = issued.min(as_at) - cases.final_due[row];
            if cases.started[row] > as_at
                || (ended <= as_at && ended < issued)
                || delay <= 0
                || cases.exempt_from[row] <= as_at
            {
                continue;
            }
            late.cases += 1;
            late.delay_days += i64::from(delay);
            let (mut last, mut who) = ((Day::MIN, Day::MIN), None);
            for place in first..next {
                if advice.sent[place] > as_at {
                    continue;
                }
                let back = advice.in_hand[place].min(as_at);
                let asked = advice.received[place].min(back);
                let kind = advice.advice_type[place];
                let earlier = |who: AdviceType| kind.code() < who.code();
                if (back, back - asked) > last || ((back, back - asked) == last && who.is_some_and(earlier)) {
                    (last, who) = ((back, back - asked), Some(kind));
                }
            }
            late.last_adviser[usize::from(AdviceType::byte(who))] += 1;
            if issued <= as_at && cases.decided[row] != NEVER {
                let (decided, draft) = (cases.decided[row], cases.draft_served[row]);
                let asked = last.0 - last.1;
                let past =
                    [decided - cases.started[row] - 42, asked - decided, draft - last.0 - 21, issued - draft - 35];
                for (sum, days) in late.past.iter_mut().zip(past) {
                    *sum += i64::from(days.max(0));
                }
            }
        }
    }
    late
}
