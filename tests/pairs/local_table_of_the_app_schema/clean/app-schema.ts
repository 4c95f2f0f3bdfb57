import { DrizzleAppSchema } from "@powersync/drizzle-driver";
import { drafts, notes, notesRelations } from "./sqlite";

export const AppSchema = new DrizzleAppSchema({ notes, drafts: { tableDefinition: drafts, options: { localOnly: true } }, notesRelations });
