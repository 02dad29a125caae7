import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addPlugin, listPlugins, type PluginPlaces, pluginReferences, removePlugin } from './manage-plugins.ts';

let folder = '';
let places: PluginPlaces;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'hf-manage-plugins-')));
  places = { configPath: join(folder, 'config', 'config.json'), builtIn: ['own'], programFolder: join(folder, 'program') };
  install('program', 'own', 'own');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function install(below: string, name: string, scheme: string, code = ''): string {
  const place = join(folder, below, 'node_modules', name);
  mkdirSync(place, { recursive: true });
  writeFileSync(
    join(place, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'main.js', holdfast: { apiVersion: 1, schemes: [scheme] } }),
  );
  const source = `{ scheme: '${scheme}', config: { '~standard': { validate() {} } }, secrets: [], parseLocation() {}, open() {} }`;
  writeFileSync(
    join(place, 'main.js'),
    code === '' ? `export default { apiVersion: 1, name: '${name}', sources: [${source}] };` : code,
  );
  return place;
}
const names = async (): Promise<string[]> =>
  (await listPlugins(places)).map(({ name, error }) => (error === undefined ? name : `${name}: ${error.code}`));

describe('plugins of the configuration', () => {
  it('are added with their folder, so that they are found from everywhere, and removed', async () => {
    const place = install('here', 'acme', 'acme');
    expect(await addPlugin('acme', join(folder, 'here'), places, 't')).toMatchObject({ name: 'acme', folder: place });
    expect(await pluginReferences(places)).toEqual([{ name: 'own' }, { name: 'acme', folder: place }]);
    expect(await names()).toEqual(['own', 'acme']);
    await addPlugin(place, folder, places, 't');
    expect(await names()).toEqual(['own', 'acme']);
    await removePlugin('acme', places, 't');
    expect(await names()).toEqual(['own']);
    expect(JSON.parse(readFileSync(places.configPath, 'utf8'))).toEqual({ plugins: [], locations: {} });
  });

  it('are not taken from the folder that somebody is in', async () => {
    install('here', 'acme', 'acme');
    mkdirSync(join(folder, 'config'));
    writeFileSync(places.configPath, '{"plugins":[{"name":"acme"}]}');
    expect(await names()).toEqual(['own', 'acme: plugin-missing']);
    install('config', 'acme', 'acme');
    expect(await names()).toEqual(['own', 'acme']);
  });

  it.each([
    ['fails to load', 'acme', 'acme', `throw new Error('x');`, 'plugin-invalid'],
    ['handles what another one handles', 'acme', 'own', '', 'plugin-invalid'],
    ['comes with the program', 'own', 'own', '', 'usage'],
  ])('do not get one that %s', async (_, name, scheme, code, expected) => {
    install('here', name, scheme, code);
    await expect(addPlugin(name, join(folder, 'here'), places, 't')).rejects.toMatchObject({ code: expected });
    expect(await names()).toEqual(['own']);
  });

  it('are listed and removed also when they cannot be used any more', async () => {
    const place = install('here', 'acme', 'acme');
    await addPlugin('acme', join(folder, 'here'), places, 't');
    rmSync(place, { recursive: true });
    expect(await names()).toEqual(['own', 'acme: plugin-missing']);
    await removePlugin('acme', places, 't');
    expect(await names()).toEqual(['own']);
  });

  it('do not include what is not there', async () => {
    await expect(removePlugin('acme', places, 't')).rejects.toMatchObject({ code: 'usage' });
    await expect(removePlugin('own', places, 't')).rejects.toThrow('comes with Holdfast');
  });
});
