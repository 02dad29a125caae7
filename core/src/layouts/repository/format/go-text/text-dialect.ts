import { isPrintable, isPrintableIn13 } from './printable.ts';

/**
 * How the Go that a writer was compiled with turns names and texts into JSON. Reading takes all of them; writing needs the right one
 * for the same bytes, and so the same ids, to come out.
 */
export interface TextDialect {
  /** strconv.IsPrint of that Go's Unicode. */
  readonly isPrintable: (codePoint: number) => boolean;
  /** Whether encoding/json has short escapes for backspace and form feed (since Go 1.22). */
  readonly hasShortEscapes: boolean;
}

/** Go 1.22 and later, of today's restic: Unicode 15.0. */
export const currentDialect: TextDialect = { isPrintable, hasShortEscapes: true };

/** Go 1.16 to 1.20, of restic up to 0.15: Unicode 13.0. */
export const unicode13Dialect: TextDialect = { isPrintable: isPrintableIn13, hasShortEscapes: false };
