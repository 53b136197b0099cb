/** What a finding of the checks says, what its fixes are called, and where more can be read. */
import { l10n } from 'vscode';
import type { Finding, FindingCode, Fix } from '../actions/checks/check.ts';
import { short } from './texts.ts';
import { triggerWords } from './words.ts';

/** One or two sentences: what is wrong, and what it does. */
export function findingWords(finding: Finding): string {
  switch (finding.code) {
    case 'syntax': return l10n.t('Syntax error: {0}. The service deploys such code, and it then fails in each login.', short(finding.message, 300));
    case 'syntax-too-new': return l10n.t('The runtime {0} does not know this syntax yet.', short(finding.runtime));
    case 'syntax-module': return finding.statement === 'import'
      ? l10n.t('Actions are CommonJS: `import` does not work here. Use `require`.')
      : l10n.t('Actions are CommonJS: `export` does not work here. Assign to `exports`.');
    case 'syntax-await': return l10n.t('Actions are CommonJS: `await` works only inside an async function.');
    case 'syntax-typescript': return l10n.t('This looks like TypeScript. The runtime takes JavaScript only.');
    case 'handler-missing': return l10n.t('The trigger {0} calls `{1}`, which this code does not export.', triggerWords(finding.trigger), finding.handler);
    case 'handler-misspelled': return l10n.t('`{0}` is never called. Did you mean `{1}`?', short(finding.name), finding.handler);
    case 'handler-unknown': return l10n.t('The trigger {0} does not call `{1}`. It calls `{2}`.', triggerWords(finding.trigger), short(finding.name), finding.handler);
    case 'handler-not-async': return l10n.t('`{0}` is not async, so that nothing in it can be awaited.', finding.handler);
    case 'handler-not-function': return l10n.t('`{0}` is not a function, so that it cannot be called.', finding.handler);
    case 'require-unknown': return l10n.t('`{0}` is not a dependency of this action.', short(finding.name));
    case 'require-file': return l10n.t('`{0}` is a file. An action has no files of its own: put the code here, or into a module.', short(finding.name));
    case 'require-not-node': return l10n.t('Node.js has no module `{0}`.', short(finding.name));
    case 'module-unknown': return l10n.t('The module `{0}` is not added to this action.', short(finding.name));
    case 'dependency-unused': return l10n.t('The dependency {0} is never required.', short(finding.name));
    case 'dependency-builtin': return l10n.t('{0} is a part of Node.js, which the code gets in any case. The dependency is not used.', short(finding.name));
    case 'dependency-native': return finding.sure
      ? l10n.t('{0} is a native add-on. Actions do not support them.', short(finding.name))
      : l10n.t('{0} runs a script when it is installed, as native add-ons do. Actions do not support these.', short(finding.name));
    case 'dependency-not-found': return l10n.t('The registry has no package {0}, so that {0}@{1} cannot be installed and the build fails.', short(finding.name), short(finding.version));
    case 'dependency-version-not-found': return finding.builtin
      ? l10n.t('{0}@{1} does not exist, so that the build fails. {0} is a part of Node.js: it needs no dependency.', short(finding.name), short(finding.version))
      : finding.suggestion === undefined
        ? l10n.t('{0}@{1} does not exist, so that the build fails.', short(finding.name), short(finding.version))
        : l10n.t('{0}@{1} does not exist, so that the build fails. {2} does.', short(finding.name), short(finding.version), short(finding.suggestion));
    case 'dependency-deprecated': return l10n.t('The makers of {0}@{1} advise against it: {2}', short(finding.name), short(finding.version), short(finding.reason, 300));
    case 'secret-undefined': return l10n.t('This action has no secret `{0}`.', short(finding.name));
    case 'secret-unused': return l10n.t('The secret {0} is never read.', short(finding.name));
    case 'code-too-long': return l10n.t('The code has {0} bytes, and the service takes {1}.', finding.count, finding.limit);
    case 'too-many-dependencies': return l10n.t('There are {0} dependencies, and the service takes {1}.', finding.count, finding.limit);
    case 'too-many-secrets': return l10n.t('There are {0} secrets, and the service takes {1}.', finding.count, finding.limit);
    case 'trigger-deprecated': return finding.current === undefined
      ? l10n.t('Version {1} of the trigger {0} is deprecated.', triggerWords(finding.trigger), short(finding.version))
      : l10n.t('Version {1} of the trigger {0} is deprecated. {2} is current.', triggerWords(finding.trigger), short(finding.version), short(finding.current));
    case 'runtime-deprecated': return l10n.t('The runtime {0} is a Node.js that gets no security updates any more.', short(finding.runtime));
    case 'runtime-not-offered': return l10n.t('The tenant does not offer the runtime {0} for this trigger.', short(finding.runtime));
    case 'placeholder': return l10n.t('{0} is a placeholder that was not replaced.', short(finding.text));
    case 'module-state': return l10n.t('`{0}` is changed by runs and kept from one run to the next, whoever logs in.', short(finding.name));
  }
}

/** What a fix is called in the list of quick fixes. */
export function fixWords(fix: Fix, finding: Finding): string {
  switch (fix.kind) {
    case 'replaceText': return replaceWords(finding);
    case 'addDependency': return l10n.t('Add the dependency {0}…', short(fix.name));
    case 'setDependencyVersion': return l10n.t('Use {0}@{1}', short(fix.name), short(fix.version));
    case 'removeDependency': return l10n.t('Remove the dependency {0}', short(fix.name));
    case 'addSecret': return l10n.t('Add the secret {0}…', short(fix.name));
  }
}

function replaceWords(finding: Finding): string {
  switch (finding.code) {
    case 'handler-missing': return l10n.t('Add `{0}`', finding.handler);
    case 'handler-misspelled':
    case 'handler-unknown': return l10n.t('Rename to `{0}`', finding.handler);
    case 'handler-not-async': return l10n.t('Make it async');
    case 'syntax-module': return finding.statement === 'import' ? l10n.t('Change to `require`') : l10n.t('Change to `exports`');
    default: return l10n.t('Fix it');
  }
}

const AUTH0 = 'https://auth0.com/docs';
const ACTIONS = `${AUTH0}/customize/actions`;
const NODE = 'https://nodejs.org';

/** A page that explains what a code is about. */
export function documentationOf(code: FindingCode): string {
  switch (code) {
    case 'syntax': return `${ACTIONS}/action-coding-guidelines`;
    case 'syntax-too-new': return `${NODE}/en/about/previous-releases`;
    case 'syntax-module':
    case 'syntax-await': return `${NODE}/api/modules.html`;
    case 'syntax-typescript': return `${ACTIONS}/npm`;
    case 'handler-missing':
    case 'handler-misspelled':
    case 'handler-unknown':
    case 'handler-not-async':
    case 'handler-not-function': return `${ACTIONS}/explore-triggers`;
    case 'require-file':
    case 'module-unknown': return `${ACTIONS}/modules`;
    case 'require-not-node':
    case 'dependency-builtin': return `${NODE}/docs/latest-v22.x/api/`;
    case 'require-unknown':
    case 'dependency-unused':
    case 'dependency-native':
    case 'dependency-not-found':
    case 'dependency-version-not-found':
    case 'dependency-deprecated': return `${ACTIONS}/manage-dependencies`;
    case 'secret-undefined':
    case 'secret-unused': return `${ACTIONS}/write-your-first-action`;
    case 'code-too-long':
    case 'too-many-dependencies':
    case 'too-many-secrets': return `${ACTIONS}/limitations`;
    case 'trigger-deprecated': return `${ACTIONS}/migrate`;
    case 'runtime-deprecated':
    case 'runtime-not-offered':
    case 'module-state': return `${AUTH0}/troubleshoot/product-lifecycle/deprecations-and-migrations/migrate-nodejs-22`;
    case 'placeholder': return `${AUTH0}/deploy-monitor/deploy-cli-tool/keyword-replacement`;
  }
}
