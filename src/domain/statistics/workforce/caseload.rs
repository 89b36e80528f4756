//! Caseload beside the staff who carry it, by discipline: a service or a band has none of its own.

use std::collections::HashSet;

use super::super::advice::is_outstanding;
use super::super::dimension::{Dimension, Lane, Lanes};
use super::super::in_units;
use super::super::tally::Sheet;
use super::{at, signed};
use crate::domain::advice_request::AdviceType;
use crate::domain::capacity::team::advice_of;
use crate::domain::facts::{Day, Facts};
use crate::domain::post_holding::Engagement;
use crate::domain::service::Discipline;

/// The lanes of disciplines: one row each.
#[derive(Clone, Copy, Debug)]
pub struct OfDisciplines;

impl Lanes for OfDisciplines {
    const DIMENSIONS: &'static [Dimension] = &[Dimension::Discipline];

    fn lane(_facts: &Facts, dimension: Dimension, _as_at: Day) -> Option<Lane<'_>> {
        let disciplines = Discipline::ALL.iter().map(|discipline| Discipline::byte(Some(*discipline)));
        (dimension == Dimension::Discipline).then(|| Lane::Computed(disciplines.collect()))
    }
}

/// What a discipline has on its hands at the end of a day, and who is there for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caseload {
    /// Referrals seen, and neither discharged nor withdrawn.
    pub seen: u64,
    /// Referrals waiting for their first contact.
    pub waiting: u64,
    /// Open EHC requests that wait for this discipline's advice, each once.
    pub awaiting_advice: u64,
    /// Hundredths of whole-time equivalents held, on whatever terms.
    pub in_post: u64,
    /// The trainees' among them.
    pub trainees: u64,
}

impl Caseload {
    /// So many cases for each whole-time equivalent in post without trainees, in tenths; `None` where there is none.
    pub fn per_wte(&self, cases: u64) -> Option<i64> {
        in_units(signed(cases) * 100, signed(self.in_post) - signed(self.trainees), 10)
    }

    fn add(&mut self, other: &Self) {
        self.seen += other.seen;
        self.waiting += other.waiting;
        self.awaiting_advice += other.awaiting_advice;
        self.in_post += other.in_post;
        self.trainees += other.trainees;
    }
}

/// Counts the caseload of each discipline at the end of `as_at` into the cells of a sheet of one period.
pub fn caseload(facts: &Facts, sheet: &mut Sheet<'_, Caseload>, as_at: Day) {
    let mut by_discipline = vec![Caseload::default(); Discipline::ALL.len()];
    count_referrals(facts, &mut by_discipline, as_at);
    count_advice(facts, &mut by_discipline, as_at);
    count_staff(facts, &mut by_discipline, as_at);
    for (row, counted) in by_discipline.iter().enumerate() {
        if let Some(member) = sheet.member(row)
            && let Some(cell) = sheet.cell_in(member, 0)
        {
            cell.add(counted);
        }
    }
}

fn of(by_discipline: &mut [Caseload], byte: u8) -> Option<&mut Caseload> {
    usize::from(byte).checked_sub(1).and_then(|place| by_discipline.get_mut(place))
}

fn count_referrals(facts: &Facts, by_discipline: &mut [Caseload], as_at: Day) {
    for (_, referral) in facts.referrals.rows().filter(|(_, referral)| referral.received <= as_at) {
        let Some(counted) = of(by_discipline, referral.discipline) else { continue };
        let has_left = referral.rejected.min(referral.discharged).min(referral.withdrawn) <= as_at;
        counted.seen += u64::from(referral.seen <= as_at && !has_left);
        counted.waiting += u64::from(referral.wait_ended > as_at);
    }
}

fn count_advice(facts: &Facts, by_discipline: &mut [Caseload], as_at: Day) {
    let mut counted = HashSet::new();
    for (number, advice) in facts.advice.rows().filter(|(_, advice)| advice.is_outstanding(as_at)) {
        let Some(discipline) = discipline_of(advice.advice_type).filter(|_| facts.cases.has(advice.case)) else {
            continue;
        };
        if is_outstanding(facts, number, &advice, as_at)
            && counted.insert((advice.case, discipline))
            && let Some(counted) = of(by_discipline, discipline)
        {
            counted.awaiting_advice += 1;
        }
    }
}

/// The therapy that gives such advice, as facts keep it.
fn discipline_of(advice: AdviceType) -> Option<u8> {
    let discipline = Discipline::ALL.iter().find(|discipline| advice_of(**discipline) == advice)?;
    Some(Discipline::byte(Some(*discipline)))
}

fn count_staff(facts: &Facts, by_discipline: &mut [Caseload], as_at: Day) {
    let staff = &facts.staff;
    for (_, holding) in staff.holdings.rows().filter(|(_, held)| held.starts <= as_at && held.ends >= as_at) {
        let discipline = at(&staff.posts.discipline, holding.post).unwrap_or(0);
        let Some(counted) = of(by_discipline, discipline) else { continue };
        counted.in_post += u64::from(holding.wte);
        counted.trainees += if holding.engagement == Engagement::Trainee { u64::from(holding.wte) } else { 0 };
    }
}
