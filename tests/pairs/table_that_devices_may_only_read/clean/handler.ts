import { and, eq } from "drizzle-orm";
import { db } from "./db";
import { memberships, notes } from "./pg";

export async function remove(userId: string, id: string) {
  await db.delete(notes).where(and(eq(notes.id, id), eq(notes.userId, userId)));
  await db.delete(memberships).where(and(eq(memberships.id, id), eq(memberships.userId, userId)));
}
