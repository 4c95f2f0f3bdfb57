//! The output folder: writes a set of files into it, or checks it against them.
