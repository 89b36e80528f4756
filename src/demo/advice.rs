//! Synthetic advice: what was asked for one case, and when it came back.

use super::date;
use super::dice::Dice;
use super::docket::{Ending, Sketch, weekday};
use super::some_date;
use super::story::Story;
use crate::domain::advice_request::{AdviceRequest, AdviceType};
use crate::domain::facts::Day;
use crate::domain::reference::{EhcRequestLink, ProviderRef};

/// One request for advice in outline.
#[derive(Clone, Copy, Debug)]
pub struct Advice {
    /// Whose.
    pub gives: AdviceType,
    sent: Day,
    /// The body received it.
    pub received: Day,
    /// It came back.
    pub returned: Option<Day>,
    sent_back: Option<Day>,
    declined: Option<Day>,
    missed: Option<Day>,
    accepted: Option<Day>,
}

/// Twenty weeks: the time to issue a plan.
const TWENTY_WEEKS: Day = 140;

/// Draws the advice of one case that is assessed from `decided` on. `until` is the day by which all of it was in hand, if
/// the case went on.
pub fn draw(
    sketch: &Sketch,
    decided: Day,
    until: Option<Day>,
    (story, census): (&Story, Day),
    dice: &mut Dice,
) -> Vec<Advice> {
    let asked: Vec<_> = story.asks.iter().filter(|(_, percent)| dice.chance(*percent)).map(|(asks, _)| *asks).collect();
    let over = match (sketch.started, sketch.ending) {
        (Some(started), Ending::Plan(ended) | Ending::NoPlan(ended)) => ended - started > TWENTY_WEEKS,
        (Some(started), _) => census - started > TWENTY_WEEKS,
        (None, _) => false,
    };
    let causes: Vec<_> = story.holds_up.iter().filter(|(advice, _)| asked.contains(advice)).copied().collect();
    let holds_up = if over { dice.weighted(&causes) } else { None };
    asked
        .into_iter()
        .map(|gives| {
            let latest = until.unwrap_or(census);
            let sent = weekday(decided + dice.between(0, 6)).clamp(decided, latest.max(decided));
            let received = (sent + dice.between(0, 4)).min(latest.max(sent));
            let advice = Advice {
                gives,
                sent,
                received,
                returned: None,
                sent_back: None,
                declined: None,
                missed: None,
                accepted: None,
            };
            returned(advice, until, holds_up == Some(gives), (story, census), dice)
        })
        .collect()
}

/// Draws what became of one request for advice.
fn returned(
    advice: Advice,
    until: Option<Day>,
    holds_up: bool,
    (story, census): (&Story, Day),
    dice: &mut Dice,
) -> Advice {
    let received = advice.received;
    let usual = story.returns.iter().find(|(known, ..)| *known == advice.gives);
    let (shortest, longest) = usual.map_or((20, 50), |(_, shortest, longest)| (*shortest, *longest));
    let returned = match until {
        Some(until) if holds_up => until - dice.between(0, 9),
        Some(until) => (received + dice.between(shortest, longest)).min(until - dice.between(0, 3)),
        None if holds_up => census + 1,
        None => received + dice.between(shortest, longest),
    };
    let returned = weekday(returned).max(received);
    let outstanding = Advice { returned: (returned <= census).then_some(returned), ..advice };
    match dice.below(100) {
        // Sent back once, and returned again.
        0..=1 if returned <= census && returned - received > 12 => {
            Advice { sent_back: Some(returned - 8), ..outstanding }
        }
        2 if returned - received > 30 && received + 20 <= census => {
            Advice { missed: Some(received + 20), ..outstanding }
        }
        3 if !holds_up => Advice { returned: None, declined: Some((received + 10).min(census)), ..outstanding },
        4..=5 if !holds_up => Advice { returned: None, accepted: Some(advice.sent), ..outstanding },
        _ => outstanding,
    }
}

impl Advice {
    /// The record of it.
    pub fn record(self, ehc_request_id: EhcRequestLink, provider_ref: ProviderRef) -> AdviceRequest {
        let asked = self.accepted.is_none();
        AdviceRequest {
            ehc_request_id: Some(ehc_request_id),
            reassessment_id: None,
            own_adviser: None,
            advice_type: self.gives,
            provider_ref: Some(provider_ref),
            sent_on: asked.then(|| date(self.sent)),
            received_by_body_on: asked.then(|| date(self.received)),
            returned_on: some_date(self.returned),
            sent_back_on: some_date(self.sent_back),
            declined_on: some_date(self.declined),
            missed_appointment_on: some_date(self.missed),
            existing_advice_accepted_on: some_date(self.accepted),
        }
    }

    /// True if a health body gives it.
    pub fn is_health(self) -> bool {
        self.gives == AdviceType::Medical
    }

    /// True if the body was asked and has not said no.
    pub fn is_work(self) -> bool {
        self.accepted.is_none() && self.declined.is_none()
    }
}
