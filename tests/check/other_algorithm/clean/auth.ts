import { betterAuth } from "better-auth";
import { jwt } from "better-auth/plugins";

export const auth = betterAuth({
  baseURL: process.env.BETTER_AUTH_URL,
  plugins: [jwt({ jwks: { keyPairConfig: { alg: "RS256" } } })],
});
