//! How much is under way at one time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::reply::Problem;
use crate::verdict::Retry;

/// The unit in which bytes are counted.
const UNIT: usize = 1 << 10;

/// Lets uploads in, up to a number in all and for each user.
#[derive(Debug, Clone)]
pub(crate) struct Admission {
    all: Arc<Semaphore>,
    /// Bytes of bodies, in units of [`UNIT`].
    buffered: Arc<Semaphore>,
    users: Arc<Mutex<HashMap<String, usize>>>,
    per_user: usize,
}

/// An upload that was let in; it makes room when dropped.
#[derive(Debug)]
pub(crate) struct Admitted {
    _permit: OwnedSemaphorePermit,
    room: OwnedSemaphorePermit,
    used: usize,
    users: Arc<Mutex<HashMap<String, usize>>>,
    user: String,
}

impl Admission {
    /// So many uploads in all and of one user, and so many bytes of their bodies.
    pub(crate) fn new(all: usize, per_user: usize, bytes: usize) -> Self {
        let units = (bytes / UNIT).clamp(1, Semaphore::MAX_PERMITS);
        Self {
            all: Arc::new(Semaphore::new(all)),
            buffered: Arc::new(Semaphore::new(units)),
            users: Arc::default(),
            per_user,
        }
    }

    /// Lets an upload in, or says that there is no room.
    pub(crate) fn admit(&self, user: &str) -> Result<Admitted, Problem> {
        let permit = self.all.clone().try_acquire_owned();
        let permit = permit.map_err(|_| full())?;
        let room = self.buffered.clone().try_acquire_many_owned(0);
        let room = room.map_err(|_| full())?;
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        let own = users.entry(user.to_owned()).or_insert(0);
        if *own >= self.per_user {
            return Err(Problem::TooMany);
        }
        *own += 1;
        Ok(Admitted {
            _permit: permit,
            room,
            used: 0,
            users: self.users.clone(),
            user: user.to_owned(),
        })
    }
}

impl Admitted {
    /// Makes room for the next bytes of its body, or says that there is none.
    pub(crate) fn buffer(&mut self, bytes: usize) -> Result<(), Problem> {
        self.used += bytes;
        let more = self
            .used
            .div_ceil(UNIT)
            .saturating_sub(self.room.num_permits());
        let more = u32::try_from(more).map_err(|_| full())?;
        let semaphore = self.room.semaphore().clone();
        let more = semaphore.try_acquire_many_owned(more).map_err(|_| full())?;
        self.room.merge(more);
        Ok(())
    }
}

fn full() -> Problem {
    Problem::Later(Retry {
        reason: "too many uploads are under way".to_owned(),
        after_seconds: 1,
    })
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = users.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                users.remove(&self.user);
            }
        }
    }
}
