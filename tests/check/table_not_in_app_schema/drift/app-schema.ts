import { DrizzleAppSchema } from "@powersync/drizzle-driver";

import * as tables from "./db/tables";

export const appSchema = new DrizzleAppSchema({ drafts: { tableDefinition: tables.drafts, options: { localOnly: true } } });
