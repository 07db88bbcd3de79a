//! Stub.

use crate::{Options, ReadError, Sink};
use barograph_record::Ledger;
use std::path::Path;

pub(crate) fn read(path: &Path, _options: &Options, _ledger: &mut Ledger, _sink: &mut Sink<'_>) -> Result<(), ReadError> {
    Err(ReadError::unknown_format(path))
}
