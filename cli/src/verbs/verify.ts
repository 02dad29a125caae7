import { tasks } from '@holdfast/core';
import { addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import { addVerifyOptions, readVerifyRequest } from '../options/verify-options.ts';
import { tellVerify } from '../output/tell-verify.ts';
import type { Verb } from '../program/verb.ts';
import { escapeName } from '../terminal/escape-text.ts';

export const verifyVerb: Verb = {
  examples: [
    ['holdfast verify /mnt/backup/home', 'read everything again and compare it with the records'],
    ['holdfast verify --sample 5% /mnt/backup/home', 'one file in twenty'],
    ['holdfast verify --repair-from /home /mnt/backup/home', 'put right what is damaged or missing'],
    ['holdfast verify --against /home /mnt/backup/home', 'compare with the source as it is now'],
  ],
  description: [
    'Reads what is at LOCATION again and compares it with what was recorded when it was copied. Damage is told from change: what nobody wrote to and yet has other bytes is damaged. Exit code 5 when there is damage.',
    'Of a repository it reads the newest version, or the one that is named: every folder and every file of it, each proved by its digest.',
  ],
  define(command) {
    command.argument('<LOCATION>', 'a clone or a repository, or REPOSITORY@SNAPSHOT');
    addVerifyOptions(command);
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    const location = words[0] ?? '';
    const repository = readRepositoryAccess(location, options, session.world);
    const request = { ...readVerifyRequest(location, options), repository };
    const { reporter, screen } = session;
    const against = request.against === undefined ? undefined : escapeName(request.against);
    const tale = { location: escapeName(request.location), against, repairs: request.repairFrom !== undefined };
    reporter.tellWith(tellVerify(tale, screen.colours.out));
    await using program = await session.open();
    return (await tasks.verify(program, request)).exitCode;
  },
};
