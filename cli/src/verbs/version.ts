import type { Verb } from '../program/verb.ts';

export const versionVerb: Verb = {
  examples: [['holdfast version', 'print the version']],
  description: ['With --json an object {type:"version", time, version, node}.'],
  define: () => undefined,
  async run({ session }) {
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
    const { version } = manifest;
    session.reporter.result({
      type: 'version',
      record: { version, node: process.versions.node },
      text: () => `holdfast ${version}`,
    });
    return 0;
  },
};
