import { DrizzleAppSchema } from "@powersync/drizzle-driver";

import * as tables from "./db/tables";

export const appSchema = new DrizzleAppSchema(tables);
