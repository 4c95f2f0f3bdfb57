// An RSA key of 1,024 bits and a token that it has signed: node weak.mjs CLAIMS

import { createSign, generateKeyPairSync } from "node:crypto";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
const text = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const message = `${text({ alg: "RS256", kid: "weak" })}.${text(JSON.parse(process.argv[2]))}`;
const signature = createSign("RSA-SHA256").update(message).sign(privateKey).toString("base64url");
const jwk = { ...publicKey.export({ format: "jwk" }), kid: "weak", alg: "RS256" };
console.log(JSON.stringify({ jwk, token: `${message}.${signature}` }));
