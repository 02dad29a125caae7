import type { RecoveryKit } from '@holdfast/core';
import { shellQuote } from './shell-quote.ts';

const LINE = 72;

/** The page to print or save: all that is needed to restore on a blank machine, but the password. Plain text. */
export function recoveryPage(kit: RecoveryKit): string {
  const { id, version, location, madeAt, keys } = kit;
  return [
    'RECOVERY KIT OF A BACKUP REPOSITORY',
    '',
    `Made        ${madeAt}`,
    `Location    ${location}`,
    `Repository  ${id}`,
    `Format      restic, version ${String(version)} (https://restic.readthedocs.io/en/stable/100_references.html)`,
    `Password    ______________________________________________________`,
    '',
    'Without the password nothing in the repository can be read, by nobody: it cannot be',
    'reset or guessed. All versions of all files would be lost. Keep it apart from this page',
    'if others may read it.',
    '',
    'To restore the newest version with Holdfast (https://www.npmjs.com/package/holdfast):',
    '',
    ...commands(kit, 'holdfast'),
    '',
    'To restore it with restic (https://restic.net):',
    '',
    ...commands(kit, 'restic'),
    '',
    'KEYS',
    '',
    'The repository needs one of these files in its folder "keys". If that folder is lost or',
    'damaged, write one of them there again: its name is the one above it, its contents the text',
    'below without line ends. Neither opens anything without its password.',
    ...keys.flatMap(({ id: key, created, username, hostname, text }) => [
      '',
      `keys/${key}`,
      ...(created === undefined ? [] : [`made ${created} by ${username ?? '?'} on ${hostname ?? '?'}`]),
      ...wrap(text).map((line) => `    ${line}`),
    ]),
    '',
  ].join('\n');
}

function commands({ location }: RecoveryKit, program: 'holdfast' | 'restic'): string[] {
  const at = shellQuote(location);
  if (program === 'holdfast')
    return [`    holdfast snapshots ${at}`, `    holdfast restore ${at} /restored`, '    (both ask for the password)'];
  const elsewhere = /^(?!rclone:)[a-z][a-z0-9+-]+:/.test(location);
  return [
    `    restic -r ${at} snapshots`,
    `    restic -r ${at} restore latest --target /restored`,
    ...(elsewhere ? ['    (restic may write this location another way: see its chapter "Preparing a new repository")'] : []),
  ];
}

function wrap(text: string): string[] {
  return text.match(new RegExp(`.{1,${String(LINE)}}`, 'gs')) ?? [];
}
