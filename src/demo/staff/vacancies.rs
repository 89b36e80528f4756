//! What stands empty: who left, and the rounds of recruiting since.

use super::establishment::{Posts, Team};
use super::people::{Holding, starter};
use super::{Roster, Ymd, on};
use crate::demo::dice::Dice;
use crate::demo::docket::weekday;
use crate::demo::{Records, date, some_date};
use crate::domain::facts::Day;
use crate::domain::fault::Refusal;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::number::Round;
use crate::domain::post::Band;
use crate::domain::post_holding::Engagement;
use crate::domain::recruitment::{Recruitment, RecruitmentOutcome};
use crate::domain::reference::PostRef;

use RecruitmentOutcome::{Appointed, NobodySuitable, OfferDeclined};

/// Why rounds fail, by weight.
const FAILURES: [(RecruitmentOutcome, u32); 2] = [(NobodySuitable, 75), (OfferDeclined, 25)];

/// Most rounds of one vacancy.
const ROUNDS: usize = 5;

/// When the round was approved that found somebody, and the first day of whom it found.
const SUCCESS: Ymd = (2024, 10, 7);
const STARTS: Ymd = (2025, 2, 24);

/// Makes the vacancies of a post: each of one worker who left.
pub fn vacancies(
    made: &mut Records,
    team: &Team,
    post: &Posts,
    roster: &mut Roster,
    (census, dice): (Day, &mut Dice),
) -> Result<(), Refusal> {
    let mut rounds = Rounds { post_ref: post.reference(team)?, approved: Vec::new() };
    let mut left = post.empty;
    while left > 0 {
        let wte = left.min(100);
        let is_first = left == post.empty;
        left -= wte;
        let gone = weekday(census - dice.between(60, 420));
        let leaver = Holding {
            engagement: if dice.chance(85) { Engagement::Permanent } else { Engagement::FixedTerm },
            ends: Some(gone),
            ..Holding::permanent(roster.worker()?, wte, weekday(gone - dice.between(300, 2_200)))
        };
        leaver.add(made, (team, post), dice)?;
        // In a team of some size one vacancy is about to be filled.
        if is_first && post.band == Band::Six && team.funded >= 500 {
            let failed = rounds.failed(made, gone, (on(SUCCESS) - 3, dice))?;
            made.add_planned(Noun::Recruitment, &rounds.success(failed + 1)?.to_cells());
            starter(made, (team, post), (wte, STARTS), roster, dice)?;
        } else {
            let failed = rounds.failed(made, gone, (census, dice))?;
            rounds.running(made, failed + 1, (census, dice))?;
        }
    }
    Ok(())
}

/// The rounds of recruiting to a post.
struct Rounds {
    post_ref: PostRef,
    /// Days on which a round was approved: two on one day could not be told apart.
    approved: Vec<Day>,
}

impl Rounds {
    fn approve(&mut self, mut on: Day) -> Day {
        while self.approved.contains(&on) {
            on = weekday(on - 1);
        }
        self.approved.push(on);
        on
    }

    /// Makes the rounds of one vacancy that had failed by a day; answers with how many.
    fn failed(&mut self, made: &mut Records, gone: Day, (until, dice): (Day, &mut Dice)) -> Result<usize, Refusal> {
        let mut next = weekday(gone - dice.between(5, 40));
        for round in 1..=ROUNDS {
            let advertised = weekday(next + dice.between(12, 28));
            let ended = weekday(advertised + dice.between(31, 55));
            if ended > until {
                return Ok(round - 1);
            }
            let outcome = dice.weighted(&FAILURES);
            let record = Recruitment {
                advertised_on: Some(date(advertised)),
                offered_on: (outcome == Some(OfferDeclined)).then(|| date(ended - 7)),
                outcome,
                outcome_on: Some(date(ended)),
                ..self.begun(round, next)?
            };
            made.add_planned(Noun::Recruitment, &record.to_cells());
            next = weekday(ended + dice.between(14, 60)).max(ended + 3);
        }
        Ok(ROUNDS)
    }

    /// Makes the round that runs on the census day; now and then there is none.
    fn running(&mut self, made: &mut Records, round: usize, (census, dice): (Day, &mut Dice)) -> Result<(), Refusal> {
        if dice.chance(20) {
            return Ok(());
        }
        let approved = weekday(census - dice.between(3, 40));
        let advertised = weekday(approved + dice.between(12, 28));
        let advertised_on = some_date(Some(advertised).filter(|day| *day <= census));
        let record = Recruitment { advertised_on, ..self.begun(round, approved)? };
        made.add_planned(Noun::Recruitment, &record.to_cells());
        Ok(())
    }

    /// The round that found somebody.
    fn success(&mut self, round: usize) -> Result<Recruitment, Refusal> {
        Ok(Recruitment {
            advertised_on: Some(date(on((2024, 10, 21)))),
            offered_on: Some(date(on((2024, 12, 3)))),
            starts_on: Some(date(on(STARTS))),
            outcome: Some(Appointed),
            outcome_on: Some(date(on((2024, 12, 13)))),
            ..self.begun(round, on(SUCCESS))?
        })
    }

    /// A round of which nothing is known but that it was approved.
    fn begun(&mut self, round: usize, approved: Day) -> Result<Recruitment, Refusal> {
        Ok(Recruitment {
            post_ref: self.post_ref.clone(),
            round: Round::parse(&round.to_string())?,
            approved_on: date(self.approve(approved)),
            advertised_on: None,
            offered_on: None,
            starts_on: None,
            outcome: None,
            outcome_on: None,
        })
    }
}
