import { pool } from "./src/pool";

export async function apply(userId: string, op: Op) {
  if (op.op === "PUT") {
    await pool.query(
      "INSERT INTO notes (id, owner_id, title) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET title = excluded.title WHERE notes.owner_id = $2",
      [op.id, userId, op.data.title],
    );
  } else if (op.op === "PATCH") {
    await pool.query("UPDATE notes SET titel = $1 WHERE id = $2 AND owner_id = $3", [op.data.title, op.id, userId]);
  } else {
    await pool.query("DELETE FROM notes WHERE id = $1 AND owner_id = $2", [op.id, userId]);
  }
}
