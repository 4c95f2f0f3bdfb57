//! From the bytes of a request to decoded client transactions.
//!
//! [`Splitter`] cuts the stream into ops while it arrives, [`op`] decodes each of them on its own,
//! and [`envelope`] reads what stands around them. A bad op spoils its transaction, never its
//! request; only a body that is no upload at all is an error.

mod envelope;
mod op;
mod reader;
mod splitter;

pub(crate) use op::{Decoded, Op, OpKind, RowId};
pub(crate) use reader::Limits;
pub(crate) use reader::{BodyError, Reader, Upload, UploadTransaction, again, named};
