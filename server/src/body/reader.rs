//! Reads a request from its chunks.

use std::mem;

use sha2::{Digest, Sha256};

use super::envelope::{self, Envelope};
use super::op::{self, Decoded};
use super::splitter::{Sink, SplitError, Splitter};
use crate::app::Catalog;

/// How large a request may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Bytes of the body.
    pub(crate) bytes: usize,
    /// Ops in all of its transactions.
    pub(crate) ops: usize,
    /// Client transactions.
    pub(crate) transactions: usize,
}

/// The most bytes around the ops of a request.
const MAX_ENVELOPE: usize = 1 << 20;

/// A whole request.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) client_id: Option<String>,
    pub(crate) schema_version: Option<String>,
    pub(crate) transactions: Vec<UploadTransaction>,
}

/// A client transaction, decoded.
#[derive(Debug)]
pub(crate) struct UploadTransaction {
    pub(crate) op_id: Option<String>,
    /// The first 16 bytes of the SHA-256 of what its ops say.
    pub(crate) digest: [u8; 16],
    pub(crate) ops: Vec<Decoded>,
    /// The texts of its ops, with commas between them, as they came.
    pub(crate) text: Vec<u8>,
}

/// Why a body is no upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// It can never be one: 400.
    NotAnUpload(String),
    /// It is over a limit: 413.
    TooLarge(String),
}

impl From<SplitError> for BodyError {
    fn from(error: SplitError) -> Self {
        match error {
            SplitError::Malformed => Self::NotAnUpload("the body is not JSON".to_owned()),
            SplitError::TooDeep => Self::NotAnUpload("the body is nested too deep".to_owned()),
            SplitError::TooManyOps => Self::TooLarge("the request has too many ops".to_owned()),
            SplitError::EnvelopeTooLong => {
                Self::NotAnUpload("there is too much around the ops".to_owned())
            }
        }
    }
}

/// Reads a request while its body arrives.
pub(crate) struct Reader<'c> {
    splitter: Splitter,
    lists: Lists<'c>,
    limits: Limits,
    bytes: usize,
}

struct Lists<'c> {
    catalog: &'c Catalog,
    user: &'c str,
    max_ops: usize,
    ops: usize,
    lists: Vec<List>,
}

#[derive(Default)]
struct List {
    digest: Sha256,
    ops: Vec<Decoded>,
    text: Vec<u8>,
}

impl Sink for Lists<'_> {
    fn op(&mut self, list: usize, text: &[u8]) -> Result<(), SplitError> {
        self.ops += 1;
        if self.ops > self.max_ops {
            return Err(SplitError::TooManyOps);
        }
        if self.lists.len() <= list {
            self.lists.resize_with(list + 1, List::default);
        }
        let Some(list) = self.lists.get_mut(list) else {
            return Err(SplitError::Malformed);
        };
        if !list.text.is_empty() {
            list.text.push(b',');
        }
        list.text.extend_from_slice(text);
        let op = op::read(self.catalog, self.user, text, &mut list.digest);
        list.ops.push(op);
        Ok(())
    }
}

impl<'c> Reader<'c> {
    /// A reader of a user's request.
    pub(crate) fn new(catalog: &'c Catalog, user: &'c str, limits: Limits) -> Self {
        Self {
            splitter: Splitter::new(MAX_ENVELOPE),
            lists: Lists {
                catalog,
                user,
                max_ops: limits.ops,
                ops: 0,
                lists: Vec::new(),
            },
            limits,
            bytes: 0,
        }
    }

    /// Takes the next bytes.
    pub(crate) fn feed(&mut self, chunk: &[u8]) -> Result<(), BodyError> {
        self.bytes += chunk.len();
        if self.bytes > self.limits.bytes {
            let message = format!("the body is longer than {} bytes", self.limits.bytes);
            return Err(BodyError::TooLarge(message));
        }
        Ok(self.splitter.feed(chunk, &mut self.lists)?)
    }

    /// The request, once all is fed.
    pub(crate) fn finish(mut self) -> Result<Upload, BodyError> {
        let envelope = self.splitter.finish()?;
        let envelope = envelope::read(&envelope).map_err(BodyError::NotAnUpload)?;
        let Envelope {
            client_id,
            schema_version,
            transactions,
        } = envelope;
        if transactions.len() > self.limits.transactions {
            let message = format!("more than {} transactions", self.limits.transactions);
            return Err(BodyError::TooLarge(message));
        }
        let lists = &mut self.lists.lists;
        lists.resize_with(transactions.len().max(lists.len()), List::default);
        if lists.len() != transactions.len() {
            let message = "a list of ops stands outside a transaction".to_owned();
            return Err(BodyError::NotAnUpload(message));
        }
        let transactions = transactions.into_iter().zip(lists).map(|(around, list)| {
            let hash = mem::take(&mut list.digest).finalize();
            let mut digest = [0; 16];
            digest.copy_from_slice(&hash[..16]);
            UploadTransaction {
                op_id: around.op_id,
                digest,
                ops: mem::take(&mut list.ops),
                text: mem::take(&mut list.text),
            }
        });
        Ok(Upload {
            client_id,
            schema_version,
            transactions: transactions.collect(),
        })
    }
}

/// The ops of a transaction once more, from their texts.
pub(crate) fn again(catalog: &Catalog, user: &str, text: &[u8]) -> Vec<Decoded> {
    let limits = Limits {
        bytes: usize::MAX,
        ops: usize::MAX,
        transactions: 1,
    };
    let mut reader = Reader::new(catalog, user, limits);
    // What was cut from a request can be cut again.
    let fed = [&b"["[..], text, b"]"].map(|part| reader.feed(part));
    debug_assert!(
        fed.iter().all(Result::is_ok),
        "ops that were read can be read again"
    );
    reader
        .lists
        .lists
        .pop()
        .map_or_else(Vec::new, |list| list.ops)
}

/// The table and the row that an op names, as far as it does: for those who are told of it.
pub(crate) fn named(text: &[u8], op: usize) -> (Option<String>, Option<String>) {
    struct Nth {
        left: usize,
        names: (Option<String>, Option<String>),
    }
    impl Sink for Nth {
        fn op(&mut self, _: usize, text: &[u8]) -> Result<(), SplitError> {
            if self.left == 0 {
                self.names = op::names(text);
            }
            self.left = self.left.wrapping_sub(1);
            Ok(())
        }
    }
    let mut nth = Nth {
        left: op,
        names: (None, None),
    };
    let mut splitter = Splitter::new(MAX_ENVELOPE);
    let fed = [&b"["[..], text, b"]"].map(|part| splitter.feed(part, &mut nth));
    debug_assert!(
        fed.iter().all(Result::is_ok),
        "ops that were read can be read again"
    );
    nth.names
}
