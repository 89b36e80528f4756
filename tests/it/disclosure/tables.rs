//! Tables of authorities in regions by discipline and band with every margin, from leaves or from a seed.

use std::collections::BTreeMap;

use twentyweeks::domain::statistics::disclosure::{Line, Table};

pub type Cells = BTreeMap<String, Vec<u64>>;

/// Cells and lines before they are a table.
#[derive(Clone, Debug)]
pub struct Cube {
    pub cells: Cells,
    pub lines: Vec<Line<String>>,
    pub dates: usize,
}

impl Cube {
    pub fn table(&self) -> Table<String> {
        Table::new(self.cells.clone(), &self.lines).unwrap()
    }

    /// Adds a count by age of the people of every authority, each age a part of the same total.
    pub fn add_ages(&mut self, ages: usize, dice: &mut Dice) {
        let totals: Vec<_> = self.cells.iter().filter(|(key, _)| key.ends_with("|*|*")).map(clone).collect();
        for (key, counts) in totals.iter().filter(|(key, _)| key.contains('.')) {
            let mut by_age = vec![vec![0; self.dates]; ages];
            for (date, count) in counts.iter().enumerate() {
                for _ in 0..*count {
                    by_age[dice.below(ages)][date] += 1;
                }
            }
            let area = key.trim_end_matches("|*|*");
            for (age, counts) in by_age.into_iter().enumerate() {
                for area in above(area) {
                    add(&mut self.cells, format!("{area}|age {age}"), &counts);
                }
            }
        }
        let areas: Vec<String> = totals.iter().map(|(key, _)| key.trim_end_matches("|*|*").to_owned()).collect();
        for area in &areas {
            let parts = (0..ages).map(|age| format!("{area}|age {age}")).collect();
            self.lines.push(Line { total: format!("{area}|*|*"), parts });
        }
        let breakdowns = (0..ages).map(|age| format!("age {age}"));
        self.lines.extend(breakdowns.flat_map(|breakdown| area_lines(&areas, &breakdown)));
    }
}

fn clone((key, counts): (&String, &Vec<u64>)) -> (String, Vec<u64>) {
    (key.clone(), counts.clone())
}

/// An authority `R1.2`, its region `R1` and England.
fn above(authority: &str) -> [String; 3] {
    let region = authority.split('.').next().unwrap();
    [authority.to_owned(), region.to_owned(), "England".to_owned()]
}

fn add(cells: &mut Cells, key: String, counts: &[u64]) {
    let sums = cells.entry(key).or_insert_with(|| vec![0; counts.len()]);
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
}

fn area_lines(areas: &[String], breakdown: &str) -> Vec<Line<String>> {
    let line = |total: &String, parts: Vec<&String>| Line {
        total: format!("{total}|{breakdown}"),
        parts: parts.iter().map(|part| format!("{part}|{breakdown}")).collect(),
    };
    let regions: Vec<_> = areas.iter().filter(|area| area.starts_with('R') && !area.contains('.')).collect();
    let of_region = |region: &String| {
        let start = format!("{region}.");
        line(region, areas.iter().filter(|area| area.starts_with(&start)).collect())
    };
    let mut lines: Vec<_> = regions.iter().map(|region| of_region(region)).collect();
    lines.push(line(&"England".to_owned(), regions));
    lines
}

/// The cube of regions, authorities in each, disciplines and bands. Leaves by date, then in that order.
pub fn cube([regions, authorities, disciplines, bands]: [usize; 4], leaves: &[Vec<u64>]) -> Cube {
    let mut cells = Cells::new();
    let names = |start: &str, count: usize| (0..count).map(|place| format!("{start}{place}")).collect::<Vec<_>>();
    let (all_disciplines, all_bands) = (names("D", disciplines), names("B", bands));
    let mut place = 0;
    for authority in (0..regions).flat_map(|region| (0..authorities).map(move |of| format!("R{region}.{of}"))) {
        for (discipline, band) in all_disciplines.iter().flat_map(|of| all_bands.iter().map(move |band| (of, band))) {
            let counts: Vec<u64> = leaves.iter().map(|leaves| leaves[place]).collect();
            for area in above(&authority) {
                for margin in [(discipline.as_str(), band.as_str()), (discipline, "*"), ("*", band), ("*", "*")] {
                    add(&mut cells, format!("{area}|{}|{}", margin.0, margin.1), &counts);
                }
            }
            place += 1;
        }
    }
    let totals = cells.keys().filter_map(|key| key.strip_suffix("|*|*"));
    let areas: Vec<String> = totals.map(str::to_owned).collect();
    let with_all = |names: &[String]| [names, &["*".to_owned()]].concat();
    let mut lines = Vec::new();
    for discipline in with_all(&all_disciplines) {
        for band in with_all(&all_bands) {
            lines.extend(area_lines(&areas, &format!("{discipline}|{band}")));
        }
    }
    for area in &areas {
        for band in with_all(&all_bands) {
            let parts = all_disciplines.iter().map(|discipline| format!("{area}|{discipline}|{band}")).collect();
            lines.push(Line { total: format!("{area}|*|{band}"), parts });
        }
        for discipline in with_all(&all_disciplines) {
            let parts = all_bands.iter().map(|band| format!("{area}|{discipline}|{band}")).collect();
            lines.push(Line { total: format!("{area}|{discipline}|*"), parts });
        }
    }
    Cube { cells, lines, dates: leaves.len() }
}

/// Chance from a seed, the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    /// A number below the bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    /// Leaves on some dates: mostly few children, sometimes none or many, two more or fewer from date to date.
    pub fn leaves(&mut self, count: usize, dates: usize) -> Vec<Vec<u64>> {
        let most = [1, 8, 14, 30, 90];
        let first: Vec<usize> = (0..count)
            .map(|_| {
                let most = most[self.below(5)];
                self.below(most)
            })
            .collect();
        let mut drift = |leaf: &usize| u64::try_from((leaf + self.below(5)).saturating_sub(2)).unwrap();
        (0..dates).map(|_| first.iter().map(&mut drift).collect()).collect()
    }
}
