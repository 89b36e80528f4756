//! Staff of each discipline for the gauges, with how many people a figure is of, so that none is shown of one or two.

use std::collections::HashSet;

use super::{absent_by_worker, at, fills, signed};
use crate::domain::facts::{Day, Facts, HoldingFact};
use crate::domain::post_holding::Engagement;
use crate::domain::service::Discipline;

/// Fewest people a figure about staff may be of: fewer could be recognised.
pub const FEWEST: usize = 3;

/// One figure of a discipline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffFigure {
    /// Whose.
    pub discipline: Discipline,
    /// What is counted: absent, agency, covered, filled, funded, trainee or vacant.
    pub state: &'static str,
    /// Hundredths of whole-time equivalents.
    pub wte: i64,
}

/// The workers counted, and what they hold.
#[derive(Default)]
struct Group {
    workers: HashSet<u32>,
    wte: u64,
}

impl Group {
    fn of<'a>(holdings: impl Iterator<Item = &'a HoldingFact>) -> Self {
        holdings.fold(Self::default(), |mut group, holding| {
            group.workers.insert(holding.worker);
            group.wte += u64::from(holding.wte);
            group
        })
    }

    /// True if nobody or enough people are in it.
    fn may_be_shown(&self) -> bool {
        self.workers.is_empty() || self.workers.len() >= FEWEST
    }
}

/// The figures that may be shown of the end of `as_at`: none of a discipline with fewer than three workers, none that is of
/// one or two of them, and no vacancy where it would tell what one or two fill.
pub fn staff_figures(facts: &Facts, as_at: Day) -> Vec<StaffFigure> {
    Discipline::ALL.iter().flat_map(|discipline| of_discipline(facts, *discipline, as_at)).collect()
}

/// True if enough people work in a discipline at the end of `as_at` for a figure about it to be shown.
pub fn is_of_enough(facts: &Facts, discipline: Discipline, as_at: Day) -> bool {
    are_enough(&held(facts, discipline, as_at))
}

fn are_enough(held: &[HoldingFact]) -> bool {
    Group::of(held.iter()).workers.len() >= FEWEST
}

fn held(facts: &Facts, discipline: Discipline, as_at: Day) -> Vec<HoldingFact> {
    let (staff, byte) = (&facts.staff, Discipline::byte(Some(discipline)));
    let is_held = |holding: &HoldingFact| {
        holding.starts <= as_at && holding.ends >= as_at && at(&staff.posts.discipline, holding.post) == Some(byte)
    };
    staff.holdings.rows().map(|(_, holding)| holding).filter(is_held).collect()
}

fn of_discipline(facts: &Facts, discipline: Discipline, as_at: Day) -> Vec<StaffFigure> {
    let held = held(facts, discipline, as_at);
    if !are_enough(&held) {
        return Vec::new();
    }
    let (staff, byte) = (&facts.staff, Discipline::byte(Some(discipline)));
    let absent = absent_by_worker(&staff.absences, staff.workers(), as_at);
    let as_one_of = |terms: &[Engagement]| Group::of(held.iter().filter(|holding| terms.contains(&holding.engagement)));
    let filled = Group::of(held.iter().filter(|holding| fills(holding.engagement)));
    let is_absent = |holding: &&HoldingFact| at(&absent, holding.worker).is_some_and(|kinds| kinds != 0);
    let groups = [
        ("absent", Group::of(held.iter().filter(is_absent))),
        ("agency", as_one_of(&[Engagement::Agency])),
        ("trainee", as_one_of(&[Engagement::Trainee])),
    ];
    // All that is covered less the agency's would tell the bank's.
    let covered = as_one_of(&[Engagement::Agency, Engagement::Bank]);
    let is_covered_shown = covered.may_be_shown() && as_one_of(&[Engagement::Bank]).may_be_shown();
    let covered = is_covered_shown.then_some(("covered", signed(covered.wte)));
    let posts = staff.posts.rows().filter(|(_, post)| post.discipline == byte);
    let funded = posts.filter(|(_, post)| post.starts <= as_at && post.ends >= as_at).map(|(_, post)| post.funded);
    let funded = signed(funded.map(u64::from).sum());
    let shown =
        groups.iter().filter(|(_, group)| group.may_be_shown()).map(|(state, group)| (*state, signed(group.wte)));
    let vacancy = [("filled", signed(filled.wte)), ("vacant", funded - signed(filled.wte))];
    let vacancy = vacancy.into_iter().filter(|_| filled.may_be_shown());
    let figures = shown.chain(covered).chain(vacancy).chain([("funded", funded)]);
    figures.map(|(state, wte)| StaffFigure { discipline, state, wte }).collect()
}
