import { errorTable, type ErrorRow } from '../../core/src/errors/error-table.ts';

const introduction = `# Errors

<!-- Made from core/src/errors/error-table.ts by \`npm run docs:errors\`. Do not edit. -->

Every error has a code. It stands in the \`code\` of \`--json\` events of the types \`warning\`, \`error\` and \`item\`, and after the
message on a terminal. The code says three things:

- **Scope.** An error of an *item* concerns one file or folder: the run goes on without it, names it, deletes nothing, and ends with
  exit code 1. An error of a *task* ends the run.
- **Tried again.** What may pass by itself is tried again with growing waits before it counts.
- **Exit code** of the program when this error ends the run.

`;

const exitTitles: Readonly<Record<ErrorRow['exit'], string>> = {
  0: 'Done',
  1: 'Some items failed',
  2: 'Wrong usage or configuration, or unsupported',
  3: 'Not allowed',
  4: 'Destination full',
  5: 'Damaged data',
  6: 'Locked by another run',
  7: 'Refused for safety',
  70: 'Internal error',
  130: 'Interrupted',
};

/** The page docs/errors.md. */
export function renderErrorPage(): string {
  const rows: readonly (readonly [string, ErrorRow])[] = Object.entries(errorTable);
  const exits = [...new Set(rows.map(([, { exit }]) => exit))].sort((a, b) => a - b);
  const sections = exits.map((exit) => {
    const lines = rows.filter(([, row]) => row.exit === exit).map(([code, row]) => renderRow(code, row));
    return `## Exit code ${exit}: ${exitTitles[exit]}\n\n| code | what happened | what to do | scope | tried again |\n|---|---|---|---|---|\n${lines.join('\n')}\n`;
  });
  return introduction + sections.join('\n');
}

function renderRow(code: string, { title, hint, scope, retry }: ErrorRow): string {
  const cells = [`<a id="${code}"></a>\`${code}\``, title, hint, scope, retry === 'never' ? 'no' : 'yes'];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
