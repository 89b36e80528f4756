//! The facts of the demonstration without a database.

use std::collections::HashMap;

use twentyweeks::demo::{SEED, records};
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::facts::Facts;
use twentyweeks::domain::field::{Given, Shape};
use twentyweeks::domain::noun::{Cells, Field};

/// The facts of the synthetic records of one authority; records are numbered as they come.
pub fn facts_of(authority: Authority) -> Facts {
    let (mut facts, mut number) = (Facts::default(), 0);
    let mut numbers = HashMap::new();
    for (noun, submissions) in records(authority, SEED).unwrap() {
        for submission in submissions {
            number += 1;
            let cell = |(field, given): (&Field, &Given<'_>)| match (given, field.shape) {
                (Given::Text(text), Shape::Link(linked)) => {
                    let number: &i64 = numbers.get(&(linked, text.to_string())).unwrap();
                    Some(number.to_string().into())
                }
                (Given::Text(text), _) => Some(Box::from(text.as_ref())),
                _ => None,
            };
            let cells = Cells(noun.kind().fields.iter().zip(&submission.given).map(cell).collect());
            facts.apply(noun, number, &cells).unwrap();
            if let Some(external) = submission.external {
                numbers.insert((noun, external.id.as_str().to_owned()), number);
            }
        }
    }
    facts
}
