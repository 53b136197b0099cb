// Every id of the manifest as a typed module, so that an id is written once and a forgotten or renamed one does not compile.
import { join } from 'node:path';
import { root, settingsOf } from './project.ts';
import type { Manifest } from './project.ts';

const PREFIX = 'auth0Actions.';
export const idsFile = join(root, 'src', 'ui', 'ids.ts');

export function generateIds(manifest: Manifest): string {
  const { contributes } = manifest;
  const commands = contributes.commands.map(({ command }) => command);
  const views = Object.values(contributes.views).flat().map(({ id }) => id);
  const settings = Object.keys(settingsOf(manifest));
  const taken = new Set([...commands, ...views]);
  const contextKeys = [...new Set([...whenClauses(contributes), ...completionContexts(contributes)].flatMap(clause => clause.match(/(?<![\w.;])auth0Actions\.[\w.]+/g) ?? []))].filter(key => !taken.has(key)).sort();
  const schemes = manifest.activationEvents.filter(event => event.startsWith('onFileSystem:')).map(event => event.slice('onFileSystem:'.length));
  return [
    '// Generated from package.json by `npm run generate`: do not edit. The ids of everything the manifest declares.',
    '',
    table('Commands', 'commands', commands.map(id => [withoutPrefix(id), id])),
    `/** The extension's own id. */\nexport const extensionId = '${manifest.publisher}.${manifest.name}';\n`,
    table('Views', 'views', views.map(id => [withoutPrefix(id), id])),
    "/** The section of all settings, for `workspace.getConfiguration`. */\nexport const settingsSection = 'auth0Actions';\n",
    table('Settings, relative to their section', 'settings', settings.map(id => [withoutPrefix(id), withoutPrefix(id)])),
    table('Context keys that `when` clauses ask for', 'contextKeys', contextKeys.map(id => [withoutPrefix(id), id])),
    table('Schemes of the documents', 'schemes', schemes.map(scheme => [scheme, scheme])),
    'export type CommandId = (typeof commands)[keyof typeof commands];',
    'export type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];',
    '',
  ].join('\n');
}

/** Every `when` and `enablement` below `value`, wherever the manifest has one. `config.` names a setting, not a context key. */
function whenClauses(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    (key === 'when' || key === 'enablement') && typeof inner === 'string' ? [inner.replace(/(view(Item)?|controllerId) [=!]=? \S+/g, '')] : whenClauses(inner));
}

/** Context keys that complete the steps of walkthroughs. */
function completionContexts({ walkthroughs }: Manifest['contributes']): string[] {
  return (walkthroughs ?? []).flatMap(({ steps }) => steps).flatMap(({ completionEvents }) => completionEvents).filter(event => event.startsWith('onContext:')).map(event => event.slice('onContext:'.length));
}

function table(title: string, name: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([key, value]) => `  ${camelCase(key)}: '${value}',`);
  return [`/** ${title}. */`, `export const ${name} = {`, ...lines, '} as const;', ''].join('\n');
}

const withoutPrefix = (id: string): string => id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id;
const camelCase = (key: string): string => key.replace(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase());
