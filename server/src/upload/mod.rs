//! Applies uploads: the fast path in one flight, the slow path op by op.

mod attempt;
mod bind;
mod device;
mod engine;
mod fast;
mod flight;
mod plan;
mod slow;
mod stale;
mod statements;

pub(crate) use bind::Array;
pub(crate) use engine::Outcome;
pub(crate) use engine::{Engine, Tuning};
