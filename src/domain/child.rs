//! Children, known by the sender's pseudonym only.

use chrono::NaiveDate;

use super::fault::Faults;
use super::field::{Month, codes};
use super::noun::noun;
use super::reference::ChildRef;

codes! {
    /// Sex as the annual return records it.
    Sex {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
        /// Not known or not recorded.
        Unknown = "unknown",
    }
}

codes! {
    /// Major ethnicity groups of DfE's statistics.
    EthnicityGroup {
        /// Asian.
        Asian = "asian",
        /// Black.
        Black = "black",
        /// Mixed.
        Mixed = "mixed",
        /// White.
        White = "white",
        /// Any other group.
        Other = "other",
        /// Not known, refused or not yet obtained.
        Unknown = "unknown",
    }
}

codes! {
    /// Primary need, by the codes of the SEN2 return.
    PrimaryNeed {
        /// Specific learning difficulty.
        Spld = "SPLD",
        /// Moderate learning difficulty.
        Mld = "MLD",
        /// Severe learning difficulty.
        Sld = "SLD",
        /// Profound and multiple learning difficulty.
        Pmld = "PMLD",
        /// Social, emotional and mental health.
        Semh = "SEMH",
        /// Speech, language and communication needs.
        Slcn = "SLCN",
        /// Hearing impairment.
        Hi = "HI",
        /// Vision impairment.
        Vi = "VI",
        /// Multi-sensory impairment.
        Msi = "MSI",
        /// Physical disability.
        Pd = "PD",
        /// Autistic spectrum disorder.
        Asd = "ASD",
        /// Down syndrome.
        Ds = "DS",
        /// Other difficulty or disability.
        Oth = "OTH",
    }
}

codes! {
    /// What support for special educational needs the child has now.
    SenStatus {
        /// None.
        NoSen = "no_sen",
        /// SEN support without a plan.
        SenSupport = "sen_support",
        /// An EHC plan.
        EhcPlan = "ehc_plan",
    }
}

noun! {
    /// A child or young person, known by a pseudonym. A referral or an EHC request that names a new one creates it.
    Child: "chd", "child", "children", "children" {
        /// The sender's pseudonym. Never an NHS number, a UPN or a name; it cannot be changed.
        required child_ref: ChildRef,
        /// Month of birth. The day is never kept.
        optional birth_month: Month,
        /// Sex as the annual return records it.
        optional sex: Sex,
        /// Major ethnicity group.
        optional ethnicity_group: EthnicityGroup,
        /// Primary need, a SEN2 code.
        optional primary_need: PrimaryNeed,
        /// Support for special educational needs.
        optional sen_status: SenStatus,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let born = self.birth_month.map(Month::first_day);
        if born.is_some_and(|born| born > today) {
            faults.add("birth_month", "in_the_future", format!("must not be after today, {today}"));
        }
    }
}
