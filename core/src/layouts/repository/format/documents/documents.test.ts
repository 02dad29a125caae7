import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHoldfastError } from '../../../../errors/holdfast-error.ts';
import { randomKey } from '../crypto/master-key.ts';
import { Sealer } from '../crypto/sealer.ts';
import { computeId, randomId } from '../object-id.ts';
import { compressFrame } from '../pack/zstd-frame.ts';
import { parseLock, writeLock } from './lock-file.ts';
import { openConfig, parseConfig, type RepositoryConfig, sealConfig, writeConfig } from './repository-config.ts';
import { readRusticChunking } from './rustic-chunking.ts';
import { parseSnapshot, writeSnapshot } from './snapshot-file.ts';
import { decodeUnpacked, openUnpacked, sealUnpacked } from './unpacked-file.ts';

const damagedError = expect.objectContaining({ code: 'state-damaged' }) as Error;
const sealer = new Sealer(randomKey());
const id = 'ab'.repeat(32);
const configText = `{"version":2,"id":"${id}","chunker_polynomial":"3da3358b4dc173"}`;

/** Whether it answers or fails with the one error for damage. */
function isCareful(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    return isHoldfastError(error, 'state-damaged') || isHoldfastError(error, 'format-unknown');
  }
}

/** `text` with a few bytes changed. */
function damage(text: string): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.nat(text.length - 1), fc.nat(255));
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const bytes = Buffer.from(text);
    for (const [at, byte] of changes) bytes[at] = byte;
    return bytes;
  });
}

describe('the configuration', () => {
  it('is written as restic writes it, and keeps what others put there', () => {
    expect(writeConfig(parseConfig(Buffer.from(configText))).toString()).toBe(configText);
    const rustic = configText.replace('}', ',"chunker":"fixed_size","chunk_size":9007199254740993,"__proto__":{"a":1.50}}');
    expect(writeConfig(parseConfig(Buffer.from(rustic))).toString()).toBe(rustic);
  });

  it('is sealed but not compressed', () => {
    const config: RepositoryConfig = { version: 1, id: randomId(), polynomial: 0x3da3358b4dc173n, unknown: new Map() };
    const stored = sealConfig(sealer, config);
    expect(openConfig(sealer, stored)).toEqual(config);
    expect(Buffer.from(sealer.open(stored) ?? []).toString()).toBe(writeConfig(config).toString());
    expect(() => openConfig(new Sealer(randomKey()), stored)).toThrow(damagedError);
  });

  it('says how rustic chunks', () => {
    const read = (more: string): unknown => readRusticChunking(parseConfig(Buffer.from(configText.replace('}', `${more}}`))));
    expect(read('')).toEqual({ chunker: 'rabin', bytes: undefined, minBytes: undefined, maxBytes: undefined });
    expect(read(',"chunker":"fixed_size","chunk_size":1048576,"chunk_max_size":null')).toMatchObject({
      chunker: 'fixed_size',
      bytes: 1 << 20,
    });
    expect(() => read(',"chunker":"other"')).toThrow(damagedError);
  });

  it.each([
    configText.replace('2', '0'),
    configText.replace('ab', 'AB'),
    configText.replace('3da3358b4dc173', '3da3358b4dc172'),
    configText.replace('3da3358b4dc173', '11b'),
    configText.replace('3da3358b4dc173', '0x3da3358b4dc173'),
    `${configText}x`,
    '',
  ])('is refused as %s', (text) => expect(() => parseConfig(Buffer.from(text))).toThrow(damagedError));

  it('of a newer version is not guessed at', () => {
    expect(() => parseConfig(Buffer.from(configText.replace('2', '3')))).toThrow(
      expect.objectContaining({ code: 'format-unknown' }),
    );
  });

  it('of any bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.oneof(damage(configText), fc.uint8Array()), (bytes) => isCareful(() => parseConfig(bytes))),
      { numRuns: 1000 },
    );
  });
});

describe('a snapshot', () => {
  const old = `{"time":"2016-01-02T03:04:05.000000001Z","tree":"${id}","paths":["/a<b"]}`;
  const whole = `{"time":"2026-11-23T19:57:23.9+01:00","parent":"${id}","tree":"${id}","paths":["/a","/b"],"hostname":"h","username":"u","uid":7,"gid":8,"excludes":["*.o"],"tags":["x","y"],"original":"${id}","program_version":"restic 0.19.1","summary":{"backup_start":"2026-11-23T19:57:23Z","backup_end":"2026-11-23T19:57:24Z","files_new":1,"files_changed":0,"files_unmodified":0,"dirs_new":0,"dirs_changed":0,"dirs_unmodified":0,"data_blobs":0,"tree_blobs":0,"data_added":9007199254740993,"data_added_packed":0,"total_files_processed":0,"total_bytes_processed":18446744073709551615}}`;

  it.each([old, whole, old.replace('}', ',"label":"l","delete":{"After":"x"},"parents":[]}')])(
    'comes out as it went in: %s',
    (text) => {
      expect(writeSnapshot(parseSnapshot(Buffer.from(text))).toString()).toBe(text.replace('a<b', 'a\\u003cb'));
    },
  );

  it('takes null for nothing, and keeps what others put into its summary', () => {
    const text = `{"tags":null,"parent":null,"summary":{"total_duration":1.5e-3},"uid":0,"time":"2016-01-02T03:04:05Z","tree":"${id}","paths":null}`;
    const snapshot = parseSnapshot(Buffer.from(text));
    expect(snapshot).toMatchObject({ tags: [], parent: undefined, paths: [], uid: 0 });
    expect(writeSnapshot(snapshot).toString()).toContain('"total_bytes_processed":0,"total_duration":1.5e-3}}');
  });

  it.each(['{}', whole.replace('"time"', '"tome"'), whole.replace('"uid":7', '"uid":-7'), whole.replace('["x","y"]', '"x"')])(
    'is refused as %s',
    (text) => expect(() => parseSnapshot(Buffer.from(text))).toThrow(damagedError),
  );

  it('of any bytes is read or refused', () => {
    fc.assert(
      fc.property(damage(whole), (bytes) => isCareful(() => parseSnapshot(bytes))),
      { numRuns: 1000 },
    );
  });
});

describe('a lock', () => {
  it.each([
    '{"time":"2026-11-23T19:57:23Z","exclusive":true,"hostname":"h","username":"u","pid":1234,"uid":7,"gid":8}',
    '{"time":"2026-11-23T19:57:23Z","exclusive":false,"hostname":"h","username":"u","pid":1234}',
  ])('comes out as it went in: %s', (text) => expect(writeLock(parseLock(Buffer.from(text))).toString()).toBe(text));

  it('without a time is refused', () => {
    expect(() => parseLock(Buffer.from('{"exclusive":true}'))).toThrow(damagedError);
  });
});

describe('a file that is no pack', () => {
  const json = Buffer.from(`{"a":"${'x'.repeat(5000)}"}`);

  it.each([1, 2] as const)('is stored in version %i and read again', (version) => {
    const file = sealUnpacked(sealer, json, version);
    expect(file.bytes.length < json.length).toBe(version === 2);
    expect(Buffer.from(openUnpacked(sealer, file, 'It')).equals(json)).toBe(true);
    expect(Buffer.from(file.id).equals(computeId(file.bytes))).toBe(true);
  });

  it('is refused under another name, another key, or where it is too large', () => {
    const file = sealUnpacked(sealer, json, 2);
    expect(() => openUnpacked(sealer, { ...file, id: computeId(json) }, 'It')).toThrow(damagedError);
    expect(() => openUnpacked(new Sealer(randomKey()), file, 'It')).toThrow(damagedError);
    expect(() => openUnpacked(sealer, file, 'It', json.length - 1)).toThrow(damagedError);
    expect(() => openUnpacked(sealer, sealUnpacked(sealer, json, 1), 'It', json.length - 1)).toThrow(damagedError);
    expect(openUnpacked(sealer, file, 'It', json.length).length).toBe(json.length);
  });

  it('begins with one of three bytes', () => {
    expect(decodeUnpacked(Buffer.from('[]'), 'It').toString()).toBe('[]');
    const frame = compressFrame(json);
    for (const bytes of ['', 'x', ' {}', '\u0002', '\u0002x', '\u0003{}']) {
      expect(() => decodeUnpacked(Buffer.from(bytes), 'It')).toThrow(damagedError);
    }
    for (const cut of [1, 5, frame.length - 10]) {
      expect(() => decodeUnpacked(Buffer.concat([Buffer.of(2), frame.subarray(0, -cut)]), 'It')).toThrow(damagedError);
    }
  });
});
