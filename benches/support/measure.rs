//! Contenders in turn: medians of what each takes, and a line that tells a ratio.

use std::time::Instant;

/// Does each thing in turn, some of each at a time and every other round backwards, so that what else the machine does,
/// and what a thing leaves behind for the next, meets all alike; their medians in milliseconds.
pub fn medians<const N: usize>(times: usize, at_a_time: usize, things: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut contenders = things.map(|thing| (thing, Vec::with_capacity(times)));
    let mut order: Vec<_> = (0..N).collect();
    for _ in 0..times.div_ceil(at_a_time) {
        for place in &order {
            let (thing, took) = &mut contenders[*place];
            // Once for the caches, and for a service that may have fallen asleep.
            thing();
            for _ in 0..at_a_time {
                let started = Instant::now();
                thing();
                took.push(started.elapsed().as_secs_f64() * 1000.0);
            }
        }
        order.reverse();
    }
    contenders.map(|(_, mut took)| median(&mut took))
}

pub fn median(took: &mut [f64]) -> f64 {
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}

pub fn line(figure: &str, ours: f64, beside: f64, ratio: f64, target: &str) {
    println!("{figure:<58}{ours:>9.3}{beside:>10.3}{ratio:>8.2}  {target}");
}
