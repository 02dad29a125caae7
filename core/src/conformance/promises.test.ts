import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sourceChecks } from './checks/source-checks.ts';
import { destinationChecks } from './destination-checks.ts';

const folder = new URL('../contracts/', import.meta.url);
const checks = [...destinationChecks, ...sourceChecks];

/** The contracts as one line, without the stars of comments. */
const contracts = readdirSync(folder)
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n')
  .replace(/\n\s*\*\/?/g, ' ')
  .replace(/\s+/g, ' ');

test.each(checks.map(({ id, promise }) => [id, promise] as const))('%s proves words that stand in a contract', (_id, promise) => {
  const [name = '', member] = promise.of.split('.');
  expect(contracts).toMatch(new RegExp(`(interface|type) ${name}\\b`));
  if (member !== undefined) expect(contracts).toMatch(new RegExp(`\\b${member}\\b`));
  expect(contracts).toContain(promise.says);
});

test('ids are unique and have a group and a name', () => {
  const ids = checks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*$/);
});
