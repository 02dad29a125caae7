/** Bytes that a worker may move ahead of what the bandwidth limit was asked for. */
const AHEAD_BYTES = 2 * 2 ** 20;

export interface TransferCredit {
  /** Bytes that may move still; the worker takes from it and waits while there are none. */
  readonly memory: Int32Array<SharedArrayBuffer>;
  /** The worker has moved so many: asks for as many more. */
  refill(bytes: number): void;
  /** Nothing more is asked for. */
  end(): void;
}

/** Lets a worker move bytes as `takeBytes` gives leave. */
export function limitCredit(takeBytes: (bytes: number) => Promise<void>): TransferCredit {
  const memory = new Int32Array(new SharedArrayBuffer(4));
  let ended = false;
  const refill = (bytes: number): void => {
    if (ended) return;
    const add = (): void => {
      Atomics.add(memory, 0, bytes);
      Atomics.notify(memory, 0);
    };
    // A limit that cannot be asked any more must not hold a worker for ever: the abort flag ends it.
    takeBytes(bytes).then(add, () => undefined);
  };
  refill(AHEAD_BYTES);
  return { memory, refill, end: () => void (ended = true) };
}
