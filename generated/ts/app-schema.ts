// Made by Syncline from syncline.toml. Do not edit.

import { DrizzleAppSchema } from "@powersync/drizzle-driver";

import * as tables from "./sqlite";

/** What `DrizzleAppSchema` takes: each table with its PowerSync options. */
export const drizzleTables = {
  projects: { tableDefinition: tables.projects, options: { ignoreEmptyUpdates: true } },
  documents: { tableDefinition: tables.documents, options: { ignoreEmptyUpdates: true } },
  documentVersions: { tableDefinition: tables.documentVersions, options: { ignoreEmptyUpdates: true } },
  groups: { tableDefinition: tables.groups, options: { ignoreEmptyUpdates: true } },
  groupHierarchy: { tableDefinition: tables.groupHierarchy, options: { ignoreEmptyUpdates: true } },
  documentGroups: { tableDefinition: tables.documentGroups, options: { ignoreEmptyUpdates: true } },
  preferences: { tableDefinition: tables.preferences, options: { localOnly: true } },
  localMetadata: { tableDefinition: tables.localMetadata, options: { localOnly: true } },
};

/** The app's PowerSync schema. Make it in each app, with that app's own copy of the PowerSync SDK. */
export function createAppSchema() {
  return new DrizzleAppSchema(drizzleTables);
}

/** The row types of the app's PowerSync schema, by table name. */
export type Database = ReturnType<typeof createAppSchema>["types"];
