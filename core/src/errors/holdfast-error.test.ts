import { describe, expect, it } from 'vitest';
import { errorTable } from './error-table.ts';
import { HoldfastError, isHoldfastError, toHoldfastError } from './holdfast-error.ts';

/** What another copy of this package throws: the same shape, another class. */
class ForeignError extends Error {
  override readonly name = 'HoldfastError';
  readonly code: string;
  constructor(code: string) {
    super('thrown elsewhere');
    this.code = code;
  }
}

describe('HoldfastError', () => {
  it('takes its hint from the table unless a better one is given', () => {
    expect(new HoldfastError('locked', 'x').hint).toBe(errorTable.locked.hint);
    expect(new HoldfastError('locked', 'x', { hint: 'Wait for run 7.' }).hint).toBe('Wait for run 7.');
  });

  it('keeps its cause, and has none where none was given', () => {
    const cause = new Error('below');
    expect(new HoldfastError('internal', 'x', { cause }).cause).toBe(cause);
    expect(Object.hasOwn(new HoldfastError('internal', 'x'), 'cause')).toBe(false);
  });

  it('answers with the row of its code', () => {
    expect(new HoldfastError('destination-full', 'x').row).toBe(errorTable['destination-full']);
  });
});

describe('isHoldfastError', () => {
  it('knows its own and those of another copy of the package', () => {
    expect(isHoldfastError(new HoldfastError('damaged', 'x'))).toBe(true);
    expect(isHoldfastError(new HoldfastError('damaged', 'x'), 'damaged')).toBe(true);
    expect(isHoldfastError(new HoldfastError('damaged', 'x'), 'locked')).toBe(false);
    expect(isHoldfastError(new ForeignError('locked'), 'locked')).toBe(true);
  });

  it.each([
    new Error('x'),
    new ForeignError('no-such-code'),
    new ForeignError('toString'),
    'text',
    undefined,
    null,
    { name: 'HoldfastError', code: 'locked' },
  ])('does not take %s for one', (value) => expect(isHoldfastError(value)).toBe(false));
});

describe('toHoldfastError', () => {
  it('passes on what is one already', () => {
    const error = new ForeignError('locked');
    expect(toHoldfastError(error)).toBe(error);
  });

  it('makes an abort an interruption, and everything else an error of Holdfast itself', () => {
    expect(toHoldfastError(AbortSignal.abort().reason).code).toBe('interrupted');
    expect(toHoldfastError(new TypeError('x is undefined'))).toMatchObject({ code: 'internal', message: 'x is undefined' });
    expect(toHoldfastError('text')).toMatchObject({ code: 'internal', message: 'text', cause: 'text' });
    expect(toHoldfastError(new ForeignError('no-such-code')).code).toBe('internal');
  });
});

describe('errorTable', () => {
  it.each(Object.entries(errorTable))('%s says what happened and what to do', (code, row) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(row.title).toMatch(/^[a-z].*[^.]$/);
    expect(row.hint).toMatch(/^[A-Z].*\.$/);
    if (row.scope === 'item') expect(row.exit).toBe(1);
  });
});
