/** Which functions the service calls, by trigger. */

export interface TriggerHandlers {
  readonly trigger: string;
  /** The first version that works this way. */
  readonly since: number;
  readonly required: string;
  /** Called when a login comes back from a redirect. */
  readonly optional: readonly string[];
}

const of = (trigger: string, since: number, required: string, ...optional: string[]): TriggerHandlers => ({ trigger, since, required, optional });

/** A trigger that is not here is one that this version does not know: nothing is said of its handlers. */
export const HANDLERS: readonly TriggerHandlers[] = [
  of('post-login', 2, 'onExecutePostLogin', 'onContinuePostLogin'),
  of('credentials-exchange', 2, 'onExecuteCredentialsExchange'),
  of('pre-user-registration', 2, 'onExecutePreUserRegistration', 'onContinuePreUserRegistration'),
  of('post-user-registration', 2, 'onExecutePostUserRegistration'),
  of('post-change-password', 2, 'onExecutePostChangePassword'),
  of('send-phone-message', 2, 'onExecuteSendPhoneMessage'),
  of('password-reset-post-challenge', 1, 'onExecutePostChallenge', 'onContinuePostChallenge'),
  of('custom-phone-provider', 1, 'onExecuteCustomPhoneProvider'),
  of('custom-email-provider', 1, 'onExecuteCustomEmailProvider'),
  of('custom-token-exchange', 1, 'onExecuteCustomTokenExchange'),
  of('event-stream', 1, 'onExecuteEventStream'),
];

/** The handlers of a trigger in a version; `undefined` where they are not known. */
export function handlersOf(trigger: string, version: string | undefined): TriggerHandlers | undefined {
  const number = Number(/^v(\d{1,3})$/u.exec(version ?? '')?.[1] ?? 'NaN');
  return HANDLERS.find(one => one.trigger === trigger && (version === undefined || number >= one.since));
}
