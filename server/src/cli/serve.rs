//! Without a verb: serves.

use super::Done;
use super::signals::Signals;
use crate::app::App;
use crate::config::Config;
use crate::hooks::Hooks;
use crate::http;
use crate::open::open;
use crate::{measure, trace};

pub(super) async fn run(app: &'static App, hooks: Hooks, config: &Config) -> Done {
    // Kept to the end: what is left to export is sent then.
    let _tracing = trace::install(config)?;
    measure::install(app);
    let server = open(app, hooks, config).await?;
    let mut signals = Signals::new().map_err(|why| vec![format!("no signals: {why}")])?;
    let served = http::serve(server, config, async || signals.next().await).await;
    served.map_err(|why| vec![format!("{}: {why}", config.listen)])
}
