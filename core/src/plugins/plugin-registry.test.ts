import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isHoldfastError } from '../errors/holdfast-error.ts';
import { openPluginRegistry } from './plugin-registry.ts';
import { findPlugin } from './read-plugin.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'hf-plugins-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const schema = `{ '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } }`;
const contribution = (scheme: string): string =>
  `{ scheme: '${scheme}', summary: 'x', config: ${schema}, secrets: [], parseLocation: ({ text }) => ({ text }), open: async (config) => ({ opened: config }) }`;

interface Package {
  readonly manifest?: unknown;
  readonly code?: string;
  readonly fields?: object;
}

/** Installs a package below the temporary folder's node_modules. Its code leaves a mark when it runs. */
function install(name: string, { manifest, code, fields }: Package = {}): string {
  const place = join(folder, 'node_modules', name);
  mkdirSync(place, { recursive: true });
  const holdfast = manifest ?? { apiVersion: 1, schemes: ['acme'] };
  writeFileSync(
    join(place, 'package.json'),
    JSON.stringify({ name, version: '1.2.3', type: 'module', main: 'main.js', holdfast, ...fields }),
  );
  const mark = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(place, 'ran'))}, '');`;
  const body = code ?? `export default { apiVersion: 1, name: '${name}', sources: [${contribution('acme')}] };`;
  writeFileSync(join(place, 'main.js'), `${mark}\n${body}\n`);
  return place;
}
const ran = (name: string): boolean => existsSync(join(folder, 'node_modules', name, 'ran'));
const open = (...names: string[]) =>
  openPluginRegistry(
    names.map((name) => ({ name })),
    [join(folder, 'below', 'here')],
  );

async function failure(promise: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isHoldfastError(error)) throw new Error(`no HoldfastError: ${String(error)}`);
  return { code: error.code, message: error.message, hint: error.hint };
}

describe('PluginRegistry', () => {
  it('runs the code of a plugin when its scheme is first used, and not before', async () => {
    install('acme');
    install('@org/other', { manifest: { apiVersion: 1, schemes: ['other'] }, code: `throw new Error('not now');` });
    const registry = await open('acme', '@org/other');
    expect(registry.plugins.map(({ name, version }) => `${name} ${version}`)).toEqual(['acme 1.2.3', '@org/other 1.2.3']);
    expect(ran('acme')).toBe(false);
    const source = await registry.source('acme');
    expect(await source.open({ text: 'x' } as never, undefined as never, {})).toEqual({ opened: { text: 'x' } });
    expect(await registry.source('acme')).toBe(source);
    expect([ran('acme'), ran('@org/other')]).toEqual([true, false]);
  });

  it('gives snapshot providers and verifiers of the plugin of a scheme', async () => {
    install('acme', {
      code: `export default { apiVersion: 1, name: 'acme', sources: [${contribution('acme')}], snapshots: [{ name: 's' }], verifiers: [{ method: 'digest' }] };`,
    });
    const registry = await open('acme');
    expect(await registry.snapshots('acme')).toEqual([{ name: 's' }]);
    expect(await registry.verifiers('acme')).toEqual([{ method: 'digest' }]);
  });

  it('says which plugin is not installed, and runs nothing', async () => {
    install('acme');
    const { code, message, hint } = await failure(open('acme', 'holdfast-gone'));
    expect(code).toBe('plugin-missing');
    expect(message).toContain('"holdfast-gone" is not installed');
    expect(hint).toContain('npm i holdfast-gone');
    expect(ran('acme')).toBe(false);
  });

  it.each([
    ['another version of the interface', { apiVersion: 2, schemes: ['acme'] }, 'version 2 of the plugin interface'],
    ['no manifest', 'none', 'no field "holdfast"'],
    ['no schemes', { apiVersion: 1, schemes: [] }, 'no list of location schemes'],
    ['a scheme of one letter', { apiVersion: 1, schemes: ['c'] }, 'no list of location schemes'],
  ])('refuses a plugin with %s before it runs', async (_, manifest, text) => {
    install('acme', { manifest });
    const { code, message } = await failure(open('acme'));
    expect(code).toBe('plugin-invalid');
    expect(message).toContain('The plugin "acme" cannot be used');
    expect(message).toContain(text);
    expect(ran('acme')).toBe(false);
  });

  it('refuses two plugins for one scheme before they run', async () => {
    install('acme');
    install('zeta');
    const { code, message, hint } = await failure(open('acme', 'zeta'));
    expect(code).toBe('plugin-invalid');
    expect(message).toBe('Two plugins handle "acme:" locations: "acme" and "zeta".');
    expect(hint).toContain('holdfast plugin remove zeta');
    expect([ran('acme'), ran('zeta')]).toEqual([false, false]);
  });

  it.each([
    ['throws', `throw new Error('no such key');`, 'fails to load: no such key'],
    ['does not parse', `export default {`, 'fails to load'],
    ['exports nothing', `export const plugin = {};`, 'exports no definition'],
    ['says another apiVersion', `export default { apiVersion: 2, name: 'acme' };`, 'its code says apiVersion 2'],
    [
      'handles what is not announced',
      `export default { apiVersion: 1, name: 'acme', sources: [${contribution('acme')}, ${contribution('more')}] };`,
      'handles "more:"',
    ],
    ['does not handle what is announced', `export default { apiVersion: 1, name: 'acme' };`, 'announces "acme:"'],
    [
      'handles a scheme twice',
      `export default { apiVersion: 1, name: 'acme', sources: [${contribution('acme')}, ${contribution('acme')}] };`,
      'two sources for "acme:"',
    ],
    [
      'lacks a function',
      `export default { apiVersion: 1, name: 'acme', destinations: [{ scheme: 'acme' }] };`,
      'destinations[0] lacks',
    ],
    ['has no lists', `export default { apiVersion: 1, name: 'acme', sources: {} };`, 'no lists'],
  ])('refuses a plugin whose code %s', async (_, code, text) => {
    install('acme', { code });
    const registry = await open('acme');
    const error = await failure(registry.source('acme'));
    expect(error.code).toBe('plugin-invalid');
    expect(error.message).toContain('The plugin "acme" 1.2.3 cannot be used');
    expect(error.message).toContain(text);
  });

  it('says what to do about a scheme that nobody handles, and one that cannot be written to', async () => {
    install('acme');
    const registry = await open('acme');
    expect(await failure(registry.source('s3'))).toMatchObject({
      code: 'plugin-missing',
      message: 'No plugin handles "s3:" locations (there are: acme:).',
    });
    expect(await failure(registry.destination('acme'))).toMatchObject({ code: 'unsupported' });
  });

  it('takes the entry that the package exports, and a recorded folder without searching', async () => {
    const place = install('acme', {
      fields: { main: 'gone.js', exports: { '.': { browser: './gone.js', import: './main.js' } } },
    });
    const registry = await openPluginRegistry([{ name: 'acme', folder: place }], []);
    expect((await registry.source('acme')).scheme).toBe('acme');
    install('acme', { fields: { exports: { './sub': './main.js' } } });
    expect((await failure((await open('acme')).source('acme'))).message).toContain('exports no entry module');
  });

  it('notices a recorded folder that holds another package now, or none', async () => {
    const place = install('acme');
    expect(await failure(openPluginRegistry([{ name: 'zeta', folder: place }], []))).toMatchObject({ code: 'plugin-invalid' });
    expect(await failure(openPluginRegistry([{ name: 'acme', folder: `${place}-gone` }], []))).toMatchObject({
      code: 'plugin-missing',
    });
  });
});

describe('findPlugin', () => {
  it('takes a name or a path', async () => {
    const place = install('@org/acme');
    const bases = [folder];
    for (const written of ['@org/acme', place, './node_modules/@org/acme']) {
      expect(await findPlugin(written, bases)).toMatchObject({ name: '@org/acme', folder: place });
    }
  });

  it.each(['../acme', '@org/../../acme', 'a/b', ''])('does not look outside of node_modules for %j', async (name) => {
    const { code } = await failure(openPluginRegistry([{ name }], [folder]));
    expect(code).toBe('config-invalid');
  });
});
