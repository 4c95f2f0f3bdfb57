// Made by Syncline from syncline.toml. Do not edit.

//! One module for each synced table.

pub mod projects;

pub mod documents;

pub mod document_versions;

pub mod groups;

pub mod group_hierarchy;

pub mod document_groups;
