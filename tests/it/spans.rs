//! What is counted in a quick way, beside the plain one: who waits, by the spans of blocks, and days, in one byte each.

use proptest::prelude::*;
use twentyweeks::domain::facts::{Day, NEVER, ReferralFact, ReferralFacts};
use twentyweeks::domain::statistics::spread::Spread;

fn referral(received: Day, ended: Day) -> ReferralFact {
    ReferralFact {
        discipline: 1,
        provider: 0,
        child: 0,
        priority: 0,
        source: 0,
        purpose: 0,
        received,
        rejected: NEVER,
        seen: ended,
        assessed: NEVER,
        discharged: NEVER,
        withdrawn: NEVER,
        wait_ended: ended,
    }
}

fn waits(received: Day, ended: Day, on: Day) -> bool {
    received <= on && ended > on
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_waits_is_among_the_rows_around_the_day_whatever_is_put_in_or_corrected(
        puts in prop::collection::vec((0..6_000_i64, 0..400, prop::option::of(0..300)), 1..200),
        on in 0..800,
    ) {
        let mut referrals = ReferralFacts::default();
        // Every other number, day by day, so that what follows corrects rows and puts others between them.
        for number in 0..3_000 {
            let received = Day::try_from(number / 8).unwrap();
            referrals.put(number * 2, referral(received, received + 20));
        }
        for (number, received, days) in puts {
            referrals.put(number, referral(received, days.map_or(NEVER, |days| received + days)));
        }
        let row = |row: &usize| waits(referrals.received[*row], referrals.wait_ended[*row], on);
        let around: Vec<_> = referrals.around(on).flatten().filter(row).collect();
        let all: Vec<_> = (0..referrals.len()).filter(row).collect();
        prop_assert_eq!(around, all);
    }
}

#[test]
fn most_blocks_are_passed_by_once_their_waits_are_corrected_to_have_ended() {
    let mut referrals = ReferralFacts::default();
    for number in 0..10_000 {
        referrals.put(number, referral(Day::try_from(number).unwrap(), NEVER));
    }
    assert_eq!(referrals.around(9_999).flatten().count(), 10_000, "all wait");
    for number in 0..9_000 {
        let received = Day::try_from(number).unwrap();
        referrals.put(number, referral(received, received + 9));
    }
    assert!(referrals.around(9_999).flatten().count() < 2_048, "only the blocks of the last thousand");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spread_says_of_days_what_the_sorted_days_say(
        // Few days many times over, so that counts run over, and some far off.
        groups in prop::collection::vec((prop_oneof![0..200_i32, 0..4_000], 1..700_usize), 0..12),
        percent in 1..=100_u64,
        limit in 0..4_200_i32,
    ) {
        let mut days: Vec<_> = groups.iter().flat_map(|(day, times)| vec![*day; *times]).collect();
        let mut spread = Spread::default();
        for day in &days {
            spread.count(*day);
        }
        days.sort_unstable();
        let number = |count: usize| u64::try_from(count).unwrap();
        let of_rank = |rank: usize| days.get(rank).map(|day| u64::try_from(*day).unwrap());
        prop_assert_eq!(spread.people(), number(days.len()));
        prop_assert_eq!(spread.days_total(), days.iter().map(|day| u64::try_from(*day).unwrap()).sum::<u64>());
        let rank = (number(days.len()) * percent).div_ceil(100).max(1) - 1;
        prop_assert_eq!(spread.percentile(percent), of_rank(usize::try_from(rank).unwrap()));
        prop_assert_eq!(spread.longest(), days.len().checked_sub(1).and_then(of_rank));
        prop_assert_eq!(spread.up_to(limit), number(days.iter().filter(|day| **day <= limit).count()));
    }
}

#[test]
fn a_count_beyond_one_byte_runs_over_and_is_the_same_however_it_was_added_up() {
    let many = |people: usize, days: i32| {
        let mut spread = Spread::default();
        (0..people).for_each(|_| spread.count(days));
        spread
    };
    let (half, whole) = (many(40_000, 10), many(80_000, 10));
    let mut sum = half.clone();
    sum.add(&half);
    assert_eq!(sum, whole);
    sum.add(&many(1, 5_000));
    assert_eq!((sum.people(), sum.days_total(), sum.longest()), (80_001, 805_000, Some(5_000)));
    assert_eq!((sum.up_to(9), sum.up_to(10), sum.percentile(92)), (0, 80_000, Some(10)));
    assert_eq!(sum.iter().collect::<Vec<_>>(), [(10, 80_000), (5_000, 1)]);
}
