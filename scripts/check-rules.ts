/**
 * `npm run check:rules`: shows that every rule of `npm run check` can fail. Breaks each of them in a copy of the project, runs the
 * same checks there, and exits with 1 when one of the faults is not found, or a rule has no fault planted for it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CheckResult, checks, runCheck, runLimited } from './checks.ts';
import { copyProject } from './project-copy.ts';
import { readConfiguredRules } from './rules/configured-rules.ts';
import { plantedImports } from './rules/planted-imports.ts';
import { plantedLint } from './rules/planted-lint.ts';
import { plantedSources } from './rules/planted-sources.ts';
import { plantedTypes } from './rules/planted-types.ts';
import { plantedUnused } from './rules/planted-unused.ts';
import type { PlantedViolation } from './rules/planted-violation.ts';

const project = join(import.meta.dirname, '..');
const violations: readonly PlantedViolation[] = [
  ...plantedTypes,
  ...plantedLint,
  ...plantedImports,
  ...plantedUnused,
  ...plantedSources,
];

function plant(violation: PlantedViolation, folder: string): void {
  for (const [path, text] of Object.entries(violation.files ?? {})) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  violation.edit?.(folder);
}

function isCaught(violation: PlantedViolation, result: CheckResult): boolean {
  return !result.passed && violation.reported.test(result.output);
}

async function findFaults(): Promise<string[]> {
  using copy = copyProject(project);
  for (const violation of violations) plant(violation, copy.folder);
  const faults: string[] = [];
  const jobs = checks.map((check) => () => runCheck(check, copy.folder));
  for (const result of await runLimited(jobs, 2)) {
    const own = violations.filter((violation) => violation.check === result.check.name);
    const missed = own.filter((violation) => !isCaught(violation, result));
    console.log(`${result.check.name.padEnd(8)} finds ${own.length - missed.length} of ${own.length} planted faults`);
    faults.push(
      ...missed.map((one) => `${one.check}: ${one.rule} is not found in ${Object.keys(one.files ?? {}).at(-1) ?? 'the copy'}`),
    );
    if (missed.length > 0 && process.argv.includes('--verbose')) console.log(result.output);
  }
  return faults;
}

const faults = await findFaults();
for (const { check, rule } of await readConfiguredRules(project)) {
  const covered = violations.some((violation) => violation.check === check && violation.rule.split(' ')[0] === rule);
  if (!covered) faults.push(`${check}: ${rule} has no planted fault in scripts/rules`);
}
for (const fault of faults) console.log(`FAILED ${fault}`);
if (faults.length > 0) process.exitCode = 1;
