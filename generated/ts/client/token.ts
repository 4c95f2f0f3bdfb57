// Made by Syncline from syncline.toml. Do not edit.

/** What a device has to know of its token. Nothing is verified here: that is for the server. */

export interface Token {
  text: string;
  /** The claim `sub`, if there is one. */
  user: string | undefined;
  /** By this device's clock, in milliseconds since 1970. */
  expiresAt: number;
  /** When to ask for the next one. */
  renewAt: number;
}

interface Claims {
  sub?: unknown;
  iat?: unknown;
  exp?: unknown;
}

const MINUTE = 60_000;

/** Reads a token that was asked for at `asked`. Its lifetime counts from then: the device's clock may be wrong by years. */
export function readToken(text: string, asked: number): Token {
  const claims = readClaims(text);
  const known = typeof claims.exp === "number" && typeof claims.iat === "number";
  const lifetime = known ? Math.max(0, ((claims.exp as number) - (claims.iat as number)) * 1000) : MINUTE;
  return {
    text,
    user: typeof claims.sub === "string" ? claims.sub : undefined,
    expiresAt: asked + lifetime,
    renewAt: asked + lifetime - Math.min(MINUTE, lifetime / 4),
  };
}

function readClaims(token: string): Claims {
  try {
    const bytes = decodeBase64Url(token.split(".")[1] ?? "");
    const percent = bytes.map((byte) => `%${byte.toString(16).padStart(2, "0")}`);
    return JSON.parse(decodeURIComponent(percent.join(""))) as Claims;
  } catch {
    return {};
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Not every engine has `atob`. */
function decodeBase64Url(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) break;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push((bits >> held) & 0xff);
    }
  }
  return bytes;
}
