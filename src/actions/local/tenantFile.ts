/** The YAML form of a configuration: one `tenant.yaml` that holds everything but code. */
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { readList } from './descriptions.ts';
import type { LocalAction } from './descriptions.ts';
import { readStatedList } from './stated.ts';
import type { StatedAction } from './stated.ts';

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** The actions in the text of a `tenant.yaml`; none where it cannot be read. The parser bounds nesting and merges. */
export function readTenantFile(yaml: string): readonly LocalAction[] {
  return readList(parsed(yaml));
}

/** The last file that was read for what it states, since each of its actions asks for it. No longer than any text that was read: it may hold values of secrets. */
let last: WeakRef<{ readonly text: string; readonly stated: readonly StatedAction[] | undefined }> | undefined;

/** What a `tenant.yaml` whose marks were replaced states of its actions; nothing where it cannot be read. */
export function readStatedFile(resolved: string): readonly StatedAction[] | undefined {
  const known = last?.deref();
  if (known?.text === resolved) {
    return known.stated;
  }
  const tenant = parsed(resolved);
  const stated = tenant === undefined ? undefined : readStatedList(tenant);
  last = new WeakRef({ text: resolved, stated });
  return stated;
}

function parsed(yaml: string): unknown {
  const quoted = quoteMarks(yaml);
  return parse(quoted) ?? (quoted === yaml ? undefined : parse(yaml));
}

function parse(yaml: string): unknown {
  try {
    return load(yaml, { schema: SCHEMA });
  } catch {
    return undefined;
  }
}

/** A mark that begins a value is not YAML: `@` is reserved, and `#` begins a comment, which may swallow a bracket. */
function quoteMarks(yaml: string): string {
  return yaml.replace(/(?<before>[:,-][ \t]{1,20}|\[[ \t]{0,20}|,)(?<mark>(?<sign>@@|##)[^@#\s'"]{1,200}\k<sign>[^\s,\]}'"]{0,200})/gu, '$<before>"$<mark>"');
}
