//! Whose data the database holds, and the way from one user to the next.
//!
//! Each step is written down before it is done, and each can be done twice: whenever the app dies, the next
//! [`Account::open`] goes on from there, and nobody's rows are shown before it has. The app writes nothing while
//! the phase is not [`Phase::Open`].

mod remembered;
mod unsent;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use powersync::DisconnectAndClearFlags;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::connector::{ConnectorOptions, SyncConnector};
use crate::database::Database;
use crate::error::AccountError;
use crate::storage::AccountStorage;
use remembered::{Leaving, Remembered, Step};
pub use unsent::{UnsentPolicy, UnsentWrites};

/// What takes exported writes, some at a time. They are dropped from the device once all are taken.
pub type Export = Arc<dyn Fn(&UnsentWrites) -> Result<(), String> + Send + Sync>;

/// What [`Account`] takes.
#[derive(Clone)]
#[non_exhaustive]
pub struct AccountOptions {
    /// Where it is remembered whose data the database holds.
    pub storage: Arc<dyn AccountStorage>,
    /// Of the connector, whose `user` the account sets.
    pub connector: ConnectorOptions,
    /// What becomes of unsent writes: `Drain` if not said.
    pub unsent: UnsentPolicy,
    /// How long draining may take: 15 s if not said.
    pub drain_timeout: Duration,
    /// What happens when draining does not come to its end: `Stay` if not said.
    pub undrained: UnsentPolicy,
    /// What `Export` hands the writes to.
    pub on_export: Option<Export>,
    /// Do tables that are only on the device survive a change of user? They do not if not said.
    pub keep_local_tables: bool,
    /// Is the database connected whenever a user's data is open? It is if not said.
    pub connect: bool,
}

impl AccountOptions {
    /// The usual ones.
    pub fn new(storage: impl AccountStorage + 'static, connector: ConnectorOptions) -> Self {
        Self {
            storage: Arc::new(storage),
            connector,
            unsent: UnsentPolicy::Drain,
            drain_timeout: Duration::from_secs(15),
            undrained: UnsentPolicy::Stay,
            on_export: None,
            keep_local_tables: false,
            connect: true,
        }
    }
}

/// What may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Show nobody's rows.
    Closed,
    /// One user's data goes.
    Switching,
    /// It is the user's own.
    Open,
}

/// The account at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountState {
    /// What may be shown.
    pub phase: Phase,
    /// Whose rows these are, while they are open.
    pub user: Option<String>,
    /// Goes up whenever the rows of one user give way to those of another.
    pub database_version: u64,
}

/// Whose data a database holds.
pub struct Account {
    database: Database,
    connector: Arc<SyncConnector>,
    options: AccountOptions,
    /// One change at a time.
    turn: tokio::sync::Mutex<()>,
    remembered: Arc<Mutex<Remembered>>,
    state: watch::Sender<AccountState>,
    connecting: Mutex<Option<JoinHandle<()>>>,
}

impl Account {
    /// One that shows nobody's rows until [`open`](Self::open).
    pub fn new(database: &Database, options: AccountOptions) -> Self {
        let remembered = Arc::new(Mutex::new(Remembered::default()));
        let whose = Arc::clone(&remembered);
        let mut connector = options.connector.clone();
        connector.user = Some(Arc::new(move || lock(&whose).user.clone().flatten()));
        Self {
            database: database.clone(),
            connector: Arc::new(SyncConnector::new(connector)),
            options,
            turn: tokio::sync::Mutex::new(()),
            remembered,
            state: watch::Sender::new(AccountState {
                phase: Phase::Closed,
                user: None,
                database_version: 0,
            }),
            connecting: Mutex::new(None),
        }
    }

    /// The connector of this account, which uploads as nobody but the owner of the rows.
    pub fn connector(&self) -> &Arc<SyncConnector> {
        &self.connector
    }

    /// The state now, and how to wait for the next.
    pub fn state(&self) -> watch::Receiver<AccountState> {
        self.state.subscribe()
    }

    /// Whose the rows on the device are, even while they are on their way out.
    pub fn owner(&self) -> Option<String> {
        lock(&self.remembered).user.clone().flatten()
    }

    /// Opens the data of `user`, after whatever has to go before. Call it on each start and on each sign-in.
    /// Without a user, as on a start without network, it goes on with the last one. `unsent` takes the place of
    /// the options' policy.
    ///
    /// # Errors
    /// [`AccountError::Unsent`] where the policy is to stay, and what export and storage give: call it again
    /// then, with another policy if need be.
    pub async fn open(
        &self,
        user: Option<&str>,
        unsent: Option<UnsentPolicy>,
    ) -> Result<AccountState, AccountError> {
        let _turn = self.turn.lock().await;
        let remembered = self.recall()?;
        let last = match remembered.leaving {
            Some(leaving) => leaving.to,
            None => remembered.user.flatten(),
        };
        self.become_user(user.map(str::to_owned).or(last), unsent)
            .await?;
        Ok(self.state.borrow().clone())
    }

    /// Disconnects, and shows nobody's rows. They stay for the same user's return; with `keep` off they go at
    /// once.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn sign_out(
        &self,
        keep: bool,
        unsent: Option<UnsentPolicy>,
    ) -> Result<(), AccountError> {
        let _turn = self.turn.lock().await;
        self.recall()?;
        if !keep {
            return self.become_user(None, unsent).await;
        }
        self.show(Phase::Closed);
        self.disconnect().await;
        self.connector.invalidate_credentials();
        Ok(())
    }

    async fn become_user(
        &self,
        to: Option<String>,
        unsent: Option<UnsentPolicy>,
    ) -> Result<(), AccountError> {
        let mut now = lock(&self.remembered).clone();
        // Back to the same user before anything has gone.
        let begun = now
            .leaving
            .as_ref()
            .is_some_and(|it| it.step == Step::Unsent);
        if begun && now.user.as_ref() == Some(&to) {
            now.leaving = None;
            self.remember(now.clone())?;
        }
        if now.leaving.is_none() {
            // What nobody's device has written belongs to the first who signs in.
            let nobodys = match &now.user {
                Some(user) => user.is_none(),
                None => !self.has_synced().await?,
            };
            let same = now.user.as_ref() == Some(&to);
            if same || (nobodys && to.is_some()) {
                if !same {
                    now.user = Some(to);
                    self.remember(now)?;
                }
                self.arrive();
                return Ok(());
            }
        }
        self.leave(to, unsent).await?;
        self.arrive();
        Ok(())
    }

    /// The rows of one user go, and `to` is whom the empty database belongs to.
    async fn leave(
        &self,
        to: Option<String>,
        unsent: Option<UnsentPolicy>,
    ) -> Result<(), AccountError> {
        self.show(Phase::Switching);
        let now = lock(&self.remembered).clone();
        let leaving = |step| {
            Some(Leaving {
                to: to.clone(),
                step,
            })
        };
        if now
            .leaving
            .as_ref()
            .is_none_or(|it| it.step == Step::Unsent)
        {
            self.remember(Remembered {
                leaving: leaving(Step::Unsent),
                ..now.clone()
            })?;
            self.disconnect().await;
            self.settle_unsent(unsent.unwrap_or(self.options.unsent))
                .await?;
            self.remember(Remembered {
                leaving: leaving(Step::Clear),
                ..now.clone()
            })?;
        }
        let mut flags = DisconnectAndClearFlags::default();
        flags.clear_local = !self.options.keep_local_tables;
        self.disconnect().await;
        self.database
            .powersync()
            .disconnect_and_clear(flags)
            .await?;
        self.connector.invalidate_credentials();
        self.connector.retry();
        let version = now.version + 1;
        self.remember(Remembered {
            user: Some(to),
            version,
            leaving: None,
        })
    }

    fn arrive(&self) {
        let open = self.owner().is_some();
        self.show(if open { Phase::Open } else { Phase::Closed });
        if !open || !self.options.connect {
            return;
        }
        let (connector, database) = (Arc::clone(&self.connector), self.database.clone());
        // Its error is known to the app by `on_signed_out`; the next `open` tries again.
        let task = tokio::spawn(async move { drop(connector.connect(&database).await) });
        if let Some(earlier) = lock(&self.connecting).replace(task) {
            earlier.abort();
        }
    }

    async fn disconnect(&self) {
        let connecting = lock(&self.connecting).take();
        if let Some(connecting) = connecting {
            connecting.abort();
            // It must not connect after we have disconnected.
            let _ = connecting.await;
        }
        self.database.powersync().disconnect().await;
    }

    /// Rows of an account, whose name got lost?
    async fn has_synced(&self) -> Result<bool, AccountError> {
        // Opens it, which reads the status.
        drop(self.database.powersync().reader().await?);
        Ok(self.database.powersync().status().has_synced())
    }

    fn recall(&self) -> Result<Remembered, AccountError> {
        let read = Remembered::read(self.options.storage.get()?.as_deref());
        lock(&self.remembered).clone_from(&read);
        Ok(read)
    }

    fn remember(&self, next: Remembered) -> Result<(), AccountError> {
        self.options.storage.set(&next.to_text())?;
        *lock(&self.remembered) = next;
        Ok(())
    }

    fn show(&self, phase: Phase) {
        let remembered = lock(&self.remembered).clone();
        let next = AccountState {
            phase,
            user: remembered.user.flatten().filter(|_| phase == Phase::Open),
            database_version: remembered.version,
        };
        self.state.send_if_modified(|state| {
            let changed = *state != next;
            *state = next;
            changed
        });
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        if let Some(connecting) = lock(&self.connecting).take() {
            connecting.abort();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
