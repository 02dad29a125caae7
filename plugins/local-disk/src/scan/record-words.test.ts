import { kindCodes, STAT_BYTES, StatField, StatFlag } from '@holdfast/core/plugin';
import { expect, test } from 'vitest';
import { KIND_CODE } from './entry-kind.ts';
import { RECORD_FLAGS_KNOWN, RECORD_WORD, RECORD_WORDS } from './record-words.ts';

test('the record is the one of the core', () => {
  expect(RECORD_WORDS * 4).toBe(STAT_BYTES);
  for (const [field, word] of Object.entries(RECORD_WORD))
    expect([field, word * 4]).toEqual([field, StatField[field as keyof typeof RECORD_WORD]]);
  expect(RECORD_FLAGS_KNOWN >> (8 * StatField.flags)).toBe(StatFlag.identity | StatFlag.mode | StatFlag.owner | StatFlag.mtime);
});

test('the kinds are those of the core', () => {
  const dashed = (name: string): string => name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
  for (const [name, code] of Object.entries(KIND_CODE)) expect(kindCodes[code]).toBe(dashed(name));
  expect(Object.keys(KIND_CODE)).toHaveLength(kindCodes.filter((kind) => kind !== undefined && kind !== 'image').length);
});
