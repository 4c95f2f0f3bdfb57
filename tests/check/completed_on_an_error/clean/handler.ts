export class Connector {
  async uploadData(database: Database) {
    const transaction = await database.getNextCrudTransaction();
    if (!transaction) return;
    try {
      await this.send(transaction.crud);
      await transaction.complete();
    } catch (error) {
      console.error("upload failed", error);
      throw error;
    }
  }

  async save(op: Op, userId: string) {
    await sql`UPDATE notes SET title = ${op.data.title} WHERE id = ${op.id} AND owner_id = ${userId}`;
  }
}
