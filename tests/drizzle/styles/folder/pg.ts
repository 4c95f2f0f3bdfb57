// One file a table, gathered by an index.
export * from "./tables";
