//! What an app says about writes of its own: may it, is it right, what becomes of it.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use syncline_runtime::{Field, Mismatch, Named, Role, Row, Table, Value};

use crate::app::{Catalog, TableIndex};
use crate::auth::User;
use crate::body::{Decoded, Op, OpKind};
use crate::verdict::{Code, Refusal};

/// What an app says about the writes of one table. Every method has a default that says nothing.
///
/// Hooks run before the database transaction begins, on each op by itself, in the device's order.
/// They may run again for the same op, when it is tried again. A refusal makes the whole client
/// transaction a dead letter, and is told to the device.
///
/// ```
/// use syncline_runtime::{Column, Role, Scalar, Table, row};
/// use syncline_server::auth::User;
/// use syncline_server::{Code, Hook, Refusal, Write};
///
/// static TABLE: Table = Table::new("notes", &[
///     Column::new("id", "id", Scalar::Text).role(Role::Id),
///     Column::new("title", "title", Scalar::Text),
/// ]);
///
/// struct NotesRow {
///     id: String,
///     title: String,
/// }
///
/// row! { NotesRow, TABLE, id, title }
///
/// struct Titles;
///
/// impl Hook for Titles {
///     type Row = NotesRow;
///
///     async fn transform(&self, _: &User, write: &mut Write<'_, NotesRow>) -> Result<(), Refusal> {
///         if let Some(title) = write.get::<String>("title")? {
///             write.set("title", title.trim().to_owned())?;
///         }
///         Ok(())
///     }
///
///     async fn validate(&self, _: &User, write: &Write<'_, NotesRow>) -> Result<(), Refusal> {
///         match write.get::<String>("title")? {
///             Some(title) if title.is_empty() => Err(Refusal::new(Code::Refused, "a note needs a title")),
///             _ => Ok(()),
///         }
///     }
/// }
/// ```
pub trait Hook: Send + Sync + 'static {
    /// The row of its table.
    type Row: Row + Send + Sync;

    /// May this user do this? Asked first.
    fn authorize(
        &self,
        _user: &User,
        _write: &Write<'_, Self::Row>,
    ) -> impl Future<Output = Result<(), Refusal>> + Send {
        async { Ok(()) }
    }

    /// Changes values before they are written.
    fn transform(
        &self,
        _user: &User,
        _write: &mut Write<'_, Self::Row>,
    ) -> impl Future<Output = Result<(), Refusal>> + Send {
        async { Ok(()) }
    }

    /// Are the values right, as they will be written?
    fn validate(
        &self,
        _user: &User,
        _write: &Write<'_, Self::Row>,
    ) -> impl Future<Output = Result<(), Refusal>> + Send {
        async { Ok(()) }
    }

    /// It is committed. Not called where the server ends between the commit and this call, and not
    /// for what had been committed before: it is for notices, not for books.
    fn after_commit(
        &self,
        _user: &User,
        _write: &Write<'_, Self::Row>,
    ) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// What a write does to its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteKind {
    /// Inserts it, or replaces it.
    Put,
    /// Changes some columns.
    Patch,
    /// Deletes it, in the way of its table.
    Delete,
}

/// A write of a device, as hooks see it.
pub struct Write<'a, R> {
    op: &'a mut Op,
    user: &'a str,
    row: PhantomData<R>,
}

impl<R: Row> Write<'_, R> {
    /// What it does.
    pub fn kind(&self) -> WriteKind {
        match self.op.kind {
            OpKind::Put => WriteKind::Put,
            OpKind::Patch => WriteKind::Patch,
            OpKind::Delete => WriteKind::Delete,
        }
    }

    /// The row's id, as text.
    pub fn id(&self) -> String {
        match syncline_runtime::encode(&self.op.id.value()) {
            syncline_runtime::DeviceValue::Text(text) => text.into_owned(),
            _ => String::new(),
        }
    }

    /// The value of a column, by its name in PostgreSQL; none where the write leaves it out.
    ///
    /// # Errors
    ///
    /// A refusal where the value is of another type, or NULL where the type is no `Option`.
    pub fn get<F: Field>(&self, column: &str) -> Result<Option<F>, Refusal> {
        let at = place::<R>(column)?;
        let value = self.op.values.iter().find(|(own, _)| *own == at);
        let field = value.map(|(_, value)| F::from_value(value.clone()));
        field.transpose().map_err(|_| wrong_type(column))
    }

    /// Gives a column a value, whether or not the device did.
    ///
    /// # Errors
    ///
    /// A refusal where there is no such column, or where this write does not set it: the id, the
    /// owner, what only the server writes, and in a PATCH what is set once.
    pub fn set<F: Field>(&mut self, column: &str, value: F) -> Result<(), Refusal> {
        let at = place::<R>(column)?;
        let own = &R::TABLE.columns[at];
        let set = match self.op.kind {
            OpKind::Put => own.writable(),
            OpKind::Patch => own.writable() && !own.immutable,
            OpKind::Delete => false,
        };
        if matches!(own.role, Role::Id | Role::Owner) || !set {
            return Err(wrong_type(column));
        }
        let value = value.into_value();
        self.op.given.insert(at);
        match self.op.values.iter_mut().find(|(own, _)| *own == at) {
            Some((_, own)) => *own = value,
            None => self.op.values.push((at, value)),
        }
        Ok(())
    }

    /// The whole row of a PUT: what the device left out is NULL, the owner is the user.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] where the device left a required column to its default, and for writes that do
    /// not hold a whole row.
    pub fn row(&self) -> Result<R, Mismatch> {
        if self.op.kind != OpKind::Put {
            return Err(Mismatch);
        }
        let value = |at: usize| {
            let column = &R::TABLE.columns[at];
            match column.role {
                Role::Id => self.op.id.value(),
                Role::Owner => Value::Text(self.user.to_owned()),
                _ => {
                    let given = self.op.values.iter().find(|(own, _)| *own == at);
                    given.map_or(Value::Null, |(_, value)| value.clone())
                }
            }
        };
        R::from_values((0..R::TABLE.columns.len()).map(value))
    }
}

fn place<R: Row>(column: &str) -> Result<usize, Refusal> {
    match R::TABLE.find(column) {
        Some(Named::Column { index, .. }) => Ok(index),
        _ => Err(wrong_type(column)),
    }
}

/// A hook that asks for what is not there: the app's mistake, told as such.
fn wrong_type(column: &str) -> Refusal {
    Refusal::in_column(
        Code::Refused,
        column,
        "the app's hook does not fit the column".to_owned(),
    )
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A hook of any table.
trait AnyHook: Send + Sync {
    fn before<'a>(&'a self, user: &'a User, op: &'a mut Op) -> Answer<'a, Result<(), Refusal>>;
    fn after<'a>(&'a self, user: &'a User, op: &'a mut Op) -> Answer<'a, ()>;
}

impl<H: Hook> AnyHook for H {
    fn before<'a>(&'a self, user: &'a User, op: &'a mut Op) -> Answer<'a, Result<(), Refusal>> {
        Box::pin(async move {
            let mut write = write(op, user);
            self.authorize(user, &write).await?;
            self.transform(user, &mut write).await?;
            self.validate(user, &write).await
        })
    }

    fn after<'a>(&'a self, user: &'a User, op: &'a mut Op) -> Answer<'a, ()> {
        Box::pin(async move { self.after_commit(user, &write(op, user)).await })
    }
}

fn write<'a, R>(op: &'a mut Op, user: &'a User) -> Write<'a, R> {
    Write {
        op,
        user: &user.id,
        row: PhantomData,
    }
}

/// The hooks of an app, one a table.
#[derive(Clone, Default)]
pub struct Hooks(Vec<(&'static Table, Arc<dyn AnyHook>)>);

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|it| it.0.name))
            .finish()
    }
}

impl Hooks {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a hook; a later one for the same table takes the place of the earlier.
    #[must_use]
    pub fn on<H: Hook>(mut self, hook: H) -> Self {
        let table = <H::Row as syncline_runtime::SyncTable>::TABLE;
        self.0.retain(|(own, _)| own.name != table.name);
        self.0.push((table, Arc::new(hook)));
        self
    }

    /// By the places of the app's tables.
    pub(crate) fn bind(self, catalog: &Catalog) -> Bound {
        let tables = catalog.app.tables.iter().enumerate();
        let hooks = self.0.into_iter().filter_map(|(table, hook)| {
            let mut tables = tables.clone();
            let (at, _) = tables.find(|(_, mapper)| mapper.table.name == table.name)?;
            Some((TableIndex(at), hook))
        });
        Bound(hooks.collect())
    }
}

/// Hooks by table.
#[derive(Default)]
pub(crate) struct Bound(HashMap<TableIndex, Arc<dyn AnyHook>>);

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bound").field(&self.0.len()).finish()
    }
}

impl Bound {
    /// Asks the hooks about each op.
    pub(crate) async fn before(&self, user: &str, ops: &mut [Decoded]) {
        if self.0.is_empty() {
            return;
        }
        let user = User {
            id: user.to_owned(),
        };
        for decoded in ops {
            let Decoded::Op(op) = decoded else {
                continue;
            };
            if let Some(hook) = self.0.get(&op.table)
                && let Err(refusal) = hook.before(&user, op).await
            {
                *decoded = Decoded::Refused(refusal);
            }
        }
    }

    /// Does a hook watch a table of these ops?
    pub(crate) fn watch(&self, ops: &[Decoded]) -> bool {
        let watched =
            |op: &Decoded| matches!(op, Decoded::Op(op) if self.0.contains_key(&op.table));
        !self.0.is_empty() && ops.iter().any(watched)
    }

    /// The ops that a hook wants to hear of once they are committed.
    pub(crate) fn heard(&self, ops: &[Decoded]) -> Vec<Op> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let ops = ops.iter().filter_map(|op| match op {
            Decoded::Op(op) if self.0.contains_key(&op.table) => Some(op.clone()),
            _ => None,
        });
        ops.collect()
    }

    /// Tells the hooks what is committed.
    pub(crate) async fn after(&self, user: &str, ops: Vec<Op>) {
        let user = User {
            id: user.to_owned(),
        };
        for mut op in ops {
            if let Some(hook) = self.0.get(&op.table) {
                hook.after(&user, &mut op).await;
            }
        }
    }
}
