//! EHC plans: from the day a plan was made to the day it ceased, and the transfers it goes through.

use chrono::NaiveDate;

use super::check::{self, Step};
use super::child::PrimaryNeed;
use super::clock::Transfer;
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::reference::{ChildRef, EhcRequestLink};

codes! {
    /// Why a plan ceased, as SEN2 `CeaseReason`.
    CeaseReason {
        /// 1: the young person reached the maximum age.
        MaximumAge = "maximum_age",
        /// 2: the needs are met without a plan.
        NeedsMet = "needs_met",
        /// 3: higher education.
        HigherEducation = "higher_education",
        /// 4: paid employment, not an apprenticeship.
        PaidEmployment = "paid_employment",
        /// 5: transferred to another council.
        TransferredToOtherAuthority = "transferred_to_other_authority",
        /// 6: the young person no longer wishes to engage.
        NoLongerEngages = "no_longer_engages",
        /// 7: moved outside England.
        MovedOutsideEngland = "moved_outside_england",
        /// 8: died.
        Deceased = "deceased",
        /// 9: any other reason.
        Other = "other",
    }
}

codes! {
    /// Where the provision is made, by the kinds of DfE's statistics and SEN2 `SENsetting`.
    SettingType {
        /// A mainstream school.
        MainstreamSchool = "mainstream_school",
        /// A SEN unit or resourced provision of a mainstream school.
        UnitOrResourcedProvision = "unit_or_resourced_provision",
        /// A special school, maintained or academy.
        SpecialSchool = "special_school",
        /// A non-maintained or independent special school.
        IndependentSpecialSchool = "independent_special_school",
        /// Alternative provision.
        AlternativeProvision = "alternative_provision",
        /// An early years provider.
        EarlyYears = "early_years",
        /// A post-16 institution.
        PostSixteen = "post_16",
        /// Arrangements by the council, otherwise than at school: OLA.
        OtherwiseByCouncil = "otherwise_by_council",
        /// Arrangements by the parent, otherwise than at school: OPA.
        OtherwiseByParent = "otherwise_by_parent",
        /// Elective home education: EHE.
        ElectiveHomeEducation = "elective_home_education",
        /// Not in education, employment or training: NEET.
        NotInEducation = "not_in_education",
        /// Anywhere else.
        Other = "other",
    }
}

noun! {
    /// An EHC plan: made, reviewed, perhaps transferred, and one day ceased.
    EhcPlan: "pln", "EHC plan", "ehc-plans", "ehc_plans" {
        /// The child. A new pseudonym creates the child.
        required child_ref: ChildRef,
        /// The day the plan was first made: the twelve months to its first review begin.
        required issued_on: NaiveDate,
        /// The EHC request it came from; none for a plan made elsewhere.
        optional ehc_request_id: EhcRequestLink,
        /// Primary need, a SEN2 code.
        optional primary_need: PrimaryNeed,
        /// Secondary need, a SEN2 code.
        optional secondary_need: PrimaryNeed,
        /// Where the provision is made.
        optional setting_type: SettingType,
        /// The day the plan ended: not the day that was decided.
        optional ceased_on: NaiveDate,
        /// Why it ended.
        optional cease_reason: CeaseReason,
        /// The next move between phases of education.
        optional phase_transfer: Transfer,
        /// The day of that move; its year decides the limit, and for post-16 to post-16 the day itself.
        optional phase_transfer_on: NaiveDate,
        /// The day the plan that names the next setting was sent.
        optional phase_transfer_final_on: NaiveDate,
        /// The day this council became aware that the child moves to another council's area.
        optional move_known_on: NaiveDate,
        /// The day of that move.
        optional moves_on: NaiveDate,
        /// The day the plan was transferred to the other council.
        optional transferred_out_on: NaiveDate,
        /// The day the plan was transferred to this council.
        optional transferred_in_on: NaiveDate,
        /// The day the parent or young person was told of the transfer to this council.
        optional transfer_informed_on: NaiveDate,
        /// The day the commissioning body became aware that another becomes responsible: reg 16.
        optional icb_change_known_on: NaiveDate,
        /// The day the new commissioning body was told.
        optional new_icb_told_on: NaiveDate,
        /// The day the new commissioning body asked for a review or re-assessment, where it cannot arrange the provision.
        optional icb_review_asked_on: NaiveDate,
    }
}

impl EhcPlan {
    /// The day it was transferred to another council; `None` for one that came back since.
    pub fn left_on(&self) -> Option<NaiveDate> {
        self.transferred_out_on.filter(|left| self.transferred_in_on.is_none_or(|came| came <= *left))
    }

    /// The day from which it binds this council no longer: ceased, or transferred to another.
    pub fn ended_on(&self) -> Option<NaiveDate> {
        self.ceased_on.into_iter().chain(self.left_on()).min()
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let issued: Step = ("issued_on", self.issued_on);
        let ceased: Step = ("ceased_on", self.ceased_on);
        let known: Step = ("move_known_on", self.move_known_on);
        let out: Step = ("transferred_out_on", self.transferred_out_on);
        let into: Step = ("transferred_in_on", self.transferred_in_on);
        let informed: Step = ("transfer_informed_on", self.transfer_informed_on);
        let named: Step = ("phase_transfer_final_on", self.phase_transfer_final_on);

        let icb: Step = ("icb_change_known_on", self.icb_change_known_on);
        let told: Step = ("new_icb_told_on", self.new_icb_told_on);
        let asked: Step = ("icb_review_asked_on", self.icb_review_asked_on);

        check::not_after(today, &[issued, ceased, known, out, into, informed, named, icb, told, asked], faults);
        check::in_order(&[issued], &[ceased, known, out, into, informed, named, icb, told, asked], faults);
        check::in_order(&[icb], &[told, asked], faults);
        check::in_order(&[told], &[asked], faults);
        check::in_order(&[known], &[out], faults);
        check::in_order(&[into], &[informed], faults);
        check::together(("cease_reason", self.cease_reason.is_some()), ceased, faults);
        check::together(
            ("phase_transfer", self.phase_transfer.is_some()),
            ("phase_transfer_on", self.phase_transfer_on),
            faults,
        );
        if self.phase_transfer.is_none() && self.phase_transfer_final_on.is_some() {
            faults.add("phase_transfer", "required", "is required when phase_transfer_final_on is given");
        }
        if told.1.is_some() && icb.1.is_none() {
            faults.add(icb.0, "required", "is required when new_icb_told_on is given");
        }
        if self.secondary_need.is_some() && self.secondary_need == self.primary_need {
            faults.add("secondary_need", "contradiction", "must be another need than primary_need");
        }
    }
}
