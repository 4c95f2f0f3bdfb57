import { betterAuth } from "better-auth";
import { jwt } from "better-auth/plugins";

export const auth = betterAuth({
  baseURL: "https://app.example.com/api/auth",
  plugins: [jwt({ jwks: { keyPairConfig: { alg: "RS256" } } })],
});
