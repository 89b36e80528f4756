//! Where contracted minutes go: each deduction, and what is left for children.

use crate::domain::field::codes;

codes! {
    /// What contracted minutes are spent on, in the order in which they are taken off: each of what those before have left.
    Use {
        /// Bank holidays.
        BankHolidays = "bank_holiday",
        /// School holidays of those who work in term only.
        SchoolHolidays = "school_holiday",
        /// Maternity, paternity, adoption and shared parental leave on record.
        Maternity = "maternity",
        /// Sickness: spells on record, and the expected rate on every other day.
        Sickness = "sickness",
        /// Annual leave: what is booked, and what is left of the entitlement spread over the leave year.
        Leave = "leave",
        /// Study: absences on record, and what is left of the study days of the year.
        Study = "study",
        /// Supervision, meetings, development and administration not tied to a contact.
        NonClinical = "non_clinical",
        /// What starters do not do yet, and trainees before they qualify.
        Ramp = "ramp",
        /// What starters take of others.
        Supervision = "supervision",
        /// Children already seen.
        FollowUp = "follow_up",
        /// First contacts after a referral.
        FirstContact = "first_contact",
        /// Advice to EHC assessments.
        EhcAdvice = "ehc_advice",
        /// Clinical minutes that no job plan gives to an appointment, and those of bands too low for one.
        Unallocated = "unallocated",
    }
}

/// How many uses there are.
const USES: usize = 13;

/// Minutes of one person, or of many, by what they are spent on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Minutes {
    /// Minutes contracted.
    pub contracted: f64,
    by_use: [f64; USES],
}

impl Minutes {
    /// Minutes of one use.
    pub fn of(&self, what: Use) -> f64 {
        self.by_use.get(place(what)).copied().unwrap_or(0.0)
    }

    /// Spends more minutes on a use.
    pub fn spend(&mut self, what: Use, minutes: f64) {
        if let Some(slot) = self.by_use.get_mut(place(what)) {
            *slot += minutes;
        }
    }

    /// Clinical minutes: what is spent on children or could be, supervision of starters not among it.
    pub fn clinical(&self) -> f64 {
        [Use::FollowUp, Use::FirstContact, Use::EhcAdvice, Use::Unallocated].map(|what| self.of(what)).iter().sum()
    }

    /// What is contracted and spent on nothing: 0 but for rounding.
    pub fn difference(&self) -> f64 {
        self.contracted - self.by_use.iter().sum::<f64>()
    }

    /// Adds the minutes of another.
    pub fn add(&mut self, other: &Self) {
        self.contracted += other.contracted;
        self.by_use.iter_mut().zip(other.by_use).for_each(|(minutes, more)| *minutes += more);
    }
}

fn place(what: Use) -> usize {
    usize::from(Use::byte(Some(what))) - 1
}
