//! Absences of workers: leave that is booked, sickness, parental leave, study.

use chrono::NaiveDate;

use super::among::{Among, Others};
use super::check;
use super::fault::Faults;
use super::field::codes;
use super::noun::{Cells, Noun, noun};
use super::reference::WorkerRef;

codes! {
    /// Why a worker is absent.
    AbsenceKind {
        /// Annual leave that is booked.
        BookedLeave = "booked_leave",
        /// Sickness.
        Sickness = "sickness",
        /// Maternity, paternity, adoption or shared parental leave.
        Maternity = "maternity",
        /// Study leave, placements and courses.
        Study = "study",
    }
}

noun! {
    /// A span of days on which a worker does not work, in whatever posts.
    Absence: "abs", "absence", "absences", "absences" {
        /// The worker, who must hold a post.
        required worker_ref: WorkerRef,
        /// Why.
        required kind: AbsenceKind,
        /// First day of it.
        required starts_on: NaiveDate,
        /// Last day of it, inclusive; empty while nobody knows one, which only sickness and maternity may be.
        optional ends_on: NaiveDate,
    }
}

impl Draft {
    fn check(&self, _today: NaiveDate, faults: &mut Faults) {
        check::in_order(&[("starts_on", self.starts_on)], &[("ends_on", self.ends_on)], faults);
        let planned = [Some(AbsenceKind::BookedLeave), Some(AbsenceKind::Study)].contains(&self.kind);
        if planned && self.ends_on.is_none() {
            faults.add("ends_on", "required", "is required for booked_leave and study: the last day of it");
        }
    }
}

/// An absence is of a worker who holds a post.
pub const AMONG: Among = Among { noun: Noun::PostHolding, field: "worker_ref", check: is_a_worker };

fn is_a_worker(_cells: &Cells, others: Others<'_>, faults: &mut Faults) {
    if others.next().is_none() {
        faults.add(
            "worker_ref",
            "not_found",
            "must name a worker who holds a post, but none of that reference is known; send post-holdings first",
        );
    }
}
