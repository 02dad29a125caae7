import type { ErrorCode } from '@holdfast/core/plugin';

/**
 * Why an entry cannot be dealt with, where no system call says it. Apart from HoldfastError because worker threads do not load
 * the core; `describeFailure` makes a HoldfastError of it.
 */
export class EntryFailure extends Error {
  override readonly name = 'EntryFailure';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  /** @param text a clause that follows "Cannot … : " */
  constructor(code: ErrorCode, text: string, hint?: string) {
    super(text);
    this.code = code;
    this.hint = hint;
  }
}
