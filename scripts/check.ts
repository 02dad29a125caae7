/** `npm run check`: every rule of the project on the whole tree. Exits with 1 when one of them is broken. */
import { type CheckResult, checks, runCheck, runLimited } from './checks.ts';

const folder = `${import.meta.dirname}/..`;

function report(result: CheckResult): void {
  const { check, passed, output, seconds } = result;
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${check.name.padEnd(8)} ${seconds.toFixed(1).padStart(5)} s  ${check.about}`);
  if (!passed) console.log(`\n$ ${check.command.join(' ')}\n${output.trim()}\n`);
}

const results = await runLimited(
  checks.map((check) => async () => {
    const result = await runCheck(check, folder);
    report(result);
    return result;
  }),
  2,
);
const failed = results.filter((result) => !result.passed);
if (failed.length > 0) {
  console.log(`Broken: ${failed.map((result) => result.check.name).join(', ')}. \`npm run format\` mends the format.`);
  process.exitCode = 1;
}
