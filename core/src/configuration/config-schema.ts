import * as v from 'valibot';

/** A plugin of the configuration: an npm package by name, and where it was found when it was added. */
const pluginEntry = v.strictObject({
  name: v.pipe(v.string(), v.nonEmpty('is empty')),
  /** Absolute path of the package's folder. Without it the name is looked up from the configuration's folder. */
  folder: v.optional(v.pipe(v.string(), v.regex(/^(\/|[A-Za-z]:[\\/])/, 'must be an absolute path'))),
});

/** A location that `@NAME` stands for. */
const savedLocation = v.strictObject({
  location: v.pipe(v.string(), v.nonEmpty('is empty')),
});

const locationName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a name is made of letters, digits, ".", "_" and "-"'),
);

/** What the configuration file holds; a field that is not named here is an error, because it would be silently without effect. */
export const configSchema = v.strictObject({
  plugins: v.optional(v.array(pluginEntry), []),
  locations: v.optional(v.record(locationName, savedLocation), {}),
});

export type Configuration = v.InferOutput<typeof configSchema>;
