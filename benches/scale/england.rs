//! Facts of a large England, made in memory: nobody's records, the same every time.

use twentyweeks::demo::census_day;
use twentyweeks::domain::advice_request::AdviceType;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::child::{Child, EthnicityGroup, PrimaryNeed, SenStatus, Sex};
use twentyweeks::domain::facts::{AdviceFact, CaseFact, Day, Facts, NEVER, ReferralFact, day};
use twentyweeks::domain::field::FieldType;
use twentyweeks::domain::reference::ChildRef;

/// Ten years.
pub const DAYS: Day = 3_652;

/// Chance: a counter, well stirred.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let stirred = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let stirred = (stirred ^ (stirred >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        stirred ^ (stirred >> 31)
    }

    /// A number from `least` on, below `least + width`.
    fn days(&mut self, least: Day, width: Day) -> Day {
        let width = u64::try_from(width).expect("a width");
        least + Day::try_from(self.throw() % width).expect("a few days")
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.throw() % 100 < percent
    }

    fn byte(&mut self, members: usize) -> u8 {
        u8::try_from(self.throw() % u64::try_from(members).expect("few")).expect("few")
    }
}

/// As at which day all is asked.
pub fn today() -> Day {
    day(Some(census_day()))
}

/// All authorities, with an equal share of so many referrals and requests.
pub fn england(referrals: usize, requests: usize) -> Vec<(Authority, Facts)> {
    let authorities: Vec<_> = Authority::all().collect();
    let share = |all: usize, place: usize| all / authorities.len() + usize::from(place < all % authorities.len());
    let one = |(place, authority): (usize, &Authority)| {
        let mut dice = Dice(u64::try_from(place).expect("few"));
        (*authority, facts(&mut dice, share(referrals, place), share(requests, place)))
    };
    authorities.iter().enumerate().map(one).collect()
}

fn facts(dice: &mut Dice, referrals: usize, requests: usize) -> Facts {
    let mut facts = Facts::default();
    // Two children for five referrals, as in the bench of the import.
    let children = i32::try_from((referrals * 2 / 5).max(1)).expect("not so many");
    for child in 0..children {
        facts.children.put(&some_child(dice, child));
    }
    let mut number = i64::from(children);
    for place in 0..referrals {
        number += 1;
        let received = day_of(place, referrals);
        facts.referrals.put(number, referral(dice, (received, children)));
    }
    let mut advice_number = number + i64::try_from(requests).expect("not so many");
    for place in 0..requests {
        number += 1;
        let (case, advice) = request(dice, (day_of(place, requests), children), number);
        facts.cases.put(number, case);
        for advice in advice {
            advice_number += 1;
            facts.advice.put(advice_number, advice);
        }
    }
    facts
}

fn some_child(dice: &mut Dice, number: i32) -> Child {
    Child {
        child_ref: ChildRef::parse(&format!("child-{number}")).expect("a pseudonym"),
        birth_month: Some(
            FieldType::parse(&format!("{}-{:02}", dice.days(2003, 18), dice.days(1, 12))).expect("a month"),
        ),
        sex: Sex::ALL.get(usize::from(dice.byte(4))).copied(),
        ethnicity_group: EthnicityGroup::ALL.get(usize::from(dice.byte(7))).copied(),
        primary_need: PrimaryNeed::ALL.get(usize::from(dice.byte(14))).copied(),
        sen_status: SenStatus::ALL.get(usize::from(dice.byte(4))).copied(),
    }
}

/// The day on which the one at that place comes in: all in turn, as a ledger has them that is written day by day.
fn day_of(place: usize, all: usize) -> Day {
    let days = usize::try_from(DAYS).expect("a number");
    today() - DAYS + 1 + Day::try_from(place * days / all).expect("a day")
}

/// Known only if it has happened.
fn by_today(on: Day) -> Day {
    if on <= today() { on } else { NEVER }
}

/// Nine of ten are seen after up to fourteen months, most of them sooner; the others leave the list or were rejected.
fn referral(dice: &mut Dice, (received, children): (Day, i32)) -> ReferralFact {
    let wait = dice.days(0, 430).min(dice.days(0, 430)) + 3;
    let (mut seen, mut rejected, mut withdrawn) = (NEVER, NEVER, NEVER);
    match dice.throw() % 100 {
        0..=4 => rejected = by_today(received + wait / 10),
        5..=9 => withdrawn = by_today(received + wait),
        _ => seen = by_today(received + wait),
    }
    let assessed = if seen == NEVER { NEVER } else { by_today(seen + dice.days(0, 60)) };
    let discharged = if assessed == NEVER { NEVER } else { by_today(assessed + dice.days(30, 400)) };
    ReferralFact {
        discipline: 1 + dice.byte(3),
        provider: 1 + u16::from(dice.byte(3)),
        child: u32::try_from(dice.days(0, children)).expect("a place"),
        priority: dice.byte(4),
        source: dice.byte(9),
        purpose: dice.byte(3),
        received,
        rejected,
        seen,
        assessed,
        discharged,
        withdrawn,
        wait_ended: seen.min(rejected).min(withdrawn),
    }
}

const ADVISERS: [AdviceType; 6] = [
    AdviceType::EducationalPsychology,
    AdviceType::Medical,
    AdviceType::Education,
    AdviceType::SocialCare,
    AdviceType::SpeechAndLanguageTherapy,
    AdviceType::OccupationalTherapy,
];

/// Two of three requests are assessed and get a plan, about half of them in time.
fn request(dice: &mut Dice, (started, children): (Day, i32), number: i64) -> (CaseFact, Vec<AdviceFact>) {
    let decided = by_today(started + dice.days(20, 30));
    let assesses = decided != NEVER && dice.percent(66);
    let sent = if assesses { by_today(decided + dice.days(0, 5)) } else { NEVER };
    let mut advice = Vec::new();
    let mut last = sent;
    if sent != NEVER {
        for advice_type in ADVISERS {
            let received = by_today(sent + dice.days(0, 3));
            let back = if received == NEVER { NEVER } else { by_today(received + dice.days(15, 50)) };
            last = last.max(back);
            advice.push(AdviceFact {
                case: number,
                advice_type,
                provider: 1 + u16::from(dice.byte(3)),
                sent,
                received,
                returned: back,
                sent_back: NEVER,
                accepted: NEVER,
                in_hand: back,
                declined: NEVER,
                missed: NEVER,
            });
        }
    }
    let draft_served = if last == NEVER { NEVER } else { by_today(last + dice.days(3, 30)) };
    let issued = if draft_served == NEVER { NEVER } else { by_today(draft_served + dice.days(15, 40)) };
    let case = CaseFact {
        child: u32::try_from(dice.days(0, children)).expect("a place"),
        source: dice.byte(6),
        started,
        decided,
        assesses,
        refused_plan: NEVER,
        draft_served,
        issued,
        withdrawn: NEVER,
        ended: if assesses { issued } else { decided },
        contested: dice.percent(3),
        detained: false,
        final_due: started + 140,
        exempt_from: if dice.percent(3) { started + 60 } else { NEVER },
        replaced: NEVER,
    };
    (case, advice)
}
