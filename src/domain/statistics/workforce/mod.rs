//! Workforce at the end of a day, in hundredths of whole-time equivalents: what is paid for, who holds it, who is absent.
//!
//! Permanent and fixed-term staff fill a post; agency and bank staff cover a vacancy and do not fill it; trainees do
//! neither. A vacancy is what is funded less what is filled, and is below 0 where more is filled than funded.

pub mod caseload;
pub mod gauge;
pub mod recruiting;
pub mod training;
pub mod vacancy;

use super::dimension::{Dimension, Lane, Lanes, service_member};
use super::in_units;
use super::tally::{NOBODY, Sheet};
use crate::domain::absence::AbsenceKind;
use crate::domain::facts::{AbsenceFacts, Day, Facts, HoldingFact, Place, Staff};
use crate::domain::post_holding::Engagement;
use vacancy::{months_before, most_filled};

/// The lanes of posts and of who holds them: the rows are all posts, then all post-holdings, which belong where their
/// posts do.
#[derive(Clone, Copy, Debug)]
pub struct OfStaff;

impl Lanes for OfStaff {
    const DIMENSIONS: &'static [Dimension] =
        &[Dimension::Discipline, Dimension::Band, Dimension::Service, Dimension::Engagement];

    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are no dimensions of staff")]
    fn lane(facts: &Facts, dimension: Dimension, _as_at: Day) -> Option<Lane<'_>> {
        let Staff { posts, holdings, .. } = &facts.staff;
        match dimension {
            Dimension::Discipline => Some(Lane::Computed(and_of_posts(&posts.discipline, &holdings.post))),
            Dimension::Band => Some(Lane::Computed(and_of_posts(&posts.band, &holdings.post))),
            Dimension::Service => Some(Lane::Service(and_of_posts(&service_members(&posts.service), &holdings.post))),
            Dimension::Engagement => {
                let held = holdings.engagement.iter().map(|engagement| Engagement::byte(Some(*engagement)));
                Some(Lane::Computed(std::iter::repeat_n(0, posts.len()).chain(held).collect()))
            }
            _ => None,
        }
    }
}

/// Services as members of their dimension.
fn service_members(services: &[Place]) -> Vec<u32> {
    services.iter().map(|place| service_member(*place)).collect()
}

/// A column of posts, and after it that of the post of each row of another fact.
fn and_of_posts<T: Copy + Default>(column: &[T], posts: &[Place]) -> Vec<T> {
    let mut rows = Vec::with_capacity(column.len() + posts.len());
    rows.extend_from_slice(column);
    rows.extend(of_posts(column, posts));
    rows
}

/// A column of posts as rows of a fact that belongs to them.
fn of_posts<T: Copy + Default>(column: &[T], posts: &[Place]) -> impl Iterator<Item = T> {
    posts.iter().map(|post| at(column, *post).unwrap_or_default())
}

fn at<T: Copy>(column: &[T], place: Place) -> Option<T> {
    column.get(usize::try_from(place).ok()?).copied()
}

/// Staff at the end of a day. Whole-time equivalents are in hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Workforce {
    /// Records of posts that are funded; one may stand for several posts alike.
    pub posts: u64,
    /// Whole-time equivalents paid for.
    pub funded: u64,
    /// Of them, what stood vacant on every day of the last three months.
    pub vacant_three_months: u64,
    /// Held, by the terms, in the order of [`Engagement`].
    pub by_engagement: [u64; 5],
    /// Held by those marked newly qualified, in the first year of the post-holding.
    pub newly_qualified: u64,
    /// Held by workers who are absent, each once.
    pub absent: u64,
    /// The same by kind, in the order of [`AbsenceKind`]; whoever is absent for two reasons counts in both.
    pub absent_by_kind: [u64; 4],
    /// Workers who hold a post, each once.
    pub workers: u64,
}

impl Workforce {
    /// Held on certain terms.
    pub fn held_as(&self, engagement: Engagement) -> u64 {
        place_of(engagement).and_then(|place| self.by_engagement.get(place)).copied().unwrap_or(0)
    }

    /// Held on whatever terms.
    pub fn in_post(&self) -> u64 {
        self.by_engagement.iter().sum()
    }

    /// Held by permanent and fixed-term staff.
    pub fn filled(&self) -> u64 {
        self.held_as(Engagement::Permanent) + self.held_as(Engagement::FixedTerm)
    }

    /// Covered by agency and bank staff.
    pub fn covered(&self) -> u64 {
        self.held_as(Engagement::Agency) + self.held_as(Engagement::Bank)
    }

    /// Funded less filled; below 0 where more is filled than funded.
    pub fn vacant(&self) -> i64 {
        signed(self.funded) - signed(self.filled())
    }

    /// Vacant of funded in tenths of a percent; `None` where nothing is funded.
    pub fn vacancy_rate(&self) -> Option<i64> {
        in_units(self.vacant(), signed(self.funded), 1_000)
    }

    /// Vacant for three months of that and the filled together, in tenths of a percent; `None` where there is neither.
    pub fn three_month_rate(&self) -> Option<i64> {
        let vacant = signed(self.vacant_three_months);
        in_units(vacant, vacant + signed(self.filled()), 1_000)
    }
}

/// A number of hundredths with a sign.
pub fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// True for the terms on which a post is filled.
pub const fn fills(engagement: Engagement) -> bool {
    matches!(engagement, Engagement::Permanent | Engagement::FixedTerm)
}

fn place_of(engagement: Engagement) -> Option<usize> {
    usize::from(Engagement::byte(Some(engagement))).checked_sub(1)
}

/// Counts the staff at the end of `as_at` into the cells of a sheet of one period. Posts are counted only `with_posts`:
/// what is funded is not divided by the terms on which posts are held.
pub fn workforce(facts: &Facts, sheet: &mut Sheet<'_, Workforce>, with_posts: bool, as_at: Day) {
    let staff = &facts.staff;
    let members = sheet.members(0..staff.posts.len() + staff.holdings.len());
    let (of_posts, of_holdings) = members.split_at_checked(staff.posts.len()).unwrap_or_default();
    if with_posts {
        count_posts(staff, of_posts, sheet, as_at);
    }
    count_holdings(staff, of_holdings, sheet, as_at);
}

fn count_posts(staff: &Staff, members: &[u32], sheet: &mut Sheet<'_, Workforce>, as_at: Day) {
    let first = months_before(as_at, 3);
    let filled = most_filled(staff, first, as_at);
    let posts = &staff.posts;
    let columns = members.iter().zip(&posts.funded).zip(&posts.starts).zip(&posts.ends).zip(&filled);
    for ((((member, funded), starts), ends), filled) in columns {
        if *starts <= as_at
            && *ends >= as_at
            && let Some(cell) = cell(sheet, *member)
        {
            cell.posts += 1;
            cell.funded += u64::from(*funded);
            if *starts <= first {
                cell.vacant_three_months += u64::from(funded.saturating_sub(*filled));
            }
        }
    }
}

fn count_holdings(staff: &Staff, members: &[u32], sheet: &mut Sheet<'_, Workforce>, as_at: Day) {
    let absent = absent_by_worker(&staff.absences, staff.workers(), as_at);
    let (year, mut heads) = (months_before(as_at, 12), Heads::new(staff.workers()));
    let holdings = &staff.holdings;
    let held = holdings.starts.iter().zip(&holdings.ends).zip(members).enumerate();
    for (place, ((starts, ends), member)) in held {
        if *starts > as_at || *ends < as_at {
            continue;
        }
        if let Some((_, holding)) = holdings.row(place)
            && let Some(cell) = cell(sheet, *member)
        {
            let absent = at(&absent, holding.worker).unwrap_or(0);
            cell.count(&holding, absent, holding.newly_qualified && holding.starts > year);
            cell.workers += u64::from(heads.is_new(holding.worker, *member));
        }
    }
    for member in heads.elsewhere() {
        if let Some(cell) = cell(sheet, member) {
            cell.workers += 1;
        }
    }
}

impl Workforce {
    fn count(&mut self, holding: &HoldingFact, absent: u8, is_newly_qualified: bool) {
        let wte = u64::from(holding.wte);
        if let Some(held) = place_of(holding.engagement).and_then(|place| self.by_engagement.get_mut(place)) {
            *held += wte;
        }
        if is_newly_qualified {
            self.newly_qualified += wte;
        }
        if absent != 0 {
            self.absent += wte;
            for (kind, of_kind) in self.absent_by_kind.iter_mut().enumerate() {
                *of_kind += if absent >> kind & 1 == 1 { wte } else { 0 };
            }
        }
    }
}

fn cell<'a>(sheet: &'a mut Sheet<'_, Workforce>, member: u32) -> Option<&'a mut Workforce> {
    if member == NOBODY {
        return None;
    }
    sheet.cell_in(usize::try_from(member).ok()?, 0)
}

/// Why each worker is absent at the end of a day: a bit for each kind, in the order of [`AbsenceKind`].
fn absent_by_worker(absences: &AbsenceFacts, workers: usize, as_at: Day) -> Vec<u8> {
    let mut absent = vec![0_u8; workers];
    let columns = absences.worker.iter().zip(&absences.kind).zip(&absences.starts).zip(&absences.ends);
    for (((worker, kind), starts), ends) in columns {
        if *starts <= as_at
            && *ends >= as_at
            && let Some(kinds) = usize::try_from(*worker).ok().and_then(|worker| absent.get_mut(worker))
        {
            *kinds |= 1 << (AbsenceKind::byte(Some(*kind)) - 1);
        }
    }
    absent
}

/// Workers counted once for each member they hold a post in, of whom nearly all hold posts in one.
struct Heads {
    first: Vec<u32>,
    others: Vec<(u32, Place)>,
}

impl Heads {
    fn new(workers: usize) -> Self {
        Self { first: vec![NOBODY; workers], others: Vec::new() }
    }

    /// True if nothing of the worker was counted before; whoever turns up in another member is kept for later.
    fn is_new(&mut self, worker: Place, member: u32) -> bool {
        let Some(first) = usize::try_from(worker).ok().and_then(|worker| self.first.get_mut(worker)) else {
            return false;
        };
        if *first == NOBODY {
            *first = member;
            return true;
        }
        if *first != member {
            self.others.push((member, worker));
        }
        false
    }

    /// The further members of workers, one for each of both.
    fn elsewhere(mut self) -> impl Iterator<Item = u32> {
        self.others.sort_unstable();
        self.others.dedup();
        self.others.into_iter().map(|(member, _)| member)
    }
}
