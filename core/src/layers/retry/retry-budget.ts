/**
 * How many retries one task may spend. Every retry costs one; calls that are answered, with yes or no, earn them
 * back slowly. A destination that fails now and
 * then is served to the end, one that fails always is given up soon, however many calls the task has to make.
 */
export class RetryBudget {
  readonly #capacity: number;
  readonly #earnedByCall: number;
  #left: number;

  /** `capacity`: retries at hand; `earnedByCall`: how much of one a call that is answered gives back. */
  constructor(capacity = 500, earnedByCall = 0.1) {
    this.#capacity = capacity;
    this.#earnedByCall = earnedByCall;
    this.#left = capacity;
  }

  /** Retries that may still be made. */
  get left(): number {
    return Math.floor(this.#left);
  }

  /** Takes one; false when there is none. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }

  earn(): void {
    if (this.#left < this.#capacity) this.#left = Math.min(this.#capacity, this.#left + this.#earnedByCall);
  }
}
