//! The upload contract, over real HTTP against real PostgreSQL: the server of an app that is made of the kitchen and a few
//! tables more.

mod letters;
mod once;
mod shapes;
mod sqlstates;
mod stale;
mod stand;
mod start;
mod values;
mod verdicts;
mod versions;
