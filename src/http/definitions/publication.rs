//! Definitions of what is published, of revisions, and of how small numbers are hidden.

use super::{Definition, some, whole};

const RULE: &str = "Sub-national rule of NHS Digital (1 to 7 hidden, 0 shown, the rest to the nearest 5); secondary suppression and the rule for days are this service's.";

/// The published waiting list.
pub static PUBLISHED_WAITING_LIST: Definition = Definition {
    id: "published-waiting-list",
    title: "Published waiting list",
    counted: "Referrals waiting at the month ends of a finished quarter, in the bands of NHS England's Community Health Services Waiting Lists. Counts of 1 to 7 are hidden, and others that would give one away; the rest are to the nearest 5, totals on their own.",
    formula: "Counted as the waiting list; then every count to the nearest 5 of its own; percentages of the rounded counts; means in whole weeks, where the count and all its bands are shown.",
    includes: "All authorities with records, by area, and by one of discipline, age band, primary need and sex. Small is what counts 1 to 7 children, however many referrals they have. As known at the beginning of the month.",
    excludes: "Free days, filters and crosses of two dimensions: each would let one answer be subtracted from another.",
    source: RULE,
    shown: &[
        whole("/open/v1/waiting-times", "PublishedWaitingList"),
        whole("/v1/stats/waiting-list?suppression=publish", "PublishedWaitingList"),
    ],
};

/// The published first contacts.
pub static PUBLISHED_WAITING_TIMES: Definition = Definition {
    id: "published-waiting-times",
    title: "Published waiting times of those seen",
    counted: "First contacts in a finished quarter by the time from receipt. Counts of 1 to 7 are hidden, and others that would give one away; the rest are to the nearest 5, totals on their own.",
    formula: "Counted as waiting-times; then every count to the nearest 5 of its own; percentages of the rounded counts. Means and percentiles are in whole weeks. A mean is shown of 8 or more, where none of the counts by 18 weeks is hidden; a percentile where at least 8 stand at it or below and 8 at it or above, and where the counts have told already on which side of 18 weeks it lies.",
    includes: "All authorities with records, by area, and by one of discipline, age band (at the end of the quarter), primary need and sex; quarters that have ended. Small is what counts 1 to 7 children, however many referrals they have. As known at the beginning of the month.",
    excludes: "Free periods, filters and crosses of two dimensions. Those still waiting, and those who left without having been seen: with them and with those who came, one waiting list could be subtracted from another.",
    source: RULE,
    shown: &[
        whole("/open/v1/first-contacts", "PublishedWaitingTimes"),
        whole("/v1/stats/waiting-times?suppression=publish", "PublishedWaitingTimes"),
    ],
};

/// The published requests for advice.
pub static PUBLISHED_ADVICE: Definition = Definition {
    id: "published-advice-timeliness",
    title: "Published timeliness of advice",
    counted: "Requests for advice sent in a finished year, and what came of them by its end. Counts of 1 to 7 are hidden, and others that would give one away; the rest are to the nearest 5; percentages are of the rounded counts.",
    formula: "Counted as advice-timeliness; requested = returned + not_returned, returned = returned_within_six_weeks + returned_later; then every count to the nearest 5 of its own. pc_returned_within_six_weeks is of what was returned, so it is another share than advice-timeliness has.",
    includes: "All authorities with records, by area, and by the kind of advice; requests for advice to re-assessments, too; years that have ended. Small is what is about 1 to 7 children, however many requests; a re-assessment adds none to the children, so its counts are rather hidden than shown. As known at the beginning of the month.",
    excludes: "Advice with and without an exception apart, as with plans; what became of a request after the year. Quarters, filters and other dimensions.",
    source: RULE,
    shown: &[
        whole("/open/v1/advice-timeliness", "PublishedAdviceTimeliness"),
        whole("/v1/stats/advice-timeliness?suppression=publish", "PublishedAdviceTimeliness"),
    ],
};

/// The published timeliness.
pub static PUBLISHED_TIMELINESS: Definition = Definition {
    id: "published-ehc-timeliness",
    title: "Published timeliness of EHC plans",
    counted: "New EHC plans of finished years by time from the request, DfE's definition. Counts of 1 to 7 are hidden, and others that would give one away; the rest are to the nearest 5; percentages are of the rounded counts.",
    formula: "Counted as ehc-timeliness, exceptions included; then every count to the nearest 5 of its own.",
    includes: "All authorities with records, by area; years that have ended. As known at the beginning of the month.",
    excludes: "Plans with and without an exception apart: what lies between is a handful of children, and would hide the rest. Quarters: the year would have to be decided upon after three of them are known.",
    source: RULE,
    shown: &[
        whole("/open/v1/ehc-timeliness", "PublishedEhcTimeliness"),
        whole("/v1/stats/ehc-timeliness?suppression=publish", "PublishedEhcTimeliness"),
    ],
};

/// Revisions.
pub static REVISIONS: Definition = Definition {
    id: "revisions",
    title: "Revisions of a past figure",
    counted: "One figure as at one day, as it was known at a series of instants, and why it changed from each to the next: records that were not known before, and known ones that count now or no longer count.",
    formula: "value = value before + newly_recorded + now_counts − no_longer_counts.",
    includes: "Records of the authorities asked about; a record is known from the ledger entry that created it.",
    excludes: "What happened after as_at.",
    source: "The ledger: every entry says when it was recorded.",
    shown: &[some(
        "/v1/stats/revisions",
        "Revisions",
        &["value", "newly_recorded", "now_counts", "no_longer_counts", "change"],
    )],
};
