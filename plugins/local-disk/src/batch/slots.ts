/** So many may go on at once; who comes later waits. */
export class Slots {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  #onIdle: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = Math.max(limit, 1);
  }

  async take(): Promise<void> {
    while (this.#taken >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#taken++;
  }

  give(): void {
    this.#taken--;
    this.#waiting.shift()?.();
    if (this.#taken > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  /** Resolves when none is taken. */
  async idle(): Promise<void> {
    if (this.#taken > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }
}
