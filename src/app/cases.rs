//! Cases: EHC requests with their exceptions, advice and orders.

use std::collections::{BTreeMap, HashMap};

use super::{App, AppError, CaseRecord};
use crate::domain::advice_request::AdviceRequest;
use crate::domain::authority::Authority;
use crate::domain::clock::Case;
use crate::domain::ehc_request::EhcRequest;
use crate::domain::fault::Refusal;
use crate::domain::noun::{Cells, Noun, Record};
use crate::domain::order::Order;
use crate::domain::reference::RecordId;
use crate::domain::timescale_exception::TimescaleException;
use crate::store::{self, Conn, StoreError};

impl App {
    /// Adds the clocks to EHC requests; other records have none.
    pub(super) fn with_clocks(&self, conn: &mut Conn, records: Vec<Record>) -> Result<Vec<CaseRecord>, AppError> {
        let mut clocks = Vec::with_capacity(records.len());
        for group in records.chunk_by(|one, next| one.id.authority == next.id.authority) {
            match group.first() {
                Some(first) if first.id.noun == Noun::EhcRequest => {
                    let mut linked = Linked::find(conn, first.id.authority, group)?;
                    for record in group {
                        clocks.push(Some(linked.case(record)?.clocks(self.clock.today())));
                    }
                }
                _ => clocks.extend(group.iter().map(|_| None)),
            }
        }
        Ok(records.into_iter().zip(clocks).map(|(record, clocks)| CaseRecord { record, clocks }).collect())
    }
}

/// Where the clocks of a case stand: the request itself, then its advice and orders in order.
pub(super) struct CaseIds {
    pub request: RecordId,
    pub advice: Vec<RecordId>,
    pub orders: Vec<RecordId>,
}

/// Reads records as what they are.
pub(super) fn read_all<T>(
    records: Vec<Record>,
    read: impl Fn(&Cells) -> Result<T, Refusal>,
) -> Result<Vec<(RecordId, T)>, StoreError> {
    records
        .into_iter()
        .map(|record| Ok((record.id, read(&record.cells).map_err(|refusal| corrupt(record.id, refusal))?)))
        .collect()
}

fn corrupt(id: RecordId, refusal: Refusal) -> StoreError {
    StoreError::Corrupt { table: id.noun.kind().table, key: id.to_string(), problem: refusal.message }
}

/// What belongs to some EHC requests of one authority, by the number of the request.
pub(super) struct Linked {
    exceptions: HashMap<i64, Vec<TimescaleException>>,
    advice: BTreeMap<i64, Vec<(RecordId, AdviceRequest)>>,
    orders: BTreeMap<i64, Vec<(RecordId, Order)>>,
}

impl Linked {
    pub fn find(conn: &mut Conn, authority: Authority, requests: &[Record]) -> Result<Self, StoreError> {
        let numbers: Vec<_> = requests.iter().map(|record| record.id.number).collect();
        let mut find = |noun| store::find_by_link(conn, noun, authority, "ehc_request_id", &numbers);
        let mut linked = Self { exceptions: HashMap::new(), advice: BTreeMap::new(), orders: BTreeMap::new() };
        for (_, exception) in read_all(find(Noun::TimescaleException)?, TimescaleException::from_cells)? {
            let case = exception.assessment();
            linked.exceptions.entry(case).or_default().push(exception);
        }
        for (id, advice) in read_all(find(Noun::AdviceRequest)?, AdviceRequest::from_cells)? {
            linked.advice.entry(advice.assessment()).or_default().push((id, advice));
        }
        for (id, order) in read_all(find(Noun::Order)?, Order::from_cells)? {
            let case = order.ehc_request_id.as_ref().and_then(crate::domain::reference::EhcRequestLink::number);
            linked.orders.entry(case.unwrap_or(0)).or_default().push((id, order));
        }
        Ok(linked)
    }

    pub fn ids(&self, request: RecordId) -> CaseIds {
        let advice = self.advice.get(&request.number).into_iter().flatten().map(|(id, _)| *id);
        let orders = self.orders.get(&request.number).into_iter().flatten().map(|(id, _)| *id);
        CaseIds { request, advice: advice.collect(), orders: orders.collect() }
    }

    /// Takes out what belongs to one request.
    pub fn case(&mut self, record: &Record) -> Result<Case, StoreError> {
        let number = record.id.number;
        let request = EhcRequest::from_cells(&record.cells).map_err(|refusal| corrupt(record.id, refusal))?;
        let advice = self.advice.remove(&number).unwrap_or_default();
        let orders = self.orders.remove(&number).unwrap_or_default();
        Ok(Case {
            request,
            exceptions: self.exceptions.remove(&number).unwrap_or_default(),
            advice: advice.into_iter().map(|(_, advice)| advice).collect(),
            orders: orders.into_iter().map(|(_, order)| order).collect(),
        })
    }
}
