// Made by Syncline from syncline.toml. Do not edit.

/** Async work on results that change: only what belongs to the newest one is delivered. */

export interface Latest<Input> {
  /** Begins the work on `input`, and drops what is still under way for an earlier one. */
  run(input: Input): void;
  /** Drops what is under way. */
  cancel(): void;
}

/**
 * `work` gets a signal that aborts as soon as its result is no longer wanted: pass it on to `fetch`. Whether it obeys or not,
 * a stale result and a stale error go nowhere.
 */
export function latest<Input, Output>(
  work: (input: Input, signal: AbortSignal) => Promise<Output> | Output,
  deliver: (output: Output, input: Input) => void,
  fail?: (error: unknown, input: Input) => void,
): Latest<Input> {
  let abort: AbortController | undefined;

  const cancel = () => {
    abort?.abort();
    abort = undefined;
  };

  const run = async (input: Input) => {
    cancel();
    const mine = (abort = new AbortController());
    try {
      const output = await work(input, mine.signal);
      if (abort === mine) deliver(output, input);
    } catch (error) {
      if (abort !== mine) return;
      if (fail === undefined) throw error;
      fail(error, input);
    }
  };

  return { run: (input) => void run(input), cancel };
}
