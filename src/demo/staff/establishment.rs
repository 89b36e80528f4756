//! What is paid for: posts by discipline and band, and how much of each stands empty.

use super::{dated, hundredths};
use crate::demo::dice::Dice;
use crate::demo::therapy;
use crate::domain::fault::Refusal;
use crate::domain::field::FieldType;
use crate::domain::post::{Band, Post};
use crate::domain::reference::{PostRef, ServiceRef};
use crate::domain::service::Discipline;

/// How large a team is and how it is made up. Whole-time equivalents are in hundredths everywhere.
struct Plan {
    discipline: Discipline,
    /// Paid for, for each hundred requests a year.
    per_hundred_requests: u64,
    /// Paid for in the smallest authority.
    least: u64,
    /// Other bands than 6, which has the rest: their parts in a hundred.
    bands: &'static [(Band, u32)],
    /// Least and most of it that stands empty, in thousandths.
    empty: (i32, i32),
}

const PLANS: [Plan; 3] = [
    Plan {
        discipline: Discipline::SpeechAndLanguageTherapy,
        per_hundred_requests: 219,
        least: 100,
        bands: &[(Band::Four, 12), (Band::Five, 14), (Band::Seven, 28), (Band::EightA, 8)],
        empty: (195, 245),
    },
    Plan {
        discipline: Discipline::OccupationalTherapy,
        per_hundred_requests: 110,
        least: 80,
        bands: &[(Band::Four, 15), (Band::Five, 12), (Band::Seven, 25), (Band::EightA, 6)],
        empty: (105, 195),
    },
    Plan {
        discipline: Discipline::Physiotherapy,
        per_hundred_requests: 63,
        least: 60,
        bands: &[(Band::Five, 15), (Band::Seven, 30)],
        empty: (105, 195),
    },
];

/// Bands whose posts stand empty, with their parts in a hundred; what is left is of band 6, the hardest to fill.
const HARD_TO_FILL: [(Band, u32); 2] = [(Band::Seven, 25), (Band::Five, 15)];

/// From so many whole-time equivalents on a team has an agency worker, and how much of one.
const AGENCY: (u32, u32) = (1_300, 60);

/// The team of one discipline.
pub struct Team {
    /// The therapy.
    pub discipline: Discipline,
    /// A short word for it.
    pub code: &'static str,
    /// Paid for in all posts.
    pub funded: u32,
    /// Posts, lowest band first.
    pub posts: Vec<Posts>,
}

/// Posts alike: of one discipline and band.
pub struct Posts {
    /// The pay band.
    pub band: Band,
    /// Paid for.
    pub funded: u32,
    /// Of which nobody holds.
    pub empty: u32,
    /// Of which an agency worker holds.
    pub agency: u32,
}

impl Team {
    /// The team of a discipline in an authority with so many requests a year.
    pub fn draw(discipline: Discipline, requests: u64, dice: &mut Dice) -> Self {
        let plan = PLANS.iter().find(|plan| plan.discipline == discipline).unwrap_or(&PLANS[0]);
        let funded = u32::try_from((requests * plan.per_hundred_requests / 100).max(plan.least)).unwrap_or(u32::MAX);
        let funded = (funded + 5) / 10 * 10;
        let agency = if plan.empty.0 > 150 && funded >= AGENCY.0 { AGENCY.1 } else { 0 };
        // With and without the agency worker the share that stands empty lies within the bounds.
        let covered = i32::try_from(1_000 * agency / funded).unwrap_or_default();
        let share = dice.between(plan.empty.0, (plan.empty.1 - covered).max(plan.empty.0));
        let empty = in_fifths((funded * share.unsigned_abs() + 500) / 1_000, funded, plan);
        let mut posts = split(plan, funded);
        leave_empty(&mut posts, empty);
        if let Some(main) = posts.iter_mut().find(|post| post.band == Band::Six) {
            main.agency = agency.min(main.funded - main.empty);
        }
        Self { discipline, code: therapy::code(discipline), funded, posts }
    }
}

/// What stands empty in steps of a fifth of a worker, if that stays within half a hundredth of the bounds.
fn in_fifths(empty: u32, funded: u32, plan: &Plan) -> u32 {
    let even = (empty + 10) / 20 * 20;
    let share = i32::try_from(1_000 * even / funded).unwrap_or_default();
    if (plan.empty.0 - 5..=plan.empty.1 + 5).contains(&share) { even } else { empty }
}

/// Splits a team into bands, in steps of a fifth; what would be less than that goes to band 6.
fn split(plan: &Plan, funded: u32) -> Vec<Posts> {
    let parts: Vec<_> = plan.bands.iter().map(|(band, percent)| (*band, funded * percent / 100 / 20 * 20)).collect();
    let others = parts.iter().map(|(_, part)| part).sum::<u32>();
    let mut parts: Vec<_> = parts.into_iter().chain([(Band::Six, funded - others)]).collect();
    parts.sort_by_key(|(band, _)| *band);
    let post = |(band, funded)| Posts { band, funded, empty: 0, agency: 0 };
    parts.into_iter().filter(|(_, part)| *part > 0).map(post).collect()
}

fn leave_empty(posts: &mut [Posts], empty: u32) {
    let mut left = empty;
    for (band, percent) in HARD_TO_FILL {
        if let Some(post) = posts.iter_mut().find(|post| post.band == band) {
            post.empty = (empty * percent / 100 / 20 * 20).min(post.funded / 2);
            left -= post.empty;
        }
    }
    if let Some(main) = posts.iter_mut().find(|post| post.band == Band::Six) {
        main.empty = left.min(main.funded);
    }
}

impl Posts {
    /// What the posts are called: `SLT-B6`.
    pub fn reference(&self, team: &Team) -> Result<PostRef, Refusal> {
        PostRef::parse(&format!("{}-B{}", team.code, self.band.cell()))
    }

    /// The posts as a record.
    pub fn record(&self, team: &Team, service: ServiceRef) -> Result<Post, Refusal> {
        Ok(Post {
            post_ref: self.reference(team)?,
            discipline: team.discipline,
            band: self.band,
            funded_wte: hundredths(self.funded)?,
            starts_on: dated((2014, 4, 1)),
            ends_on: None,
            service_ref: Some(service),
        })
    }
}
