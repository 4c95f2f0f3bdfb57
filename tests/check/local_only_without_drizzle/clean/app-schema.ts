import { column, Schema, Table } from "@powersync/web";

const notes = new Table({ title: column.text }, { indexes: { by_title: ["title"] } });
const drafts = new Table({ body: column.text }, { localOnly: true });

export const schema = new Schema({ notes, drafts });
