import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../environment/clock.ts';
import { createLogger } from './create-logger.ts';
import { formatLogLine } from './log-line.ts';
import { type Logger, type LogLevel, levelForVerbosity } from './logger.ts';

const clock: Clock = { now: () => new Date('2026-11-23T10:00:01Z'), monotonicMs: () => 0, sleep: () => Promise.resolve() };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hf-logging-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function logged(level: LogLevel, log: (logger: Logger) => void): Promise<Record<string, unknown>[]> {
  const file = join(folder, 'logs', 'holdfast.log');
  const logger = createLogger({
    level,
    destination: { file },
    clock,
    secrets: { fields: ['pin_code'], values: ['s3cr"et'] },
  });
  log(logger);
  const text = readFileSync(file, 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('createLogger', () => {
  it('writes one JSON object a line, with the injected time', async () => {
    expect(await logged('info', (logger) => logger.info({ bytes: 2n ** 60n, path: 'a"b' }, 'Stored.'))).toEqual([
      { level: 'info', time: '2026-11-23T10:00:01.000Z', bytes: 2 ** 60, path: 'a"b', msg: 'Stored.' },
    ]);
  });

  it('makes a file that only its owner reads, and adds to it', async () => {
    await logged('info', (logger) => logger.info({}, 'one'));
    expect((await logged('info', (logger) => logger.info({}, 'two'))).map(({ msg }) => msg)).toEqual(['one', 'two']);
    expect(statSync(join(folder, 'logs', 'holdfast.log')).mode & 0o777).toBe(0o600);
  });

  it('leaves out what is below its level', async () => {
    const lines = await logged('warn', (logger) => {
      logger.error({}, 'e');
      logger.warn({}, 'w');
      logger.info({}, 'i');
      logger.debug({}, 'd');
      logger.trace({}, 't');
    });
    expect(lines.map(({ level }) => level)).toEqual(['error', 'warn']);
  });

  it('adds the fields of a child to each of its lines', async () => {
    const lines = await logged('info', (logger) => logger.child({ plugin: 'acme', password: 'hunter2' }).info({ a: 1 }, 'x'));
    expect(lines).toMatchObject([{ plugin: 'acme', password: '[redacted]', a: 1 }]);
  });

  it('never writes a secret, wherever it stands', async () => {
    const error = new Error('cannot reach sftp://ann:hunter2@host/x', { cause: new Error('s3cr"et') });
    await logged('info', (logger) => {
      logger.info(
        {
          password: 'hunter2',
          deep: { list: [{ AWS_SECRET_ACCESS_KEY: 'hunter2' }], pinCode: 'hunter2', secrets: { a: 'hunter2' } },
        },
        'x',
      );
      logger.info({ url: 'https://host/?access_token=hunter2&x=1', error }, 'with s3cr"et and smb://a:hunter2@h');
    });
    const text = readFileSync(join(folder, 'logs', 'holdfast.log'), 'utf8');
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('s3cr');
    expect(text).toContain('&x=1');
  });

  it('says which log cannot be opened', async () => {
    const file = join('/dev/null', 'x.log');
    expect(() => createLogger({ level: 'info', destination: { file }, clock })).toThrow(
      expect.objectContaining({ code: 'write-failed' }),
    );
  });
});

describe('formatLogLine', () => {
  it('is for people', () => {
    const line = '{"level":"debug","time":"2026-11-23T10:00:01.000Z","path":"a b","n":3,"msg":"Opened."}\n';
    expect(formatLogLine(line)).toBe('10:00:01 debug Opened. path="a b" n=3\n');
  });

  it('shows where an error came from', () => {
    const line =
      '{"level":"error","time":"2026-11-23T10:00:01.000Z","error":{"type":"Error","message":"x","stack":"Error: x\\n at y"},"msg":"Failed."}';
    expect(formatLogLine(line)).toBe('10:00:01 error Failed. error=Error: x\n at y\n');
  });
});

it('maps -v to levels', () => {
  expect([-1, 0, 1, 2, 3, 9].map(levelForVerbosity)).toEqual(['warn', 'warn', 'info', 'debug', 'trace', 'trace']);
});
