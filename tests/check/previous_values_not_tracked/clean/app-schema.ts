import { DrizzleAppSchema } from "@powersync/drizzle-driver";

import * as tables from "./db/tables";

export const appSchema = new DrizzleAppSchema({
  notes: { tableDefinition: tables.notes, options: { trackPrevious: true } },
  drafts: { tableDefinition: tables.drafts, options: { localOnly: true } },
});
