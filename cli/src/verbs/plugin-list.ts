import { type ListedPlugin, listPlugins } from '@holdfast/core';
import type { Verb } from '../program/verb.ts';
import { escapeMessage } from '../terminal/escape-text.ts';

export const pluginListVerb: Verb = {
  examples: [['holdfast plugin list', 'the plugins, their versions and the locations that they handle']],
  description: [
    'Shows the plugins that come with Holdfast and those of the configuration. None of their code runs. Exit code 1 when one cannot be used.',
    'With --json each is an object {type:"plugin", time, name, builtIn, version?, folder?, schemes?, error?:{code, message, hint}}.',
  ],
  define: () => undefined,
  async run({ session }) {
    const plugins = await listPlugins(session.places);
    for (const plugin of plugins) {
      session.reporter.result({ type: 'plugin', record: recordOf(plugin), text: () => describe(plugin) });
    }
    return plugins.some(({ error }) => error !== undefined) ? 1 : 0;
  },
};

function recordOf({ name, builtIn, info, error }: ListedPlugin): object {
  return {
    name,
    builtIn,
    ...(info === undefined ? {} : { version: info.version, folder: info.folder, schemes: info.manifest.schemes }),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message, hint: error.hint } }),
  };
}

function describe({ name, builtIn, info, error }: ListedPlugin): string {
  if (info === undefined)
    return `${name}  cannot be used: ${escapeMessage(error?.message ?? '')}\n  ${escapeMessage(error?.hint ?? '')}`;
  const schemes = info.manifest.schemes.map((scheme) => `${scheme}:`).join(' ');
  return `${name} ${info.version}  handles ${schemes}\n  ${builtIn ? 'comes with Holdfast' : info.folder}`;
}
