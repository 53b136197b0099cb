// The project's own rules for src: the layers of docs/architecture.md as errors that say where the code belongs, and texts that nobody could
// translate. They need no types; what does is in .oxlintrc.json.
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Folders of src and what each may not import. A rule a tool does not check is not a rule. */
const NO_VSCODE = { group: ['vscode'], message: 'Only src/ui and src/extension.ts talk to VS Code: hand in a value or a callback instead.' };
const NO_NODE = { group: ['node:*', 'fs', 'path', 'os', 'http', 'https', 'child_process', 'crypto', 'url', 'net', 'tls', 'node-fetch'], message: 'Only src/node and src/simulator use Node: inject what you need.' };
const NO_SIMULATOR = { group: ['**/simulator/**'], message: 'The simulator is a bundle of its own: reach it through src/node/lazyBundles.ts.' };
const NO_UI = { group: ['**/ui/**'], message: 'Drawing depends on deciding, never the other way round: return data and let src/ui render it.' };
const NO_TENANTS = { group: ['**/tenants/**'], message: 'auth0 and actions know a tenant only as a TenantRef (src/auth0/tenantRef.ts).' };
const NO_ACTIONS = { group: ['**/actions/**'], message: 'This folder sits below src/actions: move the code up, or the type down to src/auth0.' };
/** `PackageRegistry` is what a file of src/node implements, and `runs/local*.ts` what the process that runs an action shares with the rest. */
const NO_ACTIONS_BUT_PACKAGES = { ...NO_ACTIONS, group: [...NO_ACTIONS.group, '!**/actions/packages.ts', '!**/actions/runs', '!**/actions/runs/local*.ts'] };
const NO_NODE_FOLDER = { group: ['**/node/**'], message: 'src/node is handed in by extension.ts, so that everything else runs without Node.' };
const NO_REST = { group: ['../auth0/**', '../actions/**', '../tenants/**', '../ui/**', '../node/**', '**/src/**'], message: 'The simulator imports nothing of the rest: it stands for the service, not for us.' };
const NO_SDK = { regex: '^auth0/|(^|/)managementApi\\.ts$', allowTypeImports: true, message: 'The SDK lives in the network bundle: import the ManagementApi type from src/auth0/api.ts.' };

/** A name from a tenant becomes a link that runs a command, in any text that VS Code shows without this. */
const MESSAGES_ONLY = { selector: 'MemberExpression[property.name=/^(show(Information|Warning|Error)Message|showQuickPick|showInputBox|setStatusBarMessage)$/]', message: 'Say it through src/ui/messages.ts, which names the tenant and takes links out of the text.' };
/** A text beside `l10n.t` stays English for everybody. Icons such as `$(check)` and domains are no words. */
const WORDS = '/^(?!\\S+\\.\\S+$).*(^|\\))[^$(]*[A-Za-z]{2}/s';
const PHRASE = '/[A-Za-z]{2}[,:;.]? [A-Za-z]{2}/';
const TRANSLATE = "Say it with l10n.t('…'), so that it is translated (npm run generate lists what lacks a translation).";
/** Values that VS Code shows, as literals of one word: options and looks, what is assigned to items, arguments of what says something. */
const SHOWN = [
  'Property[key.name=/^(title|prompt|placeHolder|placeholder|label|description|detail|tooltip|sentence|spoken|text)$/]',
  'AssignmentExpression[left.property.name=/^(title|prompt|placeholder|label|description|detail|tooltip|text|name|message)$/]',
  'Property[key.name="validateInput"] ReturnStatement',
  'Property[key.name="validateInput"] > ArrowFunctionExpression',
  'FunctionDeclaration[id.name=/(Words|Sentence|Detail)$/] ReturnStatement',
  'CallExpression[callee.name=/^(ask|inform|warn|fail)$/]',
  'CallExpression[callee.property.name=/^(setStatusBarMessage|appendText|appendMarkdown|showQuickPick)$/]',
  'NewExpression[callee.name="UserError"]',
  'NewExpression[callee.property.name=/^(TreeItem|MarkdownString|Diagnostic)$/]',
  'CallExpression[callee.object.property.name="FileSystemError"]',
].flatMap(place => [place, `${place} > ConditionalExpression`, `${place} > LogicalExpression`, `${place} > ArrayExpression`])
  .flatMap(place => [`${place} > Literal[value=${WORDS}]:not(.key, .test)`, `${place} > TemplateLiteral > TemplateElement[value.raw=${WORDS}]`]);
/** Anything else that reads like a sentence. What the log says stays English, and so does an error that only a developer meets. */
const SENTENCES = [`Literal[value=${PHRASE}]`, `TemplateElement[value.raw=${PHRASE}]`]
  .map(text => `${text}:not(CallExpression[callee.property.name="t"] *, CallExpression[callee.object.name="log"] *, CallExpression[callee.object.property.name="log"] *, NewExpression[callee.name="Error"] *, CallExpression[callee.type="Super"] *)`);
const TRANSLATED = [...SHOWN, ...SENTENCES].map(selector => ({ selector, message: TRANSLATE }));
const LITERAL_KEY = { selector: 'CallExpression[callee.property.name="t"]:matches([callee.object.name="l10n"], [callee.object.property.name="l10n"]):not([arguments.0.type=/^(Literal|ObjectExpression)$/])', message: 'The extraction sees literals only: one call for each text, with its values as arguments.' };
const LAZY_ONLY = { selector: 'ImportExpression', message: 'Bundles are loaded in src/node/lazyBundles.ts alone.' };

const layer = (folder, ...patterns) => ({
  files: [`src/${folder}`],
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});

/** Globals that would tie the pure folders to a browser or to Node; time comes from the injected Clock. */
const IMPURE_GLOBALS = ['process', 'Buffer', 'window', 'document', 'navigator', 'localStorage', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'require', 'console']
  .map(name => ({ name, message: 'Pure folder: inject it (time comes from auth0/clock.ts).' }));

export default defineConfig(
  {
    files: ['src/**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: { 'no-restricted-syntax': ['error', LAZY_ONLY] },
  },
  { files: ['src/ui/**', 'src/extension.ts'], ignores: ['src/ui/messages.ts', 'src/ui/log.ts'], rules: { 'no-restricted-syntax': ['error', LAZY_ONLY, MESSAGES_ONLY, LITERAL_KEY, ...TRANSLATED] } },
  { files: ['src/auth0/**', 'src/actions/**', 'src/tenants/**'], ignores: ['src/auth0/serviceTexts.ts', 'src/actions/starters.ts'], rules: { 'no-restricted-syntax': ['error', LAZY_ONLY, ...SENTENCES.map(selector => ({ selector, message: 'Return a key and its values: src/ui/words.ts has the text.' }))] } },
  { files: ['src/node/lazyBundles.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['src/auth0/**', 'src/actions/**', 'src/tenants/**'], rules: { 'no-restricted-globals': ['error', ...IMPURE_GLOBALS] } },
  layer('auth0/**', NO_VSCODE, NO_NODE, NO_SIMULATOR, NO_UI, NO_TENANTS, NO_ACTIONS, NO_NODE_FOLDER),
  layer('actions/**', NO_VSCODE, NO_NODE, NO_SIMULATOR, NO_UI, NO_TENANTS, NO_NODE_FOLDER, NO_SDK),
  layer('tenants/**', NO_VSCODE, NO_NODE, NO_SIMULATOR, NO_UI, NO_ACTIONS, NO_NODE_FOLDER, NO_SDK),
  layer('node/**', NO_VSCODE, NO_SIMULATOR, NO_UI, NO_ACTIONS_BUT_PACKAGES),
  layer('node/lazyBundles.ts', NO_VSCODE, NO_SIMULATOR, { ...NO_UI, allowTypeImports: true }, { ...NO_ACTIONS, allowTypeImports: true }),
  layer('ui/**', NO_NODE, NO_SIMULATOR, NO_NODE_FOLDER, NO_SDK),
  layer('simulator/**', NO_VSCODE, NO_REST),
  layer('extension.ts', NO_NODE, NO_SIMULATOR, NO_SDK),
);
