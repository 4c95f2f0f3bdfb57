// Made by Syncline from syncline.toml. Do not edit.

/** A request that ends: the answer is there in time and whole, or there is an error. */

/** The part of `fetch` that is needed. */
export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

export interface Answer {
  status: number;
  text: string;
  /** When to ask again, in milliseconds from now, where the server has said so. */
  retryAfter: number | undefined;
}

/** Sends and reads to the end, within `timeout` milliseconds. */
export async function request(fetch: Fetch | undefined, address: string, init: RequestInit, timeout: number): Promise<Answer> {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Not every `fetch` obeys the signal.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TypeError(`no answer from the server within ${timeout} ms`));
      abort.abort();
    }, timeout);
  });
  const whole = async () => {
    const response = await (fetch ?? globalThis.fetch)(address, { ...init, signal: abort.signal });
    const retryAfter = readRetryAfter(response.headers.get("retry-after"));
    return { status: response.status, text: await response.text(), retryAfter };
  };
  try {
    return await Promise.race([whole(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `Retry-After` is seconds or a date. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
