//! Dimensions: what statistics are grouped and filtered by beside area and time.

use std::borrow::Cow;

use crate::domain::advice_request::AdviceType;
use crate::domain::child::{EthnicityGroup, PrimaryNeed, SenStatus, Sex};
use crate::domain::ehc_request::RequestSource;
use crate::domain::facts::{CaseFact, CaseFacts, Children, Day, Facts, NEVER, Place, ProviderPlace, date};
use crate::domain::field::codes;
use crate::domain::post::Band;
use crate::domain::post_holding::Engagement;
use crate::domain::referral::{Priority, Purpose, ReferralSource};
use crate::domain::service::Discipline;
use crate::domain::trainee::Programme;
use chrono::Datelike;

codes! {
    /// What can be told apart.
    Dimension {
        /// The therapy.
        Discipline = "discipline",
        /// Whose advice.
        AdviceType = "advice_type",
        /// The provider.
        Provider = "provider_ref",
        /// Priority of a referral.
        Priority = "priority",
        /// What a referral is for.
        Purpose = "purpose",
        /// Who referred the child.
        ReferralSource = "referral_source",
        /// Who asked for the assessment.
        RequestSource = "request_source",
        /// Where an EHC request stands on the day asked about.
        Stage = "stage",
        /// Age of the child on the day asked about, in DfE's bands.
        AgeBand = "age_band",
        /// Sex.
        Sex = "sex",
        /// Ethnicity group.
        EthnicityGroup = "ethnicity_group",
        /// Primary need.
        PrimaryNeed = "primary_need",
        /// SEN status.
        SenStatus = "sen_status",
        /// The pay band of a post.
        Band = "band",
        /// The service of a post or a trainee.
        Service = "service_ref",
        /// On what terms somebody holds a post.
        Engagement = "engagement",
        /// The way of a trainee to registration.
        Programme = "programme",
    }
}

/// Age bands of DfE's statistics of EHC plans.
pub const AGE_BANDS: &[&str] = &["under_5", "5_to_10", "11_to_15", "16_to_19", "20_to_25", "over_25"];

/// Where an EHC request stands: what it waits for, or that it has ended.
pub const STAGES: &[&str] = &["awaiting_decision", "awaiting_advice", "drafting", "consultation", "ended"];

/// The word for what nobody recorded.
pub const NOT_RECORDED: &str = "not_recorded";

impl Dimension {
    /// The words of its members; none for providers and services, which have references.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Discipline => Discipline::CODES,
            Self::AdviceType => AdviceType::CODES,
            Self::Provider | Self::Service => &[],
            Self::Priority => Priority::CODES,
            Self::Purpose => Purpose::CODES,
            Self::ReferralSource => ReferralSource::CODES,
            Self::RequestSource => RequestSource::CODES,
            Self::Stage => STAGES,
            Self::AgeBand => AGE_BANDS,
            Self::Sex => Sex::CODES,
            Self::EthnicityGroup => EthnicityGroup::CODES,
            Self::PrimaryNeed => PrimaryNeed::CODES,
            Self::SenStatus => SenStatus::CODES,
            Self::Band => Band::CODES,
            Self::Engagement => Engagement::CODES,
            Self::Programme => Programme::CODES,
        }
    }

    /// True for a dimension whose members are references and no words of a list.
    pub const fn is_named(self) -> bool {
        matches!(self, Self::Provider | Self::Service)
    }

    /// How many members it has in an authority, apart from what nobody recorded.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others have words")]
    pub fn size(self, facts: &Facts) -> usize {
        match self {
            Self::Provider => facts.providers(),
            Self::Service => facts.staff.services(),
            words => words.words().len(),
        }
    }

    /// The number facts keep for a word or a reference; `None` for one of nobody's.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others have words")]
    pub fn find(self, facts: &Facts, word: &str) -> Option<usize> {
        match self {
            Self::Provider => facts.find_provider(word).map(usize::from),
            Self::Service => facts.staff.find_service(word).map(service_member).and_then(|place| place.try_into().ok()),
            words => words.member(word),
        }
    }

    /// The member that an authority's facts keep as a number.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others have words")]
    pub fn label_in(self, facts: &Facts, member: usize) -> Label {
        let reference = match self {
            Self::Provider => ProviderPlace::try_from(member).ok().and_then(|place| facts.provider(place)),
            Self::Service => member.checked_sub(1).and_then(|place| facts.staff.service(Place::try_from(place).ok()?)),
            _ => None,
        };
        reference.map_or_else(|| self.label(member), |reference| Label::of_reference(reference.to_owned()))
    }

    /// The member that facts keep as `byte`.
    pub fn label(self, byte: usize) -> Label {
        let word = byte.checked_sub(1).and_then(|place| self.words().get(place)).copied();
        Label { place: if byte == 0 { usize::MAX } else { byte }, text: word.unwrap_or(NOT_RECORDED).into() }
    }

    /// The number facts keep for a word; `None` for a word that is none of its members'.
    pub fn member(self, word: &str) -> Option<usize> {
        let place = self.words().iter().position(|known| *known == word);
        place.map(|place| place + 1).or((word == NOT_RECORDED).then_some(0))
    }
}

/// A member of a dimension, in the order of the contract; what nobody recorded comes last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    place: usize,
    /// Its word.
    pub text: Cow<'static, str>,
}

impl Label {
    /// A provider or a service, by its reference.
    pub fn of_reference(reference: String) -> Self {
        Self { place: 0, text: reference.into() }
    }
}

/// Where the rows of one fact have the members of a dimension.
#[derive(Clone, Debug)]
pub enum Lane<'a> {
    /// A byte in each row.
    Own(&'a [u8]),
    /// A byte of the row's child.
    OfChild(&'a [u32], &'a [u8]),
    /// The place of the row's provider.
    Provider(&'a [ProviderPlace]),
    /// The place of the row's service, the first being 1; 0 for none.
    Service(Vec<u32>),
    /// The age band of the row's child on a day.
    Age(&'a [u32], &'a Children, Day),
    /// A byte in each row, worked out for the day asked about.
    Computed(Vec<u8>),
    /// A kind of advice.
    Advice(&'a [AdviceType]),
    /// The member of the EHC request the row belongs to; not recorded for what belongs to none.
    OfCase(&'a [i64], &'a CaseFacts, Box<Lane<'a>>),
}

impl Lane<'_> {
    /// The member of a row, as a number from 0.
    #[inline]
    pub fn at(&self, row: usize) -> usize {
        let of_child = |children: &[u32], column: &[u8]| {
            let child = children.get(row).and_then(|child| usize::try_from(*child).ok());
            child.and_then(|child| column.get(child)).copied().map_or(0, usize::from)
        };
        match self {
            Self::Own(bytes) => bytes.get(row).copied().map_or(0, usize::from),
            Self::Computed(bytes) => bytes.get(row).copied().map_or(0, usize::from),
            Self::OfChild(children, column) => of_child(children, column),
            Self::Provider(places) => places.get(row).copied().map_or(0, usize::from),
            Self::Service(places) => places.get(row).copied().and_then(|place| place.try_into().ok()).unwrap_or(0),
            Self::Advice(kinds) => usize::from(AdviceType::byte(kinds.get(row).copied())),
            Self::OfCase(cases, facts, lane) => {
                let place = cases.get(row).and_then(|case| facts.place(*case).ok());
                place.map_or(0, |place| lane.at(place))
            }
            Self::Age(places, children, on) => {
                let child = places.get(row).and_then(|child| usize::try_from(*child).ok());
                child.and_then(|child| children.born.get(child)).map_or(0, |born| age_band(*born, *on))
            }
        }
    }
}

/// The member of a service by its place among those of an authority; 0 for [`NOWHERE`](crate::domain::facts::NOWHERE).
pub const fn service_member(place: Place) -> u32 {
    place.wrapping_add(1)
}

/// The last year of each band but the last.
const LAST_YEARS: [i64; 5] = [4, 10, 15, 19, 25];

impl Lane<'_> {
    /// Tells `take` the member of each row from `first` on, as [`Self::at`] has it: by a loop of its own for the lanes that are
    /// asked for most.
    pub fn each(&self, first: usize, rows: &mut [u32], mut take: impl FnMut(&mut u32, u32)) {
        match self {
            Self::Own(bytes) => {
                for (row, byte) in rows.iter_mut().zip(bytes.get(first..).unwrap_or_default()) {
                    take(row, u32::from(*byte));
                }
            }
            Self::OfChild(children, column) => {
                for (row, child) in rows.iter_mut().zip(children.get(first..).unwrap_or_default()) {
                    let byte = usize::try_from(*child).ok().and_then(|child| column.get(child));
                    take(row, byte.copied().map_or(0, u32::from));
                }
            }
            Self::Computed(bytes) => {
                for (row, byte) in rows.iter_mut().zip(bytes.get(first..).unwrap_or_default()) {
                    take(row, u32::from(*byte));
                }
            }
            Self::Provider(_) | Self::Service(_) | Self::Age(..) | Self::Advice(_) | Self::OfCase(..) => {
                for (place, row) in (first..).zip(rows) {
                    take(row, u32::try_from(self.at(place)).unwrap_or(0));
                }
            }
        }
    }
}

/// The place of an age among the [`AGE_BANDS`], the first being 1; 0 if the birth is not recorded. A birthday is the first
/// of its month.
pub fn age_band(born: Day, on: Day) -> usize {
    let (Some(birth), Some(on), false) = (date(born), date(on), born == NEVER) else { return 0 };
    let months = |day: chrono::NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let years = (months(on) - months(birth)).div_euclid(12);
    1 + LAST_YEARS.iter().filter(|last| years > **last).count()
}

/// The columns a fact can be told apart by.
pub trait Lanes {
    /// The dimensions it has.
    const DIMENSIONS: &'static [Dimension];

    /// Where its rows have a dimension as at a day; `None` for one it does not have.
    fn lane(facts: &Facts, dimension: Dimension, as_at: Day) -> Option<Lane<'_>>;
}

/// The lane of a dimension of the child.
pub fn child_lane<'a>(facts: &'a Facts, child: &'a [u32], dimension: Dimension, as_at: Day) -> Option<Lane<'a>> {
    let children = &facts.children;
    let column = match dimension {
        Dimension::AgeBand => return Some(Lane::Age(child, children, as_at)),
        Dimension::Sex => &children.sex,
        Dimension::EthnicityGroup => &children.ethnicity_group,
        Dimension::PrimaryNeed => &children.primary_need,
        Dimension::SenStatus => &children.sen_status,
        Dimension::Discipline
        | Dimension::AdviceType
        | Dimension::Provider
        | Dimension::Priority
        | Dimension::Purpose
        | Dimension::ReferralSource
        | Dimension::RequestSource
        | Dimension::Stage
        | Dimension::Band
        | Dimension::Service
        | Dimension::Engagement
        | Dimension::Programme => return None,
    };
    Some(Lane::OfChild(child, column))
}

/// The lanes of referrals.
#[derive(Clone, Copy, Debug)]
pub struct OfReferrals;

impl Lanes for OfReferrals {
    const DIMENSIONS: &'static [Dimension] = &[
        Dimension::Discipline,
        Dimension::Provider,
        Dimension::Priority,
        Dimension::Purpose,
        Dimension::ReferralSource,
        Dimension::AgeBand,
        Dimension::Sex,
        Dimension::EthnicityGroup,
        Dimension::PrimaryNeed,
        Dimension::SenStatus,
    ];

    #[expect(clippy::wildcard_enum_match_arm, reason = "what is not of the referral is of the child")]
    fn lane(facts: &Facts, dimension: Dimension, as_at: Day) -> Option<Lane<'_>> {
        let referrals = &facts.referrals;
        match dimension {
            Dimension::Discipline => Some(Lane::Own(&referrals.discipline)),
            Dimension::Provider => Some(Lane::Provider(&referrals.provider)),
            Dimension::Priority => Some(Lane::Own(&referrals.priority)),
            Dimension::Purpose => Some(Lane::Own(&referrals.purpose)),
            Dimension::ReferralSource => Some(Lane::Own(&referrals.source)),
            other => child_lane(facts, &referrals.child, other, as_at),
        }
    }
}

/// The lanes of EHC requests.
#[derive(Clone, Copy, Debug)]
pub struct OfCases;

impl Lanes for OfCases {
    const DIMENSIONS: &'static [Dimension] = &[
        Dimension::RequestSource,
        Dimension::Stage,
        Dimension::AgeBand,
        Dimension::Sex,
        Dimension::EthnicityGroup,
        Dimension::PrimaryNeed,
        Dimension::SenStatus,
    ];

    #[expect(clippy::wildcard_enum_match_arm, reason = "what is not of the request is of the child")]
    fn lane(facts: &Facts, dimension: Dimension, as_at: Day) -> Option<Lane<'_>> {
        match dimension {
            Dimension::RequestSource => Some(Lane::Own(&facts.cases.source)),
            Dimension::Stage => Some(Lane::Computed(stages(facts, as_at))),
            other => child_lane(facts, &facts.cases.child, other, as_at),
        }
    }
}

/// The place of each request among the [`STAGES`] at the end of `as_at`, the first being 1; 0 if it had not begun.
fn stages(facts: &Facts, as_at: Day) -> Vec<u8> {
    let mut awaits_advice = vec![false; facts.cases.len()];
    for (_, advice) in facts.advice.rows().filter(|(_, advice)| advice.is_outstanding(as_at)) {
        if let Some(awaits) = facts.cases.place(advice.case).ok().and_then(|place| awaits_advice.get_mut(place)) {
            *awaits = true;
        }
    }
    let stage = |((_, case), awaits_advice): ((i64, CaseFact), &bool)| match () {
        () if case.started > as_at => 0,
        () if case.ended.min(case.replaced) <= as_at => 5,
        () if case.decided > as_at => 1,
        () if case.draft_served <= as_at => 4,
        () if *awaits_advice => 2,
        () => 3,
    };
    facts.cases.rows().zip(&awaits_advice).map(stage).collect()
}
