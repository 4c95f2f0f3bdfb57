//! The upload contract, over real HTTP against real PostgreSQL: the server of an app that is made of the kitchen and a few
//! tables more.

mod folding;
mod letters;
mod limits;
mod once;
mod queue;
mod shapes;
mod sqlstates;
mod stale;
mod stand;
mod start;
mod tenancy;
mod tokens;
mod values;
mod verdicts;
mod versions;
