/** What the program and other front ends import. Light to load: what is heavy is loaded by the functions that need it. */
export { configPath } from './configuration/config-path.ts';
export type { Scope } from './container/scope.ts';
export type * from './contracts/events.ts';
export type { RelPath } from './contracts/rel-path.ts';
export type { Selection, SelectionRule } from './contracts/selection.ts';
export type { VerifyMethod } from './contracts/verifier.ts';
export type { CheckResult } from './conformance/run-conformance.ts';
export type { Finding } from './diagnosis/finding.ts';
export type { LocationReport } from './diagnosis/test-location.ts';
export { type Clock, systemClock } from './environment/clock.ts';
export { readEnvironment } from './environment/process-environment.ts';
export { type Random, systemRandom } from './environment/random.ts';
export { type ErrorCode, errorTable } from './errors/error-table.ts';
export { HoldfastError, isHoldfastError, toHoldfastError } from './errors/holdfast-error.ts';
export { judgeRun } from './events/judge-run.ts';
export { toJson, toJsonLine } from './events/to-json-line.ts';
export { toMessageEvent } from './events/to-message-event.ts';
export type { KeepRule } from './values/keep-rule.ts';
export { archiveKey } from './layouts/mirror/state/state-keys.ts';
export { type Logger, type LogLevel, levelForVerbosity } from './logging/logger.ts';
export {
  addPlugin,
  type ListedPlugin,
  listPlugins,
  type PluginPlaces,
  removePlugin,
} from './plugins/manage-plugins.ts';
export type { PluginInfo } from './plugins/read-plugin.ts';
export { type GroupKey, groupKeys } from './layouts/repository/maintenance/forget/group-snapshots.ts';
export { type KeepPeriod, keepPeriods } from './layouts/repository/maintenance/forget/keep-policy.ts';
export { diagnosis } from './program/diagnosis.ts';
export { openProgram, type ProgramOptions } from './program/open-program.ts';
export { repositoryTasks } from './program/repository-tasks.ts';
export { tasks } from './program/tasks.ts';
export { parsePathFile, parsePatternFile } from './selection/parse-pattern-file.ts';
export { parsePattern } from './selection/pattern.ts';
export type { BackupRequest } from './tasks/repository/backup-request.ts';
export type { ForgetLine, ForgetRequest } from './tasks/repository/forget-request.ts';
export type {
  InitRequest,
  KeyLine,
  LockLine,
  RecoveryKit,
  RepositoryAccess,
  RepositorySnapshotLine,
  RepositoryStats,
  TaggedSnapshot,
  TagRequest,
} from './tasks/repository/repository-requests.ts';
export type {
  CatRequest,
  CloneRequest,
  CopyOptions,
  Difference,
  DiffRequest,
  FindRequest,
  FoundEntry,
  ListedEntry,
  ListRequest,
  Override,
  RestoreRequest,
  SnapshotLine,
  VerifyRequest,
} from './tasks/requests.ts';
export { formatCount, formatDuration, formatRate, formatSize } from './values/format-values.ts';
export { parseAge } from './values/parse-age.ts';
export { type CalendarSpan, parseCalendarSpan } from './values/parse-calendar-span.ts';
export { parseBandwidth } from './values/parse-bandwidth.ts';
export { parseKeepRule } from './values/parse-keep-rule.ts';
export { parseShare, type Share } from './values/parse-share.ts';
export { parseSize } from './values/parse-size.ts';
