//! How much is under way at one time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::reply::Problem;
use crate::verdict::Retry;

/// Lets uploads in, up to a number in all and for each user.
#[derive(Debug, Clone)]
pub(crate) struct Admission {
    all: Arc<Semaphore>,
    users: Arc<Mutex<HashMap<String, usize>>>,
    per_user: usize,
}

/// An upload that was let in; it makes room when dropped.
#[derive(Debug)]
pub(crate) struct Admitted {
    _permit: OwnedSemaphorePermit,
    users: Arc<Mutex<HashMap<String, usize>>>,
    user: String,
}

impl Admission {
    pub(crate) fn new(all: usize, per_user: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all)),
            users: Arc::default(),
            per_user,
        }
    }

    /// Lets an upload in, or says that there is no room.
    pub(crate) fn admit(&self, user: &str) -> Result<Admitted, Problem> {
        let permit = self.all.clone().try_acquire_owned();
        let permit = permit.map_err(|_| {
            Problem::Later(Retry {
                reason: "too many uploads are under way".to_owned(),
                after_seconds: 1,
            })
        })?;
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        let own = users.entry(user.to_owned()).or_insert(0);
        if *own >= self.per_user {
            return Err(Problem::TooMany);
        }
        *own += 1;
        Ok(Admitted {
            _permit: permit,
            users: self.users.clone(),
            user: user.to_owned(),
        })
    }
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
