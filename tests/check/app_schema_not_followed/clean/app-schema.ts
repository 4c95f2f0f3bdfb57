import { DrizzleAppSchema } from "@powersync/drizzle-driver";

import * as tables from "./db/tables";

const shared = { ignoreEmptyUpdates: true } as const;

export function make() {
  const list = { notes: { tableDefinition: tables.notes, options: { ignoreEmptyUpdates: shared.ignoreEmptyUpdates, trackMetadata: false } }, drafts: { tableDefinition: tables.drafts, options: { localOnly: true } } };
  return new DrizzleAppSchema(list);
}
