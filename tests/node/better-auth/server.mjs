// Better Auth itself, on the database of the tests: makes its tables where they are missing, then serves.
//
//   DATABASE_URL, SECRET, BASE_URL, ALG (RS256)

import { createServer } from "node:http";

import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { bearer, jwt } from "better-auth/plugins";
import pg from "pg";

const env = process.env;
const alg = env.ALG ?? "RS256";
const options = {
  secret: env.SECRET,
  baseURL: env.BASE_URL,
  database: new pg.Pool({ connectionString: env.DATABASE_URL, max: 4 }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [jwt({ jwks: { keyPairConfig: { alg } } }), bearer()],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();
const server = createServer(toNodeHandler(betterAuth(options)));
server.listen(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
