//! Facts of staff: posts, who holds them, absences, recruiting, training, and the rules of capacity.

use std::collections::{BTreeMap, HashMap};

use super::columns::columns;
use super::days::{Day, day};
use crate::domain::absence::{Absence, AbsenceKind};
use crate::domain::calendar_entry::{CalendarEntry, CalendarKind};
use crate::domain::capacity_rule::CapacityRule;
use crate::domain::fault::Refusal;
use crate::domain::noun::Noun;
use crate::domain::post::{Band, Post};
use crate::domain::post_holding::{Engagement, PostHolding};
use crate::domain::recruitment::{Recruitment, RecruitmentOutcome};
use crate::domain::reference::{PostRef, ServiceRef, WorkerRef};
use crate::domain::service::Discipline;
use crate::domain::trainee::{Programme, Trainee};

/// The place of a post, a worker or a service among those of an authority; [`NOWHERE`] for none.
pub type Place = u32;

/// The place of what is not named.
pub const NOWHERE: Place = Place::MAX;

columns! {
    /// Posts as columns. The place of a post is its place in them.
    PostFacts of
    /// One post.
    PostFact {
        /// The therapy.
        discipline: u8,
        /// The pay band.
        band: u8,
        /// Hundredths of whole-time equivalents paid for.
        funded: u32,
        /// First day it is funded.
        starts: Day,
        /// Last day it is funded, inclusive; `NEVER` while nobody knows one.
        ends: Day,
        /// The place of its service.
        service: Place,
    }
}

columns! {
    /// Post-holdings as columns.
    HoldingFacts of
    /// One worker in one post.
    HoldingFact {
        /// The place of the post.
        post: Place,
        /// The place of the worker.
        worker: Place,
        /// Hundredths of whole-time equivalents.
        wte: u32,
        /// On what terms.
        engagement: Engagement,
        /// First day in the post.
        starts: Day,
        /// Last day in the post, inclusive; `NEVER` while nobody knows one.
        ends: Day,
        /// Marked as in the first year after qualification.
        newly_qualified: bool,
    }
}

columns! {
    /// Absences as columns.
    AbsenceFacts of
    /// One span of days on which a worker does not work.
    AbsenceFact {
        /// The place of the worker.
        worker: Place,
        /// Why.
        kind: AbsenceKind,
        /// First day.
        starts: Day,
        /// Last day, inclusive; `NEVER` while nobody knows one.
        ends: Day,
    }
}

columns! {
    /// Rounds of recruiting as columns.
    RecruitmentFacts of
    /// One round of recruiting to a post.
    RecruitmentFact {
        /// The place of the post.
        post: Place,
        /// Which attempt, the first being 1.
        round: u8,
        /// Recruiting was approved.
        approved: Day,
        /// It was advertised.
        advertised: Day,
        /// An offer was made.
        offered: Day,
        /// The new worker starts.
        starts: Day,
        /// What became of it, 0 while it runs.
        outcome: u8,
        /// The round ended.
        ended: Day,
    }
}

columns! {
    /// Trainees as columns.
    TraineeFacts of
    /// Somebody in training.
    TraineeFact {
        /// The therapy.
        discipline: u8,
        /// The way to registration.
        programme: Programme,
        /// The day of qualification, planned or past.
        qualifies: Day,
        /// How likely they are to stay, in ten-thousandths.
        retention: u32,
        /// Hundredths of whole-time equivalents.
        wte: u32,
        /// Training began; `NEVER` if not recorded.
        started: Day,
        /// They left.
        left: Day,
        /// The place of the service.
        service: Place,
    }
}

/// Texts and the places they were given, in the order they were first named.
#[derive(Clone, Debug, Default)]
struct Names {
    places: HashMap<Box<str>, Place>,
    list: Vec<Box<str>>,
}

impl Names {
    fn place(&mut self, text: &str) -> Place {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = Place::try_from(self.list.len()).unwrap_or(NOWHERE);
        self.list.push(text.into());
        self.places.insert(text.into(), place);
        place
    }
}

/// What is known of the staff of one authority.
#[derive(Clone, Debug, Default)]
pub struct Staff {
    /// Posts, in the order of their numbers.
    pub posts: PostFacts,
    /// Post-holdings, in the order of their numbers.
    pub holdings: HoldingFacts,
    /// Absences, in the order of their numbers.
    pub absences: AbsenceFacts,
    /// Rounds of recruiting, in the order of their numbers.
    pub recruitments: RecruitmentFacts,
    /// Trainees, in the order of their numbers.
    pub trainees: TraineeFacts,
    held: BTreeMap<i64, PostHolding>,
    rules: BTreeMap<i64, CapacityRule>,
    /// Closures and terms of schools, by the numbers of their entries.
    schools: BTreeMap<i64, CalendarEntry>,
    post_places: HashMap<Box<str>, Place>,
    workers: Names,
    services: Names,
}

impl Staff {
    /// Takes in a row of staff, by the texts of its fields; what is of another noun is not taken in.
    ///
    /// # Errors
    /// What one of the cells must be and is not: the memory is corrupt.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other nouns are no staff")]
    pub fn put<'a>(
        &mut self,
        noun: Noun,
        number: i64,
        texts: impl Iterator<Item = Option<&'a str>>,
    ) -> Result<(), Refusal> {
        match noun {
            Noun::Post => self.put_post(number, &Post::from_texts(texts)?),
            Noun::PostHolding => self.put_holding(number, PostHolding::from_texts(texts)?),
            Noun::Absence => self.put_absence(number, &Absence::from_texts(texts)?),
            Noun::Recruitment => self.put_recruitment(number, &Recruitment::from_texts(texts)?),
            Noun::Trainee => self.put_trainee(number, &Trainee::from_texts(texts)?),
            Noun::CapacityRule => drop(self.rules.insert(number, CapacityRule::from_texts(texts)?)),
            _ => {}
        }
        Ok(())
    }

    /// New posts come in the order of their numbers, so that the place of one never changes.
    fn put_post(&mut self, number: i64, post: &Post) {
        let fact = PostFact {
            discipline: Discipline::byte(Some(post.discipline)),
            band: Band::byte(Some(post.band)),
            funded: hundredths(post.funded_wte.units()),
            starts: day(Some(post.starts_on)),
            ends: day(post.ends_on),
            service: self.service_place(post.service_ref.as_ref()),
        };
        self.posts.put(number, fact);
        let place = self.posts.place(number).ok().and_then(|place| Place::try_from(place).ok());
        self.post_places.insert(post.post_ref.as_str().into(), place.unwrap_or(NOWHERE));
    }

    fn put_holding(&mut self, number: i64, holding: PostHolding) {
        let fact = HoldingFact {
            post: self.post_place(&holding.post_ref),
            worker: self.worker_place(&holding.worker_ref),
            wte: hundredths(holding.wte.units()),
            engagement: holding.engagement,
            starts: day(Some(holding.starts_on)),
            ends: day(holding.ends_on),
            newly_qualified: holding.newly_qualified == Some(true),
        };
        self.holdings.put(number, fact);
        self.held.insert(number, holding);
    }

    fn put_absence(&mut self, number: i64, absence: &Absence) {
        let fact = AbsenceFact {
            worker: self.worker_place(&absence.worker_ref),
            kind: absence.kind,
            starts: day(Some(absence.starts_on)),
            ends: day(absence.ends_on),
        };
        self.absences.put(number, fact);
    }

    fn put_recruitment(&mut self, number: i64, round: &Recruitment) {
        let fact = RecruitmentFact {
            post: self.post_place(&round.post_ref),
            round: u8::try_from(round.round.units()).unwrap_or(u8::MAX),
            approved: day(Some(round.approved_on)),
            advertised: day(round.advertised_on),
            offered: day(round.offered_on),
            starts: day(round.starts_on),
            outcome: RecruitmentOutcome::byte(round.outcome),
            ended: day(round.outcome_on),
        };
        self.recruitments.put(number, fact);
    }

    fn put_trainee(&mut self, number: i64, trainee: &Trainee) {
        let fact = TraineeFact {
            discipline: Discipline::byte(Some(trainee.discipline)),
            programme: trainee.programme,
            qualifies: day(Some(trainee.qualifies_on)),
            retention: hundredths(trainee.retention_probability.units()),
            wte: hundredths(trainee.wte.units()),
            started: day(trainee.started_on),
            left: day(trainee.left_on),
            service: self.service_place(trainee.service_ref.as_ref()),
        };
        self.trainees.put(number, fact);
    }

    /// Takes in an entry of the calendar, of which only terms and closures of schools are kept.
    pub fn put_calendar(&mut self, number: i64, entry: &CalendarEntry) {
        let is_of_schools = matches!(entry.kind, CalendarKind::SchoolClosure | CalendarKind::SchoolTerm);
        if is_of_schools {
            self.schools.insert(number, entry.clone());
        } else {
            self.schools.remove(&number);
        }
    }

    /// Post-holdings as they are recorded, in the order of their numbers.
    pub fn held(&self) -> impl Iterator<Item = (i64, &PostHolding)> {
        self.held.iter().map(|(number, holding)| (*number, holding))
    }

    /// The rules of capacity, in the order of their numbers.
    pub fn rules(&self) -> impl Iterator<Item = &CapacityRule> {
        self.rules.values()
    }

    /// Terms and closures of schools, in the order of their numbers.
    pub fn schools(&self) -> impl Iterator<Item = &CalendarEntry> {
        self.schools.values()
    }

    /// The post at a place.
    pub fn post(&self, place: Place) -> Option<PostFact> {
        self.posts.row(usize::try_from(place).ok()?).map(|(_, post)| post)
    }

    /// The reference of a service by its place.
    pub fn service(&self, place: Place) -> Option<&str> {
        self.services.list.get(usize::try_from(place).ok()?).map(AsRef::as_ref)
    }

    /// The place of a service by its reference.
    pub fn find_service(&self, reference: &str) -> Option<Place> {
        self.services.places.get(reference).copied()
    }

    /// How many services are named.
    pub fn services(&self) -> usize {
        self.services.list.len()
    }

    /// How many workers are named.
    pub fn workers(&self) -> usize {
        self.workers.list.len()
    }

    fn post_place(&self, reference: &PostRef) -> Place {
        self.post_places.get(reference.as_str()).copied().unwrap_or(NOWHERE)
    }

    fn worker_place(&mut self, reference: &WorkerRef) -> Place {
        self.workers.place(reference.as_str())
    }

    fn service_place(&mut self, reference: Option<&ServiceRef>) -> Place {
        reference.map_or(NOWHERE, |reference| self.services.place(reference.as_str()))
    }
}

fn hundredths(units: i64) -> u32 {
    u32::try_from(units).unwrap_or(0)
}
