//! Whose upload it is, and which.

use crate::body::UploadTransaction;

/// Whose upload it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Device<'a> {
    pub(crate) user: &'a str,
    pub(crate) client: Option<&'a str>,
    pub(crate) version: Option<&'a str>,
}

impl Device<'_> {
    /// Is a transaction with this key noted, so that it happens once?
    pub(super) fn notes(&self, key: &Key) -> bool {
        self.client.is_some() && key.op_id.is_some()
    }
}

/// A transaction as it is noted.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) op_id: Option<String>,
    pub(super) digest: [u8; 16],
}

impl Key {
    pub(super) fn of(transaction: &UploadTransaction) -> Self {
        Self {
            op_id: transaction.op_id.clone(),
            digest: transaction.digest,
        }
    }
}
