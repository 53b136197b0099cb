/**
 * What a repository may say about its marks: `AUTH0_KEYWORD_REPLACE_MAPPINGS` in its `config.json`. Nothing else of that
 * file is ever used, in particular no domain, token, client or proxy: a repository must not choose where its code goes,
 * or with whose rights.
 */
import { asObject, asText, isObject, parseJson } from '../../auth0/json.ts';

/** Name of a mark → what stands for it, as JSON. In the order of the file, which is the order in which marks are replaced. */
export type Mappings = ReadonlyMap<string, unknown>;

export const CONFIG_FILE = 'config.json';
/** Bytes of a `config.json` that is read. */
export const LARGEST_CONFIG = 1_000_000;

const MOST_MAPPINGS = 1000;
const LONGEST_NAME = 200;

/** The mappings in the text of a `config.json`; nothing where it has none, so that another file may be looked for. */
export function readMappings(config: string): Mappings | undefined {
  const value = asObject(parseJson(config.replace(/^\uFEFF/u, '')))['AUTH0_KEYWORD_REPLACE_MAPPINGS'];
  // auth0-deploy-cli takes the object as a text of JSON, too.
  const text = asText(value);
  const mappings = text === undefined ? value : parseJson(text);
  if (!isObject(mappings)) {
    return undefined;
  }
  return new Map(Object.entries(mappings).filter(([name]) => name !== '' && name.length <= LONGEST_NAME && !/[\r\n]/u.test(name)).slice(0, MOST_MAPPINGS));
}
