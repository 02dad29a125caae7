import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderErrorPage } from './error-page.ts';

it('docs/errors.md says what the error table says', () => {
  const committed = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  expect(committed, 'make it again with `npm run docs:errors`').toBe(renderErrorPage());
});
