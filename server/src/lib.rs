//! The runtime server: takes the uploads of devices and applies them exactly once, atomically, and
//! for their owner only.
//!
//! `syncline generate` prints the app's tables as constants, an [`App`], and a program that serves
//! them: [`main`]. An app with more to say is a crate of its own that depends on the generated one
//! and brings [`Hooks`] along, or mounts the routes beside its own:
//!
//! ```no_run
//! # use syncline_server::App;
//! # static APP: App = App { name: "notes", schema_version: "", tables: &[], removed_tables: &[],
//! #     local_tables: &[], role: "", rejection: None, row_security: false };
//! use axum::{Router, routing::get};
//! use syncline_server::{Hooks, config::Config, open, router};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::load(None, |name| std::env::var(name).ok()).map_err(|all| all.join("\n"))?;
//! let server = open(&APP, Hooks::new(), &config).await.map_err(|all| all.join("\n"))?;
//! let app = Router::new().route("/hello", get(async || "hello")).merge(router(server));
//! let listener = tokio::net::TcpListener::bind(config.listen).await?;
//! axum::serve(listener, app).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A request is read while it arrives, each op on its own (`body`), and taken to its verdicts in
//! order (`upload`): ops are folded to their net effect and sent in one flight, with the row that
//! makes a transaction happen once. What breaks a rule there is replayed op by op, and kept as a
//! dead letter in the same database transaction. Nothing is held here: any instance can take any
//! request.

mod app;
pub mod auth;
mod body;
mod cli;
pub mod config;
mod hooks;
mod http;
mod jitter;
mod measure;
mod open;
mod openapi;
mod pool;
mod sqlstate;
mod start;
mod store;
mod trace;
mod upload;
mod verdict;
mod versions;

pub use app::App;
pub use cli::{main, main_from, main_with};
pub use hooks::{Hook, Hooks, Write, WriteKind};
pub use http::{Server, router};
pub use open::open;
pub use verdict::{Code, Refusal, Rejection, Retry, Verdict};
