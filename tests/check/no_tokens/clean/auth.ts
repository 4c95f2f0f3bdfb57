import { betterAuth } from "better-auth";
import { bearer, jwt } from "better-auth/plugins";

export const auth = betterAuth({ plugins: [bearer(), jwt({ jwks: { keyPairConfig: { alg: "RS256" } } })] });
