//! Trainees: who is in training, and when they could add capacity.

use chrono::NaiveDate;

use super::check;
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::number::{Share, Wte};
use super::reference::{ServiceRef, TraineeRef};
use super::service::Discipline;

codes! {
    /// The way to registration.
    Programme {
        /// A first degree.
        Undergraduate = "undergraduate",
        /// A postgraduate degree.
        Postgraduate = "postgraduate",
        /// A degree apprenticeship.
        Apprenticeship = "apprenticeship",
        /// A return to practice.
        ReturnToPractice = "return_to_practice",
        /// Any other.
        Other = "other",
    }
}

noun! {
    /// Somebody in training whom the service hopes to keep.
    Trainee: "trn", "trainee", "trainees", "trainees" {
        /// The sender's pseudonym; it cannot be changed. Never a name.
        required trainee_ref: TraineeRef,
        /// The therapy.
        required discipline: Discipline,
        /// The programme.
        required programme: Programme,
        /// The day of qualification, planned or past.
        required qualifies_on: NaiveDate,
        /// How likely they are to work here afterwards: 0 to 1.
        required retention_probability: Share,
        /// Whole-time equivalents they would work.
        required wte: Wte,
        /// The day training began.
        optional started_on: NaiveDate,
        /// The day they left training, or qualified and went elsewhere.
        optional left_on: NaiveDate,
        /// The service they would join, which must be known.
        optional service_ref: ServiceRef,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let (started, left) = (("started_on", self.started_on), ("left_on", self.left_on));
        check::not_after(today, &[left], faults);
        check::in_order(&[started], &[("qualifies_on", self.qualifies_on), left], faults);
    }
}
