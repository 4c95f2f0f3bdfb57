import { DrizzleAppSchema } from "@powersync/drizzle-driver";
import { notes } from "./sqlite";
import { localTables } from "./elsewhere";

export const AppSchema = new DrizzleAppSchema({ notes, ...localTables });
