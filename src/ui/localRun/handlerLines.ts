/** Where an action's code exports its handler. */
import { Words, tokenize } from '../../actions/language/tokens.ts';

/** Offsets in the code at which a handler that runs first is exported: `exports.onExecutePostLogin = …`, or a key of what `module.exports` is. */
export function handlerLines(code: string): readonly number[] {
  const { list } = tokenize(code);
  const words = new Words(list);
  return list.flatMap((token, index) => {
    const next = words.text(index + 1);
    const assigned = words.isDot(index - 1) && words.text(index - 2) === 'exports' && next === '=';
    // A key is followed by its value, by parameters, or stands for a function of that name.
    const key = [':', ',', '}', '('].includes(next) && ['{', ',', 'async'].includes(words.text(index - 1)) && code.includes('module.exports');
    return token.kind === 'name' && /^onExecute[A-Z]/u.test(token.text) && (assigned || key) ? [token.start] : [];
  });
}
