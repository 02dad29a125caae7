import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { ConfigSchema } from '../contracts/plugin.ts';
import { validateConfig } from './validate-config.ts';

const schema = v.object({ host: v.string(), login: v.object({ password: v.pipe(v.string(), v.minLength(20)) }) });

describe('validateConfig', () => {
  it('gives what the schema makes', async () => {
    const trimmed = v.object({ host: v.pipe(v.string(), v.trim()) });
    expect(await validateConfig(trimmed, { host: ' a ' }, 'It')).toEqual({ host: 'a' });
  });

  it('names every wrong field', async () => {
    const error = validateConfig(schema, { login: { password: 7 } }, 'The location');
    await expect(error).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(error).rejects.toThrow(/^The location is wrong: host: .*; login\.password: .*[^.]\.$/);
  });

  it('never shows the value of a secret', async () => {
    const error = validateConfig(schema, { host: 'a', login: { password: 'hunter2' } }, 'It', ['password']);
    await expect(error).rejects.toThrow('login.password: is not valid (its value is not shown)');
  });

  it('understands schemas that answer later, with keys as objects', async () => {
    const other: ConfigSchema<never> = {
      '~standard': {
        version: 1,
        vendor: 'other',
        validate: async () => ({ issues: [{ message: 'No.', path: [{ key: 'a' }, 0] }] }),
      },
    };
    await expect(validateConfig(other, {}, 'It')).rejects.toThrow('It is wrong: a.0: No.');
  });
});
