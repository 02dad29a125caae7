import { expect, it } from 'vitest';
import { calibrateScrypt } from './calibrate-scrypt.ts';
import { deriveKey } from './derive-key.ts';
import { lockMasterKey, parseKeyFile, unlockKeyFile, writeKeyFile } from './key-file.ts';
import { randomKey } from './master-key.ts';
import { openMasterKey } from './open-master-key.ts';

const cheap = { n: 128, r: 1, p: 1 };
const origin = { created: '2026-11-23T19:57:23.9+01:00', username: 'üser', hostname: 'a<b' };

it('opens with its password, with no other, and is written as restic writes it', async () => {
  const master = randomKey();
  const file = writeKeyFile(await lockMasterKey(master, 'gehéim', cheap, origin));
  expect(file.toString()).toMatch(
    /^\{"created":"2026-11-23T19:57:23.9\+01:00","username":"üser","hostname":"a\\u003cb","kdf":"scrypt","N":128,"r":1,"p":1,"salt":"[\w+/=]{88}","data":"[\w+/=]+"\}$/,
  );
  const key = parseKeyFile(file);
  expect(await unlockKeyFile(key, 'gehéim')).toEqual({
    encrypt: Uint8Array.from(master.encrypt),
    macK: Uint8Array.from(master.macK),
    macR: Uint8Array.from(master.macR),
  });
  expect(await unlockKeyFile(key, 'geheim')).toBeUndefined();
  expect(writeKeyFile(key)).toEqual(file);
});

it('needs neither origin nor known fields only', async () => {
  const key = await lockMasterKey(randomKey(), 'x', cheap, origin);
  const { created: _c, username: _u, hostname: _h, ...rest } = key;
  const bare = { ...rest, unknown: new Map([['label', '{"a":[1.5]}']]) };
  const again = parseKeyFile(writeKeyFile(bare));
  expect(again).toMatchObject({ created: undefined, username: undefined, hostname: undefined });
  expect(writeKeyFile(again).toString()).toMatch(/^\{"kdf".*,"label":\{"a":\[1\.5\]\}\}$/);
});

it('is found among others, and a wrong password has its own error', async () => {
  const master = randomKey();
  const keys = await Promise.all(['a', 'b', 'c'].map(async (password) => lockMasterKey(master, password, cheap, origin)));
  const { key } = await openMasterKey(keys, 'b');
  expect(key).toBe(keys[1]);
  await expect(openMasterKey(keys, 'd')).rejects.toMatchObject({ code: 'password-wrong', row: { exit: 3 } });
  await expect(openMasterKey([], 'd')).rejects.toMatchObject({ code: 'state-damaged' });
});

it.each([
  '',
  '{}',
  '[]',
  '{"kdf":"argon2","N":128,"r":1,"p":1,"salt":"AA==","data":"AA=="}',
  '{"kdf":"scrypt","N":128,"r":1,"p":1,"salt":"AA==","data":"AA=="}',
  '{"kdf":"scrypt","kdf":"scrypt"}',
])('is not %s', (text) => {
  expect(() => parseKeyFile(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'state-damaged' }));
});

it.each([
  { n: 2 ** 30, r: 8, p: 1 },
  { n: 1000, r: 8, p: 1 },
  { n: 0, r: 8, p: 1 },
  { n: 16384, r: 8, p: 1e9 },
  { n: 16384, r: 1e6, p: 1 },
])('costs no more than anybody asks for: %s', async (parameters) => {
  await expect(deriveKey('x', new Uint8Array(64), parameters)).rejects.toMatchObject({ code: 'state-damaged' });
});

it('is as costly as the machine can bear', async () => {
  const ticks = (...times: number[]): { monotonicMs: () => number } => ({ monotonicMs: () => times.shift() as number });
  expect(await calibrateScrypt(ticks(0, 50))).toEqual({ n: 32768, r: 8, p: 10 });
  expect(await calibrateScrypt(ticks(0, 5000))).toMatchObject({ p: 1 });
  expect(await calibrateScrypt(ticks(0, 0))).toMatchObject({ p: 16 });
});
