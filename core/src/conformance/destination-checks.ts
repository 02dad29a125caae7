import type { ConformanceCheck } from './check.ts';
import { abortChecks } from './checks/abort-checks.ts';
import { arrangeChecks } from './checks/arrange-checks.ts';
import { batchChecks } from './checks/batch-checks.ts';
import { createOnlyChecks } from './checks/create-only-checks.ts';
import { directoryChecks } from './checks/directory-checks.ts';
import { failedWriteChecks } from './checks/failed-write-checks.ts';
import { linkChecks } from './checks/link-checks.ts';
import { listChecks } from './checks/list-checks.ts';
import { metadataChecks } from './checks/metadata-checks.ts';
import { moveChecks } from './checks/move-checks.ts';
import { nameChecks } from './checks/name-checks.ts';
import { patchChecks } from './checks/patch-checks.ts';
import { raceChecks } from './checks/race-checks.ts';
import { randomChecks } from './checks/random-checks.ts';
import { readChecks } from './checks/read-checks.ts';
import { removeChecks } from './checks/remove-checks.ts';
import { serviceChecks } from './checks/service-checks.ts';
import { statChecks } from './checks/stat-checks.ts';
import { writeChecks } from './checks/write-checks.ts';

/** Every check of a destination. The part of an id before the dot names what is checked. */
export const destinationChecks: readonly ConformanceCheck[] = [
  ...statChecks,
  ...writeChecks,
  ...failedWriteChecks,
  ...raceChecks,
  ...readChecks,
  ...removeChecks,
  ...listChecks,
  ...nameChecks,
  ...abortChecks,
  ...directoryChecks,
  ...metadataChecks,
  ...linkChecks,
  ...moveChecks,
  ...createOnlyChecks,
  ...patchChecks,
  ...serviceChecks,
  ...batchChecks,
  ...arrangeChecks,
  ...randomChecks,
];
