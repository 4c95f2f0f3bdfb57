import { and, eq } from "drizzle-orm";

import { db } from "./src/db";
import { notes } from "./src/pg";

export async function upload(userId: string, ops: Op[]) {
  await db.transaction(async (tx) => {
    for (const op of ops) {
      const values = op.data;
      switch (op.op) {
        case "PUT":
          await tx
            .insert(notes)
            .values({ ...values, id: op.id, ownerId: userId })
            .onConflictDoUpdate({ target: notes.id, set: { title: values.title }, setWhere: eq(notes.ownerId, userId) });
          break;
        case "PATCH":
          await tx.update(notes).set(values).where(and(eq(notes.id, op.id), eq(notes.ownerId, userId)));
          break;
        case "DELETE":
          await tx.delete(notes).where(and(eq(notes.id, op.id), eq(notes.ownerId, userId)));
          break;
      }
    }
  });
}
