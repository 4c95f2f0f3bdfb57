// jose verifies a token by a JWKS: node verify.mjs ISSUER AUDIENCE, with {jwks, token} on standard input; prints header and claims.

import { readFileSync } from "node:fs";

import { createLocalJWKSet, jwtVerify } from "jose";

const { jwks, token } = JSON.parse(readFileSync(0, "utf8"));
const [issuer, audience] = process.argv.slice(2);
const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), { issuer, audience });
console.log(JSON.stringify({ payload, header: protectedHeader }));
