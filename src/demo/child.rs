//! Synthetic children: a pseudonym and what statistics are grouped by.

use super::dice::Dice;
use super::{Records, census_day};
use crate::domain::child::{Child, EthnicityGroup, PrimaryNeed, SenStatus, Sex};
use crate::domain::fault::Refusal;
use crate::domain::field::{FieldType, Month};
use crate::domain::noun::Noun;
use crate::domain::reference::ChildRef;

use PrimaryNeed::{Asd, Hi, Mld, Oth, Pd, Semh, Slcn, Sld, Spld, Vi};

/// Primary needs by weight, near their shares of plans in the published figures.
const NEEDS: [(PrimaryNeed, u32); 10] =
    [(Asd, 315), (Slcn, 213), (Semh, 207), (Mld, 100), (Sld, 55), (Spld, 40), (Pd, 39), (Hi, 20), (Vi, 11), (Oth, 20)];

const ETHNICITIES: [(EthnicityGroup, u32); 6] = [
    (EthnicityGroup::White, 70),
    (EthnicityGroup::Asian, 10),
    (EthnicityGroup::Black, 7),
    (EthnicityGroup::Mixed, 7),
    (EthnicityGroup::Other, 2),
    (EthnicityGroup::Unknown, 4),
];

/// Makes one child; answers with the pseudonym.
pub fn child(
    made: &mut Records,
    number: usize,
    status: SenStatus,
    years: (i32, i32),
    dice: &mut Dice,
) -> Result<ChildRef, Refusal> {
    use chrono::Datelike;
    let name = made.name("KID", number);
    let child_ref = ChildRef::parse(&name)?;
    // Two draws: most children are in the middle of the range.
    let age = i32::midpoint(dice.between(years.0, years.1), dice.between(years.0, years.1));
    let (year, month) = (census_day().year() - 1 - age, dice.between(1, 12));
    let child = Child {
        child_ref: child_ref.clone(),
        birth_month: Some(Month::parse(&format!("{year}-{month:02}"))?),
        sex: Some(if dice.chance(68) { Sex::Male } else { Sex::Female }),
        ethnicity_group: dice.weighted(&ETHNICITIES),
        primary_need: dice.weighted(&NEEDS),
        sen_status: Some(status),
    };
    made.add(Noun::Child, &name, &child.to_cells())?;
    Ok(child_ref)
}
