//! Databases of synthetic records: the demonstration, a tenth of it, and one whose records were corrected many times.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::mpsc::sync_channel;

use chrono::NaiveDate;
use twentyweeks::app::{App, Clock, Outcome};
use twentyweeks::demo::{Batch, SEED, census_day, records};
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::caller::Caller;
use twentyweeks::domain::ehc_request::EhcRequest;
use twentyweeks::domain::facts::Facts;
use twentyweeks::domain::fault::Faults;
use twentyweeks::domain::field::{Given, Shape};
use twentyweeks::domain::noun::{External, Noun, Submission};
use twentyweeks::metrics::Metrics;
use twentyweeks::store::Store;

/// Records of one transaction.
const BLOCK: usize = 5_000;

/// Which of the demonstration's records.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// All of them.
    Whole,
    /// Every tenth record that belongs to no other, with what belongs to it, of every authority.
    Tenth,
    /// What the statistic is about: EHC requests and their exceptions. Children come by reference.
    Cases,
}

impl Share {
    fn of(self, batches: Vec<Batch>) -> Vec<Batch> {
        match self {
            Self::Whole => batches,
            Self::Tenth => tenth(batches),
            Self::Cases => batches
                .into_iter()
                .filter(|(noun, _)| matches!(noun, Noun::EhcRequest | Noun::TimescaleException))
                .collect(),
        }
    }
}

fn tenth(batches: Vec<Batch>) -> Vec<Batch> {
    let mut kept = HashSet::new();
    let thin = |(noun, mut submissions): Batch| {
        let mut place = 0;
        submissions.retain(|submission: &Submission<'_>| {
            place += 1;
            let mut links = links(noun, submission).peekable();
            match links.peek() {
                Some(_) => links.all(|link| kept.contains(&link)),
                None => place % 10 == 0 || matches!(noun, Noun::Provider | Noun::Service),
            }
        });
        kept.extend(externals(&submissions).map(|external| (noun, external.id.as_str().to_owned())));
        (noun, submissions)
    };
    batches.into_iter().map(thin).collect()
}

/// The records a submission belongs to.
fn links(noun: Noun, submission: &Submission<'_>) -> impl Iterator<Item = (Noun, String)> {
    let fields = noun.kind().fields.iter().zip(&submission.given);
    fields.filter_map(|(field, given)| match (field.shape, given) {
        (Shape::Link(to), Given::Text(text)) => Some((to, text.to_string())),
        _ => None,
    })
}

fn externals<'a>(submissions: &'a [Submission<'static>]) -> impl Iterator<Item = &'a External> {
    submissions.iter().filter_map(|submission| submission.external.as_ref())
}

/// A database, the service over it in this process, and the facts of its records.
pub struct Demo {
    pub url: String,
    pub app: App,
    pub facts: BTreeMap<Authority, Facts>,
    pub entries: i64,
    /// What the EHC requests are called.
    cases: Vec<(Authority, External)>,
}

fn caller() -> Caller {
    Caller::local("bench")
}

impl Demo {
    /// Makes the records of one authority while those of the one before are written.
    pub fn make(folder: &Path, name: &str, authorities: &[Authority], share: Share) -> Self {
        let url = format!("sqlite://{}", folder.join(name).with_extension("db").display());
        let store = Store::open(&url.parse().expect("a URL")).expect("the database opens");
        let app = App::new(store, Clock::still(census_day()), Metrics::new().expect("instruments"));
        let mut demo = Self { url, app, facts: BTreeMap::new(), entries: 0, cases: Vec::new() };
        let (sender, receiver) = sync_channel(1);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                for authority in authorities {
                    let batches = records(*authority, SEED).expect("records as their nouns may be");
                    sender.send((*authority, share.of(batches))).expect("the writer waits for it");
                }
            });
            for (authority, batches) in receiver {
                for (noun, submissions) in batches {
                    if noun == Noun::EhcRequest {
                        demo.cases.extend(externals(&submissions).map(|external| (authority, external.clone())));
                    }
                    demo.submit(noun, authority, submissions);
                }
            }
        });
        demo
    }

    /// Writes submissions in blocks. Whatever is refused is a mistake of the bench.
    fn submit(&mut self, noun: Noun, authority: Authority, submissions: Vec<Submission<'static>>) {
        let facts = self.facts.entry(authority).or_default();
        let mut submissions = submissions.into_iter().peekable();
        while submissions.peek().is_some() {
            let block = submissions.by_ref().take(BLOCK).collect();
            for outcome in self.app.submit(&caller(), noun, authority, block).expect("the database takes it") {
                match outcome {
                    Outcome::Created(record) | Outcome::Updated(record) => {
                        facts.apply(noun, record.id.number, &record.cells).expect("cells of the noun");
                        self.entries += record.seq - facts.seq;
                        facts.seq = record.seq;
                    }
                    Outcome::Unchanged(_) => {}
                    Outcome::Rejected(faults) => panic!("a synthetic {} was refused: {faults}", noun.kind().singular),
                }
            }
        }
    }

    /// How many EHC requests.
    pub fn cases(&self) -> usize {
        self.cases.len()
    }

    /// Corrects who asked for the assessment, of all cases again and again, until the ledger has so many entries.
    pub fn correct_until(&mut self, entries: i64) {
        let mut cases = BTreeMap::<_, Vec<_>>::new();
        for (authority, external) in &self.cases {
            cases.entry(*authority).or_default().push(external.clone());
        }
        for source in ["other", "social_care"].into_iter().cycle() {
            for (authority, cases) in &cases {
                if self.entries >= entries {
                    return;
                }
                let corrections = cases.iter().map(|external| correction(*authority, external, source));
                self.submit(Noun::EhcRequest, *authority, corrections.collect());
            }
        }
    }

    /// Corrects one case of the authority that has the most, always the same one; how many it has.
    pub fn correct_one(&self, turn: usize) -> usize {
        let (largest, facts) = self.facts.iter().max_by_key(|(_, facts)| facts.cases.len()).expect("an authority");
        let of_it = self.cases.iter().find(|(authority, _)| authority == largest);
        let (authority, external) = of_it.expect("a case");
        let source = ["other", "social_care"][turn % 2];
        let correction = vec![correction(*authority, external, source)];
        self.app.submit(&caller(), Noun::EhcRequest, *authority, correction).expect("the database takes it");
        facts.cases.len()
    }
}

/// Another word for who asked: an entry of the ledger that leaves the counts as they are.
fn correction(authority: Authority, external: &External, source: &'static str) -> Submission<'static> {
    let mut given = vec![Given::Absent; EhcRequest::KIND.fields.len()];
    given[EhcRequest::KIND.place("request_source").expect("a field")] = Given::Text(Cow::Borrowed(source));
    Submission { authority, external: Some(external.clone()), given, faults: Faults::default() }
}

/// A day of the calendar.
pub fn date(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}
