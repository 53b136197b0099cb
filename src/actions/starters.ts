/**
 * The code that a new action begins with: a handler for each event of its trigger, which does nothing yet. It is
 * JavaScript for the service, and stays English whatever VS Code speaks.
 */

interface Handler {
  readonly name: string;
  readonly when: string;
  /** Written as a comment: most actions do without it. */
  readonly optional?: boolean;
}

const HANDLERS: Readonly<Record<string, readonly Handler[]>> = {
  'post-login': [
    { name: 'onExecutePostLogin', when: 'Runs at each login, once the person is known.' },
    { name: 'onContinuePostLogin', when: 'Runs when the person comes back from a page that the first handler redirected to.', optional: true },
  ],
  'credentials-exchange': [{ name: 'onExecuteCredentialsExchange', when: 'Runs when a machine-to-machine application asks for a token.' }],
  'pre-user-registration': [{ name: 'onExecutePreUserRegistration', when: 'Runs before a new user is stored, and can refuse it.' }],
  'post-user-registration': [{ name: 'onExecutePostUserRegistration', when: 'Runs after a new user is stored. Nobody waits for it.' }],
  'post-change-password': [{ name: 'onExecutePostChangePassword', when: 'Runs after a password was changed.' }],
  'send-phone-message': [{ name: 'onExecuteSendPhoneMessage', when: 'Sends the message of a second factor by phone.' }],
  'password-reset-post-challenge': [
    { name: 'onExecutePostChallenge', when: 'Runs after the first step of a password reset, before the new password is asked for.' },
    { name: 'onContinuePostChallenge', when: 'Runs when the person comes back from a page that the first handler redirected to.', optional: true },
  ],
  'custom-phone-provider': [{ name: 'onExecuteCustomPhoneProvider', when: 'Delivers a message by phone through a provider of your own.' }],
  'custom-email-provider': [{ name: 'onExecuteCustomEmailProvider', when: 'Delivers an e-mail through a provider of your own.' }],
  'custom-token-exchange': [{ name: 'onExecuteCustomTokenExchange', when: 'Decides whose token an application gets in exchange for another one.' }],
  'event-stream': [{ name: 'onExecuteEventStream', when: 'Runs for each event of the streams that use it.' }],
};

/** The starting code for a trigger. One that is not known here gets a handler named by the service's own rule. */
export function starterCode(triggerId: string): string {
  const handlers = (Object.hasOwn(HANDLERS, triggerId) ? HANDLERS[triggerId] : undefined) ?? [{ name: guessed(triggerId), when: 'Check the name of this handler in the documentation of the trigger.' }];
  return `${handlers.map(written).join('\n\n')}\n`;
}

function written({ name, when, optional }: Handler): string {
  const comment = `/**\n * ${when}\n *\n * @param event - What is known. Secrets are in event.secrets.\n * @param api - What can be done about it.\n */`;
  const code = `exports.${name} = async (event, api) => {\n};`;
  return optional === true ? [comment, code].join('\n').split('\n').map(line => (line.trim() === '/**' || /^ ?\*/u.test(line) ? line : `// ${line}`)).join('\n') : `${comment}\n${code}`;
}

/** `mcp-tool` -> `onExecuteMcpTool`. */
function guessed(triggerId: string): string {
  return `onExecute${triggerId.split(/[^A-Za-z0-9]+/u).map(word => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')}`;
}
