//! Dimensions on the wire: what `group_by` may name beside area and period, filters of the same names, and the columns they
//! become.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::app::{Span, StatQuery};
use crate::domain::field::FieldType;
use crate::domain::statistics::dimension::{Dimension, Lanes, NOT_RECORDED};
use crate::domain::statistics::group::Level;
use crate::domain::statistics::tally::{Breakdown, Key};
use crate::http::operation::Call;
use crate::http::problem::Problem;
use crate::http::query::{Param, ParamKind};
use crate::http::statistics::axes::{AREAS, AREAS_AND_TIMES, refused};
use crate::http::statistics::report::{Cell, Column, ColumnType, column};

/// The words of every dimension, and the one for what nobody recorded.
static WORDS: LazyLock<BTreeMap<Dimension, Vec<&'static str>>> = LazyLock::new(|| {
    let words = |dimension: Dimension| dimension.words().iter().copied().chain([NOT_RECORDED]).collect();
    Dimension::ALL.iter().map(|dimension| (*dimension, words(*dimension))).collect()
});

/// What each statistic may be grouped by: kept as long as the program runs, as every list of words is.
fn words_of(dimension: Dimension) -> &'static [&'static str] {
    WORDS.get(&dimension).map_or(&[], Vec::as_slice)
}

/// The column of a dimension.
pub const fn dimension_column(dimension: Dimension) -> Column {
    let about = match dimension {
        Dimension::Discipline => "The therapy.",
        Dimension::AdviceType => "Whose advice.",
        Dimension::Provider => "The provider, by its reference.",
        Dimension::Priority => "Priority of the referral.",
        Dimension::Purpose => "What the referral is for.",
        Dimension::ReferralSource => "Who referred the child.",
        Dimension::RequestSource => "Who asked for the assessment.",
        Dimension::Stage => {
            "Where the EHC request stands on the day asked about: what it waits for, or that it has ended."
        }
        Dimension::AgeBand => "Age on the day asked about, in DfE's bands; a birthday is the first of its month.",
        Dimension::Sex => "Sex.",
        Dimension::EthnicityGroup => "Ethnicity group.",
        Dimension::PrimaryNeed => "Primary need.",
        Dimension::SenStatus => "SEN status.",
        Dimension::Band => "The pay band of the post: Agenda for Change.",
        Dimension::Service => "The service, by its reference.",
        Dimension::Engagement => "On what terms the post is held.",
        Dimension::Programme => "The trainee's way to registration.",
    };
    column(dimension.code(), ColumnType::Text, about)
}

/// The parameters by which rows of `L` are grouped and filtered.
pub fn breakdown_params<L: Lanes>(with_times: bool) -> Vec<Param> {
    let areas = if with_times { AREAS_AND_TIMES } else { AREAS };
    let groups: Vec<_> = areas.iter().copied().chain(L::DIMENSIONS.iter().map(|dimension| dimension.code())).collect();
    let about = format!(
        "england, region or authority{}; and up to two of {}, separated by commas.",
        if with_times { "; a period" } else { "" },
        L::DIMENSIONS.iter().map(|dimension| dimension.code()).collect::<Vec<_>>().join(", "),
    );
    let filter = |dimension: &Dimension| {
        let kind = match dimension {
            named if named.is_named() => ParamKind::Text(64),
            other => ParamKind::Words(words_of(*other)),
        };
        Param::new(dimension.code(), &format!("Only these: {}", dimension_column(*dimension).about), kind)
    };
    let group_by = Param::new("group_by", &about, ParamKind::Words(groups.leak()));
    [group_by].into_iter().chain(L::DIMENSIONS.iter().map(filter)).collect()
}

/// What a call asks to be grouped and filtered by; grouped by `usual` where it names no dimension.
///
/// # Errors
/// More than two dimensions.
pub fn breakdown<L: Lanes>(call: &Call, usual: &[Dimension]) -> Result<Breakdown, Problem> {
    let named: Vec<_> = call.query.words("group_by").iter().filter_map(|word| Dimension::parse(word).ok()).collect();
    if named.len() > 2 {
        return Err(refused("group_by", "too_many", "must name at most two dimensions beside area and period"));
    }
    if let [one, other] = named.as_slice()
        && one == other
    {
        return Err(refused("group_by", "repeated", "must name each dimension once"));
    }
    let only = L::DIMENSIONS.iter().filter_map(|dimension| {
        let words: Vec<_> = match dimension {
            named if named.is_named() => call.query.text(named.code()).map(str::to_owned).into_iter().collect(),
            other => call.query.words(other.code()).iter().map(|word| (*word).to_owned()).collect(),
        };
        (!words.is_empty()).then_some((*dimension, words))
    });
    Ok(Breakdown { by: if named.is_empty() { usual.to_vec() } else { named }, only: only.collect() })
}

/// Most cells one question may open: days, periods, areas and members, multiplied.
const MOST_CELLS: usize = 1_000_000;

/// How many providers or services an authority is taken to have before anybody has counted.
const NAMED: usize = 100;

/// Refuses a question with more cells than anybody reads.
///
/// # Errors
/// `InvalidQuery`, with how many it would be.
pub fn bounded(queries: &[StatQuery], span: Option<Span>, breakdown: &Breakdown) -> Result<(), Problem> {
    let periods = span.map_or(1, Span::count);
    if periods > 1 && breakdown.by.contains(&Dimension::Stage) {
        let message =
            "stage is where a request stands on the day asked about: leave out the periods, or ask as at several days";
        return Err(refused("group_by", "contradiction", message));
    }
    let members = |dimension: &Dimension| if dimension.is_named() { NAMED } else { dimension.words().len() + 1 };
    let areas = queries.first().map_or(1, |query| match query.level {
        Level::England => 1,
        Level::Region => 9,
        Level::Authority => query.authorities.as_ref().map_or(153, Vec::len),
    });
    let cells =
        breakdown.by.iter().map(members).chain([queries.len(), periods, areas]).fold(1_usize, usize::saturating_mul);
    if cells <= MOST_CELLS {
        return Ok(());
    }
    let message = format!(
        "asks for {cells} cells, {MOST_CELLS} are the most: name fewer days or longer periods, fewer members or authorities"
    );
    Err(refused("group_by", "too_many", &message))
}

/// The columns of a breakdown.
pub fn breakdown_columns(breakdown: &Breakdown) -> Vec<Column> {
    breakdown.by.iter().map(|dimension| dimension_column(*dimension)).collect()
}

/// The cells of a key's members.
pub fn label_cells(key: &Key) -> impl Iterator<Item = Cell> {
    key.labels.iter().map(|label| Cell::text(label.text.clone()))
}
