import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Contribution, PluginContext } from '../contracts/plugin.ts';
import type { Source } from '../contracts/source.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { openSource } from './open-location.ts';
import type { PluginRegistry } from './plugin-registry.ts';

const context = {} as PluginContext;
const opened: unknown[] = [];
const acme: Contribution<{ host: string; token: string }, Source> = {
  scheme: 'acme',
  summary: 'Acme',
  config: v.object({ host: v.string(), token: v.pipe(v.string(), v.startsWith('t-')) }),
  secrets: ['token'],
  parseLocation: ({ text }) => {
    if (text === '') throw new HoldfastError('location-invalid', 'A host is missing.');
    return { host: text, token: text === 'good' ? 't-1' : 'hunter2' };
  },
  open: async (...given) => {
    opened.push(given);
    return {} as Source;
  },
};
const registry = { source: async () => acme as unknown as Contribution<never, Source> } as unknown as PluginRegistry;

describe('openSource', () => {
  it('gives the plugin what its own schema made of the location', async () => {
    await openSource(registry, { scheme: 'acme', text: 'good' }, context, { create: true });
    expect(opened).toEqual([[{ host: 'good', token: 't-1' }, context, { create: true }]]);
  });

  it('names the wrong field, but no secret', async () => {
    const error = openSource(registry, { scheme: 'acme', text: '//a:pw@bad' }, context);
    await expect(error).rejects.toThrow(
      'The location acme://a:[redacted]@bad is wrong: token: is not valid (its value is not shown).',
    );
    await expect(error).rejects.toMatchObject({ code: 'config-invalid' });
  });

  it('passes on what the plugin says of a location that it cannot understand', async () => {
    await expect(openSource(registry, { scheme: 'acme', text: '' }, context)).rejects.toMatchObject({ code: 'location-invalid' });
  });
});
