//! Column descriptors and the one value table.
