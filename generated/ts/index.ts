// Made by Syncline from syncline.toml. Do not edit.

export * as tables from "./sqlite";
export { createAppSchema, drizzleTables, type Database } from "./app-schema";
export { setDeviceId, setNewId } from "./defaults";
