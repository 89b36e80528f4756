//! Facts of children: what groups their referrals and requests, found by a place that is as good as their pseudonym.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use super::days::{Day, NEVER, day};
use crate::domain::child::{Child, EthnicityGroup, PrimaryNeed, SenStatus, Sex};
use crate::domain::field::Month;
use crate::domain::reference::ChildRef;

/// Children as columns, by their places. A child that was only named yet has nothing recorded.
#[derive(Clone, Debug, Default)]
pub struct Children {
    places: HashMap<Fingerprint, u32, BuildHasherDefault<AsItIs>>,
    /// First day of the month of birth; `NEVER` if not recorded.
    pub born: Vec<Day>,
    /// Sex, 0 if not recorded.
    pub sex: Vec<u8>,
    /// Ethnicity group, 0 if not recorded.
    pub ethnicity_group: Vec<u8>,
    /// Primary need, 0 if not recorded.
    pub primary_need: Vec<u8>,
    /// SEN status, 0 if not recorded.
    pub sen_status: Vec<u8>,
}

impl Children {
    /// The place of a child, who gets the next one when named for the first time.
    pub fn place(&mut self, reference: &ChildRef) -> u32 {
        let next = u32::try_from(self.born.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(fingerprint(reference)).or_insert(next);
        if place == next {
            self.make_room();
            self.born.push(NEVER);
            for column in [&mut self.sex, &mut self.ethnicity_group, &mut self.primary_need, &mut self.sen_status] {
                column.push(0);
            }
        }
        place
    }

    /// Room for an eighth more when there is none.
    fn make_room(&mut self) {
        if self.born.len() == self.born.capacity() {
            self.widen(self.born.len() / 8 + 8);
        }
    }

    fn widen(&mut self, more: usize) {
        self.born.reserve_exact(more);
        for column in [&mut self.sex, &mut self.ethnicity_group, &mut self.primary_need, &mut self.sen_status] {
            column.reserve_exact(more);
        }
    }

    /// Room for so many children more.
    pub fn reserve(&mut self, more: usize) {
        self.places.reserve(more);
        self.widen(more);
    }

    /// Takes in what is recorded of a child.
    pub fn put(&mut self, child: &Child) {
        let place = usize::try_from(self.place(&child.child_ref)).unwrap_or(usize::MAX);
        if let Some(born) = self.born.get_mut(place) {
            *born = day(child.birth_month.map(Month::first_day));
        }
        let bytes = [
            (&mut self.sex, Sex::byte(child.sex)),
            (&mut self.ethnicity_group, EthnicityGroup::byte(child.ethnicity_group)),
            (&mut self.primary_need, PrimaryNeed::byte(child.primary_need)),
            (&mut self.sen_status, SenStatus::byte(child.sen_status)),
        ];
        for (column, byte) in bytes {
            if let Some(slot) = column.get_mut(place) {
                *slot = byte;
            }
        }
    }

    /// How many children.
    pub fn len(&self) -> usize {
        self.born.len()
    }

    /// Bytes of memory they take. A table of hashes has room for eight sevenths, in a power of two.
    pub fn bytes(&self) -> usize {
        let places = (self.places.capacity() * 8 / 7).next_power_of_two() * (size_of::<(Fingerprint, u32)>() + 1);
        let bytes = [&self.sex, &self.ethnicity_group, &self.primary_need, &self.sen_status];
        places + self.born.capacity() * size_of::<Day>() + bytes.into_iter().map(Vec::capacity).sum::<usize>()
    }

    /// True without children.
    pub fn is_empty(&self) -> bool {
        self.born.is_empty()
    }
}

/// 96 bits for a pseudonym, so that a place takes sixteen bytes: of a hundred thousand children of an authority two meet in
/// one place with a chance of one in 10¹⁹, less often than memory fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fingerprint([u32; 3]);

impl Hash for Fingerprint {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self([high, low, _]) = *self;
        state.write_u64(u64::from(high) << 32 | u64::from(low));
    }
}

/// A fingerprint is a hash, and need not be hashed again.
#[derive(Clone, Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

fn fingerprint(reference: &ChildRef) -> Fingerprint {
    let [one, other] = sip(reference.as_str().as_bytes());
    let low = |half: u64| u32::try_from(half & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    Fingerprint([low(one >> 32), low(one), low(other)])
}

/// SipHash-1-3 with 128 bits and no key. Source: Aumasson and Bernstein, SipHash: a fast short-input PRF, 2012, and the
/// longer output of its reference implementation.
fn sip(bytes: &[u8]) -> [u64; 2] {
    let mut state = [0x736f_6d65_7073_6575, 0x646f_7261_6e64_6f6d ^ 0xee, 0x6c79_6765_6e65_7261, 0x7465_6462_7974_6573];
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        take_in(&mut state, u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(slot, byte)| *slot = *byte);
    last[7] = u8::try_from(bytes.len() & 0xff).unwrap_or(0);
    take_in(&mut state, u64::from_le_bytes(last));
    let half = |state: &mut [u64; 4]| {
        (0..3).for_each(|_| stir(state));
        state.iter().fold(0, |half, part| half ^ part)
    };
    state[2] ^= 0xee;
    let one = half(&mut state);
    state[1] ^= 0xdd;
    [one, half(&mut state)]
}

fn take_in(state: &mut [u64; 4], word: u64) {
    state[3] ^= word;
    stir(state);
    state[0] ^= word;
}

fn stir([a, b, c, d]: &mut [u64; 4]) {
    *a = a.wrapping_add(*b);
    *c = c.wrapping_add(*d);
    *b = b.rotate_left(13) ^ *a;
    *d = d.rotate_left(16) ^ *c;
    *a = a.rotate_left(32).wrapping_add(*d);
    *c = c.wrapping_add(*b);
    *b = b.rotate_left(17) ^ *c;
    *d = d.rotate_left(21) ^ *a;
    *c = c.rotate_left(32);
}
