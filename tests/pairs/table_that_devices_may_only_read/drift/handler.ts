import { and, eq } from "drizzle-orm";
import { db } from "./db";
import { notes } from "./pg";

export async function remove(userId: string, id: string) {
  await db.delete(notes).where(and(eq(notes.id, id), eq(notes.userId, userId)));
}
