/** The YAML form of a configuration: one `tenant.yaml` that holds everything but code. */
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { readList } from './descriptions.ts';
import type { LocalAction } from './descriptions.ts';

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** The actions in the text of a `tenant.yaml`; none where it cannot be read. The parser bounds nesting and merges. */
export function readTenantFile(yaml: string): readonly LocalAction[] {
  const quoted = quoteMarks(yaml);
  return readList(parse(quoted) ?? (quoted === yaml ? undefined : parse(yaml)));
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
