import * as v from 'valibot';
import { expect, it } from 'vitest';
import type { Destination } from '../contracts/destination.ts';
import type { Source } from '../contracts/source.ts';
import { definePlugin } from './define-plugin.ts';

it('gives each contribution the type that its schema makes', () => {
  const plugin = definePlugin({
    apiVersion: 1,
    name: 'holdfast-acme',
    sources: [
      {
        scheme: 'acme',
        summary: 'Acme',
        config: v.object({ path: v.string() }),
        secrets: ['path'],
        parseLocation: ({ text }) => ({ path: text }),
        open: async (config) => {
          config.path satisfies string;
          // @ts-expect-error -- the schema has no such field
          void config.nothing;
          return undefined as unknown as Source;
        },
      },
    ],
    destinations: [
      {
        scheme: 'acme',
        summary: 'Acme',
        config: v.object({ port: v.number() }),
        // @ts-expect-error -- only fields of the configuration can be secret
        secrets: ['password'],
        parseLocation: () => ({ port: 1 }),
        open: async (config) => {
          config.port satisfies number;
          return undefined as unknown as Destination;
        },
      },
    ],
  });
  expect(plugin.sources?.[0]?.scheme).toBe('acme');
});
