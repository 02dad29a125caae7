/** Hands values from who makes them to one who waits for them. */
export class ResultQueue<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  #ended = false;
  #failure: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;
  #onRoom: (() => void) | undefined;

  push(value: T): void {
    this.#values.push(value);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** What is still in the queue is dropped. */
  fail(reason: unknown): void {
    this.#failure = { reason };
    this.#wake?.();
    this.#onRoom?.();
  }

  /** Resolves when fewer than `limit` values wait. */
  async room(limit: number): Promise<void> {
    while (this.#values.length >= limit && this.#failure === undefined) {
      await new Promise<void>((resolve) => (this.#onRoom = resolve));
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.reason;
      const value = this.#values.shift();
      if (value !== undefined) {
        this.#onRoom?.();
        yield value;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }
}
