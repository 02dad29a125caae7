/** Writes docs/errors.md from the error table. With `--check` it writes nothing and exits with 1 when the page is not current. */
import { readFileSync, writeFileSync } from 'node:fs';
import { renderErrorPage } from './docs/error-page.ts';

const path = `${import.meta.dirname}/../docs/errors.md`;
if (!process.argv.includes('--check')) {
  writeFileSync(path, renderErrorPage());
} else if (readFileSync(path, 'utf8') !== renderErrorPage()) {
  console.log('docs/errors.md is not what the error table says: run `npm run docs:errors`.');
  process.exitCode = 1;
}
