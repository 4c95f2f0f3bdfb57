// Judge: signs a user up with Better Auth under the generated options, and shows the token that the user gets.
//
// Usage: node judge-auth.mjs <auth.ts> <issuer> <jwks uri>
// In:    a generated auth.ts; where Better Auth is to be reached, and where it is to serve its public keys
// Out:   {ok, error?, header, payload, user, key}: the token's two parts, the user's id, the public key that verifies it

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { jwt } from "better-auth/plugins";
import { importJWK, jwtVerify } from "jose";

import "./typescript-hooks.mjs";

try {
  const [, , file, baseURL, jwksUri] = process.argv;
  const { jwtOptions } = await import(pathToFileURL(resolve(file)).href);
  const auth = betterAuth({
    baseURL,
    secret: "a secret of the judge, of thirty-two bytes and more",
    database: memoryAdapter({ user: [], session: [], account: [], verification: [], jwks: [] }),
    emailAndPassword: { enabled: true },
    plugins: [jwt(jwtOptions())],
    telemetry: { enabled: false },
  });
  const body = { email: "user@example.com", password: "a long password", name: "User" };
  const signedUp = await auth.api.signUpEmail({ body, asResponse: true });
  const { user } = await signedUp.json();
  const cookie = signedUp.headers.getSetCookie().map((it) => it.split(";")[0]).join("; ");
  const { token } = await auth.api.getToken({ headers: new Headers({ cookie }) });
  const { keys } = await (await auth.handler(new Request(jwksUri))).json();
  const kid = JSON.parse(Buffer.from(token.split(".")[0], "base64url").toString()).kid;
  const key = keys.find((it) => it.kid === kid);
  const { payload, protectedHeader: header } = await jwtVerify(token, await importJWK(key, key.alg));
  print({ ok: true, header, payload, user: user.id, key });
} catch (error) {
  print({ ok: false, error: String(error?.stack ?? error) });
}

function print(result) {
  console.log(JSON.stringify(result, null, 2));
}
