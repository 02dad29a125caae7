import { describe, expect, it } from 'vitest';
import type { HoldfastEvent } from '../contracts/events.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { decodePath } from '../paths/rel-path.ts';
import { judgeRun } from './judge-run.ts';
import { toJsonLine } from './to-json-line.ts';
import { toMessageEvent } from './to-message-event.ts';

const time = new Date('2026-11-23T10:00:00Z');

describe('toJsonLine', () => {
  it('is one line, with exact numbers', () => {
    const line = toJsonLine({ type: 'plan', op: 'store', path: 'a\nb' as RelPath, reason: 'new', bytes: 2n ** 60n + 1n }, time);
    expect(line).toBe(
      '{"type":"plan","time":"2026-11-23T10:00:00.000Z","op":"store","path":"a\\nb","reason":"new","bytes":1152921504606846977}\n',
    );
  });

  it('keeps the bytes of a path that is not UTF-8', () => {
    const bytes = Buffer.from([0x61, 0xff, 0xe9, 0x62]);
    const path = decodePath(bytes);
    const line = toJsonLine({ type: 'plan', op: 'move', path, from: path, reason: 'moved', bytes: 0n }, time);
    const parsed = JSON.parse(line) as Record<string, string>;
    expect(parsed['path']).toBe('a\ufffd\ufffdb');
    expect(Buffer.from(parsed['pathBase64'] ?? '', 'base64')).toEqual(bytes);
    expect(Buffer.from(parsed['fromBase64'] ?? '', 'base64')).toEqual(bytes);
    expect(line.isWellFormed()).toBe(true);
    expect(line).not.toContain('\\ud');
  });

  it('writes numbers of bytes inside of a summary', () => {
    const summary: HoldfastEvent = {
      type: 'summary',
      status: 'ok',
      counts: { stored: 1, kept: 0, metadata: 0, renamed: 0, retired: 0, excluded: 0, skipped: 0, failed: 0 },
      bytes: { read: 1n, written: 2n, stored: 3n },
      seconds: 1.5,
      verified: { method: 'digest', files: 1, bytes: 3n },
      exitCode: 0,
    };
    expect(JSON.parse(toJsonLine(summary, time))).toMatchObject({
      bytes: { read: 1, written: 2, stored: 3 },
      verified: { bytes: 3 },
    });
  });
});

describe('judgeRun', () => {
  const clean = { skipped: 0, failed: 0 };
  it.each([
    [clean, undefined, 'ok', 0],
    [{ skipped: 1, failed: 0 }, undefined, 'partial', 1],
    [{ skipped: 0, failed: 1 }, undefined, 'partial', 1],
    [clean, 'source-empty', 'refused', 7],
    [clean, 'interrupted', 'interrupted', 130],
    [{ skipped: 1, failed: 0 }, 'destination-full', 'failed', 4],
    [clean, 'connection-lost', 'failed', 1],
    [clean, 'internal', 'failed', 70],
  ] as const)('%j and %s: %s, %i', (counts, code, status, exitCode) => {
    expect(judgeRun(counts, code === undefined ? undefined : new HoldfastError(code, 'x'))).toEqual({ status, exitCode });
  });
});

it('makes an event of an error', () => {
  expect(toMessageEvent(new HoldfastError('locked', 'Busy.'))).toEqual({
    type: 'error',
    code: 'locked',
    message: 'Busy.',
    hint: 'Wait for it to end.',
  });
  expect(toMessageEvent(new HoldfastError('damaged', 'Bad.', { hint: 'Look.', path: 'a' as RelPath }), 'warning')).toEqual({
    type: 'warning',
    code: 'damaged',
    message: 'Bad.',
    hint: 'Look.',
    path: 'a',
  });
});
