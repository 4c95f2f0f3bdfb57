//! What can happen to a request on its way.

use std::time::Duration;

use crate::Random;

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: it arrives, and so does its answer.
    Pass,
    /// The client is reset before the server hears of the request.
    Reset,
    /// The server gets this many bytes of it, and never all; then both connections end.
    CutRequest(usize),
    /// The server gets all of it. The client is reset at once, whether the server has answered or not.
    Abandon,
    /// The server gets all of it and answers. The client gets this many bytes of the answer, and never all; then a reset.
    CutAnswer(usize),
    /// Request and answer arrive late.
    Delay {
        /// By how much the request.
        request: Duration,
        /// By how much the answer.
        answer: Duration,
    },
    /// The request arrives twice at once, at two servers if there are two. The client gets the answer of one.
    Twice(Which),
    /// It arrives, is answered, and arrives once more after this time.
    Again(Duration),
    /// Nothing arrives and nothing is answered, until the client gives up.
    BlackHole,
    /// The server gets it and answers. The client hears nothing until it gives up.
    Silence,
}

/// Which of two answers the client gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one that came first.
    First,
    /// The one that came last.
    Last,
}

/// Each request's fault drawn by weight: the same for the same seed and the same number of the request.
///
/// For [`Proxy::plan`](super::Proxy::plan). Fails the test when the weights add up to nothing.
#[track_caller]
pub fn seeded(
    seed: u64,
    weights: &[(u64, Fault)],
) -> impl Fn(u64) -> Fault + Send + Sync + 'static {
    let weights = weights.to_vec();
    let sum: u64 = weights.iter().map(|(weight, _)| weight).sum();
    assert!(sum > 0, "no fault has a weight");
    move |number| {
        let mut left = Random::new(seed ^ number.wrapping_mul(0x2545_f491_4f6c_dd1d)).below(sum);
        let drawn = weights
            .iter()
            .find(|(weight, _)| match left.checked_sub(*weight) {
                Some(rest) => {
                    left = rest;
                    false
                }
                None => true,
            });
        drawn.map_or(Fault::Pass, |(_, fault)| *fault)
    }
}
