//! Schema in, files out.
