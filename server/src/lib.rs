//! The runtime server: takes the uploads of devices and applies them exactly once, atomically, and
//! for their owner only.

mod app;
pub mod auth;
mod body;
mod cli;
pub mod config;
mod hooks;
mod http;
mod jitter;
mod pool;
mod sqlstate;
mod start;
mod store;
mod upload;
mod verdict;
mod versions;

pub use app::{App, TableIndex};
pub use body::Limits;
pub use cli::{main, main_with};
pub use hooks::{Hook, Hooks, Write, WriteKind};
pub use http::{Server, router};
pub use upload::{Engine, Tuning};
pub use verdict::{Code, Refusal, Rejection, Retry, Verdict};
