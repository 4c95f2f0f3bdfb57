// Made by Syncline from syncline.toml. Do not edit.

// For drizzle-kit's read-only commands: PowerSync makes the tables on the device, drizzle-kit must not.
export default {
  dialect: "sqlite",
  schema: "./sqlite.ts",
};
