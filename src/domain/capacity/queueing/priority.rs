//! Some before others: the waits of classes of children who are seen from one list in an order of classes.
//!
//! Sources: A. Cobham, "Priority assignment in waiting line problems", Operations Research 2 (1954), with the correction of 1955; L.
//! Kleinrock, "Queueing Systems", volume 2 (1976), section 3.6, for the law of conservation and for classes that interrupt; H.
//! White and L. S. Christie (1958). A class for which nothing is left grows without end while those before it still settle: then
//! all are always busy, and what a child finds under way is its share of the work of the last class (T. E. Phipps, "Machine
//! repair as a priority waiting-line problem", 1956).

use super::erlang::Team;
use super::single::Service;

/// One class of children.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    /// Arrivals in a unit of time.
    pub arrivals: f64,
    /// What seeing one takes.
    pub service: Service,
}

/// The waits of classes, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Waits {
    /// Work that comes in to each that can be done; 1 and more, and some class does not settle.
    pub load: f64,
    /// Mean time until whoever is being seen has been seen, as an arriving child finds it.
    pub residual: f64,
    /// Mean wait of each class; `None` for those that do not settle.
    pub by_class: Vec<Option<f64>>,
    /// Mean number of each class that waits; `None` for those that do not settle.
    pub waiting: Vec<Option<f64>>,
    /// The wait of all, were they seen as they come; `None` if that does not settle.
    pub first_come: Option<f64>,
    /// The sum over classes of load times wait, which no order changes; `None` if some class does not settle.
    pub conserved: Option<f64>,
}

/// Sums of loads up to each class, 0 first.
fn loads_up_to(loads: &[f64]) -> Vec<f64> {
    let sums = loads.iter().scan(0.0, |sum, load| {
        *sum += load;
        Some(*sum)
    });
    std::iter::once(0.0).chain(sums).collect()
}

/// Cobham's wait of each class: `residual / ((1 - load before) (1 - load with it))`.
fn cobham(residual: f64, sums: &[f64]) -> Vec<Option<f64>> {
    let pairs = sums.iter().zip(sums.iter().skip(1));
    pairs.map(|(before, with)| (*with < 1.0).then(|| residual / ((1.0 - before) * (1.0 - with)))).collect()
}

/// Little's law: arrivals times the time each spends.
pub fn numbers(arrivals: impl IntoIterator<Item = f64>, times: &[Option<f64>]) -> Vec<Option<f64>> {
    arrivals.into_iter().zip(times).map(|(arrivals, time)| time.map(|time| arrivals * time)).collect()
}

fn conserved(loads: &[f64], waits: &[Option<f64>]) -> Option<f64> {
    loads.iter().zip(waits).map(|(load, wait)| wait.map(|wait| load * wait)).sum()
}

/// One stream of appointments, classes in the order in which they are seen; nobody is interrupted.
pub fn uninterrupted(classes: &[Class]) -> Waits {
    let loads: Vec<_> = classes.iter().map(|class| class.arrivals * class.service.mean).collect();
    let sums = loads_up_to(&loads);
    let load = sums.last().copied().unwrap_or(0.0);
    // Of the class that has no room left only as many are ever seen as there is time for.
    let seen = classes.iter().zip(&sums).map(|(class, before)| {
        let room = (1.0 - before).max(0.0) / class.service.mean;
        if class.service.mean > 0.0 { class.arrivals.min(room) } else { class.arrivals }
    });
    let residual: f64 = classes.iter().zip(seen).map(|(class, seen)| seen * class.service.second / 2.0).sum();
    let by_class = cobham(residual, &sums);
    Waits {
        load,
        residual,
        conserved: conserved(&loads, &by_class),
        waiting: numbers(classes.iter().map(|class| class.arrivals), &by_class),
        by_class,
        first_come: (load < 1.0).then(|| residual / (1.0 - load)),
    }
}

/// Mean times from arrival until being seen has ended, where a class interrupts those after it and they go on later where they
/// stopped. `None` for the classes that do not settle.
pub fn interrupting(classes: &[Class]) -> Vec<Option<f64>> {
    let (mut before, mut residual) = (0.0, 0.0);
    let times = classes.iter().map(|class| {
        let with = before + class.arrivals * class.service.mean;
        residual += class.arrivals * class.service.second / 2.0;
        let time =
            (with < 1.0).then(|| class.service.mean / (1.0 - before) + residual / ((1.0 - before) * (1.0 - with)));
        before = with;
        time
    });
    times.collect()
}

/// Several who see children, exponential times that are the same for every class; nobody is interrupted.
pub fn team(arrivals: &[f64], served_each: f64, servers: u32) -> Option<Waits> {
    let served = Some(f64::from(servers) * served_each).filter(|served| *served > 0.0)?;
    let loads: Vec<_> = arrivals.iter().map(|arrivals| arrivals / served).collect();
    let sums = loads_up_to(&loads);
    let all = Team { arrivals: arrivals.iter().sum(), served_each, servers };
    // Where a class does not settle, everybody is always busy.
    let residual = all.share_who_wait().unwrap_or(1.0) / served;
    let by_class = cobham(residual, &sums);
    Some(Waits {
        load: all.load()?,
        residual,
        conserved: conserved(&loads, &by_class),
        waiting: numbers(arrivals.iter().copied(), &by_class),
        by_class,
        first_come: all.means().map(|means| means.wait),
    })
}
