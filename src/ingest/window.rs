//! A reader that remembers the row being read: a row has a longest length, and one that is too long can be left behind.

use std::io::{Error, Read, Result};

/// Longest row of CSV and longest line of NDJSON, in bytes.
pub const ROW_BYTES_MAX: u64 = 1 << 20;

/// Bytes read at once, and bytes of rows behind that are forgotten at once.
pub const CHUNK: usize = 1 << 16;

/// Hands on the bytes of a file, and keeps those since the row began.
pub struct Window<R> {
    /// `None` once another window has taken over.
    inner: Option<R>,
    kept: Vec<u8>,
    /// Places in the file: of the first byte kept, of the next byte to hand on, and of the row's first.
    base: u64,
    next: u64,
    row: u64,
    /// True once the row was found to be too long.
    pub too_long: bool,
}

fn distance(from: u64, to: u64) -> usize {
    usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

impl<R: Read> Window<R> {
    pub fn new(inner: R) -> Self {
        Self { inner: Some(inner), ..Self::empty() }
    }

    fn empty() -> Self {
        Self { inner: None, kept: Vec::new(), base: 0, next: 0, row: 0, too_long: false }
    }

    /// Says that the next row begins at a place of the file; what lies before is forgotten in time.
    pub fn begin_row(&mut self, row: u64) {
        self.row = row;
        let behind = distance(self.base, row);
        if behind >= CHUNK {
            self.kept.drain(..behind.min(self.kept.len()));
            self.base = row;
        }
    }

    /// The kept bytes from a place of the file on.
    fn from(&self, place: u64) -> &[u8] {
        self.kept.get(distance(self.base, place)..).unwrap_or_default()
    }

    /// Line breaks of the file that the row has before its first cell: blank lines, and the end of the row before.
    pub fn breaks_before_row(&self) -> u64 {
        let breaks = self.from(self.row).iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        breaks.map(|byte| u64::from(*byte == b'\n')).sum()
    }

    /// The bytes of the row up to a place of the file.
    pub fn row_until(&self, place: u64) -> &[u8] {
        let row = self.from(self.row);
        row.get(..distance(self.row, place)).unwrap_or(row)
    }

    /// Leaves the first line of the row behind. The new window begins after it, and says where that is and whether the
    /// line's break was a line feed.
    pub fn after_first_line(&mut self) -> Result<(Self, u64, bool)> {
        let mut rest = std::mem::replace(self, Self::empty());
        let blank = rest.from(rest.row).iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        rest.next = rest.row + u64::try_from(blank).unwrap_or(0);
        rest.too_long = false;
        loop {
            let ahead = rest.from(rest.next);
            if let Some(place) = ahead.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
                let is_feed = ahead.get(place) == Some(&b'\n');
                rest.next += u64::try_from(place).unwrap_or(0) + 1;
                rest.begin_row(rest.next);
                let place = rest.next;
                return Ok((rest, place, is_feed));
            }
            rest.base += length(&rest.kept);
            rest.next = rest.base;
            rest.kept.clear();
            let mut chunk = vec![0; CHUNK];
            let read = rest.inner.as_mut().map_or(Ok(0), |inner| inner.read(&mut chunk))?;
            if read == 0 {
                let place = rest.next;
                return Ok((rest, place, false));
            }
            rest.kept.extend_from_slice(chunk.get(..read).unwrap_or_default());
        }
    }
}

impl<R: Read> Read for Window<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.next.saturating_sub(self.row) > ROW_BYTES_MAX {
            self.too_long = true;
            return Err(Error::other("the row is too long"));
        }
        if self.from(self.next).is_empty() {
            let read = self.inner.as_mut().map_or(Ok(0), |inner| inner.read(buffer))?;
            self.kept.extend_from_slice(buffer.get(..read).unwrap_or_default());
            self.next += u64::try_from(read).unwrap_or(0);
            return Ok(read);
        }
        let mut again = self.from(self.next);
        let read = again.read(buffer)?;
        self.next += u64::try_from(read).unwrap_or(0);
        Ok(read)
    }
}
