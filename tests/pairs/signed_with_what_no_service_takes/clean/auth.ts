import { betterAuth } from "better-auth";
import { jwt } from "better-auth/plugins";

export const auth = betterAuth({
  baseURL: "http://localhost:3011",
  plugins: [jwt({ jwks: { keyPairConfig: { alg: "RS256" } }, jwt: { audience: "http://localhost:3011", expirationTime: "15m" } })],
});
