import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rabinModulePath, renderRabinModule } from './compile-chunker.ts';

test('the chunker that ships is what its source compiles to', async () => {
  expect(readFileSync(rabinModulePath, 'utf8')).toBe(await renderRabinModule());
});
