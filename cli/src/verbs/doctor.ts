import { cwd } from 'node:process';
import { diagnosis, type Finding, toHoldfastError } from '@holdfast/core';
import { checkMachine } from '../doctor/check-machine.ts';
import { checkTerminal } from '../doctor/check-terminal.ts';
import type { GeneralOptions } from '../options/general-options.ts';
import type { Session } from '../program/session.ts';
import type { Verb } from '../program/verb.ts';
import type { Colours } from '../terminal/colours.ts';
import { escapeMessage } from '../terminal/escape-text.ts';
import { wrapText } from '../terminal/wrap-text.ts';

export const doctorVerb: Verb = {
  examples: [
    ['holdfast doctor', 'this machine, the configuration and the folder you are in'],
    ['holdfast doctor /mnt/backup', 'what a disk can do'],
  ],
  description: [
    'Checks what a run relies on: Node.js, the user, the configuration, the plugins and their native libraries, the folders for state and temporary files, and what LOCATION can do, by a small file that is written there and removed again.',
    'Exit code 1 when a check fails; warnings are no failure. With --json each check is an object {type:"check", time, check, status:"ok"|"warn"|"fail", message, advice?}.',
  ],
  define(command) {
    command.argument('[LOCATION]', 'what to try out; the folder you are in where it is left out');
  },
  async run({ words, options, session }) {
    const counts = { ok: 0, warn: 0, fail: 0 };
    for await (const finding of examine(session, words[0] ?? cwd())) {
      counts[finding.status]++;
      if (finding.status === 'ok' && (options as GeneralOptions).quiet) continue;
      session.reporter.result({
        type: 'check',
        record: finding,
        text: () => describe(finding, session.screen.colours.out, session.screen.width),
      });
    }
    if (counts.fail > 0) return 1;
    if (!(options as GeneralOptions).quiet)
      session.reporter.note(counts.warn === 0 ? 'Everything is as it should be.' : 'Nothing fails.');
    return 0;
  },
};

async function* examine(session: Session, location: string): AsyncGenerator<Finding> {
  yield* checkMachine();
  yield checkTerminal(session.screen);
  yield* await diagnosis.folders();
  const configuration = await diagnosis.configuration(session.places.configPath);
  yield configuration;
  if (configuration.status === 'fail') return;
  yield* await diagnosis.plugins(session.places);
  try {
    await using program = await session.open();
    yield* diagnosis.location(program, location);
  } catch (error) {
    const { message, hint } = toHoldfastError(error);
    yield { check: 'location.open', status: 'fail', message, advice: hint };
  }
}

function describe({ status, message, advice }: Finding, { green, yellow, red }: Colours, width: number): string {
  const label = { ok: green('ok  '), warn: yellow('warn'), fail: red('fail') }[status];
  const [first = '', ...more] = wrapText(escapeMessage(message), width - 7);
  const rest = [...more, ...(advice === undefined ? [] : wrapText(escapeMessage(advice), width - 9, '  '))];
  return [`${label}  ${first}`, ...rest.map((line) => `      ${line}`)].join('\n');
}
