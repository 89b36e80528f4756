//! Callers: who asks, what they may do, and whose records they may see.

use super::authority::Authority;
use super::field::codes;

codes! {
    /// What a caller may do.
    Scope {
        /// Read records, their history and case lists.
        RecordsRead = "records:read",
        /// Create and change records, and import.
        RecordsWrite = "records:write",
        /// Read statistics.
        StatsRead = "stats:read",
        /// Scrape metrics.
        MetricsRead = "metrics:read",
        /// Everything.
        Admin = "admin",
    }
}

/// Whose records a caller may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every authority's.
    All,
    /// These authorities' only.
    Only(Vec<Authority>),
}

impl Reach {
    /// True if the authority's records are within reach.
    pub fn includes(&self, authority: Authority) -> bool {
        match self {
            Self::All => true,
            Self::Only(list) => list.contains(&authority),
        }
    }

    /// The one authority within reach, if there is just one.
    pub fn only_one(&self) -> Option<Authority> {
        match self {
            Self::Only(list) => match list.as_slice() {
                [one] => Some(*one),
                _ => None,
            },
            Self::All => None,
        }
    }
}

/// Someone who asks something of the service.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Written beside each change in the ledger.
    pub name: String,
    /// What they may do.
    pub scopes: Vec<Scope>,
    /// Whose records they may see.
    pub reach: Reach,
}

impl Caller {
    /// A caller on this machine, while no key exists, or the command line: may do everything.
    pub fn local(name: &str) -> Self {
        Self { name: name.to_owned(), scopes: vec![Scope::Admin], reach: Reach::All }
    }

    /// True if the caller may do what `scope` allows.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.iter().any(|held| *held == scope || *held == Scope::Admin)
    }
}
