//! The schema language: its manual, its laws, and what editors are told of it.

mod editor;
mod laws;
mod manual;
mod streams;
