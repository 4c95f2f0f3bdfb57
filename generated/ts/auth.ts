// Made by Syncline from syncline.toml. Do not edit.

import type { JwtOptions } from "better-auth/plugins";

/** What a deployment may state differently from the schema source. */
export interface JwtOverrides {
  issuer?: string | undefined;
  audience?: string | undefined;
}

/** The options for Better Auth's `jwt` plugin: `betterAuth({ plugins: [jwt(jwtOptions())] })`. */
export function jwtOptions({ issuer, audience }: JwtOverrides = {}): JwtOptions {
  return {
    jwks: {
      keyPairConfig: { alg: "RS256" },
    },
    jwt: {
      issuer: issuer ?? "http://localhost:3011",
      audience: audience ?? "http://localhost:3011",
      expirationTime: "15m",
      // Without this the token carries the whole user row.
      definePayload: () => ({}),
    },
  };
}
