//! The local authorities and regions of England.

mod table;

use std::fmt;

/// A local authority of England, known by its three-digit DfE code.
///
/// Two bytes wide: the number of its row in the table of authorities, so that ordering is ordering by DfE code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Authority(u16);

/// One of the nine regions of England.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Region {
    NorthEast,
    NorthWest,
    YorkshireAndTheHumber,
    EastMidlands,
    WestMidlands,
    EastOfEngland,
    London,
    SouthEast,
    SouthWest,
}

impl Authority {
    /// Every authority, in the order of its DfE code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).zip(table::TABLE.iter()).map(|(row, _)| Self(row))
    }

    /// Finds an authority by its DfE code (`301`), or by its present or former GSS code (`E09000002`).
    pub fn parse(text: &str) -> Option<Self> {
        // By DfE code first: every read of the ledgers' heads asks for all of them.
        let row = table::TABLE.binary_search_by_key(&text, |row| row.0).ok().or_else(|| {
            table::TABLE.iter().position(|(_, gss, aliases, ..)| text == *gss || aliases.contains(&text))
        })?;
        u16::try_from(row).ok().map(Self)
    }

    fn row(self) -> &'static table::Row {
        table::TABLE.get(usize::from(self.0)).unwrap_or(&table::TABLE[0])
    }

    /// The three-digit DfE code, `old_la_code` in DfE's files.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// The present nine-character GSS code, `new_la_code` in DfE's files.
    pub fn gss_code(self) -> &'static str {
        self.row().1
    }

    /// GSS codes the authority had before.
    pub fn former_gss_codes(self) -> &'static [&'static str] {
        self.row().2
    }

    /// The name as DfE writes it.
    pub fn name(self) -> &'static str {
        self.row().3
    }

    /// The region it lies in.
    pub fn region(self) -> Region {
        self.row().4
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Region {
    /// Every region, in the order of its GSS code.
    pub const ALL: [Self; 9] = [
        Self::NorthEast,
        Self::NorthWest,
        Self::YorkshireAndTheHumber,
        Self::EastMidlands,
        Self::WestMidlands,
        Self::EastOfEngland,
        Self::London,
        Self::SouthEast,
        Self::SouthWest,
    ];

    /// The GSS code, `region_code` in DfE's files.
    pub fn code(self) -> &'static str {
        match self {
            Self::NorthEast => "E12000001",
            Self::NorthWest => "E12000002",
            Self::YorkshireAndTheHumber => "E12000003",
            Self::EastMidlands => "E12000004",
            Self::WestMidlands => "E12000005",
            Self::EastOfEngland => "E12000006",
            Self::London => "E12000007",
            Self::SouthEast => "E12000008",
            Self::SouthWest => "E12000009",
        }
    }

    /// The name as DfE writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NorthEast => "North East",
            Self::NorthWest => "North West",
            Self::YorkshireAndTheHumber => "Yorkshire and The Humber",
            Self::EastMidlands => "East Midlands",
            Self::WestMidlands => "West Midlands",
            Self::EastOfEngland => "East of England",
            Self::London => "London",
            Self::SouthEast => "South East",
            Self::SouthWest => "South West",
        }
    }
}
