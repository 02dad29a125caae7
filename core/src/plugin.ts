/** What authors of plugins import. */
export type * from './contracts/batch.ts';
export type * from './contracts/call-options.ts';
export type * from './contracts/capabilities.ts';
export type * from './contracts/content.ts';
export type * from './contracts/destination.ts';
export type * from './contracts/entry-block.ts';
export type * from './contracts/entry.ts';
export type * from './contracts/plugin.ts';
export type * from './contracts/rel-path.ts';
export type * from './contracts/selection.ts';
export type * from './contracts/snapshot.ts';
export type * from './contracts/source.ts';
export type * from './contracts/verifier.ts';
export { packEntries, toEntryBlock } from './entries/entry-block-builder.ts';
export { EntryCursor } from './entries/entry-cursor.ts';
export { packStat } from './entries/pack-entry.ts';
export { kindCodes, STAT_BYTES, StatField, StatFlag } from './entries/stat-record.ts';
export { unpackEntry } from './entries/unpack-entry.ts';
export { type ErrorCode, errorTable } from './errors/error-table.ts';
export { HoldfastError, isHoldfastError, toHoldfastError } from './errors/holdfast-error.ts';
export {
  baseName,
  comparePaths,
  decodePath,
  decodeText,
  encodePath,
  encodeText,
  isPlainText,
  isWithin,
  joinPath,
  parentPath,
  parseRelPath,
  rootPath,
} from './paths/rel-path.ts';
export { definePlugin, type PluginParts } from './plugins/define-plugin.ts';
export { type CompiledSelection, compileSelection, type SelectionAnswer } from './selection/compile-selection.ts';
export { createDigest, type DigestStream } from './verification/digest.ts';
