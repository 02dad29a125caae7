import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ByteSpool } from './byte-spool.ts';

let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hf-spool-test-'));
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
});

async function read(spool: ByteSpool, range?: { offset: bigint; length: bigint }): Promise<string> {
  return Buffer.concat(await Array.fromAsync(spool.content().open(range === undefined ? {} : { range }))).toString();
}

const text = Array.from({ length: 500 }, (_, index) => `piece ${String(index)};`);

test.each([Infinity, 1000, 0])(
  'gives back what was appended, again and again, with %d bytes in memory',
  async (residentBytes) => {
    {
      using spool = new ByteSpool(scratch, residentBytes);
      for (const piece of text) spool.append(Buffer.from(piece));
      const whole = text.join('');
      expect(spool.size).toBe(whole.length);
      expect(spool.content().size).toBe(BigInt(whole.length));
      expect(await read(spool)).toBe(whole);
      expect(await read(spool)).toBe(whole);
      for (const [start, length] of [
        [0, 0],
        [0, 10],
        [990, 30],
        [whole.length - 5, 5],
        [whole.length - 5, 500],
        [whole.length + 5, 5],
        [3, whole.length - 6],
      ] as const) {
        expect(await read(spool, { offset: BigInt(start), length: BigInt(length) })).toBe(whole.slice(start, start + length));
      }
      expect(readdirSync(scratch)).toHaveLength(residentBytes === Infinity ? 0 : 1);
    }
    expect(readdirSync(scratch)).toEqual([]);
  },
);

test('can be read again after a reader stopped early', async () => {
  using spool = new ByteSpool(scratch, 0);
  spool.append(Buffer.alloc(1 << 20, 'x'));
  for await (const _ of spool.content().open({})) break;
  expect(await read(spool)).toHaveLength(1 << 20);
});

test('stops when it is told to', async () => {
  using spool = new ByteSpool(scratch, 0);
  spool.append(Buffer.alloc(1 << 20));
  await expect(Array.fromAsync(spool.content().open({ signal: AbortSignal.abort() }))).rejects.toThrow(/abort/i);
});

test('holds nothing when nothing was appended', async () => {
  using spool = new ByteSpool(scratch);
  expect(await read(spool)).toBe('');
});
