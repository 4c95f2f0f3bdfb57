import { DrizzleAppSchema } from "@powersync/drizzle-driver";
import { drafts, notes } from "./sqlite";

const localTables = { drafts: { tableDefinition: drafts, options: { localOnly: true } } };

export const AppSchema = new DrizzleAppSchema({ notes, ...localTables });
