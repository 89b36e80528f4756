//! A piece of a page: published rows as a table that reads well in a screen reader, for a council's Local Offer page.

use chrono::{Datelike, NaiveDate};

use crate::domain::calendar::month_name;
use crate::http::statistics::report::{Cell, Column};

/// A day as a page says it.
pub fn say_day(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month_name(day.month()), day.year())
}

/// Columns of a report as a table of a page.
pub struct Table<'a> {
    /// All columns of the report.
    pub columns: &'a [Column],
    /// The names of those to show, the first as the head of its row.
    pub wanted: &'a [&'a str],
    /// What each is called.
    pub heads: &'a [&'a str],
}

impl Table<'_> {
    /// The head and the body of the table; empty without rows.
    pub fn write<'r>(&self, rows: impl Iterator<Item = &'r Vec<Cell>>) -> String {
        let mut html = String::from("<thead><tr>");
        for head in self.heads {
            html.push_str(&["<th scope=\"col\">", head, "</th>"].concat());
        }
        html.push_str("</tr></thead><tbody>");
        let mut empty = true;
        for row in rows {
            empty = false;
            html.push_str("<tr>");
            for (place, name) in self.wanted.iter().enumerate() {
                let cell = self.columns.iter().position(|column| column.name == *name).and_then(|place| row.get(place));
                let text = cell.map_or_else(String::new, say_cell);
                let (open, close) = if place == 0 { ("<th scope=\"row\">", "</th>") } else { ("<td>", "</td>") };
                html.push_str(&[open, &text, close].concat());
            }
            html.push_str("</tr>");
        }
        html.push_str("</tbody>");
        if empty { String::new() } else { html }
    }
}

/// A cell in words a listener understands.
fn say_cell(cell: &Cell) -> String {
    match cell {
        Cell::Suppressed(_) => "too few to show".to_owned(),
        Cell::Null => "none".to_owned(),
        Cell::Text(text) => {
            let words = text.replace('_', " ").replace('&', "&amp;").replace('<', "&lt;");
            let mut letters = words.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
        other => other.csv().into_owned(),
    }
}

/// A section with a table of that caption.
pub fn fragment(topic: &str, caption: &str, table: &str) -> String {
    if table.is_empty() {
        return section(topic, &format!("<p>{caption}: no figures are held.</p>"));
    }
    section(
        topic,
        &format!(
            "<table>\n<caption>{caption}</caption>\n{table}\n</table>\n\
            <p>Counts are to the nearest 5. Where there are fewer than 8 children, or a count would give such a number away, it is too few to show.</p>"
        ),
    )
}

fn section(topic: &str, content: &str) -> String {
    format!("<section class=\"twentyweeks\" aria-label=\"Figures on {topic}\">\n{content}\n</section>\n")
}
