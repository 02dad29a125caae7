import type { CallOptions } from './call-options.ts';
import type { Destination } from './destination.ts';
import type { SnapshotProvider } from './snapshot.ts';
import type { Source } from './source.ts';
import type { Verifier } from './verifier.ts';

/** What a plugin is given besides its configuration. It must reach for none of these by itself, so that tests can replace them. */
export interface PluginContext {
  readonly logger: PluginLogger;
  now(): Date;
  /** Environment variable, or undefined. */
  environment(name: string): string | undefined;
}

export interface PluginLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What a user's location says, without its scheme: `path` as written after `scheme:`, and the query's parameters. */
export interface LocationConfig {
  readonly scheme: string;
  readonly text: string;
}

/** A schema of the Standard Schema interface (standardschema.dev): valibot, zod and arktype make them. */
export interface ConfigSchema<Config> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Config> | Promise<SchemaResult<Config>>;
  };
}

export type SchemaResult<Config> =
  | { readonly value: Config; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] };

/** One kind of source or destination that a plugin brings. */
export interface Contribution<Config, Opened> {
  /** Location scheme, `^[a-z][a-z0-9+-]+$`. */
  readonly scheme: string;
  readonly summary: string;
  readonly config: ConfigSchema<Config>;
  /** Fields of the configuration that are never logged or shown. */
  readonly secrets: readonly (keyof Config & string)[];
  /** Turns what stands after the scheme into what the schema parses. Throws a HoldfastError `location-invalid`. */
  parseLocation(location: LocationConfig): unknown;
  open(config: Config, context: PluginContext, options: OpenOptions): Promise<Opened>;
}

export interface OpenOptions extends CallOptions {
  /** Make the root where it does not exist (destinations). */
  readonly create?: boolean;
}

/** Read before any code of the plugin runs: the `holdfast` field of its package.json. */
export interface PluginManifest {
  readonly apiVersion: 1;
  readonly schemes: readonly string[];
}

export interface PluginDefinition {
  readonly apiVersion: 1;
  readonly name: string;
  readonly sources?: readonly Contribution<never, Source>[];
  readonly destinations?: readonly Contribution<never, Destination>[];
  readonly snapshots?: readonly SnapshotProvider[];
  readonly verifiers?: readonly Verifier[];
}
