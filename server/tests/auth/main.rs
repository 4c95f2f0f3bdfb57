//! Who sends a request: tokens, Better Auth, and issuer mode, against real PostgreSQL and the real Better Auth.

mod accounts;
mod better_auth;
mod development;
mod forged;
mod publisher;
mod remote;
mod stand;
mod timing;
