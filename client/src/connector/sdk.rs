//! The connector, as PowerSync's own crate asks for it.

use std::sync::Arc;

use async_trait::async_trait;
use powersync::error::PowerSyncError;
use powersync::{Authenticator, MutationUploader};

use super::{SyncConnector, nobody};
use crate::database::Database;

/// PowerSync's crate asks here for tokens.
pub(super) struct Credentials(pub(super) Arc<SyncConnector>);

#[async_trait]
impl Authenticator for Credentials {
    async fn resolve_credentials(&self) -> Result<Arc<String>, PowerSyncError> {
        let token = self.0.session.token().await?.ok_or_else(nobody)?;
        Ok(Arc::new(token.text))
    }

    fn invalidate_credentials(&self) {
        self.0.session.invalidate();
    }
}

/// PowerSync's crate uploads by it.
pub(super) struct Uploader {
    pub(super) connector: Arc<SyncConnector>,
    pub(super) database: Database,
}

#[async_trait]
impl MutationUploader for Uploader {
    async fn upload(&self) -> Result<(), PowerSyncError> {
        Ok(self.connector.upload(&self.database).await?)
    }
}
