import { definePlugin } from '@holdfast/core/plugin';
import { diskConfig, parseDiskLocation } from './config.ts';
import { openDestination } from './open-destination.ts';
import { btrfsSnapshots } from './snapshot/btrfs-snapshots.ts';
import { openSource } from './source.ts';
import { sharedPool } from './workers/worker-pool.ts';

const place = {
  scheme: 'file',
  summary: 'A directory of this machine, also on a disk or share that is mounted.',
  config: diskConfig,
  secrets: [],
  parseLocation: parseDiskLocation,
} as const;

/** Directories of this machine, as source and as destination. */
export default definePlugin({
  apiVersion: 1,
  name: '@holdfast/local-disk',
  sources: [{ ...place, open: async ({ path }) => openSource(path) }],
  destinations: [
    {
      ...place,
      open: async ({ path }, context, { create = false }) =>
        openDestination(path, create, { pool: sharedPool(), nowMs: () => context.now().getTime() }),
    },
  ],
  snapshots: [btrfsSnapshots],
});
