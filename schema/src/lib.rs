//! What a Syncline schema is.
