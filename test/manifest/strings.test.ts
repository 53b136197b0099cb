// Every text that a person can read exists in each language, says the same there, and is used. `npm run generate` lists what lacks a translation.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { readJson, root } from '../../scripts/lib/project.ts';
import { bundleFile, generateBundle, translationGaps, translations } from '../../scripts/lib/strings.ts';

const used = [...new Set([...readFileSync(join(root, 'package.json'), 'utf8').matchAll(/"%([^%"]+)%"/g)].map(match => match[1] ?? ''))].sort();
const texts = readJson(join(root, 'package.nls.json')) as Readonly<Record<string, string | { message: string }>>;
const translated = translations();
const { default: config } = await import(pathToFileURL(join(root, 'eslint.config.mjs')).href) as { readonly default: readonly Linter.Config[] };

describe('strings of the manifest', () => {
  it('have a text', () => {
    assert.deepEqual(used.filter(key => !(key in texts)), []);
  });

  it('are used', () => {
    assert.deepEqual(Object.keys(texts).filter(key => !used.includes(key)), []);
  });

  it('name only commands, settings and views that exist, in welcome texts', () => {
    const links = Object.values(texts).flatMap(text => [...(typeof text === 'string' ? text : text.message).matchAll(/\(command:([\w.]+)/g)].map(match => match[1] ?? ''));
    const declared = readFileSync(join(root, 'package.json'), 'utf8');
    assert.deepEqual(links.filter(id => id.startsWith('auth0Actions.') && !declared.includes(`"${id}"`)), []);
  });

  it('are keys wherever a person reads them', () => {
    const { displayName, description, contributes } = readJson(join(root, 'package.json')) as Record<string, unknown>;
    assert.deepEqual(plainTexts({ displayName, description, contributes }), []);
    assert.deepEqual(plainTexts({ commands: [{ title: 'Deploy' }], setting: { enumDescriptions: ['%a%', 'None.'] } }), ['commands.0.title: Deploy', 'setting.enumDescriptions.1: None.']);
  });
});

describe('strings of the code', () => {
  it('are all in the bundle', async () => {
    assert.equal(readFileSync(bundleFile, 'utf8').replaceAll('\r\n', '\n'), await generateBundle(), 'run "npm run generate"');
  });

  it('are found by the extraction, call by call', () => {
    const calls = globSync('src/**/*.ts', { cwd: root }).flatMap(path => [...readFileSync(join(root, path), 'utf8').matchAll(/l10n\.t\('((?:[^'\\]|\\.)*)'/g)].map(([, text = '']) => text.replaceAll("\\'", "'")));
    assert.ok(calls.length > 0);
    const keys = Object.keys(readJson(bundleFile) as object);
    assert.deepEqual([...new Set(calls)].filter(text => !keys.includes(text)), []);
  });

  it('cannot pass the translation by: lint finds them', () => {
    const found = (code: string): number => lint(code, 'src/ui/commands/example.ts');
    const wrong = [
      "void warn('Deployed.');", "throw new UserError('Gone');", 'void ask(l10n.t("a"), `Sure, ${name}`);', "const look = { label: 'Draft' };", "const look = { description: live ? 'live' : '' };",
      'item.text = `$(check) ${name} live`;', "item.tooltip = 'Deployments';", "window.showQuickPick(['Draft']);", "const box = { validateInput: text => text ? undefined : 'Required' };",
      "const box = { validateInput: text => { return 'Required'; } };", "function stateWords(): string { return 'live'; }", "new vscode.MarkdownString('Drafts');", "new vscode.TreeItem('Draft');",
      "vscode.FileSystemError.Unavailable('Gone');", "const anything = 'This is a sentence';", 'l10n.t(`v${n} live`);', 'l10n.t(text);', "vscode.l10n.t('a' + 'b');", "vscode.window.withProgress({ title: 'Connecting' });",
    ];
    assert.deepEqual(wrong.filter(code => found(code) === 0), []);
    const right = [
      "void warn(l10n.t('This is a sentence'));", "const look = { label: `v${n}`, icon: { id: 'check' } };", 'item.text = `$(sync~spin) ${words}`;', "const box = { placeHolder: 'acme-dev.eu.auth0.com' };",
      "log.info('This is a sentence');", "throw new Error('This is a mistake of ours');", "const look = { description: kind === 'live' ? words : '' };",
    ];
    assert.deepEqual(right.filter(code => found(code) > 0), []);
    assert.equal(lint("return { text: 'This is a sentence' };", 'src/actions/example.ts'), 1);
  });
});

describe('translations', () => {
  it('exist in French', () => {
    assert.deepEqual(translated.map(({ file }) => file), ['package.nls.fr.json', 'l10n/bundle.l10n.fr.json']);
  });

  for (const translation of translated) {
    it(`${translation.file} has each text, nothing else, and the same placeholders, icons and links`, () => {
      assert.equal(translationGaps(translation).join('\n'), '');
    });
  }

  it('that lack something are told of', () => {
    const original = { a: 'A {0}', b: 'B', c: '[C](command:c) $(check)', d: '{0} in {1}' };
    const gaps = translationGaps({ file: 'x.json', language: 'x', original, texts: { a: 'A {1}', c: '[C](command:d) $(check)', d: '{1} : {0}', e: 'E' } });
    assert.deepEqual(gaps.map(line => /"(\w)"/.exec(line)?.[1]), ['b', 'e', 'a', 'c']);
  });

  it('keep to French typography', () => {
    const wrong = translated.filter(({ language }) => language === 'fr').flatMap(({ texts: french }) => Object.values(french)).filter(text => FRENCH_MISTAKE.test(text));
    assert.deepEqual(wrong, []);
    for (const text of ['Vraiment ?', 'Vraiment?', "l'action", '« oui »', 'Flux : vide', 'Flux: vide', '“oui”']) {
      assert.match(text, FRENCH_MISTAKE);
    }
  });
});

/** A plain or no space before `? ! ; : % »` and after `«` where a no-break one belongs; straight apostrophes and English quotes. Commands are written as VS Code shows them. */
const FRENCH_MISTAKE = /[^\u00A0\u202F][?!;»]|(?<!Auth0 Actions)(?<=[\p{L}} ]):(?![\p{L}/])|« |\p{L}'\p{L}|[“”]| %/u;

/** What a person reads in a manifest, as paths to texts that are no `%key%`. */
function plainTexts(value: unknown, path: readonly string[] = []): string[] {
  const READ = /^(title|description|category|name|displayName|contextualTitle|contents|shortTitle|label|(markdown)?(D|d)eprecationMessage|markdownDescription|enumDescriptions|markdownEnumDescriptions|enumItemLabels|altText|media)$/;
  if (typeof value === 'string') {
    const key = path.findLast(part => !/^\d+$/.test(part)) ?? '';
    return READ.test(key) && !/^%[\w.]+%$/.test(value) ? [`${path.join('.')}: ${value}`] : [];
  }
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, inner]) => plainTexts(inner, [...path, key])) : [];
}

/** How often the rules for the file's folder find something in a piece of code. */
function lint(code: string, file: string): number {
  const blocks = config.filter(({ files, rules }) => rules?.['no-restricted-syntax'] !== undefined && (files ?? []).flat().includes(`${file.split('/').slice(0, 2).join('/')}/**`));
  assert.ok(blocks.length > 0, file);
  const rules = { 'no-restricted-syntax': blocks.at(-1)?.rules?.['no-restricted-syntax'] } as Linter.RulesRecord;
  const messages = new Linter().verify(`async () => { ${code} }`, [{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser }, rules }], file);
  assert.deepEqual(messages.filter(message => message.fatal), [], code);
  return messages.length;
}
