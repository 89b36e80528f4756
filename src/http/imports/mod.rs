//! Imports on the wire: files, and sets of sheets.

mod files;
mod sets;

use super::operation::Operation;

/// The operations of this folder.
pub fn operations() -> Vec<Operation> {
    [files::operations(), sets::operations()].concat()
}
