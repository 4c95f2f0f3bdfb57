//! Waits of uneven length, so that those who collided do not collide again.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

/// Between half of it and all of it.
pub(crate) fn jitter(duration: Duration) -> Duration {
    // A new state has new keys: enough chance for a pause, without a crate for it.
    let chance = RandomState::new().hash_one(0_u8);
    duration / 2 + duration.mul_f64((chance % 1_000) as f64 / 2_000.0)
}
