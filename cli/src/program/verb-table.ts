import type { VerbEntry } from './verb.ts';

/** Every verb of the program, in the order of the overview. */
export const verbTable: readonly VerbEntry[] = [
  {
    name: 'clone',
    summary: 'make or refresh a browsable 1:1 copy, with a safety net',
    load: async () => (await import('../verbs/clone.ts')).cloneVerb,
  },
  {
    name: 'backup',
    summary: 'make a new version in a repository, encrypted and without repetitions',
    load: async () => (await import('../verbs/backup.ts')).backupVerb,
  },
  {
    name: 'restore',
    summary: 'bring back a version, or some paths of it',
    load: async () => (await import('../verbs/restore.ts')).restoreVerb,
  },
  {
    name: 'verify',
    summary: 'read a clone again and compare it with what was recorded',
    load: async () => (await import('../verbs/verify.ts')).verifyVerb,
  },
  {
    name: 'snapshots',
    summary: 'list the versions of a location',
    load: async () => (await import('../verbs/snapshots.ts')).snapshotsVerb,
  },
  { name: 'ls', summary: 'list what is in a version', load: async () => (await import('../verbs/ls.ts')).lsVerb },
  {
    name: 'find',
    summary: 'find files and folders in all versions',
    load: async () => (await import('../verbs/find.ts')).findVerb,
  },
  {
    name: 'diff',
    summary: 'show what is different between two versions',
    load: async () => (await import('../verbs/diff.ts')).diffVerb,
  },
  {
    name: 'cat',
    summary: 'print a file of a version, or a folder as a tar archive',
    load: async () => (await import('../verbs/cat.ts')).catVerb,
  },
  {
    name: 'repo init',
    summary: 'make an encrypted repository for versioned backups',
    load: async () => (await import('../verbs/repo-init.ts')).repoInitVerb,
  },
  {
    name: 'repo kit',
    summary: 'print what is needed to restore from a repository',
    load: async () => (await import('../verbs/repo-kit.ts')).repoKitVerb,
  },
  {
    name: 'repo key',
    summary: 'list, add and remove keys of a repository, change its password',
    load: async () => (await import('../verbs/repo-key.ts')).repoKeyVerb,
  },
  {
    name: 'repo unlock',
    summary: 'remove locks of a repository that nobody holds',
    load: async () => (await import('../verbs/repo-unlock.ts')).repoUnlockVerb,
  },
  {
    name: 'repo stats',
    summary: 'show what a repository takes and holds',
    load: async () => (await import('../verbs/repo-stats.ts')).repoStatsVerb,
  },
  {
    name: 'repo tag',
    summary: 'change the tags of versions',
    load: async () => (await import('../verbs/repo-tag.ts')).repoTagVerb,
  },
  {
    name: 'repo forget',
    summary: 'remove versions that a policy does not keep',
    load: async () => (await import('../verbs/repo-forget.ts')).repoForgetVerb,
  },
  {
    name: 'plugin list',
    summary: 'show the plugins and what they handle',
    load: async () => (await import('../verbs/plugin-list.ts')).pluginListVerb,
  },
  {
    name: 'plugin add',
    summary: 'take an installed plugin into use',
    load: async () => (await import('../verbs/plugin-add.ts')).pluginAddVerb,
  },
  {
    name: 'plugin remove',
    summary: 'take a plugin out of use',
    load: async () => (await import('../verbs/plugin-remove.ts')).pluginRemoveVerb,
  },
  {
    name: 'plugin test',
    summary: 'check that a storage keeps the promises that Holdfast relies on',
    load: async () => (await import('../verbs/plugin-test.ts')).pluginTestVerb,
  },
  {
    name: 'doctor',
    summary: 'check this machine, the configuration and a location',
    load: async () => (await import('../verbs/doctor.ts')).doctorVerb,
  },
  {
    name: 'completion',
    summary: 'print what makes a shell complete verbs and options',
    load: async () => (await import('../verbs/completion.ts')).completionVerb,
  },
  { name: 'version', summary: 'print the version', load: async () => (await import('../verbs/version.ts')).versionVerb },
  { name: 'help', summary: 'explain a verb, examples first', load: async () => (await import('../verbs/help.ts')).helpVerb },
];
