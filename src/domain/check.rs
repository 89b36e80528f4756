//! Checks that several nouns share: dates in a possible order, none in the future.

use chrono::NaiveDate;

use super::fault::Faults;

/// A date and the name of its field.
pub type Step = (&'static str, Option<NaiveDate>);

/// Notes each step that lies after `today`: these are things that have happened.
pub fn not_after(today: NaiveDate, steps: &[Step], faults: &mut Faults) {
    for (name, date) in steps {
        if let Some(date) = date.filter(|date| *date > today) {
            faults.add(*name, "in_the_future", format!("must not be after today, {today}, but is {date}"));
        }
    }
}

/// Notes each of `later` that lies before one of `earlier`.
pub fn in_order(earlier: &[Step], later: &[Step], faults: &mut Faults) {
    for (late_name, late) in later {
        for (early_name, early) in earlier {
            if let (Some(early), Some(late)) = (early, late)
                && late < early
            {
                let message = format!("must not be before {early_name}, {early}, but is {late}");
                faults.add(*late_name, "out_of_order", message);
            }
        }
    }
}

/// Notes a fact without its date, and a date without its fact.
pub fn together(fact: (&'static str, bool), date: Step, faults: &mut Faults) {
    let ((fact_name, has_fact), (date_name, date)) = (fact, date);
    if has_fact && date.is_none() {
        faults.add(date_name, "required", format!("is required when {fact_name} is given"));
    }
    if !has_fact && date.is_some() {
        faults.add(fact_name, "required", format!("is required when {date_name} is given"));
    }
}

/// Notes the second of two fields that exclude each other.
pub fn not_both(first: (&'static str, bool), second: (&'static str, bool), faults: &mut Faults) {
    if first.1 && second.1 {
        faults.add(second.0, "contradiction", format!("must be empty when {} is given", first.0));
    }
}

/// Notes two dates of which a record has exactly one, when it has both or neither.
pub fn one_of(first: Step, second: Step, why: &str, faults: &mut Faults) {
    if first.1.is_none() && second.1.is_none() {
        faults.add(first.0, "required", format!("is required, or {}: {why}", second.0));
    }
    not_both((first.0, first.1.is_some()), (second.0, second.1.is_some()), faults);
}

/// Notes two links of which a record has exactly one, when it has both or neither.
pub fn one_link(first: (&'static str, bool), second: (&'static str, bool), what: &str, faults: &mut Faults) {
    if !first.1 && !second.1 {
        faults.add(first.0, "required", format!("is required, or {}: {what} is about one of them", second.0));
    }
    not_both(first, second, faults);
}
