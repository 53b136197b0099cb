// Loaded before unit tests: `import 'vscode'` gets the small stand-in beside this file, so that what draws can be tested without an editor.
import { registerHooks } from 'node:module';

const standIn = new URL('./vscode.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => specifier === 'vscode' ? { url: standIn, format: 'module-typescript', shortCircuit: true } : next(specifier, context),
});
