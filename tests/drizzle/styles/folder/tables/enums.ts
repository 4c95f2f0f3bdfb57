import { pgEnum } from "drizzle-orm/pg-core";

export const roles = ["admin", "member"] as const;
export const role = pgEnum("role", roles);
