//! Posts: what a council or its provider has agreed to pay for, filled or not.

use chrono::NaiveDate;

use super::check;
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::number::FundedWte;
use super::reference::{PostRef, ServiceRef};
use super::service::Discipline;

codes! {
    /// Agenda for Change pay bands of therapists and their assistants, lowest first.
    Band {
        /// Band 2.
        Two = "2",
        /// Band 3: assistant.
        Three = "3",
        /// Band 4: assistant practitioner.
        Four = "4",
        /// Band 5: newly qualified.
        Five = "5",
        /// Band 6: specialist.
        Six = "6",
        /// Band 7: highly specialist, team lead.
        Seven = "7",
        /// Band 8a: clinical lead.
        EightA = "8a",
        /// Band 8b.
        EightB = "8b",
        /// Band 8c.
        EightC = "8c",
        /// Band 8d.
        EightD = "8d",
        /// Band 9.
        Nine = "9",
    }
}

noun! {
    /// A funded post, or several alike: the establishment of a service in one discipline and band.
    Post: "pst", "post", "posts", "posts" {
        /// The sender's reference; it cannot be changed.
        required post_ref: PostRef,
        /// The therapy.
        required discipline: Discipline,
        /// The pay band.
        required band: Band,
        /// Whole-time equivalents that are paid for; one is 37.5 hours a week.
        required funded_wte: FundedWte,
        /// First day it is funded.
        required starts_on: NaiveDate,
        /// Last day it is funded, inclusive; empty while nobody knows one.
        optional ends_on: NaiveDate,
        /// The service it belongs to, which must be known.
        optional service_ref: ServiceRef,
    }
}

impl Draft {
    fn check(&self, _today: NaiveDate, faults: &mut Faults) {
        check::in_order(&[("starts_on", self.starts_on)], &[("ends_on", self.ends_on)], faults);
    }
}
