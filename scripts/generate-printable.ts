/**
 * `npm run generate:printable`: writes the tables of what Go takes for printable. The data of the two Unicode versions comes from npm into
 * a folder of its own, because it is large and serves for nothing else.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CodePointRange, printableRangesPath, renderPrintableRanges } from './printable/render-printable-ranges.ts';

const DATA_VERSION = '2.0.7';
/** Letters, marks, numbers, punctuation and symbols: what strconv.IsPrint takes, besides U+0020 (strconv, makeisprint.go). */
const categories = ['Letter', 'Mark', 'Number', 'Punctuation', 'Symbol'];

const folder = mkdtempSync(join(tmpdir(), 'holdfast-unicode-'));
try {
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const packages = ['15.0.0', '13.0.0'].map((version) => `@unicode/unicode-${version}`);
  const wanted = packages.map((name) => `${name}@${DATA_VERSION}`);
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', ...wanted], { cwd: folder, stdio: 'inherit' });
  const [in15, in13] = await Promise.all(packages.map((name) => readRanges(join(folder, 'node_modules', name))));
  writeFileSync(printableRangesPath, renderPrintableRanges(in15 ?? [], in13 ?? []));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function readRanges(dataFolder: string): Promise<CodePointRange[]> {
  const modules = categories.map(async (category) => {
    const file = join(dataFolder, 'General_Category', category, 'ranges.mjs');
    return ((await import(file)) as { default: readonly CodePointRange[] }).default;
  });
  return [...(await Promise.all(modules)).flat(), { begin: 0x20, end: 0x21 }];
}
